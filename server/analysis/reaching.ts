// What holds at a point whichever way it is reached: the signs of variables, and the calls that their values come from.
import type { Returns } from "../knowledge/words.ts";
import type { Block, Cfg, Event } from "../program/cfg.ts";
import { placeOf, rootOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { CallExpr, Expr } from "../syntax/ast.ts";
import { isStale } from "./liveness.ts";
import { type Summary, stripCasts } from "./summary.ts";
import { evaluate, keyOf, meet, NEGATIVE, POSITIVE, refinementOf, resultKey, type Value, ZERO } from "./values.ts";

/** A value that is known on every path, with all the calls that may have given it. */
export interface Reaching extends Value {
  /** Empty where it comes from no call alone. */
  readonly from: readonly CallExpr[];
  /** A test has looked at it since. */
  readonly tested?: true;
}

export type Known = ReadonlyMap<string, Reaching>;

export interface Visitor {
  /** Before an event; what is known changes with the next one. */
  event?(known: Known, event: Event, block: Block, index: number): void;
  /** At the end of a block, before its exit decides. */
  leave?(known: Known, block: Block): void;
}

/** Tells a visitor, once for each point that can be reached, what is known there. */
export function visitReaching(
  program: Program,
  fn: Func,
  summaries: ReadonlyMap<string, Summary>,
  visitor: Visitor,
): void {
  const into = reachedIn(program, fn, summaries);
  for (const block of fn.cfg.blocks) {
    const there = into[block.id];
    if (there === undefined) continue;
    const known = new Map(there);
    for (const [index, event] of block.events.entries()) {
      visitor.event?.(known, event, block, index);
      pass(program, summaries, known, event);
    }
    visitor.leave?.(known, block);
  }
}

type Reached = readonly (Known | undefined)[];

/** What several rules ask in one check; a check that is kept for the next one asks through objects of its own. */
const reached = new WeakMap<Cfg, { readonly program: object; readonly summaries: object; readonly into: Reached }>();

/** What is known where each block begins; undefined where nothing leads. */
function reachedIn(program: Program, { cfg }: Func, summaries: ReadonlyMap<string, Summary>): Reached {
  const before = reached.get(cfg);
  if (before?.program === program && before.summaries === summaries) return before.into;
  const into = fixedPoint(program, cfg, summaries);
  reached.set(cfg, { program, summaries, into });
  return into;
}

function fixedPoint(program: Program, { blocks, entry }: Cfg, summaries: ReadonlyMap<string, Summary>): Reached {
  const into: (Known | undefined)[] = blocks.map(() => undefined);
  into[entry] = new Map();
  const waiting = new Set([entry]);
  for (const id of waiting) {
    waiting.delete(id);
    const block = blocks[id]!;
    const known = new Map(into[id]);
    for (const event of block.events) pass(program, summaries, known, event);
    for (const [to, reached] of sides(known, block)) {
      const there = withoutResults(reached);
      const before = into[to];
      const joined = before === undefined ? there : join(before, there);
      if (joined === before) continue;
      into[to] = joined;
      waiting.add(to);
    }
  }
  return into;
}

/** What a call gave was stored or tested by the end of the block. */
function withoutResults(known: Known): Known {
  let left: Map<string, Reaching> | undefined;
  for (const key of known.keys()) {
    if (key[0] !== "#") continue;
    left ??= new Map(known);
    left.delete(key);
  }
  return left ?? known;
}

/** What is known where a branch ends, for both of its sides; a side that cannot be taken is left out. */
export function sides(known: Known, block: Block): readonly (readonly [number, Known])[] {
  const { exit } = block;
  switch (exit.kind) {
    case "jump":
      return [[exit.to, known]];
    case "choose":
      return exit.to.map((to) => [to, known] as const);
    case "switch":
      return [...exit.arms.map((arm) => arm.to), exit.otherwise].map((to) => [to, known] as const);
    case "branch":
      return [true, false].flatMap((outcome) => {
        const there = side(known, exit.test, outcome);
        return there === undefined ? [] : [[outcome ? exit.whenTrue : exit.whenFalse, there] as const];
      });
    case "leave":
      return [];
  }
}

export function side(known: Known, test: Expr, outcome: boolean): Known | undefined {
  if (meet({ mask: evaluate(known, test).mask }, { mask: outcome ? NEGATIVE | POSITIVE : ZERO }) === undefined)
    return undefined;
  const refinement = refinementOf(test);
  if (refinement === undefined || refinement.key.startsWith("?")) return known;
  const { key } = refinement;
  const before = known.get(key);
  const now = meet(before ?? { mask: 7 }, outcome ? refinement.whenTrue : refinement.whenFalse);
  if (now === undefined) return undefined;
  return new Map(known).set(key, { ...now, from: before?.from ?? [], tested: true });
}

function join(a: Known, b: Known): Known {
  let joined: Map<string, Reaching> | undefined;
  for (const [key, left] of a) {
    const right = b.get(key);
    if (right === left) continue;
    const both = right === undefined ? undefined : joinValues(left, right);
    if (both === left) continue;
    joined ??= new Map(a);
    if (both === undefined) joined.delete(key);
    else joined.set(key, both);
  }
  return joined ?? a;
}

function joinValues(a: Reaching, b: Reaching): Reaching | undefined {
  const mask = a.mask | b.mask;
  const fromCalls = a.from.length > 0 && b.from.length > 0;
  const from = fromCalls ? [...new Set([...a.from, ...b.from])] : [];
  const exact = a.exact === b.exact ? a.exact : undefined;
  const tested = a.tested === true && b.tested === true;
  if (mask === 7 && from.length === 0 && exact === undefined) return undefined;
  if (mask === a.mask && from.length === a.from.length && exact === a.exact && tested === (a.tested === true)) return a;
  return { mask, from, ...(exact === undefined ? {} : { exact }), ...(tested ? { tested } : {}) };
}

/** Changes what is known as an event does. */
function pass(
  program: Program,
  summaries: ReadonlyMap<string, Summary>,
  known: Map<string, Reaching>,
  event: Event,
): void {
  switch (event.kind) {
    case "assign": {
      const place = placeOf(event.target);
      if (place === undefined) return;
      const value = event.value === undefined ? undefined : reachingOf(known, event.value);
      forget(known, place);
      if (value !== undefined && (value.mask !== 7 || value.exact !== undefined || value.from.length > 0))
        known.set(place, value);
      return;
    }
    case "iterate":
      for (const each of event.targets) forget(known, placeOf(each));
      return;
    case "declare":
      forget(known, event.variable.name);
      return;
    case "call": {
      const fact = event.name === undefined ? undefined : program.knowledge.fact(event.name);
      const isFunction = fact?.kind === "function" || (event.name !== undefined && summaries.has(event.name));
      for (const arg of event.expr.args) {
        const inner = stripCasts(arg);
        if (inner.kind === "unary" && inner.op === "&") forget(known, placeOf(inner.operand));
        // A macro may assign its arguments.
        else if (!isFunction && fact === undefined && inner.kind === "name") forget(known, inner.name);
        if (fact === undefined) forgetInside(known, placeOf(inner));
      }
      const mask = resultMask(program, summaries, event.expr);
      known.set(resultKey(event.expr), { mask, from: [event.expr] });
      return;
    }
    default:
  }
}

function reachingOf(known: Known, value: Expr): Reaching {
  const inner = stripCasts(value);
  const { mask, exact } = evaluate(known, value);
  const key = keyOf(inner);
  const from = (key === undefined ? undefined : known.get(key)?.from) ?? [];
  return { mask, ...(exact === undefined ? {} : { exact }), from };
}

function forget(known: Map<string, Reaching>, place: string | undefined): void {
  if (place === undefined) return;
  for (const key of known.keys()) if (isStale(key, place)) known.delete(key);
}

/** What an object holds may be another after a call that got the object. */
function forgetInside(known: Map<string, Reaching>, place: string | undefined): void {
  if (place === undefined) return;
  const root = rootOf(place);
  for (const key of known.keys()) if (/->|\./.test(key) && rootOf(key) === root) known.delete(key);
}

/** The signs that a call's result may have. */
function resultMask(program: Program, summaries: ReadonlyMap<string, Summary>, call: CallExpr): number {
  if (call.callee.kind !== "name") return 7;
  if (summaries.has(call.callee.name)) return 7;
  const fact = program.knowledge.fact(call.callee.name);
  if (fact === undefined || fact.gfpParam !== undefined) return 7;
  return fact.obtains?.successIs === undefined ? (MASKS[fact.returns ?? "value"] ?? 7) : 7;
}

const MASKS: Partial<Record<Returns, number>> = {
  "null-on-failure": ZERO | POSITIVE,
  "bytes-not-copied": ZERO | POSITIVE,
  boolean: ZERO | POSITIVE,
};
