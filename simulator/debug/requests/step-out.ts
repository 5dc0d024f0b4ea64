// `stepOut`: runs to the end of the function.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { optionsOf } from "./next.ts";

export function stepOut(debuggee: Debuggee, { threadId, singleThread }: DebugProtocol.StepOutArguments): void {
  debuggee.move("out", threadId, optionsOf({ singleThread }));
}
