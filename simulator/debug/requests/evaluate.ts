// `evaluate`: an expression in a frame, for hovers, watches and the console, which knows the kernel's commands besides.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { runCommand } from "../console/index.ts";
import type { Debuggee } from "../debuggee.ts";
import { notEvaluated, RequestError } from "../errors.ts";
import { toProtocol } from "../variables.ts";

export function evaluate(
  debuggee: Debuggee,
  { expression, frameId, context, format }: DebugProtocol.EvaluateArguments,
): DebugProtocol.EvaluateResponse["body"] {
  const shown = frameId === undefined ? debuggee.topShown() : debuggee.handles.frame(frameId);
  if (context === "repl") {
    const text = runCommand(debuggee, shown?.thread, expression);
    if (text !== undefined) return { result: text, variablesReference: 0 };
  }
  const frame = shown?.frame;
  if (frame === undefined) throw notEvaluated("There is no frame of the driver to evaluate it in.");
  const value = attempt(() => frame.evaluate(expression));
  // What is copied is to be whole.
  const length = context === "clipboard" ? value.children?.().map(({ name, value }) => `${name}: ${value}`) : undefined;
  const variable = length === undefined ? value : { ...value, value: `${value.value} { ${length.join(", ")} }` };
  const container = { children: () => [value], path: () => expression };
  const { name: _, value: result, evaluateName: __, ...rest } = toProtocol(debuggee, variable, container, format);
  return { result, ...rest };
}

/** What is wrong with an expression is its author's business, and none of ours. */
export function attempt<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof RequestError) throw error;
    throw notEvaluated(error instanceof Error ? error.message : String(error));
  }
}
