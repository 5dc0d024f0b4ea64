// `stackTrace`: the frames of a thread, with the kernel's functions and the marks between contexts.

import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { gone } from "../errors.ts";
import { basename } from "../place.ts";
import { type StackLine, stackOf, type ThreadView } from "../threads.ts";

export function stackTrace(
  debuggee: Debuggee,
  { threadId, startFrame = 0, levels = 0 }: DebugProtocol.StackTraceArguments,
): DebugProtocol.StackTraceResponse["body"] {
  const thread = debuggee.threads().find(({ id }) => id === threadId);
  if (thread === undefined) throw gone("thread");
  const lines = stackOf(thread, debuggee.still.kernel.stackOf(thread.task));
  const end = levels > 0 ? startFrame + levels : lines.length;
  return {
    stackFrames: lines.slice(startFrame, end).map((line) => shown(debuggee, thread, line)),
    totalFrames: lines.length,
  };
}

function shown(debuggee: Debuggee, thread: ThreadView, line: StackLine): DebugProtocol.StackFrame {
  const { frame, index } = line.kind === "driver" ? line : { frame: undefined, index: -1 };
  const id = debuggee.handles.addFrame({ thread, frame, index });
  if (line.kind === "label") return { id, name: line.text, line: 0, column: 0, presentationHint: "label" };
  if (line.kind === "kernel") return { id, name: line.fn, line: 0, column: 0, presentationHint: "subtle" };
  const { file, line: at, column, endLine, endColumn } = line.site;
  return { id, name: line.fn, source: { name: basename(file), path: file }, line: at, column, endLine, endColumn };
}
