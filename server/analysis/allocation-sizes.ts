// Sizes of allocations that are worked out in place, and what may make them wrap.
import { placeOf, textOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { BinaryExpr, CallExpr, Expr } from "../syntax/ast.ts";
import { integerTypeOf, largest } from "./integer-type.ts";
import type { Outside, OutsideValues } from "./outside-values.ts";
import { stripCasts } from "./summary.ts";

/** How an allocator that takes a size is told a number and a size instead. */
interface Allocator {
  readonly size: number;
  /** The one that multiplies itself; without it, `array_size(n, size)` is passed. */
  readonly array?: string;
}

/** Allocators of include/linux/slab.h, vmalloc.h and device.h, by Documentation/process/deprecated.rst. */
const ALLOCATORS: ReadonlyMap<string, Allocator> = new Map([
  ["kmalloc", { size: 0, array: "kmalloc_array" }],
  ["kzalloc", { size: 0, array: "kcalloc" }],
  ["kmalloc_node", { size: 0, array: "kmalloc_array_node" }],
  ["kzalloc_node", { size: 0, array: "kcalloc_node" }],
  ["kvmalloc", { size: 0, array: "kvmalloc_array" }],
  ["kvzalloc", { size: 0, array: "kvcalloc" }],
  ["krealloc", { size: 1, array: "krealloc_array" }],
  ["devm_kmalloc", { size: 1, array: "devm_kmalloc_array" }],
  ["devm_kzalloc", { size: 1, array: "devm_kcalloc" }],
  ["vmalloc", { size: 0 }],
  ["vzalloc", { size: 0 }],
]);

/** The same allocation by a function that notices when the product is too large. */
export interface Rewrite {
  /** What it is called with: `kcalloc()`, `array_size()`, `struct_size()`. */
  readonly by: string;
  readonly allocator: string;
  /** The argument that the size was, anew. */
  readonly size: string;
}

export interface OpenSize {
  readonly call: CallExpr;
  readonly allocator: string;
  readonly size: Expr;
  /** User space, or whoever else is outside, may choose a part of it so that it wraps. */
  readonly from?: Outside;
  /** It wraps only where `size_t` has 32 bits. */
  readonly only32?: true;
  readonly rewrite?: Rewrite;
}

export function openSizes(program: Program, fn: Func, outside: OutsideValues): readonly OpenSize[] {
  const found: OpenSize[] = [];
  for (const { events } of fn.cfg.blocks) {
    for (const event of events) {
      const allocator = event.kind === "call" && event.name !== undefined ? ALLOCATORS.get(event.name) : undefined;
      if (event.kind !== "call" || allocator === undefined) continue;
      const size = event.expr.args[allocator.size];
      if (size === undefined || found.some(({ call }) => call.start === event.start)) continue;
      const each = openSize(program, fn, outside, event.expr, event.name!, size, allocator);
      if (each !== undefined) found.push(each);
    }
  }
  return found;
}

function openSize(
  program: Program,
  fn: Func,
  outside: OutsideValues,
  call: CallExpr,
  allocator: string,
  argument: Expr,
  { array }: Allocator,
): OpenSize | undefined {
  const size = stripCasts(argument);
  if (size.kind !== "binary" || (size.op !== "*" && size.op !== "+")) return undefined;
  const rewrite = rewritten(program, fn, size, allocator, array);
  const danger = fn.cfg.complete ? mayWrap(program, fn, outside, size, call) : undefined;
  if (danger === undefined && rewrite === undefined) return undefined;
  return { call, allocator, size: argument, ...danger, ...(rewrite === undefined ? {} : { rewrite }) };
}

/** Whether a part of the size that comes from outside makes it wrap. */
function mayWrap(
  program: Program,
  fn: Func,
  outside: OutsideValues,
  size: BinaryExpr,
  call: CallExpr,
): Pick<OpenSize, "from" | "only32"> | undefined {
  const type = integerTypeOf(program, fn, size);
  if (type === undefined) return undefined;
  for (const part of partsOf(size)) {
    const own = integerTypeOf(program, fn, part);
    if (own === undefined || own.bits < 32) continue;
    const from = outside.of(fn, part, call, call.start);
    if (from === undefined) continue;
    const max = Math.min(from.max, largest(own));
    // In 32 bits it wraps everywhere; a factor of 32 bits fits into a size_t of 64.
    if (type.bits === 32 && isLarge(program, fn, outside, size, part, max, largest(type), call)) return { from };
    if (from.origin !== "user" || type.bits !== 64) continue;
    if (own.bits === 64 && max >= largest(own)) return { from };
    if (own.bits === 32 && size.op === "*") return { from, only32: true };
  }
  return undefined;
}

function isLarge(
  program: Program,
  fn: Func,
  outside: OutsideValues,
  size: BinaryExpr,
  part: Expr,
  max: number,
  limit: number,
  call: CallExpr,
): boolean {
  const others = partsOf(size).filter((each) => each !== part);
  return others.some((each) => {
    const constant = outside.constant(each);
    const from = constant === undefined ? outside.of(fn, each, call, call.start) : undefined;
    const type = integerTypeOf(program, fn, each);
    const other =
      constant ?? (from === undefined || type === undefined ? undefined : Math.min(from.max, largest(type)));
    return other !== undefined && (size.op === "*" ? max * other : max + other) > limit;
  });
}

function partsOf(size: BinaryExpr): readonly Expr[] {
  return [size.left, size.right].flatMap((each) => {
    const inner = stripCasts(each);
    return inner.kind === "binary" && (inner.op === "*" || inner.op === "+") && each === inner
      ? partsOf(inner)
      : [each];
  });
}

function rewritten(
  program: Program,
  fn: Func,
  size: BinaryExpr,
  allocator: string,
  array: string | undefined,
): Rewrite | undefined {
  const write = (expr: Expr): string => program.file.text.slice(expr.start, expr.end);
  if (size.op === "+") {
    const written = flexible(program, fn, size, write);
    return written === undefined ? undefined : { by: "struct_size()", allocator, size: written };
  }
  const [count, element] = size.left.kind === "sizeof" ? [size.right, size.left] : [size.left, size.right];
  // Of `a * b * sizeof(x)` the count is itself a product that may wrap.
  if (element.kind !== "sizeof" || isProduct(count) || isConstant(count)) return undefined;
  const bits = integerTypeOf(program, fn, stripCasts(count))?.bits;
  if (bits !== undefined && bits < 32) return undefined;
  const args = `${unwrapped(write(count))}, ${write(element)}`;
  return array === undefined
    ? { by: "array_size()", allocator, size: `array_size(${args})` }
    : { by: `${array}()`, allocator: array, size: args };
}

/** `sizeof(*p) + n * sizeof(p->items[0])` is struct_size(p, items, n) when `items` is the flexible array at its end. */
function flexible(program: Program, fn: Func, size: BinaryExpr, write: (expr: Expr) => string): string | undefined {
  const [head, tail] = size.left.kind === "sizeof" ? [size.left, size.right] : [size.right, size.left];
  if (head.kind !== "sizeof" || tail.kind !== "binary" || tail.op !== "*") return undefined;
  const [count, element] = tail.left.kind === "sizeof" ? [tail.right, tail.left] : [tail.left, tail.right];
  if (element.kind !== "sizeof" || isProduct(count) || isConstant(count)) return undefined;
  const whole = head.operand?.kind === "unary" && head.operand.op === "*" ? head.operand.operand : undefined;
  const item = element.operand;
  const member =
    item?.kind === "index" ? item.base : item?.kind === "unary" && item.op === "*" ? item.operand : undefined;
  if (whole === undefined || member?.kind !== "member" || !member.arrow) return undefined;
  if (placeOf(whole) === undefined || placeOf(member.base) !== placeOf(whole)) return undefined;
  const dimensions = program.types.typeOf(member, fn.def)?.dimensions;
  if (dimensions?.length !== 1 || dimensions[0] !== null) return undefined;
  return `struct_size(${write(whole)}, ${member.field}, ${unwrapped(write(count))})`;
}

function isProduct(expr: Expr): boolean {
  const inner = stripCasts(expr);
  return inner.kind === "binary" && (inner.op === "*" || inner.op === "<<");
}

/** `(a + b)` as an argument needs no parentheses. */
function unwrapped(text: string): string {
  const inner = /^\(([^()]*)\)$/.exec(text);
  return inner === null ? text : inner[1]!;
}

/** Numbers, names of macros and enumerators, and what is made of them only. */
function isConstant(expr: Expr): boolean {
  let only = true;
  walkExpr(expr, (each) => {
    if (each.kind === "name" && each.constant !== true && !/^_*[A-Z][A-Z0-9_]*$/.test(each.name)) only = false;
    if (each.kind === "member" || each.kind === "index" || each.kind === "unknown" || each.kind === "block")
      only = false;
  });
  return only || /^\(?ARRAY_SIZE\(/.test(textOf(stripCasts(expr)) ?? "");
}
