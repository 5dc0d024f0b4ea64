// Pointers handed to functions of which nothing is known: what is freed afterwards was not kept by them.
import type { FunctionFact } from "../knowledge/schema.ts";
import type { AssignEvent, CallEvent } from "../program/cfg.ts";
import { placeOf, rootOf } from "../program/places.ts";
import type { Expr } from "../syntax/ast.ts";
import { callsOf } from "./calls-of.ts";
import type { Frame } from "./frame.ts";
import { type Handed, type Owned, type PathState, withEntry, without } from "./state.ts";
import { stripCasts } from "./summary.ts";
import { POSITIVE, ZERO } from "./values.ts";

export { startOf } from "./given-params.ts";

/** How an argument relates to a place: the place itself, something in it, the object that holds it. */
export type Relation = "none" | "itself" | "inside" | "owner";

/**
 * Whoever gets the pointer may give it back unkept: nothing says what it does with it, or that it only remembers it, as
 * dev_set_drvdata() does. INIT_WORK(&p->work, …) makes a member ready, of which nobody knows yet.
 */
export function mayLend(fact: FunctionFact | undefined, index: number, relation: Relation): boolean {
  if (relation === "inside") return fact?.callbacks !== undefined && fact.keeps?.includes(index) === true;
  return relation === "itself" && fact?.takes?.includes(index) !== true;
}

/** After more hand-overs than this nothing is said of it. */
const MOST = 6;

/**
 * The pointer stays in sight although a function got it, where this function gives it back by that name itself: whoever
 * had it before that did not keep it. Undefined where it is out of sight.
 */
export function handedTo(frame: Frame, state: PathState, owned: Owned, event: CallEvent): PathState | undefined {
  const { name } = event;
  if (name === undefined || !owned.isPointer || owned.isNumber || owned.pins !== undefined) return undefined;
  if (!/^\w+$/.test(owned.key) || !isReleasedHere(frame, owned)) return undefined;
  const handed = owned.handed ?? [];
  if (handed.some((each) => each.to === name)) return state;
  if (handed.length === MOST) return undefined;
  const beside = event.expr.args.flatMap((arg) => variableOf(arg) ?? []).filter((each) => each !== owned.key);
  return withOwned(state, { ...owned, handed: [...handed, { to: name, wentOn: false, beside }] });
}

function withOwned(state: PathState, owned: Owned): PathState {
  return { ...state, owned: withEntry(state.owned, owned.key, owned) };
}

/** An argument is, or leads to, something that a function had together with the pointer. */
export function isBeside(owned: Owned, args: readonly Expr[]): boolean {
  return owned.handed?.some(({ beside }) => args.some((arg) => beside.includes(variableOf(arg) ?? ""))) === true;
}

function variableOf(arg: Expr): string | undefined {
  const inner = stripCasts(arg);
  const place = inner.kind === "unary" && inner.op === "&" ? placeOf(inner.operand) : placeOf(inner);
  return place === undefined ? undefined : rootOf(place);
}

/** The path calls something else that may fail: whatever had the pointer before did not fail. */
export function wentOn(state: PathState, event: CallEvent): PathState {
  if (event.name === undefined || /err|warn|dbg|print|log/i.test(event.name)) return state;
  let after = state;
  for (const owned of state.owned.values())
    if (owned.handed?.some((each) => !each.wentOn) === true)
      after = withOwned(after, { ...owned, handed: owned.handed.map((each): Handed => ({ ...each, wentOn: true })) });
  return after;
}

/**
 * `if (!p->on) { clk_enable(p->clk); p->on = true; }`: a member says from here on that it is switched on, and whoever
 * switches it off asks that.
 */
export function flagged(frame: Frame, state: PathState, { target, start }: AssignEvent): PathState {
  const place = target.kind === "member" ? placeOf(target) : undefined;
  if (place === undefined) return state;
  let after = state;
  for (const [key, owned] of state.owned) {
    if (owned.isPointer) continue;
    const asked = frame.fn.cfg.blocks.some(
      ({ exit }) =>
        exit.kind === "branch" &&
        exit.test.start < owned.at.start &&
        owned.at.start < start &&
        placeOf(stripCasts(exit.test)) === place,
    );
    if (asked) after = { ...after, owned: without(after.owned, key) };
  }
  return after;
}

/** `q = foo(p)`: another name of it perhaps, under which it may be kept. An errno is none. */
export function madeOfHanded(state: PathState, target: string | undefined, value: Expr): PathState {
  if (value.kind === "name") {
    // `*kept = set;` copies all that the struct holds.
    const outside = [...state.owned].filter(([key]) => !key.startsWith(`${value.name}.`));
    return outside.length === state.owned.size ? state : { ...state, owned: new Map(outside) };
  }
  if (value.kind !== "call" || /^(ret|err|error|rc|retval|rv|r|res|result|status)$/.test(target ?? "")) return state;
  const name = value.callee.kind === "name" ? value.callee.name : undefined;
  let after = state;
  for (const owned of state.owned.values())
    if (owned.handed?.some(({ to }) => to === name) === true)
      after = { ...after, owned: without(after.owned, owned.key) };
  return after;
}

/** `skb = urb->context`: what an object leads to is not the object. */
export function isRead(state: PathState, value: Expr): boolean {
  const place = value.kind === "member" ? placeOf(value) : undefined;
  return place?.includes("->") === true && !state.owned.has(place);
}

/** It is given back here: those who had it on the way, and did not fail, have not kept it. */
export function noteLenders(frame: Frame, owned: Owned): void {
  for (const { to, wentOn } of owned.handed ?? []) if (wentOn) frame.lenders.add(`${to}:${owned.key}`);
}

/**
 * At the end of the walk: what someone may have kept is not this function's to give back. Of what it hands over and
 * nobody keeps, only ways out that fail are known to have forgotten it.
 */
export function forgetKept(frame: Frame): void {
  const { exits } = frame.outcome;
  const success = frame.fn.def.returns.pointers > 0 ? POSITIVE : ZERO;
  for (const [index, exit] of exits.entries()) {
    const left = [...exit.owned].filter(
      ([, { key, handed }]) =>
        handed === undefined ||
        ((exit.value.mask & success) === 0 && handed.every(({ to }) => frame.lenders.has(`${to}:${key}`))),
    );
    if (left.length < exit.owned.size) exits[index] = { ...exit, owned: new Map(left) };
  }
}

/** The function itself gives back what it calls by this name. */
function isReleasedHere(frame: Frame, owned: Owned): boolean {
  return callsOf(frame.fn).some(
    ({ name, expr }) =>
      name !== undefined &&
      owned.releasedBy.includes(name) &&
      expr.args.some((arg) => placeOf(stripCasts(arg)) === owned.key),
  );
}
