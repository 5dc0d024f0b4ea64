// Structures that are handed to user space as a whole, and what of them nobody ever wrote.

import type { Event } from "../program/cfg.ts";
import { parts, placeOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { CallExpr, Expr, RecordDef, TypeRef, Variable } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { type Constants, sizeOf } from "./stack.ts";
import { stripCasts } from "./summary.ts";

export interface CopiedOut extends Span {
  /** The variable, or the pointer to allocated memory. */
  readonly variable: Variable;
  /** The function that hands it out. */
  readonly through: string;
  /** The allocation that does not clear it, when it is no local structure. */
  readonly allocation?: CallExpr;
  /** Members that are never written. */
  readonly unset: readonly Variable[];
  /** Bytes between members that nobody can write by name, and the member they follow. */
  readonly padding?: { readonly bytes: number; readonly after: string };
}

/** Functions that give memory to user space: which argument is the memory, and which its length. */
const SINKS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["copy_to_user", [1, 2]],
  ["__copy_to_user", [1, 2]],
  ["copy_to_iter", [0, 1]],
  ["nla_put", [3, 2]],
  ["simple_read_from_buffer", [3, 4]],
]);

/** Whether the file gives anything to user space at all. */
export function handsOut(program: Program): boolean {
  // Several searches for a word take far less time than one for any of them.
  return ["copy_to_user", "copy_to_iter", "nla_put", "simple_read_from_buffer"].some((name) =>
    program.file.text.includes(name),
  );
}

export function copiedOut(program: Program, fn: Func, constants: Constants): readonly CopiedOut[] {
  if (!fn.cfg.complete) return [];
  const found: CopiedOut[] = [];
  for (const { events } of fn.cfg.blocks) {
    for (const event of events) {
      if (event.kind !== "call") continue;
      const name = handedOut(event.expr);
      const each = name === undefined ? undefined : judged(program, fn, event.expr, name, constants);
      if (each !== undefined && found.every(({ variable }) => variable !== each.variable)) found.push(each);
    }
  }
  return found;
}

/** The variable that a call hands to user space: `s` of `&s`, `p`. */
function handedOut(call: CallExpr): string | undefined {
  const sink = call.callee.kind === "name" ? SINKS.get(call.callee.name) : undefined;
  const memory = sink === undefined ? undefined : call.args[sink[0]];
  if (memory === undefined) return undefined;
  const inner = stripCasts(memory);
  const object = inner.kind === "unary" && inner.op === "&" ? inner.operand : inner;
  return object.kind === "name" ? object.name : undefined;
}

function judged(program: Program, fn: Func, call: CallExpr, name: string, constants: Constants): CopiedOut | undefined {
  const through = call.callee.kind === "name" ? call.callee.name : "";
  const [memoryAt, lengthAt] = SINKS.get(through)!;
  const declared = program.types.localsOf(fn.def).get(name);
  const variable = declared?.length === 1 ? declared[0]! : undefined;
  if (variable === undefined || fn.def.params.includes(variable)) return undefined;
  const { type } = variable;
  const isPointer = stripCasts(call.args[memoryAt]!).kind === "name";
  if (type.pointers !== (isPointer ? 1 : 0) || type.dimensions.length > 0) return undefined;
  const record = program.types.recordOf(type);
  // Who packs a structure, or puts it together from parts that are chosen by the configuration, knows what is in it.
  if (record === undefined || !record.complete || !record.name.startsWith("struct")) return undefined;
  if (record.members.length === 0 || isUnclear(program, record)) return undefined;
  if (!isWhole(program, fn, call.args[lengthAt], name, type)) return undefined;
  let allocation: CallExpr | undefined;
  if (isPointer) {
    allocation = allocationOf(program, fn, name, type);
    if (allocation === undefined) return undefined;
  } else if (variable.init !== undefined) return undefined;
  const written = membersWritten(program, fn, name, isPointer, record);
  if (written === undefined) return undefined;
  const unset = record.members.filter((member) => !isWritten(member, written));
  const padding = unset.length > 0 ? undefined : paddingOf(program, record, constants);
  if (unset.length === 0 && padding === undefined) return undefined;
  return {
    variable,
    through,
    unset,
    ...(allocation === undefined ? {} : { allocation }),
    ...(padding === undefined ? {} : { padding }),
    start: call.start,
    end: call.end,
  };
}

/** `sizeof(s)`, `sizeof(*p)`, `sizeof(struct foo)`. */
function isWhole(program: Program, fn: Func, length: Expr | undefined, name: string, type: TypeRef): boolean {
  const inner = length === undefined ? undefined : stripCasts(length);
  if (inner?.kind !== "sizeof" || inner.op !== "sizeof") return false;
  if (inner.type !== undefined) return inner.type.base === type.base && inner.type.pointers === 0;
  if (inner.operand === undefined) return false;
  const of = program.types.typeOf(inner.operand, fn.def);
  const place = placeOf(inner.operand);
  return (place === name || place === `*${name}`) && of?.pointers === 0;
}

/** The only value a pointer ever gets, when that is memory of this type that nobody cleared. */
function allocationOf(program: Program, fn: Func, name: string, type: TypeRef): CallExpr | undefined {
  const values = fn.cfg.blocks.flatMap(({ events }) =>
    events.flatMap((event) => (event.kind === "assign" && placeOf(event.target) === name ? [event.value] : [])),
  );
  const value = values.length === 1 && values[0] !== undefined ? stripCasts(values[0]) : undefined;
  if (value?.kind !== "call" || value.callee.kind !== "name" || value.callee.name !== "kmalloc") return undefined;
  const flags = value.args[1];
  if (flags?.kind !== "name" || !isWhole(program, fn, value.args[0], name, type)) return undefined;
  return value;
}

/** Names of the members that something may have written; undefined when anybody else got hold of the whole. */
function membersWritten(
  program: Program,
  fn: Func,
  name: string,
  isPointer: boolean,
  record: RecordDef,
): ReadonlySet<string> | undefined {
  const written = new Set<string>();
  let escapes = false;
  /** The member of the structure that a place lies in. */
  const memberOf = (expr: Expr): string | undefined => {
    if (expr.kind === "member" && expr.base.kind === "name" && expr.base.name === name && expr.arrow === isPointer)
      return expr.field;
    if (expr.kind === "member" && !expr.arrow) return memberOf(expr.base);
    return expr.kind === "index" ? memberOf(expr.base) : undefined;
  };
  const isAddress = (member: string, expr: Expr): boolean => {
    const type = program.types.typeOf(expr, fn.def);
    return type === undefined || type.dimensions.length > 0 || record.members.every((each) => each.name !== member);
  };
  const look = (expr: Expr): void => {
    if (expr.kind === "block" || expr.kind === "unknown" || expr.kind === "type") {
      // A type that names it (`typeof(s)`) is no access; a statement expression may do anything.
      if (expr.kind !== "type") escapes = true;
      return;
    }
    if (expr.kind === "name") {
      if (expr.name === name) escapes = true;
      return;
    }
    if (expr.kind === "call" && handedOut(expr) === name) {
      for (const arg of expr.args.slice(0, SINKS.get((expr.callee as Expr & { kind: "name" }).name)![0])) look(arg);
      return;
    }
    if (expr.kind === "call" && expr.callee.kind === "name" && NEUTRAL.test(expr.callee.name)) {
      for (const arg of expr.args) if (arg.kind !== "name") look(arg);
      return;
    }
    if (expr.kind === "call" && mayAssign(program, expr))
      for (const arg of expr.args) {
        const assigned = memberOf(stripCasts(arg));
        if (assigned !== undefined) written.add(assigned);
      }
    const member = memberOf(expr);
    if (member !== undefined) {
      if (isAddress(member, expr)) written.add(member);
      if (expr.kind === "index") look(expr.index);
      return;
    }
    const taken = expr.kind === "unary" && expr.op === "&" ? memberOf(expr.operand) : undefined;
    if (taken !== undefined) {
      written.add(taken);
      return;
    }
    for (const each of parts(expr)) look(each);
  };
  for (const { events, exit } of fn.cfg.blocks) {
    if (exit.kind === "branch" && placeOf(exit.test) !== name) look(exit.test);
    if (exit.kind === "switch") look(exit.value);
    for (const event of events) {
      const target = event.kind === "assign" ? memberOf(event.target) : undefined;
      if (target !== undefined) written.add(target);
      for (const each of expressionsOf(event)) if (!(isPointer && placeOf(each) === name)) look(each);
    }
  }
  return escapes ? undefined : written;
}

/** A macro writes to its argument where it likes: `get_user(s.value, arg)`. */
function mayAssign(program: Program, { callee }: CallExpr): boolean {
  if (callee.kind !== "name") return false;
  return !program.functions.has(callee.name) && program.knowledge.fn(callee.name)?.kind !== "function";
}

/** What looks at a pointer, or frees it, and writes nothing through it. */
const NEUTRAL = /^(kfree|IS_ERR(_OR_NULL)?|unlikely|likely)$/;

function expressionsOf(event: Event): readonly Expr[] {
  switch (event.kind) {
    case "call":
      return [event.expr];
    case "assign":
      return event.value === undefined ? [event.target] : [event.target, event.value];
    case "return":
      return event.value === undefined ? [] : [event.value];
    case "iterate":
      return event.targets;
    case "guard":
      return event.lock === undefined ? [] : [event.lock];
    default:
      return [];
  }
}

/** An anonymous union is written when one of its members is. */
function isWritten(member: Variable, written: ReadonlySet<string>): boolean {
  if (member.name !== "") return written.has(member.name);
  return member.type.record === undefined || member.type.record.members.some((each) => isWritten(each, written));
}

/** Packed or aligned by hand, chosen by #if, or with bit fields. */
function isUnclear(program: Program, record: RecordDef): boolean {
  const { text } = program.types.fileOf(record.members[0]!);
  const last = record.members.at(-1)!;
  const close = text.indexOf("}", last.end);
  const after = text.slice(close, text.indexOf(";", close) + 1);
  const before = text.slice(Math.max(0, record.start - 40), record.members[0]!.start);
  const body = text.slice(record.start, close);
  return (
    /packed|aligned|randomize/.test(after + before + body) ||
    /pragma\s+pack/.test(text) ||
    /^\s*#\s*if/m.test(body) ||
    /\w\s*:\s*\w/.test(body)
  );
}

/** The first gap that the members leave on a 64-bit kernel; undefined where there is none or a size is not known. */
function paddingOf(program: Program, record: RecordDef, constants: Constants): CopiedOut["padding"] {
  let offset = 0;
  let widest = 1;
  let gap: { bytes: number; after: string } | undefined;
  let last = "";
  for (const member of record.members) {
    const bytes = sizeOf(program, member.type, constants, 0);
    const align = alignmentOf(program, member.type);
    if (bytes === undefined || align === undefined || member.name === "") return undefined;
    const skip = (align - (offset % align)) % align;
    if (skip > 0) gap ??= { bytes: skip, after: last };
    offset += skip + bytes;
    widest = Math.max(widest, align);
    last = member.name;
  }
  const tail = (widest - (offset % widest)) % widest;
  return gap ?? (tail > 0 ? { bytes: tail, after: last } : undefined);
}

/** Of scalars and arrays of them; what is put together has its own gaps. */
function alignmentOf(program: Program, type: TypeRef): number | undefined {
  if (type.pointers > 0 || type.callable) return 8;
  const known = program.knowledge.type(type.base)?.bytes;
  if (known !== undefined) return [1, 2, 4, 8].includes(known) ? known : undefined;
  return type.base.startsWith("enum ") ? 4 : undefined;
}
