// What is known before each statement of a function, on every path that comes to it; for fixes, which change statements.

import { lowerFunction } from "../program/lower.ts";
import type { Func, Program } from "../program/program.ts";
import type { BlockStmt, CallExpr, ExprStmt, Stmt } from "../syntax/ast.ts";
import type { PathState } from "./state.ts";
import type { Summary } from "./summary.ts";
import { walkFunction } from "./walk-function.ts";

export type StatesBefore = ReadonlyMap<Stmt, readonly PathState[]>;

const known = new WeakMap<ReadonlyMap<string, Summary>, Map<Func, StatesBefore | undefined>>();

/** Undefined when not every path of the function was seen. Statements that no path reaches have no entry. */
export function statesBefore(
  program: Program,
  fn: Func,
  summaries: ReadonlyMap<string, Summary>,
): StatesBefore | undefined {
  const all = known.get(summaries) ?? new Map<Func, StatesBefore | undefined>();
  known.set(summaries, all);
  if (!all.has(fn)) all.set(fn, walk(program, fn, summaries));
  return all.get(fn);
}

function walk(program: Program, fn: Func, summaries: ReadonlyMap<string, Summary>): StatesBefore | undefined {
  const marks = new Marks();
  const body = marks.block(fn.def.body);
  const cfg = lowerFunction({ ...fn.def, body }, program.knowledge, program.macros.functionLike());
  const found = new Map<Stmt, PathState[]>();
  const { outcome } = walkFunction(program, { ...fn, cfg }, summaries, (event, state) => {
    const stmt = event.kind === "call" ? marks.of.get(event.expr) : undefined;
    if (stmt === undefined) return;
    const states = found.get(stmt);
    if (states === undefined) found.set(stmt, [state]);
    else states.push(state);
  });
  return outcome.cut ? undefined : found;
}

/** Puts a call that does nothing before each statement, so that the walk comes by there. */
class Marks {
  readonly of = new Map<CallExpr, Stmt>();

  block(stmt: BlockStmt): BlockStmt {
    return { ...stmt, body: this.list(stmt.body) };
  }

  private list(stmts: readonly Stmt[]): readonly Stmt[] {
    return stmts.flatMap((each) => this.marked(each));
  }

  private marked(stmt: Stmt): readonly Stmt[] {
    if (stmt.kind === "case") return [{ ...stmt, body: this.list(stmt.body) }];
    if (stmt.kind !== "label") return [this.mark(stmt), this.within(stmt)];
    const [first, ...rest] = stmt.body === undefined ? [] : this.marked(stmt.body);
    const { body: _, ...label } = stmt;
    return [first === undefined ? label : { ...label, body: first }, ...rest];
  }

  private within(stmt: Stmt): Stmt {
    switch (stmt.kind) {
      case "compound":
        return this.block(stmt);
      case "if":
        return {
          ...stmt,
          consequence: this.body(stmt.consequence),
          ...(stmt.otherwise === undefined ? {} : { otherwise: this.body(stmt.otherwise) }),
        };
      case "while":
      case "do":
      case "for":
      case "macro":
      case "switch":
        return { ...stmt, body: this.body(stmt.body) };
      default:
        return stmt;
    }
  }

  /** The body of an `if` or a loop, with braces or without. */
  private body(stmt: Stmt): Stmt {
    if (stmt.kind === "compound") return this.block(stmt);
    return { kind: "compound", body: this.marked(stmt), start: stmt.start, end: stmt.end };
  }

  private mark(stmt: Stmt): ExprStmt {
    const { start } = stmt;
    const at = { start, end: start };
    const expr: CallExpr = { kind: "call", callee: { kind: "name", name: "@mark", ...at }, args: [], ...at };
    this.of.set(expr, stmt);
    return { kind: "expression", expr, ...at };
  }
}
