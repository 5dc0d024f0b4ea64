// `next`: steps to the next line of the function, or of its caller at the end.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";

export function next(debuggee: Debuggee, { threadId }: DebugProtocol.NextArguments): void {
  debuggee.move("over", threadId);
}
