// `setDataBreakpoints`: stops where memory or registers are read, written or changed.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { targetOf } from "./data-breakpoint-info.ts";

export function setDataBreakpoints(
  debuggee: Debuggee,
  args: DebugProtocol.SetDataBreakpointsArguments,
): DebugProtocol.SetDataBreakpointsResponse["body"] {
  const { breakpoints } = args;
  const { session, isStopping } = debuggee;
  const wanted = breakpoints.map(({ dataId, accessType, condition, hitCondition }) => ({
    target: targetOf(dataId),
    access: accessType ?? "write",
    ...(condition ? { condition } : {}),
    ...(hitCondition ? { hitCondition } : {}),
  }));
  const own = debuggee.ownBreakpoints.map(({ access, ...target }) => ({
    target: { kind: "register", ...target } as const,
    access,
  }));
  const set = session.setDataBreakpoints(isStopping ? [...wanted, ...own] : []).slice(0, wanted.length);
  debuggee.wishes.note("data", set, () => setDataBreakpoints(debuggee, args));
  if (!isStopping) return { breakpoints: breakpoints.map(() => ({ verified: false })) };
  return {
    breakpoints: set.map(({ id, message }) => ({
      id: debuggee.idForClient(id),
      verified: message === undefined,
      ...(message === undefined ? {} : { message }),
    })),
  };
}
