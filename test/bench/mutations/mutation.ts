// What a mutation is, and how the places for one are found: the statements of a function with what stands around them.
import type { Knowledge } from "../../../server/knowledge/knowledge.ts";
import { walkExpr } from "../../../server/program/places.ts";
import type { Func, Program } from "../../../server/program/program.ts";
import { childrenOf } from "../../../server/program/statements.ts";
import type { CallExpr, Expr, IfStmt, Stmt } from "../../../server/syntax/ast.ts";
import type { Span } from "../../../server/text/lines.ts";

export interface Change extends Span {
  readonly text: string;
}

/** One mistake put into a correct driver. */
export interface Mutation {
  readonly operator: string;
  /** The rules of which one has to speak; the first is the one that names the mistake. */
  readonly expects: readonly string[];
  /** The function in which, or undefined where the finding may stand anywhere in the file. */
  readonly fn?: string;
  readonly changes: readonly Change[];
}

/** A statement, the list in which it stands, and the statements around it, the nearest last. */
export interface Place {
  readonly stmt: Stmt;
  readonly list: readonly Stmt[];
  readonly index: number;
  readonly above: readonly Stmt[];
}

/** A function to be mutated. */
export interface Subject {
  readonly program: Program;
  readonly fn: Func;
  readonly text: string;
  readonly places: readonly Place[];
}

export type Operator = (subject: Subject) => readonly Mutation[];

export function subjectOf(program: Program, fn: Func): Subject {
  const places: Place[] = [];
  const visit = (list: readonly Stmt[], above: readonly Stmt[]): void => {
    for (const [index, stmt] of list.entries()) {
      places.push({ stmt, list, index, above });
      if (stmt.kind === "compound" || stmt.kind === "case") visit(stmt.body, [...above, stmt]);
      else if (stmt.kind === "label" && stmt.body !== undefined)
        places.push({ stmt: stmt.body, list, index, above: [...above, stmt] });
      else for (const each of childrenOf(stmt)) visit([each], [...above, stmt]);
    }
  };
  visit(fn.def.body.body, [fn.def.body]);
  return { program, fn, text: program.file.text, places };
}

export const textAt = ({ text }: Pick<Subject, "text">, { start, end }: Span): string => text.slice(start, end);

/** The call that is the whole statement, by name. */
export function callOf(stmt: Stmt | undefined): { readonly name: string; readonly expr: CallExpr } | undefined {
  if (stmt?.kind === "label") return callOf(stmt.body);
  if (stmt?.kind !== "expression" || stmt.expr.kind !== "call" || stmt.expr.callee.kind !== "name") return undefined;
  return { name: stmt.expr.callee.name, expr: stmt.expr };
}

/** `p = call(…)`, as a statement. */
export function storeOf(
  stmt: Stmt | undefined,
): { readonly target: Expr; readonly name: string; readonly call: CallExpr } | undefined {
  if (stmt?.kind !== "expression" || stmt.expr.kind !== "assign" || stmt.expr.op !== "=") return undefined;
  const { target, value } = stmt.expr;
  if (value.kind !== "call" || value.callee.kind !== "name") return undefined;
  return { target, name: value.callee.name, call: value };
}

/** The statements that run from a label on, up to the return; undefined where the way is not plain. */
export function chainOf({ places }: Subject, label: string): readonly Stmt[] | undefined {
  const place = places.find(({ stmt }) => stmt.kind === "label" && stmt.name === label);
  if (place === undefined) return undefined;
  const chain: Stmt[] = [];
  for (const stmt of place.list.slice(place.index)) {
    const own: Stmt | undefined = stmt.kind === "label" ? stmt.body : stmt;
    if (own === undefined) continue;
    chain.push(own);
    if (own.kind === "return") return chain;
    if (own.kind === "goto") {
      const rest =
        own.label === undefined || own.label === label ? undefined : chainOf({ places } as Subject, own.label);
      return rest === undefined ? undefined : [...chain, ...rest];
    }
  }
  return place.above.length === 1 ? chain : undefined;
}

/** The `if` whose consequence the statement is, or is a part of. */
export function governing({ above }: Place): IfStmt | undefined {
  const [outer, inner] = above.slice(-2);
  if (inner?.kind === "if") return inner;
  return inner?.kind === "compound" && outer?.kind === "if" ? outer : undefined;
}

const UNDOES =
  /(^|_)(free|kfree|kvfree|vfree|put|release|destroy|unregister|deregister|disable|unprepare|remove|del|delete|deinit|uninit|fini|cleanup|close|unmap|iounmap|detach|teardown|unref|drop|disconnect|assert)(_|$)/;
const COUNTS = /(node_put|put_device|runtime_put\w*|handle_put|dev_put|kref_put|module_put|kobject_put|_put)$/;

export type Undoing = "lock" | "reference" | "known" | "own";

/** What a call gives back: a lock, a reference, something of which the facts know, or by its name something of the driver's. */
export function undoing(knowledge: Knowledge, name: string): Undoing | undefined {
  const fact = knowledge.fn(name);
  if ((fact?.releases?.length ?? 0) > 0) return "lock";
  if (name.startsWith("devm_")) return undefined;
  if (COUNTS.test(name)) return "reference";
  if (fact?.handleParam !== undefined) return "known";
  return fact === undefined && UNDOES.test(name) ? "own" : undefined;
}

export const RULES: Readonly<Record<Undoing, readonly string[]>> = {
  lock: ["missing-unlock", "double-lock", "sleep-in-atomic"],
  reference: ["refcount-leak", "missing-release-on-error-path", "wrong-cleanup-order"],
  known: ["missing-release-on-error-path", "refcount-leak", "wrong-cleanup-order"],
  own: ["missing-release-on-error-path", "refcount-leak", "wrong-cleanup-order"],
};

/** The texts of the arguments without `&`, constants left out. */
export function handlesOf(subject: Subject, call: CallExpr): readonly string[] {
  return call.args.flatMap((arg) => {
    const inner = arg.kind === "unary" && arg.op === "&" ? arg.operand : arg;
    return inner.kind === "name" || inner.kind === "member" || inner.kind === "index" ? [textAt(subject, inner)] : [];
  });
}

export function mentionsName(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w>.])${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?!\\w)`).test(text);
}

/** It ends the way through the function or the loop. */
export function leaves(stmt: Stmt | undefined): boolean {
  if (stmt?.kind === "compound") return leaves(stmt.body.at(-1));
  return stmt?.kind === "return" || stmt?.kind === "goto";
}

export const drop = ({ start, end }: Span): Change => ({ start, end, text: ";" });

export function callsIn(expr: Expr): readonly string[] {
  const names: string[] = [];
  walkExpr(expr, (each) => {
    if (each.kind === "call" && each.callee.kind === "name") names.push(each.callee.name);
  });
  return names;
}
