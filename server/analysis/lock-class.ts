// Which lock it is, across functions: the member of a struct or the variable that a lock operation names.
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import { together } from "./asked.ts";
import { inFunction } from "./reuse.ts";
import type { Held } from "./state.ts";
import { stripCasts } from "./summary.ts";

/** `struct foo.lock`, or the name of a file-scope lock; undefined where the declarations do not tell. */
export function lockClass(program: Program, fn: Func, held: Held): string | undefined {
  return held.expr === undefined ? undefined : classOf(program, fn, held.expr);
}

function classOf(program: Program, fn: Func, expr: Expr): string | undefined {
  const inner = stripCasts(expr);
  if (inner.kind === "unary" && inner.op === "&") return objectClass(program, fn, inner.operand);
  // A pointer to a lock: which one it points to is only known for a local with a single value.
  if (inner.kind === "name") {
    const pointed = onlyValue(fn, inner.name);
    return pointed === undefined ? undefined : classOf(program, fn, pointed);
  }
  return undefined;
}

/** `struct foo.member`, or the name of a file-scope variable. */
export function objectClass(program: Program, fn: Func, object: Expr): string | undefined {
  if (object.kind === "name") return program.types.isLocal(fn.def, object.name) ? undefined : object.name;
  if (object.kind !== "member") return undefined;
  const owner = program.types.typeOf(object.base, fn.def)?.base ?? structBehind(program, object.base);
  if (owner === undefined || owner === "" || owner === "struct" || owner === "union") return undefined;
  return `${owner}.${object.field}`;
}

/**
 * The struct that a member holds or points to, where the header that declares it is not there to be read: as the file
 * tells by what it stores the member in, `struct foo *foo = &parent->foo`, and only where it always tells the same.
 */
function structBehind(program: Program, base: Expr): string | undefined {
  if (base.kind !== "member") return undefined;
  return together(structsBehind, program).get(base.field);
}

function structsBehind(program: Program): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const fn of program.functions.values())
    for (const [field, base] of inFunction(structsBehind, program, fn, (view) => storesOf(view, fn))) {
      const other = found.get(field);
      found.set(field, !found.has(field) || other === base ? base : undefined);
    }
  return found;
}

/** Members that the function stores in a pointer to a struct, with that struct. */
function storesOf(program: Program, fn: Func): readonly (readonly [field: string, base: string])[] {
  const found: (readonly [string, string])[] = [];
  for (const { events } of fn.cfg.blocks)
    for (const event of events) {
      if (event.kind !== "assign" || event.target.kind !== "name" || event.value === undefined) continue;
      const { value } = event;
      const member = value.kind === "unary" && value.op === "&" ? value.operand : value;
      if (member.kind !== "member") continue;
      const type = program.types.typeOf(event.target, fn.def);
      if (type?.pointers === 1 && /^struct \w/.test(type.base)) found.push([member.field, type.base]);
    }
  return found;
}

/** The one expression that a local is ever assigned. */
export function onlyValue(fn: Func, name: string): Expr | undefined {
  let found: Expr | undefined;
  for (const block of fn.cfg.blocks) {
    for (const event of block.events) {
      if (event.kind === "iterate" && event.targets.some((each) => each.kind === "name" && each.name === name))
        return undefined;
      if (event.kind !== "assign" || event.target.kind !== "name" || event.target.name !== name) continue;
      if (found !== undefined || event.value === undefined) return undefined;
      found = event.value;
    }
  }
  return found;
}
