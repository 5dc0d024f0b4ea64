// `stepBack`: goes to the line before, over functions that were called.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";

export function stepBack(debuggee: Debuggee, { threadId }: DebugProtocol.StepBackArguments): void {
  debuggee.move("back", threadId);
}
