// Who has to give something back after a function: what it returns to its caller, and what it loses sight of.
import type { AssignEvent, Block, CallEvent, Event, ReturnEvent } from "../program/cfg.ts";
import { mentions, placeOf, rootOf } from "../program/places.ts";
import type { Expr } from "../syntax/ast.ts";
import { type Frame, first } from "./frame.ts";
import type { Outcome } from "./outcome.ts";
import { isLocalName, isUsed, own, TEARS_DOWN } from "./resources.ts";
import { type Owned, type PathState, without, withValue } from "./state.ts";
import { type Gift, type Summary, stripCasts } from "./summary.ts";
import { keyOf, POSITIVE, resultKey, ZERO } from "./values.ts";

/** What is returned now belongs to the caller; of a pointer into it, nothing more is said. */
export function handOut(state: PathState, { value }: ReturnEvent): readonly [PathState, Owned | undefined] {
  if (value === undefined || state.owned.size === 0) return [state, undefined];
  const returned = keyOf(stripCasts(value));
  const gave = returned === undefined ? undefined : state.owned.get(returned);
  if (gave !== undefined)
    return [{ ...state, owned: without(state.owned, gave.key) }, (gave.handed ?? gave.given) ? undefined : gave];
  let after = state;
  for (const [key, owned] of state.owned)
    if (owned.isPointer && [key, ...(owned.aliases ?? [])].some((each) => pointsInto(value, each)))
      after = { ...after, owned: without(after.owned, key) };
  return [after, undefined];
}

/** `&p->member`, `p + 1`, `(unsigned long)p | FLAG`. */
function pointsInto(expr: Expr, place: string): boolean {
  const inner = stripCasts(expr);
  if (inner.kind === "binary") return pointsInto(inner.left, place) || pointsInto(inner.right, place);
  if (inner.kind === "unary" && inner.op === "&") return mentions(placeOf(inner.operand) ?? "", place);
  const own = placeOf(inner);
  // `return file->private_data`: whoever has what it holds may find the way back to it.
  return own !== undefined && mentions(own, place);
}

/** What every successful exit gives the caller, if it is the same each time. */
export function giftOf(outcome: Outcome): { readonly gives?: Gift } {
  let gift: Owned | undefined;
  let failedMask = 0;
  if (outcome.cut) return {};
  for (const { value, gave } of outcome.exits) {
    if (gave === undefined) {
      if (value.mask & POSITIVE) return {};
      failedMask |= value.mask;
    } else if (!gave.isPointer || gave.isNumber || (gift !== undefined && gift.releasedBy[0] !== gave.releasedBy[0]))
      return {};
    else gift = gave;
  }
  if (gift === undefined) return {};
  return { gives: { from: gift.from, what: gift.what, releasedBy: gift.releasedBy, failedMask } };
}

/** The states after a call of a function that gives its caller something, or fails. */
export function applyGift(
  state: PathState,
  event: CallEvent,
  callee: Summary,
  block: Block,
  index: number,
): readonly PathState[] {
  const { gives } = callee;
  if (gives === undefined || !isUsed(event.expr, block, index)) return [state];
  const key = resultKey(event.expr);
  const owned: Owned = {
    key,
    from: callee.fn.name,
    what: gives.what,
    isPointer: true,
    isNumber: false,
    releasedBy: gives.releasedBy,
    at: { start: event.start, end: event.end },
  };
  const given = own(withValue(state, key, { mask: POSITIVE }), owned);
  return gives.failedMask === 0 ? [given] : [withValue(state, key, { mask: gives.failedMask }), given];
}

/** The states after a call that by its name has to be undone: it failed, or it did what it is for. */
export function applyPair(
  frame: Frame,
  state: PathState,
  event: CallEvent,
  block: Block,
  index: number,
): readonly PathState[] {
  const releasedBy = event.name === undefined ? undefined : frame.pairs.get(event.name);
  if (event.name === undefined || releasedBy === undefined || block.inLoop) return [state];
  if (TEARS_DOWN.test(frame.fn.name) || releasedBy.some((name) => isLentBy(state, name))) return [state];
  const used = isUsed(event.expr, block, index);
  const target = used ? storeOf(event, block.events, index)?.target : undefined;
  const isPointer = target !== undefined && (frame.program.types.typeOf(target, frame.fn.def)?.pointers ?? 0) > 0;
  // Of an integer it must be clear which value is the failure.
  if (used && !isPointer && !holdsErrno(frame, target)) return [state];
  const key = resultKey(event.expr);
  const owned: Owned = {
    key: isPointer ? key : `${event.name}()~${event.name}`,
    from: event.name,
    what: /(^|_)get(_|$)/.test(event.name) ? "reference" : "state",
    isPointer,
    isNumber: false,
    byName: true,
    ...(isPointer ? {} : { aliases: filled(frame, event) }),
    releasedBy,
    at: { start: event.start, end: event.end },
  };
  if (!used) return [own(state, owned)];
  const before = state.values.get(key)?.mask ?? 7;
  const [failed, given] = isPointer ? [before & ~POSITIVE, before & POSITIVE] : [before & ~ZERO, before & ZERO];
  const sides: PathState[] = [];
  if (failed !== 0) sides.push(withValue(state, key, { mask: failed }));
  if (given !== 0) sides.push(own(withValue(state, key, { mask: given }), owned));
  return sides;
}

/** Pointers that the call fills in, `p` of `foo_create(&p)`: where one is NULL there is nothing to undo. */
function filled({ fn, program }: Frame, { expr }: CallEvent): readonly string[] {
  return expr.args.flatMap((arg) => {
    const inner = stripCasts(arg);
    if (inner.kind !== "unary" || inner.op !== "&") return [];
    return (program.types.typeOf(inner.operand, fn.def)?.pointers ?? 0) > 0 ? (placeOf(inner.operand) ?? []) : [];
  });
}

function isLentBy(state: PathState, release: string): boolean {
  for (const each of state.lent) if (each.startsWith(`${release}:`)) return true;
  return false;
}

/** The assignment that stores the result of a call. */
export function storeOf({ expr }: CallEvent, events: readonly Event[], index: number): AssignEvent | undefined {
  for (let next = index + 1; next < events.length; next++) {
    const event = events[next]!;
    if (event.kind !== "assign" || event.value === undefined) continue;
    const value = stripCasts(event.value);
    if (value.kind === "call" && value.start === expr.start && value.end === expr.end) return event;
  }
  return undefined;
}

/** A variable that by its name holds 0 or an error, and is not compared with constants of another convention. */
function holdsErrno(frame: Frame, target: Expr | undefined): boolean {
  if (target?.kind !== "name" || !/^(ret|err|error|rc|retval|rv|r|res|result)$/.test(target.name)) return false;
  return !frame.fn.cfg.blocks.some(
    ({ exit }) =>
      exit.kind === "branch" &&
      exit.test.kind === "binary" &&
      placeOf(exit.test.left) === target.name &&
      exit.test.right.kind === "name",
  );
}

/** `p = other` while p is the only name of what was obtained. */
export function noteLost(frame: Frame, state: PathState, event: AssignEvent): PathState {
  const target = placeOf(event.target);
  const owned = target === undefined ? undefined : state.owned.get(target);
  if (target === undefined || owned === undefined || !owned.isPointer || owned.isNumber) return state;
  if (owned.handed !== undefined || owned.given !== undefined) return state;
  if (event.value === undefined || !isLocalName(frame, target)) return state;
  // `p = p->next`, `p = krealloc(p, …)`: the new value is made of the old one.
  if (uses(event.value, target)) return state;
  if (first(frame, "lost", event)) frame.outcome.lost.push({ owned, start: event.start, end: event.end });
  return state;
}

function uses(expr: Expr, place: string): boolean {
  const own = placeOf(expr);
  if (own !== undefined && rootOf(own) === place) return true;
  if (expr.kind === "call") return expr.args.some((arg) => uses(arg, place));
  if (expr.kind === "cast" || expr.kind === "unary") return uses(expr.operand, place);
  if (expr.kind === "binary") return uses(expr.left, place) || uses(expr.right, place);
  return false;
}
