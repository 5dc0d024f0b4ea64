// One function's paths, walked once: every event moves values, locks and resources on, and what is seen is noted.
import type { FunctionFact, LockEffect } from "../knowledge/schema.ts";
import type { Block, CallEvent, Event } from "../program/cfg.ts";
import { functionName } from "../program/entries.ts";
import { placeOf, textOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import { noteWanting } from "./caller-locks.ts";
import { ASKS } from "./calls-of.ts";
import { explore } from "./explore.ts";
import { applyFailure, applyUsualFailure, failsOf } from "./fallible.ts";
import { withFlags } from "./flag-values.ts";
import { type Frame, first } from "./frame.ts";
import { flagged, forgetKept, startOf } from "./handed.ts";
import { wantsInterrupts } from "./interrupts-wanted.ts";
import { applyOwnership, owedBy } from "./left-acquired.ts";
import {
  applyFree,
  applyFrees,
  checkAlive,
  checkHandedOver,
  followedParams,
  freesOf,
  renew,
  unfree,
} from "./lifetimes.ts";
import { isStale } from "./liveness.ts";
import { lockExits } from "./lock-exits.ts";
import { applyEffects, applyGuard, applySummary, forgetLocksOf, noteCall, undoGuard } from "./locks.ts";
import { lockByName } from "./named-locks.ts";
import { passedBy } from "./optional-releases.ts";
import { emptyOutcome, type Outcome } from "./outcome.ts";
import { applyPair, handOut, noteLost } from "./ownership.ts";
import { pairsOf } from "./pairs.ts";
import { noteChange } from "./races.ts";
import {
  applyArguments,
  applyResult,
  checkArguments,
  checkUse,
  disown,
  moveOwned,
  overwrite,
  ownElement,
  undoVariable,
} from "./resources.ts";
import { checkCallee, checkSleeping } from "./sleeping.ts";
import { type PathState, withValue } from "./state.ts";
import { calleeOf, type Summary, stripCasts } from "./summary.ts";
import { assume, incremented, notNull, pointsSomewhere, withElement } from "./taken-for-granted.ts";
import { conditionKey, evaluate, POSITIVE, resultKey, type Value } from "./values.ts";

export interface Walked {
  readonly outcome: Outcome;
  readonly summary: Summary;
}

/** Is told every state in which an event is reached. */
export type Observer = (event: Event, state: PathState) => void;

export function walkFunction(
  program: Program,
  fn: Func,
  summaries: ReadonlyMap<string, Summary>,
  observe?: Observer,
): Walked {
  const outcome = emptyOutcome();
  const frame: Frame = {
    fn,
    program,
    summaries,
    outcome,
    pairs: pairsOf(program, fn),
    globals: globalTests(program, fn),
    fixedParams: fixedParams(fn),
    changesFlags: changesFlags(fn),
    sleeps: new Map(),
    acquires: new Map(),
    lenders: new Set(),
    abouts: new Map(),
    ways: new Map(),
    recorded: new Set(),
  };
  const whole = explore(fn.cfg, {
    start: startOf(program, fn),
    step: (state, event, block, index) => {
      observe?.(event, state);
      return step(frame, state, event, block, index);
    },
    decide: (state, test, result) =>
      decide(unfree(frame, disown(passedBy(frame, state, test, result), test, result), test, result), test, result),
    // Flags that a caller passes decide what the function does; pointers are given either way.
    keep: new Set([
      ...fn.def.params
        .filter((param) => param.type.pointers === 0 && frame.fixedParams.has(param.name))
        .map((param) => param.name),
      ...fewMembers(fn),
      ...frame.globals,
      ...flagTests(fn, frame.fixedParams),
    ]),
  });
  outcome.cut = !whole || !fn.cfg.complete;
  forgetKept(frame);
  return { outcome, summary: summarise(frame) };
}

/** Members that a small function tests: which way it went matters to its callers. In a large one there are too many. */
function fewMembers(fn: Func): readonly string[] {
  const members = new Set<string>();
  for (const { exit } of fn.cfg.blocks) {
    const place = exit.kind === "branch" ? placeOf(exit.test) : undefined;
    if (place !== undefined && /->|\./.test(place)) members.add(place);
  }
  return members.size <= 4 ? [...members] : [];
}

/** Variables of the file that the function tests: its callers may have set them. */
function globalTests(program: Program, fn: Func): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { exit } of fn.cfg.blocks) {
    const place = exit.kind === "branch" ? placeOf(exit.test) : undefined;
    if (place === undefined || program.types.isLocal(fn.def, place)) continue;
    if (program.types.global(place) !== undefined && found.size < 4) found.add(place);
  }
  return found;
}

/** Keys of tests like `flags & LOCKED`: they tell which calls come this way. */
function flagTests(fn: Func, params: ReadonlyMap<string, number>): readonly string[] {
  const keys: string[] = [];
  for (const { exit } of fn.cfg.blocks) {
    if (exit.kind !== "branch" || exit.test.kind !== "binary" || exit.test.op !== "&") continue;
    const { left } = exit.test;
    const text = textOf(exit.test);
    if (left.kind === "name" && params.has(left.name) && text !== undefined) keys.push(conditionKey(text));
  }
  return keys;
}

function changesFlags(fn: Func): boolean {
  const fixed = fixedParams(fn);
  const changed = new Map(fn.def.params.map((param, index) => [param.name, index]));
  for (const name of fixed.keys()) changed.delete(name);
  return changed.size > 0 && flagTests(fn, changed).length > 0;
}

/** Parameters that the function never assigns and whose address it never takes. */
function fixedParams(fn: Func): ReadonlyMap<string, number> {
  const params = new Map(fn.def.params.map((param, index) => [param.name, index]));
  for (const block of fn.cfg.blocks) {
    for (const event of block.events) {
      if (event.kind === "assign" && event.target.kind === "name") params.delete(event.target.name);
      if (event.kind === "iterate")
        for (const target of event.targets) if (target.kind === "name") params.delete(target.name);
      if (event.kind === "call") for (const arg of event.expr.args) params.delete(addressed(arg) ?? "");
    }
  }
  return params;
}

/** The variable whose address an argument is: `x` of `&x`. */
function addressed(arg: Expr): string | undefined {
  const inner = stripCasts(arg);
  return inner.kind === "unary" && inner.op === "&" ? placeOf(inner.operand) : undefined;
}

function step(frame: Frame, state: PathState, event: Event, block: Block, index: number): readonly PathState[] {
  switch (event.kind) {
    case "call":
      return call(frame, state, event, block, index);
    case "assign": {
      const value = event.value === undefined ? incremented(state, event) : evaluate(state.values, event.value);
      let after = state.owned.size === 0 ? state : moveOwned(noteLost(frame, state, event), event);
      noteChange(frame, state, event);
      if (value?.mask === POSITIVE && value.exact !== undefined) after = flagged(frame, after, event);
      const place = placeOf(event.target);
      if (place === undefined) return [after];
      after = change(after, place);
      const known = value !== undefined && (value.mask !== 7 || value.exact !== undefined || value.not !== undefined);
      return [withFlags(frame.fn, state, known ? withValue(after, place, value) : after, event)];
    }
    case "iterate": {
      let after = state;
      for (const target of event.targets) {
        const place = placeOf(target);
        if (place !== undefined) after = overwrite(change(after, place), place);
      }
      return [ownElement(frame, withElement(frame, after, event), event)];
    }
    case "deref":
      return [notNull(checkUse(frame, checkAlive(frame, state, event.base, event), event.base, event), event.base)];
    case "guard":
      return [applyGuard(frame, state, event)];
    case "cleanup":
      return [event.guard === undefined ? undoVariable(state, event) : undoGuard(frame, state, event)];
    case "float":
      if (!state.locks.has("@fpu") && first(frame, "float", event)) frame.outcome.floats.push(event);
      return [state];
    case "return": {
      const [after, gave] = handOut(state, event);
      frame.outcome.exits.push({
        value: event.value === undefined ? { mask: 7 } : evaluate(state.values, event.value),
        locks: after.locks,
        done: after.done,
        dropped: after.dropped,
        owned: after.owned,
        given: after.given,
        lent: after.lent,
        freed: after.freed,
        uncertain: after.uncertain,
        ...(gave === undefined ? {} : { gave }),
        params: new Map([...state.values].filter(([key]) => frame.fixedParams.has(key))),
        ...(event.value?.kind === "name" ? { variable: event.value.name } : {}),
        implicit: event.value === undefined && event.end === frame.fn.def.end,
        start: event.start,
        end: event.end,
      });
      return [];
    }
    default:
      return [state];
  }
}

/** A place holds something new: what was known of it, and through it, is stale. */
function change(state: PathState, place: string): PathState {
  let values: Map<string, Value> | undefined;
  for (const key of state.values.keys()) {
    if (!isStale(key, place)) continue;
    values ??= new Map(state.values);
    values.delete(key);
  }
  const after = renew(values === undefined ? state : { ...state, values }, place);
  return /^\w+$/.test(place) ? forgetLocksOf(after, place) : after;
}

function call(frame: Frame, state: PathState, event: CallEvent, block: Block, index: number): readonly PathState[] {
  const { name, expr } = event;
  const callee = name === undefined ? undefined : frame.summaries.get(name);
  const fact = name === undefined ? undefined : frame.program.knowledge.fn(name);
  const asserted = assume(state, event, block, index);
  if (asserted !== undefined) return asserted;
  let before = checkArguments(frame, checkHandedOver(frame, state, event, callee), event, fact);
  if (callee === undefined)
    checkSleeping(frame, before, event, (each) => frame.program.file.text.slice(each.start, each.end));
  if (callee !== undefined) checkCallee(frame, before, event, callee);
  before = applyArguments(frame, before, event, callee, block, index);
  before = applyFree(frame, before, event, callee);
  const text = before.values.size === 0 ? undefined : textOf(expr);
  const condition = text === undefined ? undefined : conditionKey(text);
  const answer = condition === undefined ? undefined : before.values.get(condition);
  before = forgetArguments(frame, before, event, fact);
  before = withValue(before, resultKey(expr), undefined);
  // The same question asked at another place has the same answer, unless asking changes it.
  if (condition !== undefined && answer !== undefined)
    before = withValue(before, condition, answer.site === expr.start || CHANGES.test(name ?? "") ? undefined : answer);
  if (fact?.callbacks === undefined && expr.args.some((arg) => changesLocks(frame, arg)))
    before = { ...before, uncertain: true };
  for (const arg of expr.args) {
    // `&p->lock` of a NULL pointer is no lock that could be taken.
    const inner = stripCasts(arg);
    const member = inner.kind === "unary" && inner.op === "&" ? inner.operand : undefined;
    if (member?.kind === "member" && member.arrow && isLockArgument(fact, event, arg))
      before = pointsSomewhere(before, member.base);
  }
  if (name !== undefined && (callee !== undefined || fact === undefined || wantsInterrupts(fact)))
    noteCall(frame, before, event, name);
  if (callee !== undefined)
    return applySummary(frame, before, event, callee)
      .flatMap((each) => applyFrees(frame, each, event, callee))
      .flatMap((each) => applyOwnership(frame, each, event, callee, block, index))
      .flatMap((each) => applyFailure(each, event, callee, block, index));
  if (fact === undefined) {
    const states = applyPair(frame, guess(frame, before, event), event, block, index);
    return applyUsualFailure(frame, states, event, block, index);
  }
  noteWanting(frame, before, event, fact);
  const effects = applyEffects(frame, before, event, fact);
  if (frame.pairs.has(fact.name)) return effects.flatMap((each) => applyPair(frame, each, event, block, index));
  if (effects.length > 1) return effects;
  if (fact.returns === undefined) return applyUsualFailure(frame, effects, event, block, index);
  return effects.flatMap((each) => applyResult(frame, each, event, fact, block, index));
}

/** `kref_put(&p->ref, foo_release)`: a function of the driver that may be called here takes or releases locks. */
function changesLocks(frame: Frame, arg: Expr): boolean {
  const name = functionName(arg);
  const summary = name === undefined ? undefined : frame.summaries.get(name);
  if (summary === undefined) return false;
  return (
    summary.lockExits === undefined || summary.lockExits.some((exit) => exit.held.length + exit.dropped.length > 0)
  );
}

/** Questions that change what they ask about, or whose answer the world changes: test_and_set_bit(), readl(), trylocks. */
const CHANGES = /_and_|try|inc|dec|(?<!in_re)set|clear|get|next|pop|read|alloc|recv|poll|wait|pending/;

/** What a callee may write to through its arguments is no longer known. */
function forgetArguments(frame: Frame, state: PathState, event: CallEvent, fact: FunctionFact | undefined): PathState {
  let after = state;
  const failures = failuresIn(state);
  for (const [index, arg] of event.expr.args.entries()) {
    // devm_ioremap_resource(dev, NULL) fails: whoever looks at its result has looked at the argument too.
    if (failures.length > 0) {
      if (TESTS_FOR_US.has(fact?.returns ?? "") && !fact?.derefs?.includes(index)) after = excused(after, arg);
      else if (asksOf(frame, event)) after = excused(after, arg, true);
    }
    const place = addressed(arg);
    if (place !== undefined && !isLockArgument(fact, event, arg)) after = change(after, place);
    if (failures.length === 0) continue;
    const pointer = place === undefined ? placeOf(stripCasts(arg)) : undefined;
    if (pointer === undefined) continue;
    // Whoever gets the object may test or replace what an earlier call failed to give it.
    for (const key of failures)
      if (key !== pointer && after.values.has(key) && isStale(key, pointer)) after = withValue(after, key, undefined);
  }
  return after;
}

const NONE: readonly string[] = [];

/** Where the failure of a call is kept that no test has looked at. */
function failuresIn({ values }: PathState): readonly string[] {
  let found: string[] | undefined;
  for (const [key, value] of values)
    if (value.failureOf !== undefined) {
      found ??= [];
      found.push(key);
    }
  return found ?? NONE;
}

const TESTS_FOR_US: ReadonlySet<string> = new Set(["errptr-on-failure", "negative-errno"]);

/** `if (!i2c_client_has_driver(client))`: a question about the object, which has looked at the pointer first. */
function asksOf({ program }: Frame, { name }: CallEvent): boolean {
  return ASKS.test(name ?? "") && program.knowledge.fact(name!)?.extracted?.returnType === "bool";
}

function excused(state: PathState, arg: Expr, whatever = false): PathState {
  const place = placeOf(stripCasts(arg));
  const failure = place === undefined ? undefined : state.values.get(place)?.failureOf;
  return place === undefined || failure === undefined || (failure.shows !== "null" && !whatever)
    ? state
    : withValue(state, place, undefined);
}

function isLockArgument(fact: FunctionFact | undefined, event: CallEvent, arg: Expr): boolean {
  if (fact?.acquires === undefined && fact?.releases === undefined) return false;
  const index = event.expr.args.indexOf(arg);
  const names = (effect: LockEffect): boolean => effect.param === index;
  return fact.acquires?.some(names) === true || fact.releases?.some(names) === true;
}

/** A call of which nothing is known but its name. */
function guess(frame: Frame, state: PathState, event: CallEvent): PathState {
  const name = event.name ?? "";
  const macro = frame.program.macros.effectsOf(name);
  let after = state;
  if (macro?.locks === true) return { ...after, uncertain: true, locks: new Map() };
  for (const index of macro?.assigns ?? []) {
    const arg = event.expr.args[index];
    const place = arg === undefined ? undefined : placeOf(stripCasts(arg));
    if (place !== undefined) after = change(after, place);
  }
  // A macro may test its arguments and leave, as assertions do.
  if (macro !== undefined || /^[A-Z0-9_]+$/.test(name)) {
    for (const arg of event.expr.args) {
      const place = placeOf(stripCasts(arg));
      if (place !== undefined && after.values.get(place)?.failureOf !== undefined)
        after = withValue(after, place, undefined);
    }
  }
  return lockByName(frame, after, event);
}

/** Tests of the context itself: where they say that sleeping is allowed, the path takes their word. */
function decide(state: PathState, test: Expr, outcome: boolean): PathState {
  const inner = stripCasts(test);
  const name =
    inner.kind === "call" && inner.callee.kind === "name" ? inner.callee.name : inner.kind === "name" ? inner.name : "";
  if (CONTEXT_TESTS.has(name)) return outcome ? state : { ...state, maySleepHere: true };
  if (name === "gfpflags_allow_blocking" || name === "preemptible")
    return outcome ? { ...state, maySleepHere: true } : state;
  return state;
}

/** Macros of include/linux/preempt.h and irqflags.h that tell the context. */
const CONTEXT_TESTS: ReadonlySet<string> = new Set([
  "in_interrupt",
  "in_atomic",
  "in_irq",
  "in_hardirq",
  "in_softirq",
  "in_serving_softirq",
  "in_nmi",
  "irqs_disabled",
  "in_dbg_master",
  "rcu_preempt_depth",
]);

function summarise(frame: Frame): Summary {
  const { fn } = frame;
  const releases = new Set<string>();
  for (const block of fn.cfg.blocks) {
    for (const event of block.events) {
      if (event.kind !== "call") continue;
      const callee = event.name === undefined ? undefined : frame.summaries.get(event.name);
      for (const name of callee?.releases ?? []) releases.add(name);
      if (event.name !== undefined) releases.add(event.name);
      // `kref_put(&p->ref, foo_release)` releases what foo_release() does.
      for (const arg of event.expr.args)
        for (const name of frame.summaries.get(functionName(arg) ?? "")?.releases ?? []) releases.add(name);
    }
  }
  const sleeps = [...frame.sleeps.values()];
  const acquires = [...frame.acquires.values()];
  const exits = lockExits(frame);
  const places = [
    ...sleeps.flatMap((site) => [...site.dropped]),
    ...acquires.map((site) => site.key),
    ...(exits ?? []).flatMap((exit) => [...exit.dropped, ...exit.held.map((held) => held.key)]),
  ];
  return {
    fn: calleeOf(fn, frame.program, places),
    complete: fn.cfg.complete,
    sleeps,
    acquires,
    lockExits: exits,
    returns: frame.outcome.exits.reduce((mask, exit) => mask | exit.value.mask, 0) || 7,
    releases,
    borrows: borrowedParams(frame),
    frees: freesOf(frame),
    follows: followedParams(frame.fn),
    ...owedBy(frame),
    ...failsOf(frame),
  };
}

/** What gives a pointer into or around the object that it is given. */
const DERIVES = /^(container_of(_const)?|list_entry|rb_entry|hlist_entry|ERR_CAST|to_\w+|\w+_to_\w+|\w+_priv)$/;

/** Parameters that the function neither stores, returns, frees nor passes on to anyone who might. */
function borrowedParams(frame: Frame): ReadonlySet<number> {
  const borrowed = new Set(frame.fn.def.params.map((_, index) => index));
  const keep = (expr: Expr | undefined): void => {
    const inner = expr === undefined ? undefined : stripCasts(expr);
    if (inner?.kind === "binary") {
      keep(inner.left);
      keep(inner.right);
    }
    const name = inner?.kind === "name" ? inner.name : undefined;
    const index = name === undefined ? -1 : frame.fn.def.params.findIndex((param) => param.name === name);
    if (index >= 0) borrowed.delete(index);
    if (inner?.kind === "unary" && inner.op === "&") {
      const place = placeOf(inner.operand) ?? "";
      frame.fn.def.params.forEach((param, each) => {
        if (place.startsWith(`${param.name}->`)) borrowed.delete(each);
      });
    }
  };
  for (const block of frame.fn.cfg.blocks) {
    for (const event of block.events) {
      if (event.kind === "assign" || event.kind === "return") {
        keep(event.value);
        const made = event.value === undefined ? undefined : stripCasts(event.value);
        // `return container_of(dev, struct foo, dev)`: the pointer goes on in another form.
        if (made?.kind === "call" && DERIVES.test(textOf(made.callee) ?? "")) for (const arg of made.args) keep(arg);
      }
      if (event.kind !== "call") continue;
      const fact = event.name === undefined ? undefined : frame.program.knowledge.fn(event.name);
      const callee = event.name === undefined ? undefined : frame.summaries.get(event.name);
      for (const [index, arg] of event.expr.args.entries()) {
        const safe =
          callee !== undefined
            ? callee.borrows.has(index)
            : fact !== undefined &&
              (fact.borrows === "all" || fact.borrows?.includes(index) || isLockArgument(fact, event, arg));
        if (!safe) keep(arg);
      }
    }
  }
  return borrowed;
}
