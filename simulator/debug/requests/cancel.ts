// `cancel`: ends a long journey where it is; requests are answered at once, so that none is left to be cancelled.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";

export function cancel(debuggee: Debuggee, { progressId }: DebugProtocol.CancelArguments): void {
  if (progressId !== undefined) debuggee.cancel(progressId);
}
