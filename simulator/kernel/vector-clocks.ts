// What each thread of execution knows of the others: vector clocks, by which one sees which accesses are ordered.

/** A task, or the interrupts of a kind on one CPU. */
export interface Thread {
  readonly index: number;
  /** By the index of each thread: up to which of its times all that it did came before. Its own time is its own entry. */
  readonly clock: number[];
}

export class VectorClocks {
  private threads = 0;
  /** By what hands order on, such as a lock: what its last users had seen. */
  private readonly released = new Map<string, number[]>();

  /** A thread that begins; what its parent did before comes before it. */
  fork(parent?: Thread): Thread {
    const index = this.threads++;
    const thread: Thread = { index, clock: [] };
    if (parent !== undefined) this.hand(parent, thread);
    thread.clock[index] = 1;
    return thread;
  }

  /** What `from` did up to now comes before what `to` will do. */
  hand(from: Thread, to: Thread): void {
    join(to.clock, from.clock);
    this.step(from);
  }

  release(thread: Thread, what: string): void {
    this.deposit(what, thread.clock);
    this.step(thread);
  }

  acquire(thread: Thread, what: string): void {
    const known = this.released.get(what);
    if (known !== undefined) join(thread.clock, known);
  }

  /** What a thread has seen by now, to be released or acquired later, at a barrier. */
  snapshot(thread: Thread): number[] {
    const clock = [...thread.clock];
    this.step(thread);
    return clock;
  }

  deposit(what: string, clock: readonly number[]): void {
    const known = this.released.get(what);
    if (known === undefined) this.released.set(what, [...clock]);
    else join(known, clock);
  }

  collect(into: number[], what: string): void {
    const known = this.released.get(what);
    if (known !== undefined) join(into, known);
  }

  private step(thread: Thread): void {
    thread.clock[thread.index] = now(thread) + 1;
  }
}

/** A thread's own time. */
export function now({ clock, index }: Thread): number {
  return clock[index]!;
}

export function join(into: number[], from: readonly number[]): void {
  for (let index = 0; index < from.length; index++) {
    const other = from[index];
    if (other !== undefined && other > (into[index] ?? 0)) into[index] = other;
  }
}
