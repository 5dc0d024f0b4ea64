// The one walk over a function's paths: states flow through the graph until no new one appears, within bounds.
import { type Block, type Cfg, type Event, successors } from "../program/cfg.ts";
import { walkExpr } from "../program/places.ts";
import type { Expr } from "../syntax/ast.ts";
import { type Liveness, liveness } from "./liveness.ts";
import { type PathState, START, stateKey, withValue } from "./state.ts";
import { ValueKeys } from "./value-keys.ts";
import {
  conditionOf,
  evaluate,
  type KnownCondition,
  keyOf,
  meet,
  type Refinement,
  refinementOf,
  type Value,
} from "./values.ts";

export interface Walk {
  /** The state in which the function begins. */
  readonly start?: PathState;
  /** The states after an event; none when the path ends there. */
  step(state: PathState, event: Event, block: Block, index: number): readonly PathState[];
  /** A test is about to be decided; it may say more about the state on either side. */
  decide?(state: PathState, test: Expr, outcome: boolean): PathState;
  /** Keys whose values are kept to the end, whether the function asks for them again or not. */
  readonly keep: ReadonlySet<string>;
}

/** States a block may be entered with, and how much a walk may do (events, weighed by what is known), before the rest is left out. */
const STATES_PER_BLOCK = 32;
const STEPS_PER_FUNCTION = 60_000;

/** Returns whether every path was seen. */
export function explore(cfg: Cfg, walk: Walk): boolean {
  const live = liveness(cfg);
  const order = reversePostorder(cfg);
  const keys = new ValueKeys();
  const tests = new Tests();
  const seen: Set<string>[] = cfg.blocks.map(() => new Set());
  const waiting: PathState[][] = cfg.blocks.map(() => []);
  waiting[cfg.entry]!.push(walk.start ?? START);
  const agenda = new Agenda(order);
  agenda.add(cfg.entry);
  let steps = 0;
  let whole = true;
  for (let id = agenda.next(); id !== undefined; id = agenda.next()) {
    const block = cfg.blocks[id]!;
    for (const entry of waiting[id]!.splice(0)) {
      let states: readonly PathState[] = [entry];
      for (let index = 0; index < block.events.length; index++) {
        for (const state of states) steps += 1 + (state.values.size >> 2);
        states =
          states.length === 1
            ? walk.step(states[0]!, block.events[index]!, block, index)
            : states.flatMap((state) => walk.step(state, block.events[index]!, block, index));
        // Calls in a row, each of which may fail, would double them each time.
        if (states.length > STATES_PER_BLOCK) {
          states = states.slice(0, STATES_PER_BLOCK);
          whole = false;
        }
        if (steps > STEPS_PER_FUNCTION) return false;
      }
      for (const state of states) {
        for (const [to, after] of leave(state, block, walk, tests)) {
          const kept = forget(after, live, id, walk.keep);
          const key = stateKey(kept, keys);
          if (seen[to]!.has(key)) continue;
          if (seen[to]!.size >= STATES_PER_BLOCK) {
            whole = false;
            continue;
          }
          seen[to]!.add(key);
          waiting[to]!.push(kept);
          agenda.add(to);
        }
      }
    }
  }
  return whole;
}

function forget(state: PathState, live: Liveness, block: number, keep: ReadonlySet<string>): PathState {
  if (state.values.size === 0) return state;
  let values: Map<string, Value> | undefined;
  for (const key of state.values.keys()) {
    if (live.isLive(block, key) || keep.has(key)) continue;
    values ??= new Map(state.values);
    values.delete(key);
  }
  return values === undefined ? state : { ...state, values };
}

function leave(state: PathState, block: Block, walk: Walk, tests: Tests): readonly (readonly [number, PathState])[] {
  const { exit } = block;
  if (exit.kind === "branch") {
    const sides: (readonly [number, PathState])[] = [];
    for (const outcome of [true, false]) {
      let after = refine(state, exit.test, outcome, tests.of(exit.test));
      if (after === undefined) continue;
      if (exit.beside !== undefined && outcome === exit.beside.skippedWhen) after = excuse(after, exit.beside.test);
      sides.push([outcome ? exit.whenTrue : exit.whenFalse, walk.decide?.(after, exit.test, outcome) ?? after]);
    }
    return sides;
  }
  if (exit.kind === "switch") {
    const sides: (readonly [number, PathState])[] = [];
    let rest: PathState | undefined = state;
    const arms = tests.ofArms(exit);
    for (const [index, { to }] of exit.arms.entries()) {
      const { test, told } = arms[index]!;
      const taken = refine(state, test, true, told);
      if (taken !== undefined) sides.push([to, taken]);
      rest = rest === undefined ? undefined : refine(rest, test, false, told);
    }
    if (rest !== undefined) sides.push([exit.otherwise, rest]);
    return sides;
  }
  return successors(exit).map((to) => [to, state]);
}

/** What a test says whatever the state. */
interface Told {
  readonly refinement: Refinement | undefined;
  /** Under its key it is known how it came out, besides what it says of a value. */
  readonly condition: KnownCondition | undefined;
}

interface ArmTest {
  readonly test: Expr;
  readonly told: Told;
}

type SwitchExit = Block["exit"] & { readonly kind: "switch" };

/** The tests of a function, each looked at once. */
class Tests {
  private readonly tests = new Map<Expr, Told>();
  private readonly arms = new Map<SwitchExit, readonly ArmTest[]>();

  of(test: Expr): Told {
    let told = this.tests.get(test);
    if (told === undefined) {
      told = toldBy(test);
      this.tests.set(test, told);
    }
    return told;
  }

  ofArms(exit: SwitchExit): readonly ArmTest[] {
    let tests = this.arms.get(exit);
    if (tests === undefined) {
      tests = exit.arms.map(({ value: right }) => {
        const { start, end } = right;
        const test: Expr = { kind: "binary", op: "==", left: exit.value, right, start, end };
        return { test, told: toldBy(test) };
      });
      this.arms.set(exit, tests);
    }
    return tests;
  }
}

function toldBy(test: Expr): Told {
  const refinement = refinementOf(test);
  const condition = test.kind === "binary" || test.kind === "call" ? conditionOf(test) : undefined;
  return { refinement, condition: condition?.key === refinement?.key ? undefined : condition };
}

/** The state in which a test came out so; undefined when it cannot. */
export function refine(
  state: PathState,
  test: Expr,
  outcome: boolean,
  { refinement, condition }: Told = toldBy(test),
): PathState | undefined {
  if ((evaluate(state.values, test).mask & (outcome ? 5 : 2)) === 0) return undefined;
  if (!outcome && alwaysEntered(state, test)) return undefined;
  if (refinement === undefined) return state;
  const refined = learn(state, refinement, outcome);
  // A condition tested again word for word comes out the same, and its opposite the other way round.
  if (refined === undefined || condition === undefined) return refined;
  const { key, inverted } = condition;
  const before = refined.values.get(key);
  const now = meet(before ?? { mask: 7 }, { mask: outcome !== inverted ? 5 : 2 });
  return now === undefined
    ? undefined
    : withValue(refined, key, test.kind === "call" ? { ...now, site: test.start } : now);
}

/** `if (count && !p)`: whoever skips the test of p did so knowingly. */
function excuse(state: PathState, skipped: Expr): PathState {
  let after = state;
  walkExpr(skipped, (each) => {
    const key = keyOf(each);
    if (key !== undefined && after.values.get(key)?.failureOf !== undefined) after = withValue(after, key, undefined);
  });
  return after;
}

/** `for (i = 0; i < COUNT; …)` runs at least once. */
function alwaysEntered(state: PathState, test: Expr): boolean {
  if (test.kind !== "binary" || test.op !== "<" || evaluate(state.values, test.left).exact !== "0") return false;
  const { right } = test;
  if (right.kind === "call") return right.callee.kind === "name" && right.callee.name === "ARRAY_SIZE";
  const bound = evaluate(state.values, right);
  return (
    bound.exact !== undefined &&
    bound.exact !== "0" &&
    right.kind !== "binary" &&
    (right.kind === "name" ? !state.values.has(right.name) : true)
  );
}

function learn(state: PathState, { key, whenTrue, whenFalse }: Refinement, outcome: boolean): PathState | undefined {
  const learned = outcome ? whenTrue : whenFalse;
  const before = state.values.get(key);
  const now = meet(before ?? { mask: 7 }, learned);
  if (now === undefined) return undefined;
  let after = withValue(state, key, now);
  const failure = before?.failureOf;
  if (failure === undefined) return after;
  // The same result stored in several places was tested in one of them.
  for (const [other, value] of state.values) {
    if (other === key || value.failureOf?.start !== failure.start) continue;
    const same = meet(value, learned);
    if (same === undefined) return undefined;
    after = withValue(after, other, same);
  }
  return after;
}

function reversePostorder(cfg: Cfg): readonly number[] {
  const rank: number[] = cfg.blocks.map(() => -1);
  const stack: [number, number][] = [[cfg.entry, 0]];
  const visited = new Set([cfg.entry]);
  const post: number[] = [];
  while (stack.length > 0) {
    const top = stack.at(-1)!;
    const to = successors(cfg.blocks[top[0]]!.exit)[top[1]++];
    if (to === undefined) {
      post.push(top[0]);
      stack.pop();
    } else if (!visited.has(to)) {
      visited.add(to);
      stack.push([to, 0]);
    }
  }
  for (const [index, id] of post.reverse().entries()) rank[id] = index;
  return rank;
}

/** Blocks that wait, the one nearest to the entry first, so that paths meet before they go on. */
class Agenda {
  private readonly rank: readonly number[];
  /** By rank: the block that waits, or -1. */
  private readonly waiting: Int32Array;
  /** Nothing waits before this rank. */
  private from = 0;

  constructor(rank: readonly number[]) {
    this.rank = rank;
    this.waiting = new Int32Array(rank.length).fill(-1);
  }

  add(block: number): void {
    const rank = this.rank[block]!;
    this.waiting[rank] = block;
    if (rank < this.from) this.from = rank;
  }

  next(): number | undefined {
    const { waiting } = this;
    for (; this.from < waiting.length; this.from++) {
      const block = waiting[this.from]!;
      if (block < 0) continue;
      waiting[this.from] = -1;
      return block;
    }
    return undefined;
  }
}
