// `threads`: one for each task, and one for each interrupt that is running.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";

export function threads(debuggee: Debuggee): DebugProtocol.ThreadsResponse["body"] {
  return { threads: debuggee.threads().map(({ id, name }) => ({ id, name })) };
}
