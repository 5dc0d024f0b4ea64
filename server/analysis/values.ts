// What is known of a value on a path: its sign, and the constant it equals or differs from.

import { placeOf, textOf } from "../program/places.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";

/**
 * A set of signs. For an integer: negative, zero, positive. For a pointer: an error pointer, NULL, a valid one.
 * `exact` is the constant it equals, as written (`-EINVAL`, `GFP_ATOMIC`, `true`).
 */
export interface Value {
  readonly mask: number;
  readonly exact?: string;
  /** Constants it is known to differ from. */
  readonly not?: readonly string[];
  /** It was learned from a call at this offset; when the call runs again the answer may be another. */
  readonly site?: number;
  /** It is the failure of this call, and no test has looked at it yet. */
  readonly failureOf?: Failure;
}

/** Whether nothing tells two values apart; of an array its members count. */
export function isSameValue(a: Value, b: Value): boolean {
  if (a.mask !== b.mask || a.exact !== b.exact || a.site !== b.site || a.failureOf !== b.failureOf) return false;
  const [some, others] = [a.not, b.not];
  if (some === others) return true;
  return some?.length === others?.length && some!.every((each, index) => each === others![index]);
}

/** A call that may fail, and how the failure shows. */
export interface Failure extends Span {
  readonly name: string;
  readonly shows: "null" | "errptr";
  /** It is a function of the driver that fails for want of memory, or that does not find what it looks for. */
  readonly own?: "allocates" | "finds";
}

export const NEGATIVE = 1;
export const ZERO = 2;
export const POSITIVE = 4;
export const ANY: Value = { mask: 7 };

/** A condition that is known to hold or not: each test and its opposite have the same key. */
export interface KnownCondition {
  readonly key: string;
  /** The test holds where the condition does not: `a >= b` of `a < b`. */
  readonly inverted: boolean;
}

/** The condition that a comparison or a call asks for; undefined where it has side effects. */
export function conditionOf(test: Expr): KnownCondition | undefined {
  if (test.kind !== "binary" || !COMPARISONS.has(test.op)) {
    const text = textOf(test);
    return text === undefined ? undefined : { key: conditionKey(text), inverted: false };
  }
  const [left, right] = [textOf(test.left), textOf(test.right)];
  if (left === undefined || right === undefined) return undefined;
  const turned = test.op === ">" || test.op === "<=";
  const op = /^[=!]=$/.test(test.op) ? "==" : "<";
  const text = turned ? `(${right}${op}${left})` : `(${left}${op}${right})`;
  return { key: conditionKey(text), inverted: test.op === "!=" || test.op === ">=" || test.op === "<=" };
}

export type Facts = ReadonlyMap<string, Value>;

/** The key under which the result of a call is known until it is stored. */
export function resultKey(expr: Expr): string {
  return `#${expr.start}`;
}

/** The key of a condition that is not a place but may be tested again: `dev->flags & BUSY`. */
export function conditionKey(text: string): string {
  return `?${text}`;
}

export function evaluate(facts: Facts, expr: Expr): Value {
  switch (expr.kind) {
    case "number":
      return numberValue(expr.text);
    case "string":
    case "sizeof":
      return { mask: POSITIVE };
    case "name":
      if (expr.name === "NULL" || expr.name === "false") return { mask: ZERO, exact: "0" };
      if (expr.name === "IRQ_NONE") return { mask: ZERO, exact: expr.name };
      if (expr.constant === true || isConstantName(expr.name)) return { mask: 7, exact: expr.name };
      return facts.get(expr.name) ?? ANY;
    case "unary":
      return unaryValue(facts, expr);
    case "cast":
      return evaluate(facts, expr.operand);
    case "assign":
      return expr.op === "=" ? evaluate(facts, expr.target) : ANY;
    case "call":
      return callValue(facts, expr);
    case "conditional": {
      const then = expr.consequence === undefined ? ANY : evaluate(facts, expr.consequence);
      return { mask: then.mask | evaluate(facts, expr.otherwise).mask };
    }
    case "binary":
      // `flags = 0; … if (flags & BUSY)`.
      if (expr.op === "&" && [expr.left, expr.right].some((each) => evaluate(facts, each).mask === ZERO))
        return { mask: ZERO, exact: "0" };
      return COMPARISONS.has(expr.op) || expr.op === "&&" || expr.op === "||" ? { mask: ZERO | POSITIVE } : ANY;
    case "comma":
      return expr.items.length > 0 ? evaluate(facts, expr.items.at(-1)!) : ANY;
    default: {
      const place = placeOf(expr);
      return (place === undefined ? undefined : facts.get(place)) ?? ANY;
    }
  }
}

function numberValue(text: string): Value {
  if (text === "true") return { mask: POSITIVE, exact: "1" };
  if (text === "false") return { mask: ZERO, exact: "0" };
  const number = Number(text.replace(/[uUlL]+$/, ""));
  if (Number.isNaN(number)) return { mask: ZERO | POSITIVE };
  // `-1` is read as one number.
  if (number < 0) return { mask: NEGATIVE, exact: String(number) };
  return number === 0 ? { mask: ZERO, exact: "0" } : { mask: POSITIVE, exact: String(number) };
}

function unaryValue(facts: Facts, expr: Expr & { kind: "unary" }): Value {
  const { op, operand } = expr;
  if (op === "&") return { mask: POSITIVE };
  if (op === "!") {
    const { mask } = evaluate(facts, operand);
    return { mask: (mask & ZERO ? POSITIVE : 0) | (mask & ~ZERO ? ZERO : 0) };
  }
  if (op === "-") {
    if (operand.kind === "name" && /^E[A-Z][A-Z0-9_]+$/.test(operand.name))
      return { mask: NEGATIVE, exact: `-${operand.name}` };
    const inner = evaluate(facts, operand);
    const mask = (inner.mask & POSITIVE ? NEGATIVE : 0) | (inner.mask & ZERO) | (inner.mask & NEGATIVE ? POSITIVE : 0);
    return inner.exact === undefined || inner.exact === "0" ? { mask } : { mask, exact: `-${inner.exact}` };
  }
  const place = placeOf(expr);
  return (place === undefined ? undefined : facts.get(place)) ?? ANY;
}

/** Error pointers and errno as include/linux/err.h and dev_printk.h convert them. */
function callValue(facts: Facts, expr: Expr & { kind: "call" }): Value {
  const name = expr.callee.kind === "name" ? expr.callee.name : "";
  const first = expr.args[0];
  if (first !== undefined) {
    switch (name) {
      case "ERR_PTR":
      case "PTR_ERR":
      case "ERR_CAST": {
        const { mask, exact } = evaluate(facts, first);
        if (name === "ERR_CAST") return { mask: NEGATIVE };
        return exact === undefined ? { mask } : { mask, exact };
      }
      case "PTR_ERR_OR_ZERO": {
        const { mask } = evaluate(facts, first);
        return { mask: (mask & NEGATIVE) | (mask & ~NEGATIVE ? ZERO : 0) };
      }
      case "dev_err_probe":
        return expr.args[1] === undefined ? ANY : evaluate(facts, expr.args[1]);
      case "IRQ_RETVAL":
        return { mask: ZERO | POSITIVE };
      default:
    }
  }
  return facts.get(resultKey(expr)) ?? ANY;
}

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", ">", "<=", ">="]);

function isConstantName(name: string): boolean {
  return /^_*[A-Z][A-Z0-9_]+$/.test(name);
}

/** What a test refines: the key whose value it looks at, and what that value is when the test holds and when not. */
export interface Refinement {
  readonly key: string;
  readonly whenTrue: Value;
  readonly whenFalse: Value;
}

export function refinementOf(test: Expr): Refinement | undefined {
  if (test.kind === "call" && test.callee.kind === "name" && test.args[0] !== undefined) {
    const key = keyOf(test.args[0]);
    if (test.callee.name === "IS_ERR")
      return key === undefined
        ? undefined
        : { key, whenTrue: { mask: NEGATIVE }, whenFalse: { mask: ZERO | POSITIVE } };
    if (test.callee.name === "IS_ERR_OR_NULL" || test.callee.name === "ZERO_OR_NULL_PTR")
      return key === undefined
        ? undefined
        : { key, whenTrue: { mask: NEGATIVE | ZERO }, whenFalse: { mask: POSITIVE } };
    if (test.callee.name === "dma_mapping_error" && test.args[1] !== undefined) {
      const address = keyOf(test.args[1]);
      return address === undefined
        ? undefined
        : { key: address, whenTrue: { mask: NEGATIVE }, whenFalse: { mask: ZERO | POSITIVE } };
    }
    if (test.callee.name === "PTR_ERR" || test.callee.name === "PTR_ERR_OR_ZERO")
      return key === undefined
        ? undefined
        : { key, whenTrue: { mask: NEGATIVE }, whenFalse: { mask: ZERO | POSITIVE } };
  }
  if (test.kind === "binary" && COMPARISONS.has(test.op)) return comparison(test);
  const key = keyOf(test);
  return key === undefined ? undefined : { key, whenTrue: { mask: NEGATIVE | POSITIVE }, whenFalse: { mask: ZERO } };
}

/** The key under which an expression's value is known: a place, a call's result, or the text of a condition. */
export function keyOf(expr: Expr): string | undefined {
  if (expr.kind === "cast") return keyOf(expr.operand);
  if (expr.kind === "call") return resultKey(expr);
  if (expr.kind === "assign") return expr.op === "=" ? placeOf(expr.target) : undefined;
  const place = placeOf(expr);
  if (place !== undefined) return place;
  const text = textOf(expr);
  return text === undefined ? undefined : conditionKey(text);
}

const NOTHING: Facts = new Map();

function comparison(test: Expr & { kind: "binary" }): Refinement | undefined {
  let { left, right, op } = test;
  let constant = evaluate(NOTHING, right);
  if (constant.exact === undefined) {
    const flipped = evaluate(NOTHING, left);
    if (flipped.exact === undefined) {
      const condition = conditionOf(test);
      if (condition === undefined) return undefined;
      const [holds, fails] = [{ mask: NEGATIVE | POSITIVE }, { mask: ZERO }];
      const { key, inverted } = condition;
      return { key, whenTrue: inverted ? fails : holds, whenFalse: inverted ? holds : fails };
    }
    [left, right] = [right, left];
    constant = flipped;
    op = FLIPPED[op] ?? op;
  }
  // `PTR_ERR(p) == -EPROBE_DEFER`: it is an error pointer. A valid one may have any other sign as a number.
  const pointer = constant.mask === NEGATIVE && (op === "==" || op === "!=") ? pointerOfError(left) : undefined;
  const key = keyOf(pointer ?? left);
  if (key === undefined) return undefined;
  const exact = constant.exact!;
  if (op === "==") return { key, whenTrue: constant, whenFalse: differs(constant) };
  if (op === "!=") return { key, whenTrue: differs(constant), whenFalse: constant };
  const [whenTrue, whenFalse] = ordered(op, constant.mask, exact);
  return { key, whenTrue: { mask: whenTrue }, whenFalse: { mask: whenFalse } };
}

/** The pointer in `PTR_ERR(p)`. */
function pointerOfError(expr: Expr): Expr | undefined {
  return expr.kind === "call" && expr.callee.kind === "name" && expr.callee.name === "PTR_ERR"
    ? expr.args[0]
    : undefined;
}

const FLIPPED: Readonly<Record<string, string>> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=" };

function differs(constant: Value): Value {
  return constant.exact === "0" ? { mask: NEGATIVE | POSITIVE } : { mask: 7, not: [constant.exact!] };
}

/** The signs left by `x op constant`, for the test's being true and false. */
function ordered(op: string, sign: number, exact: string): readonly [number, number] {
  if (sign === ZERO) {
    if (op === "<") return [NEGATIVE, ZERO | POSITIVE];
    if (op === ">") return [POSITIVE, NEGATIVE | ZERO];
    if (op === "<=") return [NEGATIVE | ZERO, POSITIVE];
    return [ZERO | POSITIVE, NEGATIVE];
  }
  if (sign === POSITIVE) {
    if (exact === "1" && op === "<") return [NEGATIVE | ZERO, POSITIVE];
    if (exact === "1" && op === ">=") return [POSITIVE, NEGATIVE | ZERO];
    if (op === ">" || op === ">=") return [POSITIVE, 7];
    return [7, POSITIVE];
  }
  return [7, 7];
}

/** Both known: the values that remain, or undefined when none does and the path cannot be taken. */
export function meet(a: Value, b: Value): Value | undefined {
  const mask = a.mask & b.mask;
  if (mask === 0) return undefined;
  if (a.exact !== undefined && b.exact !== undefined && a.exact !== b.exact && comparable(a.exact, b.exact))
    return undefined;
  const exact = a.exact ?? b.exact;
  if (exact !== undefined) {
    if (a.not?.includes(exact) || b.not?.includes(exact)) return undefined;
    return { mask, exact };
  }
  const not = [...new Set([...(a.not ?? []), ...(b.not ?? [])])].sort().slice(0, 12);
  return not.length === 0 ? { mask } : { mask, not };
}

/** Two differently spelled constants differ when both are numbers, errnos or enumerators of one prefix. */
function comparable(a: string, b: string): boolean {
  const number = /^-?\d/;
  if (number.test(a) || number.test(b)) return number.test(a) === number.test(b);
  return true;
}

export function valueText(value: Value): string {
  return `${value.mask}${value.exact === undefined ? "" : `=${value.exact}`}${value.not === undefined ? "" : `!${value.not.join(",")}`}${value.failureOf === undefined ? "" : "?"}`;
}
