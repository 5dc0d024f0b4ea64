// `driverlab/runBackTo`: back to when a line was about to run last.
import type { RunBack } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { badArgument } from "../errors.ts";
import { fileOf } from "./set-breakpoints.ts";

export function runBackTo(debuggee: Debuggee, { path, line, column }: RunBack): void {
  if (typeof path !== "string") throw badArgument("path", "the path of a file");
  if (!Number.isSafeInteger(line) || line < 1) throw badArgument("line", "the number of a line");
  const file = fileOf(debuggee, { path });
  debuggee.travel("Running back to the line", ({ session }) => session.runBackTo(file, line, column));
}
