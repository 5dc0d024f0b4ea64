// Which lock it is, across functions: the member of a struct or the variable that a lock operation names.
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
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
  const owner = program.types.typeOf(object.base, fn.def);
  if (owner === undefined || owner.base === "" || owner.base === "struct" || owner.base === "union") return undefined;
  return `${owner.base}.${object.field}`;
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
