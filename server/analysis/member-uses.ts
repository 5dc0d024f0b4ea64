// Members that a macro is told of by name - container_of() and its like - and accesses past the functions of a type.
import { placeOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import { walkExpressions, walkStatements } from "../program/statements.ts";
import type { Expr, RecordDef, TypeRef } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { stripCasts } from "./summary.ts";

export interface WrongContainer extends Span {
  readonly macro: string;
  readonly kind: "no-member" | "other-type";
  readonly record: string;
  readonly member: string;
  /** For `other-type`: what the pointer points to, and what the member is. */
  readonly pointsTo?: string;
  readonly is?: string;
  readonly declared: Span;
}

/** Macros of linux/container_of.h and linux/list.h: pointer, type, member. */
const CONTAINERS: ReadonlySet<string> = new Set([
  "container_of",
  "container_of_const",
  "list_entry",
  "list_first_entry",
  "list_last_entry",
  "list_first_entry_or_null",
  "hlist_entry",
  "rb_entry",
]);

export function wrongContainers(program: Program, fn: Func): readonly WrongContainer[] {
  const found: WrongContainer[] = [];
  walkExpressions(fn.def.body, (expr) => {
    if (expr.kind !== "call" || expr.callee.kind !== "name" || !CONTAINERS.has(expr.callee.name)) return;
    const macro = expr.callee.name;
    const [pointer, type, member] = expr.args;
    if (pointer === undefined || type?.kind !== "type" || member === undefined || program.macros.has(macro)) return;
    const record = program.types.record(type.text.trim());
    const path = placeOf(member);
    // Only a definition in the file itself: of a header it is not known which of several is meant.
    if (record === undefined || path === undefined || !program.file.unit.records.includes(record)) return;
    const base = {
      macro,
      record: record.name,
      member: path,
      declared: headOf(record),
      start: member.start,
      end: member.end,
    };
    const is = memberAt(program, record, path);
    if (is === undefined) {
      if (lacks(program, record, path)) found.push({ kind: "no-member", ...base });
      return;
    }
    const from = program.types.typeOf(stripCasts(pointer), fn.def);
    if (!/^container_of/.test(macro) || from === undefined || stripCasts(pointer) !== pointer) return;
    if (isOther(from, is)) found.push({ kind: "other-type", ...base, pointsTo: from.base, is: is.base });
  });
  return found;
}

function headOf({ start }: RecordDef): Span {
  return { start, end: start + "struct".length };
}

function memberAt(program: Program, record: RecordDef, path: string): TypeRef | undefined {
  let type: TypeRef | undefined;
  for (const [index, word] of path.split(".").entries()) {
    const holder = index === 0 ? { ...NO_TYPE, base: record.name, record } : type;
    const member = program.types.memberOf(holder, word.replace(/\[.*/, ""));
    if (member === undefined) return undefined;
    type = /\[/.test(word) ? { ...member.type, dimensions: member.type.dimensions.slice(1) } : member.type;
  }
  return type;
}

const NO_TYPE: TypeRef = { base: "", pointers: 0, dimensions: [], callable: false, annotations: [], start: 0, end: 0 };

/** The name stands nowhere in the struct, and no macro in it may declare it. */
function lacks({ file }: Program, record: RecordDef, path: string): boolean {
  const text = file.text.slice(record.start, record.end);
  const first = /^\w+/.exec(path)?.[0] ?? "";
  return (
    record.complete && !/[.[]/.test(path) && !new RegExp(`\\b${first}\\b`).test(text) && !/\b[A-Za-z_]\w*\(/.test(text)
  );
}

/** Both are structs of the driver or the kernel, and not the same one. */
function isOther(from: TypeRef, is: TypeRef): boolean {
  const isPlain = (type: TypeRef): boolean =>
    type.base.startsWith("struct ") && type.base !== "struct" && type.record === undefined && !type.callable;
  return (
    isPlain(from) &&
    isPlain(is) &&
    from.pointers === 1 &&
    from.dimensions.length === 0 &&
    is.pointers === 0 &&
    is.dimensions.length === 0 &&
    from.base !== is.base
  );
}

export interface PlainAtomic extends Span {
  /** The atomic variable as written. */
  readonly variable: string;
  /** Its type's functions begin with this: `atomic`, `atomic64`, `atomic_long`. */
  readonly prefix: string;
  readonly isArrow: boolean;
  readonly how: "read" | "set" | "inc" | "dec" | "add" | "sub" | "other";
  /** For `set`, `add` and `sub`: what is stored or added. */
  readonly value?: Span;
  readonly isStatement: boolean;
}

/** `dev->users.counter++`: the variable behind the functions that make it atomic. */
export function plainAtomics(program: Program, fn: Func): readonly PlainAtomic[] {
  const found = new Map<number, PlainAtomic>();
  const statements = new Set<number>();
  walkStatements(fn.def.body, (stmt) => void (stmt.kind === "expression" && statements.add(stmt.expr.start)));
  const note = (target: Expr, at: Span, how: PlainAtomic["how"], value?: Span): void => {
    const inner = stripCasts(target);
    if (inner.kind !== "member" || inner.field !== "counter") return;
    const type = program.types.typeOf(inner.base, fn.def);
    const prefix = type === undefined || type.dimensions.length > 0 ? undefined : TYPES[type.base];
    if (prefix === undefined || found.has(inner.start)) return;
    const { start, end } = inner.base;
    found.set(inner.start, {
      variable: program.file.text.slice(start, end),
      prefix,
      isArrow: inner.arrow,
      how,
      ...(value === undefined ? {} : { value: { start: value.start, end: value.end } }),
      isStatement: statements.has(at.start),
      start: at.start,
      end: at.end,
    });
  };
  const addressed = new Set<Expr>();
  walkExpressions(fn.def.body, (expr) => {
    if (expr.kind === "unary" && expr.op === "&") addressed.add(expr.operand);
    else if (expr.kind === "assign") note(expr.target, expr, ASSIGNS[expr.op] ?? "other", expr.value);
    else if (expr.kind === "update") note(expr.operand, expr, expr.op === "++" ? "inc" : "dec");
    else if (expr.kind === "member" && !addressed.has(expr)) note(expr, expr, "read");
  });
  return [...found.values()];
}

const TYPES: Readonly<Record<string, string>> = {
  atomic_t: "atomic",
  atomic64_t: "atomic64",
  atomic_long_t: "atomic_long",
};
const ASSIGNS: Readonly<Record<string, PlainAtomic["how"]>> = { "=": "set", "+=": "add", "-=": "sub" };
