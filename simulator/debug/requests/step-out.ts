// `stepOut`: runs to the end of the function.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";

export function stepOut(debuggee: Debuggee, { threadId }: DebugProtocol.StepOutArguments): void {
  debuggee.move("out", threadId);
}
