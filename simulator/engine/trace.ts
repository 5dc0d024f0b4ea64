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
  private readonly listeners: { readonly listener: Listener; readonly kind: string | undefined }[] = [];
  /** Who is told of what, made when such an event first comes. */
  private readonly byKind = new Map<string, readonly Listener[]>();
  private readonly moment: () => Moment;

  constructor(moment: () => Moment) {
    this.moment = moment;
  }

  /**
   * Tells of all events from here on, or of one kind: those who listen in the order in which they came. What it gives
   * ends that.
   */
  listen(listener: Listener, kind?: string): () => void {
    const one = { listener, kind };
    this.listeners.push(one);
    this.byKind.clear();
    return () => {
      const place = this.listeners.indexOf(one);
      if (place >= 0) this.listeners.splice(place, 1);
      this.byKind.clear();
    };
  }

  emit(event: TraceEvent): void {
    const listeners = this.listenersTo(event.kind);
    if (listeners.length === 0) return;
    const moment = this.moment();
    for (const listener of listeners) listener(event, moment);
  }

  private listenersTo(kind: string): readonly Listener[] {
    let found = this.byKind.get(kind);
    if (found === undefined) {
      found = this.listeners.filter((one) => one.kind === undefined || one.kind === kind).map((one) => one.listener);
      this.byKind.set(kind, found);
    }
    return found;
  }
}
