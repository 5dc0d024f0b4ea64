// `setVariable`: gives a variable, a member or a register another value; it becomes a part of the run's log.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { notEvaluated } from "../errors.ts";
import type { Container } from "../handles.ts";
import { toProtocol } from "../variables.ts";
import { attempt } from "./evaluate.ts";

export function setVariable(
  debuggee: Debuggee,
  { variablesReference, name, value, format }: DebugProtocol.SetVariableArguments,
): DebugProtocol.SetVariableResponse["body"] {
  const container = debuggee.handles.container(variablesReference);
  const changed = attempt(() => setter(container, name)(value));
  debuggee.changed();
  const {
    name: _,
    evaluateName: __,
    presentationHint: ___,
    ...shown
  } = toProtocol(debuggee, changed, container, format);
  return shown;
}

function setter(
  { path, setPath, set }: Container,
  name: string,
): (value: string) => ReturnType<NonNullable<typeof set>> {
  if (set !== undefined) return (value) => set(name, value);
  if (path === undefined || setPath === undefined) throw notEvaluated(`${name} cannot be set here.`);
  return (value) => setPath(path(name), value);
}
