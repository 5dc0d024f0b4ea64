// `setBreakpoints`: replaces the breakpoints of a file, and says at which statements they stand.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Breakpoint } from "../../control/breakpoints.ts";
import type { Context } from "../../engine/trace.ts";
import type { Debuggee } from "../debuggee.ts";
import { contextOfMode } from "../modes.ts";
import { plainPath, samePath } from "../place.ts";

export function setBreakpoints(
  debuggee: Debuggee,
  args: DebugProtocol.SetBreakpointsArguments,
): DebugProtocol.SetBreakpointsResponse["body"] {
  const { source = {}, breakpoints = [] } = args;
  const { session } = debuggee;
  const file = fileOf(debuggee, source);
  const wanted = debuggee.isStopping ? breakpoints : [];
  const set = session.setBreakpoints(
    file,
    wanted.map(({ line, column, condition, hitCondition, logMessage, mode }) => ({
      line,
      ...inMode(mode),
      ...(column === undefined ? {} : { column }),
      ...(condition ? { condition } : {}),
      ...(hitCondition ? { hitCondition } : {}),
      ...(logMessage ? { logMessage } : {}),
    })),
  );
  debuggee.wishes.note(`lines of ${file}`, set, () => setBreakpoints(debuggee, args));
  return {
    breakpoints: debuggee.isStopping
      ? set.map((one) => shownBreakpoint(debuggee, one))
      : breakpoints.map(() => ({ verified: false })),
  };
}

export function inMode(mode: string | undefined): { readonly context?: Context } {
  const context = contextOfMode(mode);
  return context === undefined ? {} : { context };
}

/** The file that a client means, as the programs call it. */
export function fileOf({ session }: Debuggee, { path = "" }: DebugProtocol.Source): string {
  const files = session.machine.programs.flatMap((program) => program.sites.map(({ file }) => file));
  const wanted = plainPath(path);
  return files.find((candidate) => samePath(candidate, wanted)) ?? wanted;
}

export function shownBreakpoint(
  debuggee: Debuggee,
  { id: own, site, message, column }: Breakpoint,
): DebugProtocol.Breakpoint {
  const reference = site && debuggee.statements.referenceOf(site);
  const id = debuggee.idForClient(own);
  if (site === undefined) return { id, verified: false, ...(message === undefined ? {} : { message }) };
  return {
    id,
    verified: true,
    source: debuggee.sources.shown(site.file),
    line: site.line,
    ...(column === undefined ? {} : { column: site.column }),
    ...(reference === undefined ? {} : { instructionReference: reference }),
  };
}
