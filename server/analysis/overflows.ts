// Arithmetic in 32 bits that what comes from outside can make wrap, where the result is believed.
import { type Cfg, successors } from "../program/cfg.ts";
import { placeOf, textOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { BinaryExpr, Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { type IntegerType, integerOf, integerTypeOf, largest } from "./integer-type.ts";
import type { Outside, OutsideValues } from "./outside-values.ts";
import { stripCasts } from "./summary.ts";

export interface Overflow extends Span {
  /** A product or a shift goes on as 64 bits, a sum is compared with a limit. */
  readonly kind: "product" | "shift" | "sum";
  readonly from: Outside;
  /** The place that takes a product, or the sum as it is written. */
  readonly text: string;
}

export function overflows(program: Program, fn: Func, outside: OutsideValues): readonly Overflow[] {
  if (!outside.any || !fn.cfg.complete) return [];
  const found: Overflow[] = [];
  const add = (each: Overflow | undefined): void => {
    if (each !== undefined && found.every(({ start }) => start !== each.start)) found.push(each);
  };
  for (const { events, exit } of fn.cfg.blocks) {
    if (exit.kind === "branch")
      walkExpr(exit.test, (each) => {
        if (each.kind !== "binary" || !/^[<>]=?$/.test(each.op)) return;
        // `if (off + 1 < length) return`: what has wrapped is too small, and is turned down.
        const rejects = each === exit.test && leaves(fn.cfg.blocks, exit.whenTrue);
        for (const [sum, limit, op] of [
          [each.left, each.right, each.op],
          [each.right, each.left, TURNED[each.op]!],
        ] as const)
          if (!rejects || op.startsWith(">")) add(sumThatWraps(program, fn, outside, sum, limit, op));
      });
    for (const event of events) {
      if (event.kind !== "assign" || event.value === undefined) continue;
      const type = integerOf(program, program.types.typeOf(event.target, fn.def));
      if (type?.bits === 64) add(narrowProduct(program, fn, outside, event.value, placeOf(event.target)));
      else if (type?.bits === 32 && event.target.kind === "name" && isLimited(fn, event.target.name, event.end))
        add(sumThatWraps(program, fn, outside, event.value, undefined, ">"));
    }
  }
  return found;
}

/** The function ends there, straight on. */
function leaves(blocks: Cfg["blocks"], from: number): boolean {
  const seen = new Set([from]);
  for (const id of seen) {
    const { events, exit } = blocks[id]!;
    if (events.some((event) => event.kind === "return")) return true;
    const next = successors(exit);
    if (next.length === 1) seen.add(next[0]!);
  }
  return false;
}

const TURNED: Readonly<Record<string, string>> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=" };

/** `u64 size = a * b` with factors of 32 bits: the product is cut off before it is widened. */
function narrowProduct(
  program: Program,
  fn: Func,
  outside: OutsideValues,
  value: Expr,
  target: string | undefined,
): Overflow | undefined {
  const product = stripCasts(value);
  if (product.kind !== "binary" || (product.op !== "*" && product.op !== "<<") || target === undefined)
    return undefined;
  const type = integerTypeOf(program, fn, product);
  if (type?.bits !== 32) return undefined;
  for (const [factor, other] of [
    [product.left, product.right],
    [product.right, product.left],
  ] as const) {
    if (product.op === "<<" && factor === product.right) continue;
    const from = outside.of(fn, factor, product, product.end, textOf(product));
    if (from === undefined) continue;
    const times =
      product.op === "<<" ? shifted(outside.constant(other)) : factorOf(program, fn, outside, other, product);
    const max = Math.min(from.max, limitOf(program, fn, factor));
    if (times === undefined || max * times <= largest(type)) continue;
    const kind = product.op === "*" ? "product" : "shift";
    return { kind, from, text: target, start: product.start, end: product.end };
  }
  return undefined;
}

function shifted(by: number | undefined): number | undefined {
  return by === undefined ? undefined : 2 ** by;
}

/** How large the other factor may be, as far as it is known to vary that much: a constant, or what is from outside too. */
function factorOf(program: Program, fn: Func, outside: OutsideValues, expr: Expr, use: Span): number | undefined {
  const constant = outside.constant(expr);
  if (constant !== undefined) return constant;
  const from = outside.of(fn, expr, use, use.end);
  return from === undefined ? undefined : Math.min(from.max, limitOf(program, fn, expr));
}

function limitOf(program: Program, fn: Func, expr: Expr): number {
  const type: IntegerType | undefined = integerTypeOf(program, fn, expr);
  return type === undefined ? Infinity : largest(type);
}

/** `off + len > size` in 32 bits without sign: a large `len` makes the sum small, and the test passes. */
function sumThatWraps(
  program: Program,
  fn: Func,
  outside: OutsideValues,
  value: Expr,
  limit: Expr | undefined,
  op: string,
): Overflow | undefined {
  const sum = stripCasts(value);
  const text = textOf(sum);
  if (sum.kind !== "binary" || sum.op !== "+" || text === undefined) return undefined;
  const type = integerTypeOf(program, fn, sum);
  if (type?.bits !== 32 || type.signed) return undefined;
  // `len + 8 < 16` looks for what is too short.
  if (limit !== undefined && op.startsWith("<") && outside.constant(limit) !== undefined) return undefined;
  // Two members of one header on a disk: whoever read it has compared them, or none of them is to be believed.
  if (limit !== undefined && outside.of(fn, limit, sum, sum.start) !== undefined) return undefined;
  for (const term of terms(sum)) {
    if (limitOf(program, fn, term) < 0xffffffff) continue;
    const from = outside.of(fn, term, sum, sum.start, text);
    // Numbers of cells and the like in the device tree are as good as the code; only sizes made of them are judged.
    if (from !== undefined && from.origin !== "firmware" && from.max >= 0xffffffff)
      return { kind: "sum", from, text: text.replace(/^\(|\)$/g, ""), start: sum.start, end: sum.end };
  }
  return undefined;
}

function terms(sum: BinaryExpr): readonly Expr[] {
  return [sum.left, sum.right].flatMap((each) => {
    const inner = stripCasts(each);
    return inner.kind === "binary" && inner.op === "+" ? terms(inner) : [each];
  });
}

/** Whether a variable is compared with a limit after an offset. */
function isLimited(fn: Func, name: string, after: number): boolean {
  return fn.cfg.blocks.some(({ exit }) => {
    let found = false;
    if (exit.kind === "branch" && exit.test.start > after)
      walkExpr(exit.test, (each) => {
        if (each.kind !== "binary" || !/^[<>]=?$/.test(each.op)) return;
        if ([each.left, each.right].some((side) => placeOf(stripCasts(side)) === name)) found = true;
      });
    return found;
  });
}
