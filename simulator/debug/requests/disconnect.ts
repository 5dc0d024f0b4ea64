// `disconnect`: the client goes, and the process with it.
import type { Debuggee } from "../debuggee.ts";

export function disconnect(debuggee: Debuggee): void {
  debuggee.afterwards(() => debuggee.surroundings.end());
}
