// `continue`: runs on until something is worth a look.
import type { Debuggee } from "../debuggee.ts";

export function continueRun(debuggee: Debuggee): { allThreadsContinued: true } {
  debuggee.move("continue");
  return { allThreadsContinued: true };
}
