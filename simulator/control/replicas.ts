// Replicas: machines of the same run that were left at earlier moments, so that going back need not begin at the beginning.
import type { Instance } from "./instance.ts";
import type { Pace } from "./pace.ts";

/** Distances behind the present at which a replica is wanted: near ones are used all the time, far ones seldom. */
const DISTANCES = Array.from({ length: 10 }, (_, index) => 64 * 4 ** index);
/** Of each distance so many are kept: one to look for something, and one to go there. */
const EACH = 2;
const [EVEN, ODD] = [0, 1].map((rest) => DISTANCES.filter((_, index) => index % 2 === rest)) as [number[], number[]];
/** How many of which distance are made first: one of every second, then another one, then those between them. */
const ORDER = [
  ...EVEN.map((distance) => ({ distance, count: 1 })),
  ...EVEN.map((distance) => ({ distance, count: EACH })),
  ...ODD.map((distance) => ({ distance, count: 1 })),
];
/** Statements that are run at most to make replicas at one stop. */
const MOST_STATEMENTS = 1 << 26;

export class Replicas {
  private readonly make: () => Instance;
  private readonly pace: Pace;
  private parked: Instance[] = [];
  /** How often the run has become another one: what is being made then is of no use any more. */
  private changes = 0;

  constructor(make: () => Instance, pace: Pace) {
    this.pace = pace;
    this.make = make;
  }

  /** Leaves a machine where it is. */
  park(instance: Instance): void {
    if (!this.parked.includes(instance)) this.parked.push(instance);
  }

  /** The one that has least to run to a moment; a new one when none was left before it. It is no longer kept. */
  take(clock: number): Instance {
    let best: Instance | undefined;
    for (const one of this.parked) if (one.clock <= clock && (best === undefined || one.clock > best.clock)) best = one;
    if (best === undefined) return this.make();
    this.parked = this.parked.filter((one) => one !== best);
    return best;
  }

  /** How far the nearest one lies before a moment; the moment itself when there is none. */
  nearest(clock: number): number {
    return clock - this.parked.reduce((best, one) => (one.clock <= clock ? Math.max(best, one.clock) : best), 0);
  }

  /** What comes after a moment will be another future than theirs. */
  forget(clock: number): void {
    this.parked = this.parked.filter((one) => one.clock < clock);
    this.changes++;
  }

  /** Memory is short: going back begins at the beginning again. */
  clear(): void {
    this.parked = [];
    this.changes++;
  }

  get clocks(): readonly number[] {
    return this.parked.map((one) => one.clock).sort((a, b) => a - b);
  }

  /** Drops those that the others make superfluous, now that the run stands at a moment: memory stays bounded. */
  prune(present: number): void {
    const counts = new Map<number, number>();
    const kept: Instance[] = [];
    // The furthest of each distance serves all of it.
    for (const one of this.parked.toSorted((a, b) => a.clock - b.clock)) {
      const distance = one.clock > present ? -1 : distanceOf(present - one.clock);
      const count = counts.get(distance) ?? 0;
      counts.set(distance, count + 1);
      if (count < EACH) kept.push(one);
    }
    this.parked = kept;
  }

  /** Makes those that are wanted before a moment, in portions; no more of them once the run has become another one. */
  *prepare(present: number): Generator<undefined, void, undefined> {
    const { changes } = this;
    let ran = 0;
    for (const { distance, count } of ORDER) {
      const place = Math.max(0, present - distance);
      const isThere = this.between(Math.max(0, present - 4 * distance), place) >= count;
      if (isThere || ran + place > MOST_STATEMENTS) continue;
      const made = this.make();
      while (made.clock < place) {
        const before = made.clock;
        const pause = made.runTo(Math.min(place, before + this.pace.statements));
        ran += made.clock - before;
        if (pause.kind === "idle" || pause.kind === "frozen") break;
        yield;
        if (changes !== this.changes) return;
      }
      this.park(made);
      yield;
      if (changes !== this.changes) return;
    }
  }

  private between(from: number, to: number): number {
    return this.parked.filter((one) => one.clock > from - (from === 0 ? 1 : 0) && one.clock <= to).length;
  }
}

/** Which of the distances one is at least, -2 for the nearest of all. */
function distanceOf(statements: number): number {
  return DISTANCES.findLastIndex((distance) => distance <= statements) - (statements < DISTANCES[0]! ? 1 : 0);
}
