// Lengths that user space chose, where they decide how much of a buffer of fixed size is touched.

import { type Block, type CallEvent, type DerefEvent, successors } from "../program/cfg.ts";
import { parts, placeOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { integerTypeOf, largest } from "./integer-type.ts";
import { mentionsPlace, type Outside, type OutsideValues } from "./outside-values.ts";
import { sizeOf } from "./stack.ts";
import { stripCasts } from "./summary.ts";

export interface UserLength extends Span {
  /**
   * `fills`, `reads`: a copy from or to user space runs past the end of the buffer. `end`: the element at the length
   * itself, one past the end when the length is all of it. `before`: the element before the first when it is 0.
   */
  readonly kind: "fills" | "reads" | "end" | "before";
  readonly buffer: string;
  /** How many bytes it has, where that is known. */
  readonly bytes?: number;
  readonly from: Outside;
}

/** Whether the file copies from or to user space at all. */
export function copiesUser(program: Program): boolean {
  return ["copy_from_user", "copy_to_user", "strncpy_from_user"].some((name) => program.file.text.includes(name));
}

export function userLengths(program: Program, fn: Func, outside: OutsideValues): readonly UserLength[] {
  if (!fn.cfg.complete) return [];
  const found: UserLength[] = [];
  const count = lengthParam(program, fn);
  for (const block of fn.cfg.blocks) {
    for (const event of block.events) {
      const each =
        event.kind === "call"
          ? copied(program, fn, outside, event, count)
          : event.kind === "deref" && event.how === "index" && count !== undefined
            ? indexed(program, fn, outside, event, block, count)
            : undefined;
      // `buf[count - 1]` is read, tested and overwritten: once is enough.
      if (each !== undefined && found.every(({ buffer, kind }) => buffer !== each.buffer || kind !== each.kind))
        found.push(each);
    }
  }
  return found;
}

interface LengthParam {
  readonly name: string;
  readonly through: string;
}

/** The length that read() or write() passes: the third parameter of the operation. */
function lengthParam(program: Program, fn: Func): LengthParam | undefined {
  const entry = program.entries.find(
    (each) => each.fn === fn.name && /^(file|procfs) operation \.(proc_)?(read|write)$/.test(each.role),
  );
  const param = fn.def.params[2];
  if (entry === undefined || param === undefined || fn.def.params.length !== 4) return undefined;
  return { name: param.name, through: /read$/.test(entry.role) ? "read()" : "write()" };
}

function lengthOf(
  fn: Func,
  outside: OutsideValues,
  length: Expr,
  use: Span,
  count: LengthParam | undefined,
): Outside | undefined {
  const inner = stripCasts(length);
  if (inner.kind === "name" && inner.name === count?.name) return outside.parameter(fn, inner.name, use, count.through);
  const from = outside.of(fn, inner, use, use.start);
  return from?.origin === "user" ? from : undefined;
}

/** Which argument of a copy is the buffer of the kernel, and what becomes of it. */
const COPIES: ReadonlyMap<string, readonly [number, "fills" | "reads"]> = new Map([
  ["copy_from_user", [0, "fills"]],
  ["__copy_from_user", [0, "fills"]],
  ["strncpy_from_user", [0, "fills"]],
  ["copy_to_user", [1, "reads"]],
  ["__copy_to_user", [1, "reads"]],
]);

function copied(
  program: Program,
  fn: Func,
  outside: OutsideValues,
  { name, expr }: CallEvent,
  count: LengthParam | undefined,
): UserLength | undefined {
  const copy = COPIES.get(name ?? "");
  const buffer = copy === undefined ? undefined : expr.args[copy[0]];
  const length = expr.args[2];
  if (copy === undefined || buffer === undefined || length === undefined) return undefined;
  const from = lengthOf(fn, outside, length, expr, count);
  const type = from === undefined ? undefined : integerTypeOf(program, fn, stripCasts(length));
  const size = type === undefined ? undefined : fixedSize(program, fn, outside, buffer);
  if (from === undefined || type === undefined || size === undefined) return undefined;
  // An odd structure that is not seen is still smaller than what 32 bits may ask for.
  if (Math.min(from.max, largest(type)) <= (size.bytes ?? 0xffff)) return undefined;
  return { kind: copy[1], ...size, from, start: length.start, end: length.end };
}

/** The buffer behind an argument, when its size is fixed before the length is known. */
function fixedSize(
  program: Program,
  fn: Func,
  outside: OutsideValues,
  argument: Expr,
): { buffer: string; bytes?: number } | undefined {
  const inner = stripCasts(argument);
  const object = inner.kind === "unary" && inner.op === "&" ? inner.operand : inner;
  const buffer = placeOf(object);
  const type = program.types.typeOf(object, fn.def);
  if (buffer === undefined || type === undefined || object.kind === "index") return undefined;
  // A flexible array, or the last array of a structure that is allocated larger, has no size.
  const isArray = type.dimensions.length > 0 && !type.dimensions.includes(null);
  if (isArray || (object !== inner && type.dimensions.length === 0 && object.kind === "name" && type.pointers === 0)) {
    const bytes = sizeOf(program, type, outside.constants, 0);
    if (isArray && (bytes === undefined || (object.kind === "member" && bytes <= 8))) return undefined;
    return isArray ? { buffer, bytes: bytes! } : { buffer };
  }
  if (object !== inner || object.kind !== "name" || type.pointers !== 1) return undefined;
  return allocated(program, fn, outside, object.name);
}

/** `buf = kmalloc(64, …)`, as the only value that the pointer ever gets. */
function allocated(
  program: Program,
  fn: Func,
  outside: OutsideValues,
  name: string,
): { buffer: string; bytes: number } | undefined {
  if (!program.types.isLocal(fn.def, name) || fn.def.params.some((param) => param.name === name)) return undefined;
  const values = fn.cfg.blocks.flatMap(({ events }) =>
    events.flatMap((event) => (event.kind === "assign" && placeOf(event.target) === name ? [event.value] : [])),
  );
  const given = values.filter((value) => value === undefined || !isNull(value));
  const value = given.length === 1 && given[0] !== undefined ? stripCasts(given[0]) : undefined;
  if (value?.kind !== "call" || value.callee.kind !== "name") return undefined;
  const size = /^k[mz]alloc$/.test(value.callee.name) ? value.args[0] : undefined;
  const bytes = size === undefined ? undefined : outside.constant(size);
  return bytes === undefined || bytes === 0 ? undefined : { buffer: name, bytes };
}

function isNull(value: Expr): boolean {
  return (value.kind === "name" && value.name === "NULL") || (value.kind === "number" && Number(value.text) === 0);
}

/** `buf[count]` and `buf[count - 1]`. */
function indexed(
  program: Program,
  fn: Func,
  outside: OutsideValues,
  { base, accessed }: DerefEvent,
  block: Block,
  count: LengthParam,
): UserLength | undefined {
  if (count.through !== "write()") return undefined;
  let index: Expr | undefined;
  walkExpr(accessed, (each) => {
    if (each.kind === "index" && each.base === base) index = stripCasts(each.index);
  });
  if (index === undefined || accessed.kind !== "index") return undefined;
  const buffer = placeOf(base);
  const from = outside.unchanged(fn, count.name, accessed, count.through);
  if (buffer === undefined || from === undefined) return undefined;
  const at = { start: accessed.start, end: accessed.end };
  const tests = testsOf(program, fn, count.name);
  // `if (count > 16) last = buf[count - 1];` is no upper limit.
  if (tests.some(({ then }) => then !== undefined && leadsTo(fn.cfg.blocks, then, block))) return undefined;
  if (index.kind === "binary" && index.op === "-" && placeOf(index.left) === count.name)
    return outside.constant(index.right) === 1 && tests.every((each) => each.op === ">")
      ? { kind: "before", buffer, from, ...at }
      : undefined;
  if (index.kind !== "name" || index.name !== count.name) return undefined;
  const type = program.types.typeOf(base, fn.def);
  const bytes = type?.dimensions.length === 1 ? sizeOf(program, type, outside.constants, 0) : undefined;
  const only = tests.length === 1 ? tests[0]! : undefined;
  if (bytes === undefined || only?.op !== ">" || only.value === undefined) return undefined;
  const limit = sizeofIs(only.value, buffer) ? bytes : outside.constant(only.value);
  return limit === bytes && sizeOf(program, { ...type!, dimensions: [] }, outside.constants, 0) === 1
    ? { kind: "end", buffer, bytes, from, ...at }
    : undefined;
}

function sizeofIs(expr: Expr, place: string): boolean {
  const inner = stripCasts(expr);
  return inner.kind === "sizeof" && inner.operand !== undefined && placeOf(inner.operand) === place;
}

/** Whether an expression depends on the length itself, calls and indexes aside. */
function looksAt(expr: Expr, name: string): boolean {
  if (expr.kind === "call") return false;
  if (placeOf(expr) === name) return true;
  return (expr.kind === "index" ? [expr.base] : parts(expr)).some((each) => looksAt(each, name));
}

interface LengthTest {
  /** As if the length stood on the left; empty for a test that is not a plain comparison. */
  readonly op: string;
  readonly value?: Expr;
  /** The block that runs when the length is larger. */
  readonly then?: number;
}

/** Everything that looks at the length and decides something. */
function testsOf(program: Program, fn: Func, name: string): readonly LengthTest[] {
  const found: LengthTest[] = [];
  const look = (test: Expr, then: number): void => {
    const inner = stripCasts(test);
    if (inner.kind === "binary" && /^[<>]=?$/.test(inner.op)) {
      const isLeft = placeOf(stripCasts(inner.left)) === name;
      const op = isLeft ? inner.op : inner.op.replace(/[<>]/, (each) => (each === "<" ? ">" : "<"));
      const value = stripCasts(isLeft ? inner.right : inner.left);
      const isLimit = value.kind !== "number" || Number(value.text) > 1;
      if ((isLeft || placeOf(stripCasts(inner.right)) === name) && op.startsWith(">") && isLimit) {
        // `count >= sizeof(buf)` leaves room for the end.
        found.push({ op: ">", then, ...(op === ">" ? { value } : {}) });
        return;
      }
    }
    if (looksAt(test, name)) found.push({ op: "" });
  };
  for (const { exit, events } of fn.cfg.blocks) {
    if (exit.kind === "branch") look(exit.test, exit.whenTrue);
    if (exit.kind === "switch" && mentionsPlace(exit.value, name)) found.push({ op: "" });
    for (const event of events) {
      if (event.kind !== "call" || !event.expr.args.some((arg) => mentionsPlace(arg, name))) continue;
      // Whoever copies or allocates that much decides nothing.
      const isPlain = COPIES.has(event.name ?? "") || program.knowledge.fn(event.name ?? "")?.gfpParam !== undefined;
      if (!isPlain) found.push({ op: "" });
    }
  }
  return found;
}

function leadsTo(blocks: readonly Block[], from: number, to: Block): boolean {
  const seen = new Set([from]);
  for (const id of seen) {
    if (id === to.id) return true;
    for (const next of successors(blocks[id]!.exit)) seen.add(next);
  }
  return false;
}
