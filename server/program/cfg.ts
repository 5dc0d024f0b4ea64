// The control-flow graph of one function: blocks of few kinds of events, in the order in which they happen.

import type { CallExpr, Expr, FunctionDef, Variable } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";

export type Event =
  | CallEvent
  | AssignEvent
  | DerefEvent
  | DeclareEvent
  | IterateEvent
  | GuardEvent
  | CleanupEvent
  | ReturnEvent
  | FloatEvent;

/** A call; its arguments were evaluated before. */
export interface CallEvent extends Span {
  readonly kind: "call";
  readonly expr: CallExpr;
  /** The function's name, absent for a call through a pointer. */
  readonly name?: string;
}

/** A value goes to a place; without `value` the place changes in a way that is not known (`x += 1`, `x++`). */
export interface AssignEvent extends Span {
  readonly kind: "assign";
  readonly target: Expr;
  readonly value?: Expr;
  /** `+` and y of `x += y`. */
  readonly op?: string;
  readonly operand?: Expr;
  /** `x++` or `++x`. */
  readonly increments?: true;
  /** It is the initialiser of a declaration. */
  readonly isInit: boolean;
}

/** Memory behind a pointer is read or written: `base->x`, `*base`, `base[i]`. */
export interface DerefEvent extends Span {
  readonly kind: "deref";
  readonly base: Expr;
  /** What is read or written. */
  readonly accessed: Expr;
  readonly how: "arrow" | "star" | "index";
  /** It is a whole argument of a call: an array there is only an address. */
  readonly isArgument?: true;
}

export interface DeclareEvent extends Span {
  readonly kind: "declare";
  readonly variable: Variable;
}

/** A loop macro moves on: the places it assigns hold something new. */
export interface IterateEvent extends Span {
  readonly kind: "iterate";
  readonly macro: string;
  /** The body is about to run for an element; otherwise the loop looks for the next one, or is over. */
  readonly enters: boolean;
  readonly targets: readonly Expr[];
}

/** `guard(mutex)(&lock)` or the head of `scoped_guard(mutex, &lock)`. */
export interface GuardEvent extends Span {
  readonly kind: "guard";
  /** `mutex`, `spinlock_irqsave`, `rcu`… */
  readonly className: string;
  readonly lock?: Expr;
}

/** The end of a scope undoes what was bound to it: a guard, or a variable with `__free(…)`. */
export interface CleanupEvent extends Span {
  readonly kind: "cleanup";
  readonly guard?: GuardEvent;
  readonly variable?: Variable;
}

export interface ReturnEvent extends Span {
  readonly kind: "return";
  readonly value?: Expr;
}

/** A floating-point operation or conversion. */
export interface FloatEvent extends Span {
  readonly kind: "float";
}

export type Exit =
  | { readonly kind: "jump"; readonly to: number }
  | BranchExit
  | { readonly kind: "switch"; readonly value: Expr; readonly arms: readonly SwitchArm[]; readonly otherwise: number }
  /** Either way may be taken, nothing is known. */
  | { readonly kind: "choose"; readonly to: readonly number[] }
  /** The function ends here. */
  | { readonly kind: "leave" };

export interface BranchExit {
  readonly kind: "branch";
  readonly test: Expr;
  readonly whenTrue: number;
  readonly whenFalse: number;
  /** The other half of `&&` or `||`, and the outcome with which it is not looked at. */
  readonly beside?: { readonly test: Expr; readonly skippedWhen: boolean };
}

export interface SwitchArm {
  readonly value: Expr;
  readonly to: number;
}

export interface Block {
  readonly id: number;
  readonly events: readonly Event[];
  readonly exit: Exit;
  /** It can be reached from itself. */
  readonly inLoop: boolean;
}

export interface Cfg {
  readonly def: FunctionDef;
  readonly blocks: readonly Block[];
  readonly entry: number;
  /** False when a part was not understood: then nothing may be concluded from what does not happen. */
  readonly complete: boolean;
}

export function successors(exit: Exit): readonly number[] {
  switch (exit.kind) {
    case "jump":
      return [exit.to];
    case "branch":
      return [exit.whenTrue, exit.whenFalse];
    case "switch":
      return [...exit.arms.map((arm) => arm.to), exit.otherwise];
    case "choose":
      return exit.to;
    case "leave":
      return [];
  }
}

/** Whether the event at an offset may happen again. */
export function isInLoop({ blocks }: Cfg, start: number): boolean {
  return blocks.some(({ inLoop, events }) => inLoop && events.some((event) => event.start === start));
}
