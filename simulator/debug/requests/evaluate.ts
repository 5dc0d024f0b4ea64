// `evaluate`: an expression in a frame, for hovers, watches and the console; it changes nothing.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { notEvaluated } from "../errors.ts";
import { toProtocol } from "../variables.ts";

export function evaluate(
  debuggee: Debuggee,
  { expression, frameId }: DebugProtocol.EvaluateArguments,
): DebugProtocol.EvaluateResponse["body"] {
  const { handles } = debuggee;
  const frame = frameId === undefined ? debuggee.topFrame() : handles.frame(frameId).frame;
  if (frame === undefined) throw notEvaluated("There is no frame of the driver to evaluate it in.");
  const value = attempt(() => frame.evaluate(expression));
  const { variablesReference } = toProtocol(handles, value, { children: () => [value], path: () => expression });
  return { result: value.value, variablesReference, ...(value.type === "" ? {} : { type: value.type }) };
}

/** What is wrong with an expression is its author's business, and none of ours. */
export function attempt<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw notEvaluated(error instanceof Error ? error.message : String(error));
  }
}
