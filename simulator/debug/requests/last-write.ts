// `driverlab/lastWrite`: back to before the last write of something that can be watched.
import type { LastWrite } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { badArgument } from "../errors.ts";
import { targetOf } from "./data-breakpoint-info.ts";

export function lastWrite(debuggee: Debuggee, { dataId }: LastWrite): void {
  const target = targetOf(dataId);
  if (target === undefined) throw badArgument("dataId", "an answer of dataBreakpointInfo");
  debuggee.travel("Going back to the last write", ({ session }) => session.lastWrite(target));
}
