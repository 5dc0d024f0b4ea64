// `driverlab/logPast`: writes what a log point would have written over the whole run so far.
import type { LoggedPast, LogPast } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { badArgument } from "../errors.ts";
import { fileOf } from "./set-breakpoints.ts";

export function logPast(debuggee: Debuggee, { path, line, message }: LogPast): LoggedPast {
  if (typeof path !== "string") throw badArgument("path", "the path of a file");
  if (typeof message !== "string") throw badArgument("message", "a text, with expressions between braces");
  if (!Number.isSafeInteger(line) || line < 1) throw badArgument("line", "the number of a line");
  debuggee.still;
  const logs = wholly(debuggee.session.logPast(fileOf(debuggee, { path }), line, message));
  if (logs === undefined) throw badArgument("line", "one on which or below which a statement of the driver stands");
  return { lines: logs };
}

/** Makes all portions of something at once. */
export function wholly<T>(portions: Generator<undefined, T, undefined>): T {
  for (;;) {
    const next = portions.next();
    if (next.done === true) return next.value;
  }
}
