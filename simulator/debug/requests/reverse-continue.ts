// `reverseContinue`: runs back to the last breakpoint before this moment, or to the start.
import type { Debuggee } from "../debuggee.ts";

export function reverseContinue(debuggee: Debuggee): void {
  debuggee.move("reverse");
}
