// What an assignment of flags says of later tests for one of them: `gfp |= __GFP_DIRECT_RECLAIM; … if (gfp & …)`.
import type { AssignEvent } from "../program/cfg.ts";
import { textOf } from "../program/places.ts";
import type { Func } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import { type PathState, withValue } from "./state.ts";
import { stripCasts } from "./summary.ts";
import { conditionKey, NEGATIVE, POSITIVE, type Value, ZERO } from "./values.ts";

/** `before` is the state in which the value is worked out, `after` the one in which the variable has changed. */
export function withFlags(
  fn: Func,
  before: PathState,
  after: PathState,
  { target, value, op, operand }: AssignEvent,
): PathState {
  const name = target.kind === "name" ? target.name : undefined;
  const tests = name === undefined ? undefined : testsOf(fn).get(name);
  if (name === undefined || tests === undefined) return after;
  let result = after;
  for (const [flag, key] of tests) {
    const was = before.values.get(key);
    const known =
      value !== undefined
        ? flagValue(value, name, flag, was)
        : operand === undefined
          ? undefined
          : combined(op, was, flagValue(operand, name, flag, was), operand, flag);
    if (known !== undefined) result = withValue(result, key, known);
  }
  return result;
}

const found = new WeakMap<Func, ReadonlyMap<string, ReadonlyMap<string, string>>>();

/** By variable: the flags that branches test it for, each with the key of the test. */
function testsOf(fn: Func): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const known = found.get(fn);
  if (known !== undefined) return known;
  const tests = new Map<string, Map<string, string>>();
  found.set(fn, tests);
  for (const { exit } of fn.cfg.blocks) {
    if (exit.kind !== "branch" || exit.test.kind !== "binary" || exit.test.op !== "&") continue;
    const { left, right } = exit.test;
    const text = textOf(exit.test);
    if (left.kind !== "name" || right.kind !== "name" || text === undefined) continue;
    const flags = tests.get(left.name) ?? new Map<string, string>();
    tests.set(left.name, flags.set(right.name, conditionKey(text)));
  }
  return tests;
}

function flagValue(expr: Expr, name: string, flag: string, was: Value | undefined): Value | undefined {
  const value = stripCasts(expr);
  if (value.kind === "name") {
    if (value.name === flag) return { mask: NEGATIVE | POSITIVE };
    if (value.name === name) return was;
    return lacks(value.name, flag) ? { mask: ZERO } : undefined;
  }
  if (value.kind !== "binary") return undefined;
  const right = flagValue(value.right, name, flag, was);
  return combined(value.op, flagValue(value.left, name, flag, was), right, value.right, flag);
}

function combined(
  op: string | undefined,
  left: Value | undefined,
  right: Value | undefined,
  operand: Expr,
  flag: string,
): Value | undefined {
  if (op === "|") {
    const isSet = [left, right].some((side) => side !== undefined && (side.mask & ZERO) === 0);
    if (isSet) return { mask: NEGATIVE | POSITIVE };
    return left?.mask === ZERO && right?.mask === ZERO ? { mask: ZERO } : undefined;
  }
  // `x &= ~FLAG`
  const inner = stripCasts(operand);
  const cleared = op === "&" && inner.kind === "unary" && inner.op === "~" ? stripCasts(inner.operand) : undefined;
  if (cleared?.kind !== "name") return undefined;
  return cleared.name === flag ? { mask: ZERO } : left;
}

/** include/linux/gfp_types.h: of the sets of flags that allocations are given, these hold no reclaim that sleeps. */
function lacks(given: string, flag: string): boolean {
  return flag === "__GFP_DIRECT_RECLAIM" && /^(GFP_NOWAIT|GFP_ATOMIC|__GFP_(?!DIRECT|RECLAIM)\w+)$/.test(given);
}
