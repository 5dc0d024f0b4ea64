// What a path has freed, or handed to someone who frees it: until the place holds something new, nobody may use it.
import type { FunctionFact } from "../knowledge/schema.ts";
import { type CallEvent, type Event, successors } from "../program/cfg.ts";
import { placeOf, rootOf } from "../program/places.ts";
import type { Func } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { droppedWith } from "./device-lifetimes.ts";
import { type Frame, first } from "./frame.ts";
import { writtenBelow } from "./lifetimes-writes.ts";
import { isStale } from "./liveness.ts";
import type { FunctionExit } from "./outcome.ts";
import { canonical, isDriverData, relations } from "./pointer-relations.ts";
import { type Freed, type FreeKind, type PathState, without, withValue } from "./state.ts";
import { type FreeEffect, type Summary, stripCasts, toCaller } from "./summary.ts";
import { POSITIVE, refinementOf, resultKey } from "./values.ts";

/** More than this is not carried along a path: the oldest gives way. */
const FREED_PER_STATE = 12;

/** A pointer is followed. */
export function checkAlive(frame: Frame, state: PathState, base: Expr, at: Event): PathState {
  if (state.freed.size === 0) return state;
  const freed = freedAt(frame, state, base);
  return freed === undefined ? state : noteUse(frame, state, freed, base, at);
}

/** Freed memory goes into a call: it is used there, or freed again. */
export function checkHandedOver(
  frame: Frame,
  state: PathState,
  event: CallEvent,
  callee: Summary | undefined,
): PathState {
  if (state.freed.size === 0 || isHarmless(frame, event)) return state;
  const fact = event.name === undefined ? undefined : frame.program.knowledge.fn(event.name);
  let after = state;
  for (const [index, arg] of event.expr.args.entries()) {
    const inner = stripCasts(arg);
    const member = memberBase(inner);
    const freed = freedAt(frame, after, member ?? inner);
    if (freed === undefined) continue;
    const frees = member === undefined && freesArgument(fact, callee, index);
    if (frees) {
      after = noteUse(frame, after, freed, inner, event, "freed");
    } else if (reaches(fact, callee, index, member !== undefined)) {
      after = noteUse(frame, after, freed, inner, event, "passed");
    }
  }
  return callee === undefined ? after : checkFreedBelow(frame, after, event, callee);
}

/** `foo_destroy(priv)` frees `priv->buf`, which this path has freed before. */
function checkFreedBelow(frame: Frame, state: PathState, event: CallEvent, callee: Summary): PathState {
  let after = state;
  for (const effect of callee.frees ?? []) {
    if (effect.mask !== callee.returns || callee.fn.params.includes(effect.place)) continue;
    const place = toCaller(effect.place, callee.fn, event.expr.args, frame.program);
    const freed = place === undefined ? undefined : after.freed.get(canonical(frame.fn, place));
    if (freed === undefined) continue;
    if (first(frame, "freed again", event))
      frame.outcome.afterFree.push({ freed, place: place!, how: "freed", inside: effect, ...spanOf(event) });
    after = { ...after, freed: without(after.freed, freed.key) };
  }
  return after;
}

/** What the call frees is gone from here on; what it may replace is not known any more. */
export function applyFree(frame: Frame, state: PathState, event: CallEvent, callee: Summary | undefined): PathState {
  const after = spoil(frame, state, event, callee);
  const dropped = droppedWith(frame.program, frame.fn, event);
  const holder = dropped === undefined ? undefined : placeOf(dropped);
  if (holder !== undefined) return free(frame, after, holder, event.name!, event, "dropped");
  const fact = event.name === undefined || callee !== undefined ? undefined : frame.program.knowledge.fn(event.name);
  if (fact?.takes === undefined || DEFERRED.test(fact.name)) return after;
  let freed = after;
  for (const index of fact.takes) {
    const arg = event.expr.args[index];
    const place = arg === undefined ? undefined : placeOf(stripCasts(arg));
    if (place !== undefined)
      freed = free(frame, freed, place, fact.name, event, fact.handleParam === index ? "freed" : "taken");
  }
  return freed;
}

/** They wait until all readers are done. */
const DEFERRED = /_rcu(_mightsleep)?$/;

/** The states after a call of a function of the driver that frees what it is given, always or when it returns so. */
export function applyFrees(frame: Frame, state: PathState, event: CallEvent, callee: Summary): readonly PathState[] {
  const effects = callee.frees ?? [];
  if (effects.length === 0) return [state];
  const { args } = event.expr;
  const apply = (to: PathState, bits: number): PathState => {
    let after = to;
    for (const effect of effects) {
      if ((effect.mask & bits) !== bits) continue;
      const place = toCaller(effect.place, callee.fn, args, frame.program);
      if (place !== undefined) after = free(frame, after, place, effect.by, event, effect.how, callee.fn.name);
    }
    return after;
  };
  const parts = partsOf(callee.returns, effects);
  if (parts.length === 1) return [apply(state, callee.returns)];
  const key = resultKey(event.expr);
  const known = state.values.get(key)?.mask ?? 7;
  if (callee.gives !== undefined) return [apply(state, callee.returns)];
  return parts.flatMap((part) =>
    (known & part) === 0 ? [] : [apply(withValue(state, key, { ...state.values.get(key), mask: known & part }), part)],
  );
}

/** Signs of the result, those together with which the same is freed. */
function partsOf(returns: number, effects: readonly FreeEffect[]): readonly number[] {
  const parts = new Map<string, number>();
  for (const bit of [1, 2, 4]) {
    if ((returns & bit) === 0) continue;
    const signature = effects.map((effect) => (effect.mask & bit ? "1" : "0")).join("");
    parts.set(signature, (parts.get(signature) ?? 0) | bit);
  }
  return [...parts.values()];
}

function free(
  frame: Frame,
  state: PathState,
  place: string,
  by: string,
  at: Span,
  how: FreeKind,
  via?: string,
): PathState {
  const key = canonical(frame.fn, place);
  const known = state.values.get(key) ?? state.values.get(place);
  if (known !== undefined && (known.mask & POSITIVE) === 0) return state;
  const own = shared(frame);
  if (own.has(place) || own.has(key)) return state;
  const freed = new Map(state.freed);
  freed.delete(key);
  freed.set(key, { key, by, how, at: spanOf(at), ...(via === undefined ? {} : { via }) });
  if (freed.size > FREED_PER_STATE) freed.delete(freed.keys().next().value!);
  return { ...state, freed };
}

/** A place holds something new: what was freed of it, or through it, is no longer meant. */
export function renew(state: PathState, place: string): PathState {
  let freed: Map<string, Freed> | undefined;
  for (const key of state.freed.keys()) {
    if (!isStale(key, place)) continue;
    freed ??= new Map(state.freed);
    freed.delete(key);
  }
  return freed === undefined ? state : { ...state, freed };
}

/** A test says that there was nothing to free. */
export function unfree(frame: Frame, state: PathState, test: Expr, outcome: boolean): PathState {
  if (state.freed.size === 0) return state;
  const refinement = refinementOf(test);
  if (refinement === undefined) return state;
  const { mask } = outcome ? refinement.whenTrue : refinement.whenFalse;
  if (mask & POSITIVE) return state;
  const key = canonical(frame.fn, refinement.key);
  return state.freed.has(key) ? { ...state, freed: without(state.freed, key) } : state;
}

/** What every exit with some sign of the result has freed, in words of the parameters. */
export function freesOf({ outcome, fixedParams, fn }: Frame): readonly FreeEffect[] {
  const found = new Map<string, { freed: Freed; mask: number }>();
  for (const { freed } of outcome.exits)
    for (const [key, each] of freed)
      if (fixedParams.has(rootOf(key)) && key[0] !== "*") found.set(key, { freed: each, mask: 0 });
  const effects: FreeEffect[] = [];
  for (const [place, { freed }] of found) {
    const root = rootOf(place);
    let mask = 0;
    // Where not every path was seen, the graph has to show that none gets past.
    if (outcome.cut && !isUnavoidable(fn, freed.at)) continue;
    for (const bit of [1, 2, 4]) {
      const exits = outcome.exits.filter((exit) => (exit.value.mask & bit) !== 0 && !isNull(exit, root));
      if (exits.length > 0 && exits.every((exit) => exit.freed.has(place))) mask |= bit;
    }
    if (mask !== 0)
      effects.push({ place, mask, by: freed.by, how: freed.how, fn: fn.name, file: fn.file, ...freed.at });
  }
  return effects.slice(0, 16);
}

function isUnavoidable({ cfg }: Func, at: Span): boolean {
  if (!cfg.complete) return false;
  const reached = new Set([cfg.entry]);
  for (const id of reached) {
    const { events, exit } = cfg.blocks[id]!;
    if (events.some((event) => event.start === at.start)) continue;
    if (exit.kind === "leave" || events.some((event) => event.kind === "return")) return false;
    for (const to of successors(exit)) reached.add(to);
  }
  return true;
}

/** Parameters that a function follows or passes on. */
export function followedParams(fn: Func): ReadonlySet<number> {
  const found = new Set<number>();
  const note = (expr: Expr): void => {
    const inner = stripCasts(expr);
    const place = placeOf(memberBase(inner) ?? inner);
    const index = fn.def.params.findIndex((param) => param.name === place);
    if (index >= 0) found.add(index);
  };
  for (const { events } of fn.cfg.blocks)
    for (const event of events) {
      if (event.kind === "deref") note(event.base);
      if (event.kind === "call") event.expr.args.forEach(note);
    }
  return found;
}

function isNull(exit: FunctionExit, param: string): boolean {
  const value = exit.params.get(param);
  return value !== undefined && (value.mask & POSITIVE) === 0;
}

function noteUse(
  frame: Frame,
  state: PathState,
  freed: Freed,
  used: Expr,
  at: Span,
  how: "followed" | "passed" | "freed" = "followed",
): PathState {
  const place = placeOf(memberBase(used) ?? used) ?? freed.key;
  const to = how === "passed" && "name" in at ? { to: (at as CallEvent).name ?? "a function pointer" } : {};
  if (first(frame, "after free", freed.at, freed.key))
    frame.outcome.afterFree.push({ freed, place, how, ...to, ...spanOf(at) });
  return { ...state, freed: without(state.freed, freed.key) };
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}

/** The freed memory that a pointer leads to. */
function freedAt(frame: Frame, state: PathState, pointer: Expr): Freed | undefined {
  const inner = stripCasts(pointer);
  const place = inner.kind === "call" ? undefined : placeOf(inner);
  if (place === undefined) return undefined;
  let key: string | undefined = canonical(frame.fn, place);
  for (let steps = 0; key !== undefined && steps < 4; steps++) {
    const freed = state.freed.get(key);
    if (freed !== undefined) return freed;
    key = relations(frame.fn).inside.get(key);
  }
  return undefined;
}

/** `&p->member`: the pointer p. */
function memberBase(expr: Expr): Expr | undefined {
  if (expr.kind !== "unary" || expr.op !== "&") return undefined;
  let each = expr.operand;
  while (each.kind === "member" || each.kind === "index") {
    if (each.kind === "member" && each.arrow) return each.base;
    each = each.base;
  }
  return undefined;
}

function freesArgument(fact: FunctionFact | undefined, callee: Summary | undefined, index: number): boolean {
  if (callee !== undefined) {
    const param = callee.fn.params[index];
    return callee.frees?.some((effect) => effect.place === param && effect.mask === callee.returns) ?? false;
  }
  return fact?.handleParam === index && fact.takes?.includes(index) === true;
}

/** Whether the function follows the pointer: of the kernel's own this has to be known. */
function reaches(
  fact: FunctionFact | undefined,
  callee: Summary | undefined,
  index: number,
  isMember: boolean,
): boolean {
  if (callee !== undefined) return callee.follows?.has(index) ?? false;
  if (fact === undefined) return true;
  if (fact.derefs?.includes(index) || fact.takes?.includes(index) || fact.handleParam === index) return true;
  return isMember && [...(fact.acquires ?? []), ...(fact.releases ?? [])].some((effect) => effect.param === index);
}

/** Printing a pointer and comparing it follow nothing; a macro may do anything. */
function isHarmless(frame: Frame, { name }: CallEvent): boolean {
  return name !== undefined && (/^[A-Z0-9_]+$/.test(name) || PRINTS.test(name) || frame.program.macros.has(name));
}

const PRINTS =
  /^(dev|net|netdev|netif|pr|drm|v4l2)_(emerg|alert|crit|err|warn|notice|info|dbg|debug|level)|size|offset|print|dbg|debug|trace|warn|kmemleak|kasan|cmpxchg|assign_pointer|_set_drvdata$|_pointer$|^IS_|err$|info$|log/;

/** After a call that is not known to leave it alone, a member may hold something new. */
function spoil(frame: Frame, state: PathState, event: CallEvent, callee: Summary | undefined): PathState {
  if (state.freed.size === 0) return state;
  const { name } = event;
  const isKernel = callee === undefined && name !== undefined && frame.program.knowledge.fn(name) !== undefined;
  let after = state;
  for (const key of state.freed.keys()) {
    const isLocal = /^\w+$/.test(key) && frame.program.types.isLocal(frame.fn.def, key);
    if (isLocal || (isDriverData(key) && !/_set_/.test(name ?? ""))) continue;
    const changed = isKernel
      ? event.expr.args.some((arg) => holds(canonicalOf(frame, arg), key))
      : writtenBelow(frame.program, name, key);
    if (changed) after = { ...after, freed: without(after.freed, key) };
  }
  return after;
}

function holds(owner: string | undefined, key: string): boolean {
  return owner !== undefined && (key.startsWith(`${owner}->`) || key.startsWith(`${owner}.`));
}

function canonicalOf(frame: Frame, arg: Expr): string | undefined {
  const inner = stripCasts(arg);
  const place = inner.kind === "unary" && inner.op === "&" ? placeOf(inner.operand) : placeOf(inner);
  return place === undefined ? undefined : canonical(frame.fn, place);
}

const sharedPlaces = new WeakMap<Func, ReadonlySet<string>>();

/** Places of which the function takes a reference of its own: what it drops may not be the last one. */
function shared({ fn, program }: Frame): ReadonlySet<string> {
  const made = sharedPlaces.get(fn);
  if (made !== undefined) return made;
  const found = new Set<string>();
  for (const { events } of fn.cfg.blocks)
    for (const event of events) {
      if (event.kind === "assign") {
        const value = event.value === undefined ? undefined : stripCasts(event.value);
        const name = value?.kind === "call" && value.callee.kind === "name" ? value.callee.name : undefined;
        const place = placeOf(event.target);
        if (name !== undefined && place !== undefined && program.knowledge.fn(name)?.obtains?.beside === true)
          found.add(place);
      }
      if (event.kind !== "call" || !TAKES_REFERENCE.test(event.name ?? "")) continue;
      for (const arg of event.expr.args) {
        const place = placeOf(stripCasts(memberBase(stripCasts(arg)) ?? arg));
        if (place !== undefined) found.add(place);
      }
    }
  sharedPlaces.set(fn, found);
  return found;
}

const TAKES_REFERENCE = /(^|_)get$|^get_|_hold$|_ref$|_inc(_not_zero)?$|_get_(urb|dev|intf|noresume)$|_grab$/;
