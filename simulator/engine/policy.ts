// Who runs next, and for how long: the only place where the simulated world makes a choice.

export interface Policy {
  /** What the choices to come follow from: put back, they are made again. */
  state: number;
  /** Which of `count` candidates goes on, 0-based; asked only when there are several. */
  pick(count: number): number;
  /** How many statements it may run before the choice is made again. */
  slice(): number;
}

/** A run of chance from a seed (mulberry32): the same seed, the same choices. */
export class SeededPolicy implements Policy {
  state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  pick(count: number): number {
    return this.next() % count;
  }

  slice(): number {
    return 8 + (this.next() % 56);
  }

  /** The next number, 32 bits. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}
