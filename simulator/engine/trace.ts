// The trace: everything that happens in a run, in order; the log, the checks and the views read it.
import type { Site } from "./interfaces.ts";

/** Who was running: copied into every event, so that a reader needs nothing else. */
export interface Moment {
  /** Statements run so far: the coordinate of time travel. */
  readonly clock: number;
  /** Virtual time in nanoseconds. */
  readonly nanos: number;
  readonly cpu: number;
  /** Id of the task, and its name as `ps` shows it. */
  readonly task: number;
  readonly comm: string;
  readonly context: Context;
  /** The statement that was running, if a driver's. */
  readonly site: Site | undefined;
}

export type Context = "task" | "softirq" | "hardirq";

/** An event: its kind, and what the kernel adds to it. Kinds are listed in kernel/events.ts. */
export interface TraceEvent {
  readonly kind: string;
}

export type Listener = (event: TraceEvent, moment: Moment) => void;

export class Trace {
  private readonly listeners: Listener[] = [];
  private readonly moment: () => Moment;

  constructor(moment: () => Moment) {
    this.moment = moment;
  }

  listen(listener: Listener): void {
    this.listeners.push(listener);
  }

  emit(event: TraceEvent): void {
    const moment = this.moment();
    for (const listener of this.listeners) listener(event, moment);
  }
}
