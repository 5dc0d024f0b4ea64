// Which known values a later part of the function still asks for; all others are forgotten, so that paths join.
import type { Block, Cfg, Event } from "../program/cfg.ts";
import { successors } from "../program/cfg.ts";
import { mentions, placeOf, textOf } from "../program/places.ts";
import type { Expr } from "../syntax/ast.ts";
import { conditionKey, keyOf, refinementOf, resultKey } from "./values.ts";

/** For each block, the keys whose values matter when it ends. */
export type Liveness = readonly ReadonlySet<string>[];

export function liveness(cfg: Cfg): Liveness {
  const count = cfg.blocks.length;
  const uses: Set<string>[] = [];
  const kills: Set<string>[] = [];
  for (const block of cfg.blocks) {
    const used = new Set<string>();
    const killed = new Set<string>();
    for (const event of block.events) eventKeys(event, used, killed);
    exitKeys(block, used, killed);
    uses.push(used);
    kills.push(killed);
  }
  const liveIn: Set<string>[] = uses.map((used) => new Set(used));
  const liveOut: Set<string>[] = Array.from({ length: count }, () => new Set());
  const predecessors: number[][] = Array.from({ length: count }, () => []);
  for (const block of cfg.blocks) for (const to of successors(block.exit)) predecessors[to]!.push(block.id);
  const waiting = new Set<number>(Array.from({ length: count }, (_, index) => count - 1 - index));
  for (const id of waiting) {
    waiting.delete(id);
    const out = liveOut[id]!;
    for (const to of successors(cfg.blocks[id]!.exit)) for (const key of liveIn[to]!) out.add(key);
    const into = liveIn[id]!;
    const before = into.size;
    for (const key of out) if (!kills[id]!.has(key)) into.add(key);
    if (into.size !== before) for (const from of predecessors[id]!) waiting.add(from);
  }
  return liveOut;
}

/** Adds what an event asks for, unless an earlier event of the block gives it anew. */
function eventKeys(event: Event, used: Set<string>, killed: Set<string>): void {
  const use = (key: string | undefined): void => {
    if (key !== undefined && !killed.has(key)) used.add(key);
  };
  switch (event.kind) {
    case "deref":
      use(placeOf(event.base));
      return;
    case "assign": {
      const place = placeOf(event.target);
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
    const text = exit.test.kind === "binary" || exit.test.kind === "call" ? textOf(exit.test) : undefined;
    if (text !== undefined) use(conditionKey(text));
  } else if (exit.kind === "switch") {
    use(keyOf(exit.value));
  }
}

/** Whether a change of a place makes a known value stale. */
export function isStale(key: string, changed: string): boolean {
  return key[0] !== "#" && mentions(key[0] === "?" ? key.slice(1) : key, changed);
}
