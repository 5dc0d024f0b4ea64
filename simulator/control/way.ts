// How a session moves forwards: what a step is, and what stops a movement.
import type { Site } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import type { Report } from "../machine.ts";
import type { Reason } from "./stop.ts";

/** A report in the middle of a statement. */
export interface Caught {
  readonly report: Report;
  readonly task: Task | undefined;
  /** Statements run before that one. */
  readonly clock: number;
}

/** What stops a movement forwards, besides reports and the end. */
export interface Way {
  /** Breakpoints of every kind are passed by. */
  readonly isBlind?: true;
  decide?(task: Task, site: Site): Reason | undefined;
}

export type StepKind = "in" | "over" | "out";

export interface StepOptions {
  /** To the next statement, not to the next line. */
  readonly isByStatement?: boolean;
  /** Into this function, of those that the line calls. */
  readonly into?: string;
}
