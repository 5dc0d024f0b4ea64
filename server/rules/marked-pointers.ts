// Direct accesses through pointers whose declaration says that they need an accessor.
import { eachFunction } from "../analysis/each-function.ts";
import type { Facts } from "../analysis/facts.ts";
import { onlyValue } from "../analysis/lock-class.ts";
import { stripCasts } from "../analysis/summary.ts";
import { placeOf, spoken } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Annotation, Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import type { Related } from "./rule.ts";
import { relatedIn } from "./wording.ts";

export interface MarkedDeref extends Span {
  readonly fn: string;
  readonly place: string;
  /** The kernel function that follows the pointer, when the driver does not do so itself. */
  readonly callee?: string;
  readonly declared: Related[];
}

export function markedDerefs(program: Program, facts: Facts, mark: "__user" | "__iomem"): MarkedDeref[] {
  if (!isMentioned(program, mark)) return [];
  return eachFunction(OWNERS[mark], program, facts, ({ fn }, view) => derefsIn(view, fn, mark));
}

/** Whether any declaration is marked so, here or in the kernel's functions that are called. */
function isMentioned({ file, headers, calls, knowledge }: Program, mark: string): boolean {
  if (file.text.includes(mark) || headers.some(({ text }) => text.includes(mark))) return true;
  for (const name of calls) if (knowledge.fact(name)?.extracted?.returnType?.includes(mark)) return true;
  return false;
}

const OWNERS = { __user: {}, __iomem: {} };

function derefsIn(program: Program, fn: Func, mark: "__user" | "__iomem"): readonly MarkedDeref[] {
  const found = new Map<string, MarkedDeref>();
  const look = (pointer: Expr, at: Span, callee?: string): void => {
    const first = start(program, fn, pointer);
    const place = placeOf(first);
    // Once for each pointer of a function: whoever mends the first access sees the others beside it.
    if (place === undefined || found.has(place)) return;
    const declared = markedBy(program, fn, first, mark);
    if (declared === undefined) return;
    found.set(place, {
      fn: fn.name,
      place: spoken(place),
      ...(callee === undefined ? {} : { callee }),
      declared,
      start: at.start,
      end: at.end,
    });
  };
  const addresses = assignedToPointers(program, fn);
  for (const block of fn.cfg.blocks) {
    for (const event of block.events) {
      if (event.kind === "deref") {
        // An array member is an address, not an access; of a struct that is not seen, an argument may be either.
        const accessed = program.types.typeOf(event.accessed, fn.def);
        if (accessed === undefined ? event.isArgument || addresses.has(event.start) : accessed.dimensions.length > 0)
          continue;
        look(event.base, event);
      } else if (event.kind === "call" && event.name !== undefined) {
        for (const index of plainAccesses(program, event.name)) {
          const arg = event.expr.args[index];
          if (arg !== undefined) look(arg, arg, event.name);
        }
      }
    }
  }
  return [...found.values()];
}

/**
 * Where something begins that a pointer is set to, or that something is added to for a call: a member of a struct that is
 * not seen may be an array there.
 */
function assignedToPointers(program: Program, fn: Func): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { events } of fn.cfg.blocks)
    for (const event of events)
      if (event.kind === "call") {
        for (const arg of event.expr.args) {
          const sum = stripCasts(arg);
          if (sum.kind === "binary" && /^[+-]$/.test(sum.op)) found.add(sum.left.start).add(sum.right.start);
        }
      } else if (event.kind === "assign" && (program.types.typeOf(event.target, fn.def)?.pointers ?? 0) > 0)
        if (event.value !== undefined) found.add(stripCasts(event.value).start);
  return found;
}

/** The pointer that `p + n` and `(u32 *)(p + n)` start from. */
function start(program: Program, fn: Func, expr: Expr): Expr {
  if (expr.kind === "cast" && expr.type.pointers === 1 && !isForced(expr)) return start(program, fn, expr.operand);
  if (expr.kind !== "binary" || (expr.op !== "+" && expr.op !== "-")) return expr;
  const isPointer = (each: Expr): boolean => (program.types.typeOf(each, fn.def)?.pointers ?? 0) > 0;
  if (isPointer(expr.left)) return start(program, fn, expr.left);
  return expr.op === "+" && isPointer(expr.right) ? start(program, fn, expr.right) : expr;
}

/** Arguments that the string and memory functions of lib/string.c and lib/vsprintf.c read or write like any memory. */
function plainAccesses(program: Program, name: string): readonly number[] {
  if (!/^(mem(cpy|set|move|cmp|chr|scan)|str\w+|v?s[cn]*printf|sscanf|kstrto\w+)$/.test(name)) return [];
  return program.knowledge.fn(name)?.derefs ?? [];
}

/** What shows that a pointer is marked: its own declaration, or that of the one value a local ever gets. */
function markedBy(program: Program, fn: Func, pointer: Expr, mark: string): Related[] | undefined {
  const annotation = markOf(program, fn, pointer, mark);
  if (annotation !== undefined)
    return [relatedIn(program.types.fileOf(annotation).path, annotation, `declared ${mark} here`)];
  const own = program.types.typeOf(pointer, fn.def);
  const value = pointer.kind === "name" && own?.pointers === 1 ? onlyValue(fn, pointer.name) : undefined;
  if (value === undefined || isForced(value)) return undefined;
  const from = start(program, fn, stripCasts(value));
  if (from.kind === "call" && from.callee.kind === "name") {
    const returned = program.knowledge.fact(from.callee.name)?.extracted?.returnType;
    if (!new RegExp(`${mark}\\s*\\*$`).test(returned ?? "")) return undefined;
    return [relatedIn(program.path, from, `${from.callee.name}() returns a pointer that is ${mark}`)];
  }
  const origin = markOf(program, fn, from, mark);
  if (origin === undefined) return undefined;
  return [
    relatedIn(program.types.fileOf(origin).path, origin, `declared ${mark} here`),
    relatedIn(program.path, value, "the mark is lost here"),
  ];
}

/** `(__force u32 *)`: whoever writes it says that he knows. */
function isForced(expr: Expr): boolean {
  if (expr.kind !== "cast") return false;
  return expr.type.annotations.some((each) => each.name === "__force") || isForced(expr.operand);
}

function markOf(program: Program, fn: Func, pointer: Expr, mark: string): Annotation | undefined {
  const type = program.types.typeOf(pointer, fn.def);
  // `u32 __user **list`: only the innermost pointer is marked, and one step reaches no user memory yet.
  if (type === undefined || type.base === "" || type.pointers !== 1 || type.dimensions.length > 0) return undefined;
  if (type.annotations.some((each) => each.name === "__force")) return undefined;
  return type.annotations.find((each) => each.name === mark);
}
