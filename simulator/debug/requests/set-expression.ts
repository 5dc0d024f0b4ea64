// `setExpression`: gives what an expression names another value; it becomes a part of the run's log.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { notEvaluated } from "../errors.ts";
import { frameContainer, toProtocol } from "../variables.ts";
import { attempt } from "./evaluate.ts";

export function setExpression(
  debuggee: Debuggee,
  { expression, value, frameId, format }: DebugProtocol.SetExpressionArguments,
): DebugProtocol.SetExpressionResponse["body"] {
  const { handles } = debuggee;
  const shown = frameId === undefined ? debuggee.topShown() : handles.frame(frameId);
  if (shown?.frame === undefined) throw notEvaluated("There is no frame of the driver to set it in.");
  const set = (path: string, source: string) => debuggee.setVariable(shown.thread.task, shown.index, path, source);
  const changed = attempt(() => set(expression, value));
  debuggee.changed();
  const parent = frameContainer({ name: "", variables: [changed] }, set);
  const { name, ...rest } = toProtocol(debuggee, { ...changed, name: expression }, parent, format);
  return rest;
}
