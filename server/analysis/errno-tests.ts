// Where a function looks for the error of a call, and what it would not see there.
import type { Block } from "../program/cfg.ts";
import { walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { CallExpr, Expr, TypeRef } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { NEVER_ZERO } from "./irq-numbers.ts";
import type { Known } from "./reaching.ts";
import type { Summary } from "./summary.ts";
import { NEGATIVE, POSITIVE } from "./values.ts";

export interface BlindTest extends Span {
  /** unsigned: below zero in what has no sign. timeout: below zero where 0 says it. zero-irq: 0, which it never is. */
  readonly kind: "unsigned" | "timeout" | "zero-irq";
  readonly subject: string;
  readonly call: CallExpr;
}

/** An error is looked for in a variable that has no sign, or as 0 where it is negative. */
export function blindTests(
  program: Program,
  fn: Func,
  summaries: ReadonlyMap<string, Summary>,
  known: Known,
  { exit }: Block,
): readonly BlindTest[] {
  if (exit.kind !== "branch") return [];
  const found: BlindTest[] = [];
  const { test } = exit;
  const isBelow = test.kind === "binary" && test.op === "<" && test.right.kind === "number" && test.right.text === "0";
  const tested = isBelow
    ? test.left
    : test.kind === "binary" && test.op === "==" && isNumber(test.right, "0")
      ? test.left
      : test;
  const name = tested.kind === "name" ? tested.name : undefined;
  const value = name === undefined ? undefined : known.get(name);
  if (name === undefined || value === undefined || value.from.length === 0) return [];
  const type = program.types.variable(fn.def, name, test.start)?.type;
  const call = value.from[0]!;
  if (
    isBelow &&
    type !== undefined &&
    isUnsigned(type) &&
    value.from.every((each) => returnsErrno(program, summaries, each))
  )
    found.push({ kind: "unsigned", subject: name, call, start: test.start, end: test.end });
  const isTimeout = value.from.every((each) => each.callee.kind === "name" && TIMEOUTS.has(each.callee.name));
  if (isBelow && isTimeout && !isTestedForZero(fn, name))
    found.push({ kind: "timeout", subject: name, call, start: test.start, end: test.end });
  const isIrq = value.from.every((each) => each.callee.kind === "name" && NEVER_ZERO.has(each.callee.name));
  if (!isBelow && isIrq && value.tested !== true && !isTestedBelow(fn, name))
    found.push({ kind: "zero-irq", subject: name, call, start: test.start, end: test.end });
  return found;
}

/** 0 says that the time is up, and nothing is an error: include/linux/completion.h, include/linux/wait.h. */
const TIMEOUTS: ReadonlySet<string> = new Set([
  "wait_for_completion_timeout",
  "wait_for_completion_io_timeout",
  "wait_event_timeout",
]);

function isTestedForZero({ cfg }: Func, name: string): boolean {
  return cfg.blocks.some(
    ({ exit }) =>
      exit.kind === "branch" &&
      ((exit.test.kind === "name" && exit.test.name === name) ||
        (exit.test.kind === "binary" && exit.test.op !== "<" && mentionsName(exit.test, name))),
  );
}

export function returnsErrno(program: Program, summaries: ReadonlyMap<string, Summary>, { callee }: CallExpr): boolean {
  if (callee.kind !== "name") return false;
  const own = summaries.get(callee.name);
  if (own !== undefined) return own.complete && (own.returns & NEGATIVE) !== 0 && (own.returns & POSITIVE) === 0;
  return program.knowledge.fact(callee.name)?.returns === "negative-errno";
}

function isUnsigned({ base, pointers }: TypeRef): boolean {
  return (
    pointers === 0 &&
    /^(bool|u8|u16|u32|u64|size_t|unsigned( (char|short|int|long|long long))?|uint(8|16|32|64)?_t|uint)$/.test(base)
  );
}

function isTestedBelow({ cfg }: Func, name: string): boolean {
  return cfg.blocks.some(
    ({ exit }) =>
      exit.kind === "branch" &&
      exit.test.kind === "binary" &&
      exit.test.op !== "==" &&
      exit.test.op !== "!=" &&
      mentionsName(exit.test, name),
  );
}

export function isNumber(expr: Expr, text: string): boolean {
  return expr.kind === "number" && expr.text === text;
}

export function mentionsName(expr: Expr, name: string): boolean {
  let found = false;
  walkExpr(expr, (each) => (found ||= each.kind === "name" && each.name === name));
  return found;
}
