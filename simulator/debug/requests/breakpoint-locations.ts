// `breakpointLocations`: the statements that begin in a part of a file, where breakpoints can stand.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { fileOf } from "./set-breakpoints.ts";

export function breakpointLocations(
  debuggee: Debuggee,
  { source, line, column, endLine = line, endColumn }: DebugProtocol.BreakpointLocationsArguments,
): DebugProtocol.BreakpointLocationsResponse["body"] {
  const { programs } = debuggee.session.machine;
  const file = fileOf(debuggee, source);
  const isWithin = (at: { readonly line: number; readonly column: number }) =>
    (at.line > line || (at.line === line && at.column >= (column ?? 1))) &&
    (at.line < endLine || (at.line === endLine && at.column <= (endColumn ?? Number.MAX_SAFE_INTEGER)));
  const sites = programs.flatMap((program) => program.sites).filter((site) => site.file === file && isWithin(site));
  return {
    breakpoints: sites
      .sort((a, b) => a.line - b.line || a.column - b.column)
      .map(({ line, column, endLine, endColumn }) => ({ line, column, endLine, endColumn })),
  };
}
