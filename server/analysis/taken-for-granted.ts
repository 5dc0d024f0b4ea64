// What a path may take for granted: loop elements, pointers that were followed, counters, and what assertions say.
import type { AssignEvent, Block, CallEvent, IterateEvent } from "../program/cfg.ts";
import { placeOf } from "../program/places.ts";
import type { Expr } from "../syntax/ast.ts";
import { refine } from "./explore.ts";
import type { Frame } from "./frame.ts";
import { isUsed } from "./resources.ts";
import { type PathState, withValue } from "./state.ts";
import { stripCasts } from "./summary.ts";
import { NEGATIVE, POSITIVE, type Value, ZERO } from "./values.ts";

/** The body of a loop macro runs with an element: `found = pos;` is no NULL. */
export function withElement(frame: Frame, state: PathState, { enters, macro, targets }: IterateEvent): PathState {
  const { knowledge, types } = frame.program;
  const element = enters && knowledge.govern(macro) !== undefined ? targets[0] : undefined;
  if (element?.kind !== "name" || (types.typeOf(element, frame.fn.def)?.pointers ?? 0) === 0) return state;
  return withValue(state, element.name, { mask: POSITIVE });
}

/** What was not below zero is above it after `x++`: `if (!i)` is the first round of a loop and no other. */
export function incremented(state: PathState, { target, increments }: AssignEvent): Value | undefined {
  const place = increments === true ? placeOf(target) : undefined;
  const before = place === undefined ? undefined : state.values.get(place);
  return before === undefined || before.mask & NEGATIVE ? undefined : { mask: POSITIVE };
}

/** Whoever went on after following a pointer had a valid one; only what is known already gets more exact. */
export function notNull(state: PathState, pointer: Expr): PathState {
  const place = placeOf(stripCasts(pointer));
  const known = place === undefined ? undefined : state.values.get(place);
  if (place === undefined || known === undefined || known.failureOf !== undefined || !(known.mask & ZERO)) return state;
  const mask = known.mask & ~ZERO;
  return mask === 0 ? state : withValue(state, place, { mask });
}

/** Whoever takes a lock inside an object has the object. */
export function pointsSomewhere(state: PathState, pointer: Expr): PathState {
  const place = placeOf(stripCasts(pointer));
  if (place === undefined) return state;
  const known = state.values.get(place);
  return known === undefined ? withValue(state, place, { mask: POSITIVE }) : notNull(state, pointer);
}

/** `BUG_ON(!p)`: what follows may take its argument for granted; undefined for every other call. */
export function assume(
  state: PathState,
  event: CallEvent,
  block: Block,
  index: number,
): readonly PathState[] | undefined {
  const name = event.name ?? "";
  const test = event.expr.args[0];
  // `WARN_ON(foo_put(p));`: whoever goes on regardless is sure that it is not so.
  if (test?.kind === "call" && /^WARN_ON(_ONCE)?$/.test(name) && !isUsed(event.expr, block, index)) {
    const after = refine(state, test, false);
    return after === undefined ? [] : [after];
  }
  if (test === undefined || event.expr.args.length !== 1 || !/^(.*_)?(BUG_ON|ASSERT\w*)$|^assert\w*$/.test(name))
    return undefined;
  const after = refine(state, test, !/BUG_ON$/.test(name));
  return after === undefined ? [] : [after];
}
