// Locks along a path: taken, released, taken twice, and what calls inside the driver do to them.
import type { FunctionFact, LockEffect } from "../knowledge/schema.ts";
import type { CallEvent, CleanupEvent, GuardEvent } from "../program/cfg.ts";
import { mentions, pointeeOf } from "../program/places.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { globalsHeld } from "./caller-locks.ts";
import { bhOff, compatible, conditionsOf, type Frame, first, hangsOnCaller, irqsOff, isAtomic } from "./frame.ts";
import { noteCallUnder, noteOrder } from "./lock-order.ts";
import { type Held, type PathState, withEntry, withMember, without, withoutMember, withValue } from "./state.ts";
import { type Summary, toCaller } from "./summary.ts";
import { NEGATIVE, POSITIVE, resultKey, ZERO } from "./values.ts";

/** The states after the lock effects of a kernel function; a trylock gives two. */
export function applyEffects(
  frame: Frame,
  state: PathState,
  event: CallEvent,
  fact: FunctionFact,
): readonly PathState[] {
  let after = state;
  for (const effect of fact.releases ?? []) after = release(after, effect, event.expr.args);
  const acquires = fact.acquires ?? [];
  if (acquires.length === 0) return [after];
  const taken = acquires.reduce((each, effect) => acquire(frame, each, effect, event.expr.args, event), after);
  const heldWhen = acquires[0]!.heldWhen;
  if (heldWhen === undefined) return [taken];
  const key = resultKey(event.expr);
  const masks = heldWhen === "nonzero" ? [NEGATIVE | POSITIVE, ZERO] : [ZERO, NEGATIVE | POSITIVE];
  return [withValue(taken, key, { mask: masks[0]! }), withValue(after, key, { mask: masks[1]! })];
}

function keyFor(effect: LockEffect, args: readonly Expr[]): string | undefined {
  if (effect.global !== undefined) return effect.global;
  if (effect.param === undefined) return `@${effect.flavour}`;
  const arg = args[effect.param];
  return arg === undefined ? undefined : pointeeOf(arg);
}

function acquire(frame: Frame, state: PathState, effect: LockEffect, args: readonly Expr[], at: Span): PathState {
  const key = keyFor(effect, args);
  if (key === undefined) return { ...state, uncertain: true };
  const expr = effect.param === undefined ? undefined : args[effect.param];
  const held: Held = {
    key,
    flavour: effect.flavour,
    irq: effect.irq ?? "none",
    at: { start: at.start, end: at.end },
    ...(expr === undefined ? {} : { expr }),
    ...(effect.heldWhen === "nonzero" ? { tried: true as const } : {}),
    ...(effect.nests === true ? { nests: true as const } : {}),
  };
  return take(frame, state, held, at);
}

/** A lock is taken directly. */
function take(frame: Frame, state: PathState, held: Held, at: Span): PathState {
  const before = state.locks.get(held.key);
  const exclusive = isExclusive(held);
  if (
    before !== undefined &&
    exclusive &&
    held.tried !== true &&
    isExclusive(before) &&
    !state.uncertain &&
    first(frame, "double", at)
  )
    frame.outcome.doubleLocks.push({ held: before, key: held.key, start: at.start, end: at.end });
  if (first(frame, "acquire", at, `${state.uncertain || irqsOff(state)}${bhOff(state)}`))
    frame.outcome.acquisitions.push({
      held,
      ...maskingIn(state),
      atomic: isAtomic(state),
      tries: held.tried === true,
      start: at.start,
      end: at.end,
    });
  noteOrder(frame, state, held, at);
  if (exclusive && held.tried !== true && !state.uncertain && !state.dropped.has(held.key))
    noteAcquire(frame, state, held, at);
  if (state.dropped.has(held.key)) return { ...state, dropped: withoutMember(state.dropped, held.key) };
  return { ...state, locks: withEntry(state.locks, held.key, held) };
}

function noteAcquire(frame: Frame, state: PathState, held: Held, at: Span): void {
  // Only where a variable of the file is set, which a caller may just have done: it is not known when.
  for (const name of frame.globals) if (state.values.has(name)) return;
  const id = `${held.key}@${at.start}`;
  if (frame.acquires.has(id) || frame.acquires.size >= 12) return;
  frame.acquires.set(id, {
    key: held.key,
    held,
    steps: [],
    fn: frame.fn.name,
    file: frame.fn.file,
    conditions: conditionsOf(frame, state),
    dropped: state.dropped,
    start: at.start,
    end: at.end,
  });
}

/** Taking it while it is held waits for ever; readers and pseudo-locks nest. */
function isExclusive(held: Held): boolean {
  if (held.nests === true) return false;
  return (
    held.flavour === "spin" ||
    held.flavour === "raw-spin" ||
    held.flavour === "write-spin" ||
    held.flavour === "mutex" ||
    held.flavour === "write-sleep"
  );
}

function release(state: PathState, effect: LockEffect, args: readonly Expr[]): PathState {
  const key = keyFor(effect, args);
  if (key === undefined) return { ...state, uncertain: true, locks: new Map() };
  return drop(state, key, effect.irq ?? "none");
}

function drop(state: PathState, key: string, irq: string): PathState {
  const held = state.locks.get(key);
  if (held === undefined) {
    if (key[0] === "@") return dropPseudo(state, key);
    return { ...state, dropped: withMember(state.dropped, key) };
  }
  let locks = without(state.locks, key);
  // spin_lock_irq(), then spin_unlock(): interrupts stay off until local_irq_enable().
  if (irq === "none" && (held.irq === "irq" || held.irq === "irqsave") && held.flavour !== "irq")
    locks = withEntry(locks, "@irq", { key: "@irq", flavour: "irq", irq: "irq", at: held.at });
  else if (irq === "none" && held.irq === "bh")
    locks = withEntry(locks, "@bh", { key: "@bh", flavour: "bh", irq: "bh", at: held.at });
  else if (irq !== "none" && held.irq === "none") locks = irq === "bh" ? without(locks, "@bh") : without(locks, "@irq");
  return { ...state, locks, done: withMember(state.done, key) };
}

/** local_irq_restore() and its like also end what a lock operation began. */
function dropPseudo(state: PathState, key: string): PathState {
  const dropped = withMember(state.dropped, key);
  if (key !== "@irq" && key !== "@bh") return { ...state, dropped };
  const locks = new Map(state.locks);
  for (const [name, held] of locks) {
    const isOff = key === "@bh" ? held.irq === "bh" : held.irq === "irq" || held.irq === "irqsave";
    if (isOff) locks.set(name, { ...held, irq: "none" });
  }
  return { ...state, locks, dropped };
}

export function applyGuard(frame: Frame, state: PathState, event: GuardEvent): PathState {
  const held = guardHeld(frame, event);
  if (held === undefined) return { ...state, uncertain: true };
  return take(frame, state, held, event);
}

export function undoGuard(frame: Frame, state: PathState, event: CleanupEvent): PathState {
  if (event.guard === undefined) return state;
  const held = guardHeld(frame, event.guard);
  return held === undefined ? state : drop(state, held.key, held.irq);
}

function guardHeld(frame: Frame, event: GuardEvent): Held | undefined {
  const fact = frame.program.knowledge.guard(event.className);
  if (fact === undefined) return undefined;
  const key = event.lock === undefined ? `@${fact.flavour}` : pointeeOf(event.lock);
  if (key === undefined) return undefined;
  return {
    key,
    flavour: fact.flavour,
    irq: fact.irq ?? "none",
    at: { start: event.start, end: event.end },
    ...(event.lock === undefined ? {} : { expr: event.lock }),
  };
}

/** Where a macro of the driver may have taken a lock, it may have turned interrupts off with it. */
function maskingIn(state: PathState): { readonly irqsOff: boolean; readonly bhOff: boolean } {
  return { irqsOff: state.uncertain || irqsOff(state), bhOff: state.uncertain || bhOff(state) };
}

/** Notes the call of a function that the driver may define, once for each way in which it matters to the callee. */
export function noteCall(frame: Frame, state: PathState, event: CallEvent, callee: string): void {
  const given = hangsOnCaller(frame, state);
  const masking = { ...maskingIn(state), atomic: isAtomic(state) };
  const globals = globalsHeld(state, given);
  const released = state.dropped.size > 0;
  const way =
    (masking.irqsOff ? 1 : 0) |
    (masking.bhOff ? 2 : 0) |
    (masking.atomic ? 4 : 0) |
    (state.maySleepHere ? 8 : 0) |
    (given ? 16 : 0) |
    (released ? 32 : 0) |
    (globals === undefined ? 64 : 0);
  if (!isNewWay(frame, event, globals === undefined || globals.length === 0 ? way : `${way} ${globals}`)) return;
  frame.outcome.callSites.push({
    callee,
    ...masking,
    atomic: masking.atomic && !state.uncertain,
    conditions: conditionsOf(frame, state),
    maySleepHere: state.maySleepHere,
    ...(globals === undefined ? {} : { globals }),
    ...(released ? { released } : {}),
    start: event.start,
    end: event.end,
  });
}

/** True the first time that a call is reached this way. */
function isNewWay({ ways }: Frame, { start }: CallEvent, way: number | string): boolean {
  const known = ways.get(start);
  if (known === undefined) ways.set(start, new Set([way]));
  else if (known.has(way)) return false;
  else known.add(way);
  return true;
}

/** What a call inside the driver does to locks, from the callee's summary. */
export function applySummary(frame: Frame, state: PathState, event: CallEvent, callee: Summary): readonly PathState[] {
  const { args } = event.expr;
  noteCallUnder(frame, state, event, callee);
  for (const site of callee.acquires) {
    const key = toCaller(site.key, callee.fn, args, frame.program);
    if (key === undefined || state.uncertain || !compatible(site.conditions, state, args)) continue;
    const before = state.locks.get(key);
    if (before !== undefined && isExclusive(before)) {
      if (first(frame, "double", event))
        frame.outcome.doubleLocks.push({
          held: before,
          key,
          inside: site,
          start: event.start,
          end: event.end,
        });
    }
  }
  const exits = callee.lockExits;
  const key = resultKey(event.expr);
  if (exits === undefined) return [{ ...state, uncertain: true }];
  if (exits.length === 1 && exits[0]!.held.length === 0 && exits[0]!.dropped.length === 0)
    return [callee.returns === 7 ? state : withValue(state, key, { mask: callee.returns })];
  return exits.map((exit) => {
    let after = exits.length > 1 ? withValue(state, key, { mask: exit.mask }) : state;
    for (const name of exit.dropped) {
      const place = toCaller(name, callee.fn, args, frame.program);
      after = place === undefined ? { ...after, uncertain: true } : drop(after, place, "none");
      // A wrapper around unlock_irqrestore() also turns interrupts on again.
      if (place !== undefined) after = { ...after, locks: without(without(after.locks, "@irq"), "@bh") };
    }
    for (const held of exit.held) {
      const place = toCaller(held.key, callee.fn, args, frame.program);
      if (place === undefined) after = { ...after, uncertain: true };
      else {
        const { expr: _expr, ...rest } = held;
        const mine: Held = { ...rest, key: place, at: { start: event.start, end: event.end }, via: callee.fn.name };
        after = after.dropped.has(place)
          ? { ...after, dropped: withoutMember(after.dropped, place) }
          : { ...after, locks: withEntry(after.locks, place, mine) };
      }
    }
    return after;
  });
}

/** A variable changes: locks named through it are no longer the ones that were taken. */
export function forgetLocksOf(state: PathState, name: string): PathState {
  let after = state;
  for (const [key, held] of state.locks)
    if (key !== name && mentions(key, name) && !isSelfContained(held, name))
      after = { ...after, locks: without(after.locks, key), uncertain: true };
  for (const key of state.done) if (mentions(key, name)) after = { ...after, done: withoutMember(after.done, key) };
  for (const key of state.dropped)
    if (mentions(key, name)) after = { ...after, dropped: withoutMember(after.dropped, key), uncertain: true };
  return after;
}

/** A lock that is a member of the variable itself (`x.lock`) stays the same lock when x changes. */
function isSelfContained(held: Held, name: string): boolean {
  return held.key.startsWith(`${name}.`);
}
