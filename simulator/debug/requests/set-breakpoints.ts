// `setBreakpoints`: replaces the breakpoints of a file, and says at which statements they stand.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Breakpoint } from "../../control/breakpoints.ts";
import type { Debuggee } from "../debuggee.ts";
import { samePath } from "../place.ts";

export function setBreakpoints(
  debuggee: Debuggee,
  { source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments,
): DebugProtocol.SetBreakpointsResponse["body"] {
  const { session } = debuggee;
  const asked = source.path ?? "";
  const files = session.machine.programs.flatMap((program) => program.sites.map(({ file }) => file));
  const file = files.find((candidate) => samePath(candidate, asked)) ?? asked;
  const wanted = debuggee.isStopping ? breakpoints : [];
  const set = session.setBreakpoints(
    file,
    wanted.map(({ line, column, condition, hitCondition, logMessage }) => ({
      line,
      ...(column === undefined ? {} : { column }),
      ...(condition ? { condition } : {}),
      ...(hitCondition ? { hitCondition } : {}),
      ...(logMessage ? { logMessage } : {}),
    })),
  );
  return { breakpoints: debuggee.isStopping ? set.map(shown) : breakpoints.map(() => ({ verified: false })) };
}

function shown({ id, site, message, column }: Breakpoint): DebugProtocol.Breakpoint {
  if (site === undefined) return { id, verified: false, ...(message === undefined ? {} : { message }) };
  const { file, line } = site;
  return {
    id,
    verified: true,
    source: { path: file },
    line,
    ...(column === undefined ? {} : { column: site.column }),
  };
}
