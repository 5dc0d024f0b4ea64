// `loadedSources`: the files of the driver, of its scenario and of device models that are programs.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";

export function loadedSources(debuggee: Debuggee): DebugProtocol.LoadedSourcesResponse["body"] {
  const { programs } = debuggee.session.machine;
  const files = new Set(programs.flatMap((program) => program.sites.map(({ file }) => file)));
  return { sources: [...files].sort().map((file) => debuggee.sources.shown(file)) };
}
