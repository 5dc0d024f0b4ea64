// `stackTrace`: the frames of a thread, with the kernel's functions and the marks between contexts.

import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Frame } from "../../engine/interfaces.ts";
import type { Debuggee } from "../debuggee.ts";
import { gone } from "../errors.ts";
import { basename } from "../place.ts";
import { type StackLine, stackOf, type ThreadView } from "../threads.ts";
import { formatted } from "../variables.ts";

export function stackTrace(
  debuggee: Debuggee,
  { threadId, startFrame = 0, levels = 0, format = {} }: DebugProtocol.StackTraceArguments,
): DebugProtocol.StackTraceResponse["body"] {
  const thread = debuggee.threads().find(({ id }) => id === threadId);
  if (thread === undefined) throw gone("thread");
  const lines = stackOf(thread, debuggee.still.kernel.stackOf(thread.task));
  const end = levels > 0 ? startFrame + levels : lines.length;
  return {
    stackFrames: lines.slice(startFrame, end).map((line) => shown(debuggee, thread, line, format)),
    totalFrames: lines.length,
  };
}

function shown(
  debuggee: Debuggee,
  thread: ThreadView,
  line: StackLine,
  format: DebugProtocol.StackFrameFormat,
): DebugProtocol.StackFrame {
  const { frame, index } = line.kind === "driver" ? line : { frame: undefined, index: -1 };
  const id = debuggee.handles.addFrame({ thread, frame, index });
  if (line.kind === "label") return { id, name: line.text, line: 0, column: 0, presentationHint: "label" };
  if (line.kind === "kernel") return { id, name: line.fn, line: 0, column: 0, presentationHint: "subtle" };
  const { file, line: at, column, endLine, endColumn } = line.site;
  const instruction = debuggee.statements.referenceOf(line.site);
  const module = moduleOf(debuggee, file);
  const name = format.parameters === true ? `${line.fn}(${parametersOf(line.frame, format)})` : line.fn;
  return {
    id,
    name: [
      format.module === true && module !== undefined ? `${module}!` : "",
      name,
      format.line === true ? ` ${basename(file)}:${at}` : "",
    ].join(""),
    source: debuggee.sources.shown(file),
    line: at,
    column,
    endLine,
    endColumn,
    ...(instruction === undefined ? {} : { instructionPointerReference: instruction }),
    ...(module === undefined ? {} : { moduleId: module }),
  };
}

/** Names, types and values, as far as they are wanted; all of them when nothing is said. */
function parametersOf(frame: Frame, format: DebugProtocol.StackFrameFormat): string {
  const { parameterNames = true, parameterTypes = false, parameterValues = true } = format;
  const variables = frame.scopes()[0]?.variables.filter(({ name }) => frame.parameters.has(name)) ?? [];
  return variables
    .map((one) => {
      const name = [parameterNames ? one.name : "", parameterTypes ? one.type : ""].filter(Boolean).join(": ");
      return [name, parameterValues ? formatted(one, format) : ""].filter(Boolean).join(" = ");
    })
    .join(", ");
}

/** The loaded module that a file belongs to. */
function moduleOf({ still: { kernel } }: Debuggee, file: string): string | undefined {
  return kernel.modules.all.find(({ image }) => image.program.sites.some((site) => site.file === file))?.name;
}
