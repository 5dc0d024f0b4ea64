// Goes through the statements of a function and the expressions that stand in them, in the order of the text.
import type { Expr, Stmt } from "../syntax/ast.ts";
import { walkExpr } from "./places.ts";

/** Calls `visit` for a statement and for all within it; a statement expression's own statements are left out. */
export function walkStatements(stmt: Stmt, visit: (each: Stmt) => void): void {
  visit(stmt);
  for (const each of childrenOf(stmt)) walkStatements(each, visit);
}

/** Calls `visit` for every expression of a statement and of all within it; statement expressions are gone through too. */
export function walkExpressions(stmt: Stmt, visit: (each: Expr) => void): void {
  const look = (expr: Expr): void => {
    visit(expr);
    if (expr.kind === "block") for (const each of expr.body) walkExpressions(each, visit);
  };
  walkStatements(stmt, (each) => {
    for (const expr of expressions(each)) walkExpr(expr, look);
  });
}

/** The statements directly within a statement. */
export function childrenOf(stmt: Stmt): readonly Stmt[] {
  switch (stmt.kind) {
    case "compound":
    case "case":
      return stmt.body;
    case "if":
      return stmt.otherwise === undefined ? [stmt.consequence] : [stmt.consequence, stmt.otherwise];
    case "for":
      return stmt.init === undefined ? [stmt.body] : [stmt.init, stmt.body];
    case "while":
    case "do":
    case "macro":
    case "switch":
      return [stmt.body];
    case "label":
      return stmt.body === undefined ? [] : [stmt.body];
    default:
      return [];
  }
}

/** The expressions that a statement itself holds. */
function expressions(stmt: Stmt): readonly Expr[] {
  switch (stmt.kind) {
    case "expression":
      return [stmt.expr];
    case "declaration":
      return stmt.variables.flatMap(({ init }) => init ?? []);
    case "if":
    case "while":
    case "do":
      return [stmt.test];
    case "for":
      return [stmt.test, stmt.step].filter((each) => each !== undefined);
    case "macro":
      return stmt.args;
    case "switch":
      return [stmt.value];
    case "case":
    case "return":
      return stmt.value === undefined ? [] : [stmt.value];
    default:
      return [];
  }
}
