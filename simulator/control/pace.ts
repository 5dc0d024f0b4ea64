// How much of a run is done at a time, before others may speak: as much as takes some milliseconds.

const MOST = 100_000;
const LEAST = 1;
const FIRST = 2_000;
const SHORT_MILLIS = 10;
const LONG_MILLIS = 30;
/** Stops at breakpoints cost more than statements. */
const STATEMENTS_A_STOP = 50;

export class Pace {
  /** Statements of a portion; few, until it is known how long they take. */
  statements = FIRST;

  /** Stops of a portion. */
  get stops(): number {
    return this.statements / STATEMENTS_A_STOP;
  }

  /** A portion was cut short: no statement is run with others until it is known how long they take. */
  wasCut(): void {
    this.statements = LEAST;
  }

  /** A portion took so long: statements that print or fail at length are slow. */
  took(millis: number): void {
    if (millis > LONG_MILLIS) this.statements = Math.max(LEAST, Math.floor(this.statements / 4));
    else if (millis < SHORT_MILLIS) this.statements = Math.min(MOST, this.statements * 2);
  }
}
