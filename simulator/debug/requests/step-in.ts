// `stepIn`: steps to the next line, into a function that is called: the one that was chosen of several.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { optionsOf } from "./next.ts";

export function stepIn(
  debuggee: Debuggee,
  { threadId, targetId, granularity, singleThread }: DebugProtocol.StepInArguments,
): void {
  const into = targetId === undefined ? {} : { into: debuggee.handles.target(targetId) };
  debuggee.move("in", threadId, { ...optionsOf({ granularity, singleThread }), ...into });
}
