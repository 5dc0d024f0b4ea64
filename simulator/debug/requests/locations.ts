// `locations`: where a value comes from: the allocation of an object, the statement that took a lock.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";

export function locations(
  debuggee: Debuggee,
  { locationReference }: DebugProtocol.LocationsArguments,
): DebugProtocol.LocationsResponse["body"] {
  const { file, line, column, endLine, endColumn } = debuggee.handles.site(locationReference);
  return { source: debuggee.sources.shown(file), line, column, endLine, endColumn };
}
