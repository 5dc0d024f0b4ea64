// `setVariable`: gives a variable or a member another value; it becomes a part of the run's log.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { notEvaluated } from "../errors.ts";
import { toProtocol } from "../variables.ts";
import { attempt } from "./evaluate.ts";

export function setVariable(
  debuggee: Debuggee,
  { variablesReference, name, value }: DebugProtocol.SetVariableArguments,
): DebugProtocol.SetVariableResponse["body"] {
  const { handles } = debuggee;
  const container = handles.container(variablesReference);
  const { path, setPath } = container;
  if (path === undefined || setPath === undefined) throw notEvaluated(`${name} cannot be set here.`);
  const changed = attempt(() => setPath(path(name), value));
  debuggee.changed();
  const { variablesReference: reference } = toProtocol(handles, changed, container);
  return {
    value: changed.value,
    variablesReference: reference,
    ...(changed.type === "" ? {} : { type: changed.type }),
  };
}
