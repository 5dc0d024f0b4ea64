// Watches a variable that lies in no memory: it is looked at before each statement of the functions that see it.
import type { Frame, Site } from "../engine/interfaces.ts";
import { framesOf, type Task } from "../engine/task.ts";
import type { VariableTarget } from "./targets.ts";
import { numberOf } from "./tasks.ts";

interface Seen {
  readonly clock: number;
  readonly site: Site;
  readonly task: number;
  readonly value: string;
  /** For a local: whose it is. */
  readonly call: object | undefined;
}

/** A statement has given the variable another value. */
export interface Change extends Omit<Seen, "value" | "call"> {
  readonly before: string;
  readonly after: string;
}

/** A variable before it has a value. */
const NONE = "(no value yet)";

export class VariableWatch {
  private readonly target: VariableTarget;
  private seen: Seen | undefined;

  constructor(target: VariableTarget) {
    this.target = target;
  }

  /** Whether a statement is one of those before which it wants a look. */
  concerns({ file, fn }: Site): boolean {
    return file === this.target.file && (this.target.depth === undefined || fn === this.target.fn);
  }

  /** A task is about to run a statement, or stands still. */
  look(task: Task, clock: number): Change | undefined {
    const frame = this.frameIn(task);
    if (frame === undefined) return undefined;
    const { seen } = this;
    const call = this.target.depth === undefined ? undefined : frame.call;
    const now: Seen = { clock, site: frame.site, task: numberOf(task), value: this.valueIn(frame), call };
    this.seen = now;
    if (seen === undefined || seen.call !== call || seen.value === now.value) return undefined;
    return { clock: seen.clock, site: seen.site, task: seen.task, before: seen.value, after: now.value };
  }

  private frameIn(task: Task): Frame | undefined {
    const { depth, task: own } = this.target;
    const frames = framesOf(task).map(({ frame }) => frame);
    if (depth === undefined) return frames.find(({ site }) => this.concerns(site));
    const frame = numberOf(task) === own ? frames[frames.length - 1 - depth] : undefined;
    return frame !== undefined && this.concerns(frame.site) ? frame : undefined;
  }

  private valueIn(frame: Frame): string {
    try {
      return frame.evaluate(this.target.name).value;
    } catch {
      return NONE;
    }
  }
}
