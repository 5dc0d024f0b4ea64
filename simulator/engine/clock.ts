// Virtual time: it passes with statements and with idling, and nothing else; alarms fire in order of time, then of asking.
import { Heap, type Placed } from "./heap.ts";

export interface Alarm {
  cancel(): void;
}

interface Pending extends Placed {
  readonly at: number;
  readonly sequence: number;
  readonly callback: () => void;
}

/** Alarms at one moment: more of them set each other off. */
const STORM = 1_000_000;
/** What a statement costs, in nanoseconds. */
export const STATEMENT_NANOS = 100;

export class Clock {
  /** Called after each alarm: what it did is done. */
  afterAlarm: (() => void) | undefined;
  /** Statements of the slice that is not over yet: they count already, but alarms wait for its end. */
  private readonly ahead: () => number;
  private settled = 0;
  private base = 0;
  private readonly pending = new Heap<Pending>(isEarlier);
  private sequence = 0;
  /** Alarms that fired since time last passed. */
  private fired = 0;

  constructor(ahead: () => number) {
    this.ahead = ahead;
  }

  /** Statements run so far in all tasks: the coordinate of time travel. */
  get statements(): number {
    return this.settled + this.ahead();
  }

  /** Virtual time since the machine was switched on, in nanoseconds. */
  get nanos(): number {
    return this.base + this.ahead() * STATEMENT_NANOS;
  }

  after(nanos: number, callback: () => void): Alarm {
    const at = this.nanos + Math.max(0, nanos);
    const alarm: Pending = { at, sequence: this.sequence++, callback, place: -1 };
    this.pending.push(alarm);
    return { cancel: () => this.pending.remove(alarm) };
  }

  /** When the next alarm is due; undefined when none is set. */
  get nextAlarm(): number | undefined {
    return this.pending.first?.at;
  }

  /** Lets time pass, firing every alarm that falls due with the clock at its own time. */
  advance(nanos: number): void {
    const end = this.nanos + nanos;
    for (let next = this.pending.first; next !== undefined && next.at <= end; next = this.pending.first) {
      if (this.isStorming) return;
      this.pending.remove(next);
      this.moveTo(next.at);
      this.fired += 1;
      next.callback();
      this.afterAlarm?.();
    }
    this.moveTo(end);
  }

  /** So many alarms fired at one moment that there is no end to them: no further one fires. */
  get isStorming(): boolean {
    return this.fired >= STORM;
  }

  /** A slice is over: its statements are no longer ahead. Alarms that fell due in its middle fire now. */
  settle(statements: number): void {
    this.settled += statements;
    this.base += statements * STATEMENT_NANOS;
    this.advance(0);
  }

  private moveTo(nanos: number): void {
    if (nanos <= this.nanos) return;
    this.base += nanos - this.nanos;
    this.fired = 0;
  }
}

function isEarlier(a: Pending, b: Pending): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}
