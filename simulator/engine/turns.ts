// Turns drawn ahead: a task that nobody can interrupt has several of them in one go, and the schedule stays the same.
import type { Cpu } from "./cpu.ts";
import type { Policy } from "./policy.ts";
import type { Task } from "./task.ts";

/** A task's turn. A pause in its middle leaves it open, so that looking changes nothing of what follows. */
export interface Slice {
  readonly cpu: Cpu;
  readonly task: Task;
  /** Statements that it may still run, and has run. */
  left: number;
  ran: number;
}

/** Turns that are made one at most. */
const MOST = 64;

export class Turns {
  private readonly policy: Policy;
  /** Statements of the first turn and of all together; the same while nothing was drawn ahead. */
  private first = 0;
  private total = 0;
  /** The policy's state after the first was drawn. */
  private mark = 0;
  /** How many are tried next: more the longer nothing comes between them, as drawing and giving back takes time. */
  private wanted = 1;

  constructor(policy: Policy) {
    this.policy = policy;
  }

  /** Whether it is worth looking if nobody can interrupt the task. */
  get isWorthIt(): boolean {
    return this.wanted > 1;
  }

  /** A turn of its own. */
  begin(statements: number): void {
    this.first = statements;
    this.total = statements;
  }

  /** Draws more of them, all of which are over before so many statements have run; how many statements they have. */
  lengthen(before: number): number {
    const { policy, wanted } = this;
    this.mark = policy.state;
    for (let count = 1; count < wanted; count++) {
      const { state } = policy;
      const next = this.total + policy.slice();
      if (next >= before) {
        policy.state = state;
        break;
      }
      this.total = next;
    }
    return this.total;
  }

  /** All of it ran without a break. */
  ended(): void {
    if (this.wanted < MOST) this.wanted *= 2;
  }

  /** Gives back those that would begin after the one in which a statement runs, counted from 0; how many statements fall away. */
  giveBack(statement: number): number {
    const { policy, total } = this;
    if (total === this.first) {
      this.wanted = 1;
      return 0;
    }
    this.wanted = 2;
    policy.state = this.mark;
    this.total = this.first;
    while (this.total <= statement) this.total += policy.slice();
    this.first = this.total;
    return total - this.total;
  }
}
