// Calls whose result has to be looked at, made as a statement of their own.
import type { FunctionFact } from "../knowledge/schema.ts";
import type { Returns } from "../knowledge/words.ts";
import type { Func, Program } from "../program/program.ts";
import type { CallExpr, Stmt } from "../syntax/ast.ts";

export interface IgnoredResult {
  readonly call: CallExpr;
  readonly name: string;
  readonly returns: Returns;
  /** The declaration says `__must_check`; otherwise it registers what the driver is there for. */
  readonly mustCheck: boolean;
}

export function ignoredResults(program: Program, fn: Func): readonly IgnoredResult[] {
  return statementCalls(fn.def.body.body).flatMap((call) => {
    const name = call.callee.kind === "name" ? call.callee.name : "";
    if (program.macros.has(name)) return [];
    const own = program.functions.get(name) ?? program.inlines.get(name);
    if (own !== undefined) {
      const isMarked = own.def.annotations.some((each) => each.name === "__must_check");
      const returns = own.def.returns.pointers > 0 ? "null-on-failure" : "negative-errno";
      return isMarked ? [{ call, name, returns, mustCheck: true } as const] : [];
    }
    const fact = program.knowledge.fact(name);
    if (fact?.returns === undefined || !FAILURES.has(fact.returns)) return [];
    if (fact.mustCheck !== true && !isRegistration(fact)) return [];
    return [{ call, name, returns: fact.returns, mustCheck: fact.mustCheck === true }];
  });
}

const FAILURES: ReadonlySet<Returns> = new Set([
  "negative-errno",
  "nonzero-on-failure",
  "null-on-failure",
  "errptr-on-failure",
  "null-or-errptr",
  "bytes-not-copied",
]);

/** It registers the device itself, and nothing is left of it when that fails: the driver has then nothing to do. */
function isRegistration({ name, returns, extracted }: FunctionFact): boolean {
  const isDevice = /(register_(device|controller|component|card)|_device_register)$/.test(name);
  return extracted?.managed === true && returns === "negative-errno" && isDevice;
}

/** Calls that are statements; a cast to void, which says that it is meant, is none. */
function statementCalls(body: readonly Stmt[]): readonly CallExpr[] {
  const found: CallExpr[] = [];
  const visit = (stmt: Stmt | undefined): void => {
    if (stmt === undefined) return;
    switch (stmt.kind) {
      case "expression":
        if (stmt.expr.kind === "call") found.push(stmt.expr);
        return;
      case "compound":
      case "case":
        for (const each of stmt.body) visit(each);
        return;
      case "if":
        visit(stmt.consequence);
        visit(stmt.otherwise);
        return;
      case "while":
      case "do":
      case "for":
      case "macro":
      case "switch":
      case "label":
        visit(stmt.body);
        return;
      default:
    }
  };
  for (const each of body) visit(each);
  return found;
}
