// Notices that the machine goes round and round: code of the kernel runs, and neither a statement nor time comes of it.

/** Turns in which nothing ran and no time passed; no kernel of ours needs nearly as many for what it does at once. */
const STILL = 50_000;
/** Turns in which no statement ran though time passed: far more than a wait of the kernel for hardware takes. */
const WITHOUT_STATEMENT = 4_000_000;
/** A machine that did nothing but its own business for so long, and so often, does so for ever; a hung task is told of before. */
const ROUTINE_NANOS = 130e9;
const ROUTINE_TURNS = 20_000;
/** Tasks that were ended for it; after so many the machine is stopped. */
const VICTIMS = 8;

export class Progress {
  private statements = -1;
  private nanos = -1;
  private still = 0;
  private turns = 0;
  private victims = 0;
  /** When the last statement ran. */
  private since = 0;

  /** One more turn is over; whether it is one too many. */
  isLost(statements: number, nanos: number): boolean {
    if (statements !== this.statements) {
      this.turns = 0;
      this.since = nanos;
    }
    this.still = this.turns === 0 || nanos !== this.nanos ? 0 : this.still + 1;
    this.turns += 1;
    this.statements = statements;
    this.nanos = nanos;
    if (this.still < STILL && this.turns < WITHOUT_STATEMENT) return false;
    this.turns = 0;
    this.victims += 1;
    return true;
  }

  /** To end one task after the other does not help, or nothing but what the kernel does at intervals has happened for minutes. */
  get isOver(): boolean {
    const isRoutine = this.turns > ROUTINE_TURNS && this.nanos - this.since > ROUTINE_NANOS;
    return isRoutine || this.victims >= VICTIMS;
  }
}
