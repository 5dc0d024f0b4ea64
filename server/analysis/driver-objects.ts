// Members of a driver's own structs across functions: the same lock or pointer, whatever the variable that leads to it.
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import { stripCasts } from "./summary.ts";

/**
 * `struct foo.lock` for `foo->lock`, the name for a variable of the file; undefined for what is indexed, and where the
 * declarations do not tell.
 */
export function memberClass(program: Program, fn: Func, place: Expr): string | undefined {
  const expr = stripCasts(place);
  if (expr.kind === "name")
    return program.types.isLocal(fn.def, expr.name) || program.types.global(expr.name) === undefined
      ? undefined
      : expr.name;
  if (expr.kind !== "member" || rootName(expr) === undefined) return undefined;
  const owner = program.types.typeOf(expr.base, fn.def);
  if (owner !== undefined && /^(struct|union) \w/.test(owner.base) && owner.pointers <= 1)
    return `${owner.base}.${expr.field}`;
  // A member of a member whose struct no header tells: by its path from the one that is known.
  const above = memberClass(program, fn, expr.base);
  return above === undefined ? undefined : `${above}.${expr.field}`;
}

/** The object whose address is handed over: `foo->lock` of `&foo->lock`. */
export function addressed(arg: Expr): Expr | undefined {
  const expr = stripCasts(arg);
  return expr.kind === "unary" && expr.op === "&" ? stripCasts(expr.operand) : undefined;
}

/** The variable that a chain of members begins with; undefined for chains through an index or a call. */
export function rootName(expr: Expr): string | undefined {
  const inner = stripCasts(expr);
  if (inner.kind === "name") return inner.name;
  if (inner.kind === "member") return rootName(inner.base);
  return inner.kind === "unary" && (inner.op === "*" || inner.op === "&") ? rootName(inner.operand) : undefined;
}

/** Calls that find one's own struct from what the kernel hands over: container_of(), netdev_priv(), dev_get_drvdata(). */
const LEADS = /container_of|_priv$|^(to|from)_|_to_|_data$|(drv|client|intf|dev|plat|chip)_?data|^READ_ONCE$|private/;

/** Variables that hold what the parameters of these indexes lead to, and nothing else. */
export function derivedFrom(fn: Func, params: readonly number[]): ReadonlySet<string> {
  const derived = new Set(params.flatMap((index) => fn.def.params[index]?.name ?? []));
  const spoilt = new Set<string>();
  for (let grew = true; grew; ) {
    grew = false;
    for (const { events } of fn.cfg.blocks) {
      for (const event of events) {
        if (event.kind === "iterate") for (const target of event.targets) spoilt.add(rootName(target) ?? "");
        if (event.kind !== "assign" || event.target.kind !== "name") continue;
        const { name } = event.target;
        const leads = event.value !== undefined && isDerived(derived, event.value);
        if (!leads && event.value?.kind !== "number") spoilt.add(name);
        if (!leads || derived.has(name)) continue;
        derived.add(name);
        grew = true;
      }
    }
  }
  for (const name of spoilt) derived.delete(name);
  return derived;
}

export function isDerived(derived: ReadonlySet<string>, value: Expr): boolean {
  const expr = stripCasts(value);
  switch (expr.kind) {
    case "name":
      return derived.has(expr.name);
    case "member":
      return isDerived(derived, expr.base);
    case "unary":
      return (expr.op === "*" || expr.op === "&") && isDerived(derived, expr.operand);
    case "call":
      return (
        expr.callee.kind === "name" && LEADS.test(expr.callee.name) && expr.args.some((arg) => isDerived(derived, arg))
      );
    default:
      return false;
  }
}
