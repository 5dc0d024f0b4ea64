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

interface Hearer {
  readonly listener: Listener;
  /** Listeners before it. */
  readonly before: number;
}

export class Trace {
  /** By the kind that they listen to; undefined: to all. */
  private readonly hearers = new Map<string | undefined, Hearer[]>();
  private count = 0;
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
    const one = { listener, before: this.count++ };
    const others = this.hearers.get(kind);
    if (others === undefined) this.hearers.set(kind, [one]);
    else others.push(one);
    // To empty what is empty takes long, and a hundred listen before anything happens.
    if (this.byKind.size > 0) this.byKind.clear();
    return () => {
      const all = this.hearers.get(kind)!;
      const place = all.indexOf(one);
      if (place >= 0) all.splice(place, 1);
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
      const all = [...(this.hearers.get(kind) ?? []), ...(this.hearers.get(undefined) ?? [])];
      found = all.sort((a, b) => a.before - b.before).map(({ listener }) => listener);
      this.byKind.set(kind, found);
    }
    return found;
  }
}
