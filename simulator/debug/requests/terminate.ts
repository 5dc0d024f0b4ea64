// `terminate`: ends the run; the client then disconnects.
import { TerminatedEvent } from "@vscode/debugadapter";
import type { Debuggee } from "../debuggee.ts";

export function terminate(debuggee: Debuggee): void {
  debuggee.cease();
  debuggee.afterwards(() => debuggee.send(new TerminatedEvent()));
}
