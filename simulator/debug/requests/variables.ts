// `variables`: what a scope, a struct or a register holds; of long arrays a portion.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { toProtocol } from "../variables.ts";

/** As many as an editor shows in one go. */
const MOST = 1000;

export function variables(
  debuggee: Debuggee,
  { variablesReference, filter, start, count, format }: DebugProtocol.VariablesArguments,
): DebugProtocol.VariablesResponse["body"] {
  const container = debuggee.handles.container(variablesReference);
  const isPortion = filter === "indexed" && Number.isInteger(start) && Number.isInteger(count);
  const children = isPortion
    ? container.children(Math.max(0, start!), Math.min(count! || MOST, MOST))
    : container.children();
  const wanted = filter === "named" ? children.filter(({ name }) => !/^\[\d+\]$/.test(name)) : children;
  return { variables: wanted.map((variable) => toProtocol(debuggee, variable, container, format)) };
}
