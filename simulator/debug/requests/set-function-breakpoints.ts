// `setFunctionBreakpoints`: stops where functions begin, `probe`, `*_irq`, and at events of the kernel, `irq:11`, `timer:*`.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { shownBreakpoint } from "./set-breakpoints.ts";

export function setFunctionBreakpoints(
  debuggee: Debuggee,
  args: DebugProtocol.SetFunctionBreakpointsArguments,
): DebugProtocol.SetFunctionBreakpointsResponse["body"] {
  const { breakpoints = [] } = args;
  const { session, isStopping } = debuggee;
  const wanted = breakpoints.map(({ name, condition, hitCondition }) => ({
    name: name.trim().replace(/\(\)$/, ""),
    ...(condition ? { condition } : {}),
    ...(hitCondition ? { hitCondition } : {}),
  }));
  const set = session.setFunctionBreakpoints(isStopping ? wanted : []);
  debuggee.wishes.note("functions", set, () => setFunctionBreakpoints(debuggee, args));
  if (!isStopping) return { breakpoints: breakpoints.map(() => ({ verified: false })) };
  // An event of the kernel has no place, and is one all the same.
  return {
    breakpoints: set.map((one) => ({ ...shownBreakpoint(debuggee, one), verified: one.message === undefined })),
  };
}
