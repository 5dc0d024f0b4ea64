// `continue`: runs on until something is worth a look; with one thread alone, if that is wanted.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";

export function continueRun(
  debuggee: Debuggee,
  { threadId, singleThread = false }: DebugProtocol.ContinueArguments,
): DebugProtocol.ContinueResponse["body"] {
  debuggee.move("continue", threadId, { singleThread });
  return { allThreadsContinued: !singleThread };
}
