// `setExceptionBreakpoints`: which checks' reports stop the run; an oops always does.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";

export function setExceptionBreakpoints(
  debuggee: Debuggee,
  { filters }: DebugProtocol.SetExceptionBreakpointsArguments,
): void {
  const wanted = new Set(filters);
  debuggee.session.setStopsAt(({ id }) => debuggee.isStopping && (id === "oops" || wanted.has(id)));
}
