// `driverlab/previousReport` and `driverlab/nextReport`: from one report of a check to another.
import type { Debuggee } from "../debuggee.ts";

export function previousReport(debuggee: Debuggee): void {
  debuggee.travel("Going back to the report before", ({ session }) => session.previousReport());
}

export function nextReport(debuggee: Debuggee): void {
  debuggee.travel("Running to the next report", ({ session }) => session.nextReport());
}
