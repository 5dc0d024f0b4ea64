// Which known values a later part of the function still asks for; all others are forgotten, so that paths join.
import type { Block, Cfg, Event } from "../program/cfg.ts";
import { successors } from "../program/cfg.ts";
import { mentions, placeOf } from "../program/places.ts";
import type { Expr } from "../syntax/ast.ts";
import { conditionOf, keyOf, refinementOf, resultKey } from "./values.ts";

/** For each block, the keys whose values matter when it ends. */
export interface Liveness {
  isLive(block: number, key: string): boolean;
}

export function liveness(cfg: Cfg): Liveness {
  const { blocks } = cfg;
  const numbers = new Map<string, number>();
  const numberOf = (key: string): number => {
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
  };
  const counters = countersOf(blocks);
  const gathered = blocks.map((block) => {
    const used = new Set<string>();
    const killed = new Set<string>();
    for (const event of block.events) eventKeys(event, used, killed, counters);
    exitKeys(block, used, killed);
    return { used: [...used].map(numberOf), killed: [...killed].map(numberOf) };
  });
  const words = (numbers.size + 31) >>> 5;
  const sets = (which: "used" | "killed"): Uint32Array[] =>
    gathered.map((each) => {
      const bits = new Uint32Array(words);
      for (const number of each[which]) bits[number >>> 5]! |= 1 << (number & 31);
      return bits;
    });
  const into = sets("used");
  const killed = sets("killed");
  const out = blocks.map(() => new Uint32Array(words));
  const next = blocks.map((block) => successors(block.exit));
  const before: number[][] = blocks.map(() => []);
  for (const [from, targets] of next.entries()) for (const to of targets) before[to]!.push(from);
  // Later blocks first: most of what a block needs is known when its turn comes.
  const waiting = new Set(blocks.map((_, index) => blocks.length - 1 - index));
  for (const id of waiting) {
    waiting.delete(id);
    const leaving = out[id]!;
    for (const to of next[id]!) {
      const entering = into[to]!;
      for (let word = 0; word < words; word++) leaving[word]! |= entering[word]!;
    }
    let changed = false;
    for (let word = 0; word < words; word++) {
      const value = into[id]![word]! | (leaving[word]! & ~killed[id]![word]!);
      if (value >>> 0 === into[id]![word]!) continue;
      into[id]![word] = value;
      changed = true;
    }
    if (changed) for (const from of before[id]!) waiting.add(from);
  }
  return {
    isLive(block, key) {
      const number = numbers.get(key);
      return number !== undefined && (out[block]![number >>> 5]! & (1 << (number & 31))) !== 0;
    },
  };
}

/** Variables of which it is asked whether they are 0, as in `if (!i)`: the first round of a loop is told from others. */
function countersOf(blocks: readonly Block[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { exit } of blocks) {
    if (exit.kind !== "branch") continue;
    const { test } = exit;
    const isZero = test.kind === "binary" && test.right.kind === "number" && Number(test.right.text) === 0;
    const asked = isZero ? test.left : test;
    if (asked.kind === "name") found.add(asked.name);
  }
  return found;
}

/** Adds what an event asks for, unless an earlier event of the block gives it anew. */
function eventKeys(event: Event, used: Set<string>, killed: Set<string>, counters: ReadonlySet<string>): void {
  const use = (key: string | undefined): void => {
    if (key !== undefined && !killed.has(key)) used.add(key);
  };
  switch (event.kind) {
    case "deref":
      use(placeOf(event.base));
      return;
    case "assign": {
      const place = placeOf(event.target);
      // What it is after `i++` hangs on what it was before.
      if (event.increments === true && counters.has(place ?? "")) return;
      if (event.value !== undefined) useValue(event.value, use);
      if (place !== undefined && !used.has(place)) killed.add(place);
      return;
    }
    case "call":
      for (const arg of event.expr.args) useValue(arg, use);
      return;
    case "return":
      if (event.value !== undefined) useValue(event.value, use);
      return;
    default:
  }
}

function useValue(expr: Expr, use: (key: string | undefined) => void): void {
  if (expr.kind === "cast" || expr.kind === "unary") useValue(expr.operand, use);
  else if (expr.kind === "call") {
    use(resultKey(expr));
    for (const arg of expr.args) useValue(arg, use);
  } else if (expr.kind === "assign") useValue(expr.target, use);
  else if (expr.kind === "binary") {
    useValue(expr.left, use);
    useValue(expr.right, use);
  } else use(placeOf(expr));
}

function exitKeys(block: Block, used: Set<string>, killed: Set<string>): void {
  const { exit } = block;
  const use = (key: string | undefined): void => {
    if (key !== undefined && !killed.has(key)) used.add(key);
  };
  if (exit.kind === "branch") {
    use(refinementOf(exit.test)?.key);
    useValue(exit.test, use);
    if (exit.test.kind === "binary" || exit.test.kind === "call") use(conditionOf(exit.test)?.key);
  } else if (exit.kind === "switch") {
    use(keyOf(exit.value));
  }
}

/** Whether a change of a place makes a known value stale. */
export function isStale(key: string, changed: string): boolean {
  return key[0] !== "#" && mentions(key, changed);
}
