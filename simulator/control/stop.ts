// Why a run stands still, in words that know nothing of any protocol.
import type { Task } from "../engine/task.ts";
import type { Report } from "../machine.ts";
import type { Access } from "./watches.ts";

export type Reason =
  /** `goto`: another moment; `jump`: another statement of the same; `cancelled`: where it stood before the journey. */
  | { readonly kind: "entry" | "step" | "pause" | "goto" | "jump" | "ended" | "limit" | "cancelled" }
  /** The only task that may run cannot go on. */
  | { readonly kind: "alone" }
  | { readonly kind: "breakpoint"; readonly ids: readonly number[] }
  /**
   * Something watched was accessed. Forwards the run stands after that, at the next statement; backwards it stands
   * before it, at the statement that is about to do it.
   */
  | { readonly kind: "data"; readonly ids: readonly number[]; readonly accesses: readonly Access[] }
  | { readonly kind: "report"; readonly report: Report };

export interface Stopped {
  readonly reason: Reason;
  /** Whom it concerns; undefined when nobody runs. */
  readonly task: Task | undefined;
  /** Statements run so far. */
  readonly clock: number;
}

/**
 * A movement through the run, made in portions, so that whoever makes it can listen for requests between them.
 * Its result says where it ended.
 */
export type Journey = Generator<undefined, Stopped, undefined>;

/** Makes a journey in one go. */
export function travel(journey: Journey): Stopped {
  for (;;) {
    const next = journey.next();
    if (next.done === true) return next.value;
  }
}
