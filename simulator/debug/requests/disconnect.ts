// `disconnect`: the client goes, and the process with it, at once or after the run has come to its own end.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";

export function disconnect(
  debuggee: Debuggee,
  { terminateDebuggee = true, restart = false }: DebugProtocol.DisconnectArguments,
): void {
  if (terminateDebuggee || restart) debuggee.afterwards(() => debuggee.surroundings.end());
  else debuggee.letGo();
}
