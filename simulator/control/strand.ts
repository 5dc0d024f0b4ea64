// Strands: what runs on a task in one context, so that stepping through a task is not lost in its interrupts.
import type { Frame, Site } from "../engine/interfaces.ts";
import type { Layer, Task } from "../engine/task.ts";
import type { Context } from "../engine/trace.ts";

/** The layers of a task that run in the context of the topmost one, or did before an interrupt came on top. */
export interface Strand {
  readonly task: Task;
  readonly context: Context;
  /** The lowest of its layers and its place: when it is gone, the strand is. */
  readonly base: Layer;
  readonly height: number;
}

/** A place in a strand, for telling whether a step has been made. */
export interface Position {
  readonly depth: number;
  readonly site: Site | undefined;
}

/** The topmost strand of a task; undefined when the task is over. */
export function strandOf(task: Task): Strand | undefined {
  const top = task.layers.at(-1);
  if (top === undefined) return undefined;
  let height = task.layers.length - 1;
  while (height > 0 && task.layers[height - 1]!.context === top.context) height--;
  return { task, context: top.context, base: task.layers[height]!, height };
}

export function isGone({ task, base, height }: Strand): boolean {
  return task.layers[height] !== base;
}

/** Something else, an interrupt, runs on top of it. */
export function isCovered({ task, context }: Strand): boolean {
  return task.layers.at(-1)?.context !== context;
}

/** Its frames, innermost first, without those of interrupts on top of it. */
export function framesOfStrand({ task, context, height }: Strand): readonly Frame[] {
  const end = task.layers.findIndex((layer, index) => index >= height && layer.context !== context);
  const layers = task.layers.slice(height, end < 0 ? undefined : end);
  return layers.toReversed().flatMap(({ activation }) => activation.frames());
}

export function positionIn(strand: Strand): Position {
  const frames = framesOfStrand(strand);
  return { depth: frames.length, site: frames[0]?.site };
}

/** Whether two places are on one line of one function: a step leads to another. */
export function isSameLine(a: Site | undefined, b: Site | undefined): boolean {
  return a !== undefined && b !== undefined && a.file === b.file && a.fn === b.fn && a.line === b.line;
}
