// `next`: steps to the next line or statement of the function, or of its caller at the end.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";

export function next(debuggee: Debuggee, { threadId, granularity, singleThread }: DebugProtocol.NextArguments): void {
  debuggee.move("over", threadId, optionsOf({ granularity, singleThread }));
}

/** A statement is the machine's instruction, and in C and TypeScript what people call a statement is a line. */
export function optionsOf({
  granularity,
  singleThread,
}: {
  readonly granularity?: DebugProtocol.SteppingGranularity | undefined;
  readonly singleThread?: boolean | undefined;
}) {
  return { isByStatement: granularity === "instruction", singleThread: singleThread === true };
}
