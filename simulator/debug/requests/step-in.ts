// `stepIn`: steps to the next line, into a function that is called.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";

export function stepIn(debuggee: Debuggee, { threadId }: DebugProtocol.StepInArguments): void {
  debuggee.move("in", threadId);
}
