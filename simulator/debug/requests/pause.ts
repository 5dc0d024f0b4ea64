// `pause`: stops wherever the run is.
import type { Debuggee } from "../debuggee.ts";

export function pause(debuggee: Debuggee): void {
  debuggee.pause();
}
