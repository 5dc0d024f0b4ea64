// Chance that is the same for the same seed, for tests that try what nobody thought of (mulberry32).

export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A number from 0 on, below a count. */
  below(count: number): number {
    return this.next() % count;
  }

  /** A number from 0 up to 1. */
  fraction(): number {
    return this.next() / 2 ** 32;
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** True once in so many times. */
  chance(one: number): boolean {
    return this.below(one) === 0;
  }

  private next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}
