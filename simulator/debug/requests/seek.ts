// `driverlab/seek`: goes to a moment of the run, by its count of statements.
import type { Seek } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { badArgument } from "../errors.ts";

export function seek(debuggee: Debuggee, { clock }: Seek): void {
  if (!Number.isSafeInteger(clock) || clock < 0) throw badArgument("clock", "a count of statements");
  debuggee.seek(clock);
}
