// `variables`: what a scope, a struct or a register holds.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { toProtocol } from "../variables.ts";

export function variables(
  { handles }: Debuggee,
  { variablesReference }: DebugProtocol.VariablesArguments,
): DebugProtocol.VariablesResponse["body"] {
  const container = handles.container(variablesReference);
  return { variables: container.children().map((variable) => toProtocol(handles, variable, container)) };
}
