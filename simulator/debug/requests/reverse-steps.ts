// `driverlab/reverseStepIn` and `driverlab/reverseStepOut`: back into what was called last, and back to the call.
import type { ReverseStep } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";

export function reverseStepIn(debuggee: Debuggee, { threadId }: ReverseStep): void {
  debuggee.travel("Going a step back", ({ session, task }) => session.stepIntoBack(task), threadId);
}

export function reverseStepOut(debuggee: Debuggee, { threadId }: ReverseStep): void {
  debuggee.travel("Going back to the call", ({ session, task }) => session.stepOutBack(task), threadId);
}
