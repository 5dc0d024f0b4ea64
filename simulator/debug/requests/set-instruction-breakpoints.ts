// `setInstructionBreakpoints`: stops at single statements, by their addresses in the listing.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { addressOf } from "../references.ts";
import { inMode, shownBreakpoint } from "./set-breakpoints.ts";

export function setInstructionBreakpoints(
  debuggee: Debuggee,
  args: DebugProtocol.SetInstructionBreakpointsArguments,
): DebugProtocol.SetInstructionBreakpointsResponse["body"] {
  const { breakpoints = [] } = args;
  const { session, statements, isStopping } = debuggee;
  const wanted = breakpoints.map(({ instructionReference, offset, condition, hitCondition, mode }) => ({
    site: statements.at(addressOf(instructionReference, offset)),
    ...inMode(mode),
    ...(condition ? { condition } : {}),
    ...(hitCondition ? { hitCondition } : {}),
  }));
  const set = session.setStatementBreakpoints(isStopping ? wanted : []);
  debuggee.wishes.note("statements", set, () => setInstructionBreakpoints(debuggee, args));
  if (!isStopping) return { breakpoints: breakpoints.map(() => ({ verified: false })) };
  return { breakpoints: set.map((one) => shownBreakpoint(debuggee, one)) };
}
