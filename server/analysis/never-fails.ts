// Calls that may fail, but not as they are written: their flags say that they wait, or panic.
import type { FunctionFact } from "../knowledge/schema.ts";
import { walkExpr } from "../program/places.ts";
import type { CallExpr, Expr } from "../syntax/ast.ts";

/** With one of these the caller may sleep (include/linux/gfp_types.h). */
const MAY_WAIT = ["GFP_KERNEL", "GFP_NOIO", "GFP_NOFS", "GFP_USER", "__GFP_RECLAIM", "__GFP_DIRECT_RECLAIM"];

export function neverFails(fact: FunctionFact, call: CallExpr): boolean {
  const flags = fact.gfpParam === undefined ? undefined : call.args[fact.gfpParam];
  if (flags !== undefined && names(flags, ["__GFP_NOFAIL"])) return true;
  if (fact.waits === true && flags !== undefined && names(flags, MAY_WAIT) && !takesAway(flags)) return true;
  // mm/slab_common.c: kmem_cache_create() panics in place of returning NULL.
  return fact.obtains?.what === "memory cache" && call.args.some((arg) => names(arg, ["SLAB_PANIC"]));
}

/** `GFP_KERNEL & ~__GFP_DIRECT_RECLAIM`. */
function takesAway(flags: Expr): boolean {
  let found = false;
  walkExpr(flags, (each) => {
    if (each.kind === "unary" && each.op === "~") found = true;
  });
  return found;
}

function names(expr: Expr, among: readonly string[]): boolean {
  let found = false;
  walkExpr(expr, (each) => {
    if (each.kind === "name" && among.includes(each.name)) found = true;
  });
  return found;
}
