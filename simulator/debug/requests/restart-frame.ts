// `restartFrame`: back to where a call began, exactly, as the run is replayed.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { notEvaluated } from "../errors.ts";

export function restartFrame(debuggee: Debuggee, { frameId }: DebugProtocol.RestartFrameArguments): void {
  const { frame, index, thread } = debuggee.handles.frame(frameId);
  if (frame === undefined) throw notEvaluated("Only functions of the driver can be begun anew.");
  debuggee.travel("Going back to the call", ({ session }) => session.restartFrame(thread.task, index), thread.id);
}
