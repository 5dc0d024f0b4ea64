// `configurationDone`: the client has said where to stop, and the run begins.
import type { Debuggee } from "../debuggee.ts";

export function configurationDone(debuggee: Debuggee): void {
  debuggee.begin();
}
