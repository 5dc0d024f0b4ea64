// Fixes that look at a result nobody looked at, and give up where it says that the call failed.
import type { Facts, FunctionFacts } from "../analysis/facts.ts";
import { TEARS_DOWN } from "../analysis/resources.ts";
import { statesBefore } from "../analysis/states-before.ts";
import { stripCasts } from "../analysis/summary.ts";
import { isRead } from "../analysis/unread.ts";
import { NEGATIVE, POSITIVE } from "../analysis/values.ts";
import { placeOf } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { CallExpr, ExprStmt, Stmt } from "../syntax/ast.ts";
import { ERRORS, errorVariable, givingUp, statementsOf } from "./cleanup-labels.ts";
import type { Edit, Fix } from "./rule.ts";
import { indentOf, listOf, parentsOf } from "./statement-edits.ts";
import { edit } from "./wording.ts";

/** How a result tells that the call failed, and which error that is. */
export type Failing =
  /** It is a negative errno itself; success may be above 0. */
  | { readonly kind: "errno"; readonly mayBePositive: boolean }
  /** It is not 0. */
  | { readonly kind: "nonzero"; readonly error: string }
  | { readonly kind: "zero"; readonly error: string };

/** A call that is a statement of its own: its result is tested, and the function returns an error. */
export function checkingFixes(
  program: Program,
  facts: Facts,
  of: FunctionFacts,
  call: CallExpr,
  failing: Failing,
): readonly Fix[] {
  const { fn, outcome } = of;
  const stmt = statementsOf<ExprStmt>(fn.def.body, (each) => each.kind === "expression" && each.expr === call)[0];
  // What user space did not get is an error whatever else the function returns.
  const mayFail = failing.kind === "nonzero" ? isFailing(of) : returnsErrors(of);
  if (stmt === undefined || outcome.cut || !mayFail) return [];
  const states = statesBefore(program, fn, facts.summaries)?.get(stmt) ?? [];
  if (listOf(parentsOf(fn.def.body), stmt) === undefined || !isAlone(program, stmt)) return [];
  const { text } = program.file;
  const written = text.slice(call.start, call.end);
  const indent = indentOf(text, stmt.start);
  const put = (head: string, lines: readonly string[] | undefined, more: readonly Edit[] = []): readonly Fix[] => {
    if (lines === undefined) return [];
    const body = lines.map((line) => `\n${indent}\t${line}`).join("");
    const test = lines.length === 1 ? `${head}${body}` : `${head} {${body}\n${indent}}`;
    const name = call.callee.kind === "name" ? call.callee.name : "the call";
    const preferred = failing.kind === "nonzero";
    return [{ title: `Check the result of ${name}()`, edits: [...more, edit(program, stmt, test)], preferred }];
  };
  if (failing.kind !== "errno") {
    const not = failing.kind === "zero" ? "!" : "";
    return put(`if (${not}${written})`, givingUp(program, of, stmt, states, failing.error));
  }
  const error = errorFor(program, of, call);
  if (error === undefined) return [];
  const test = `${error.name} = ${written};\n${indent}if (${error.name}${failing.mayBePositive ? " < 0" : ""})`;
  return put(test, givingUp(program, of, stmt, states, error.name), error.edits);
}

/** A variable that may take the error of a call, with its declaration where there is none yet. */
function errorFor(program: Program, of: FunctionFacts, call: CallExpr) {
  const name = errorVariable(program, of.fn);
  if (name !== undefined) return isStillRead(of, call, name) ? undefined : { name, edits: [] };
  const made = newVariables(program, of, [RET]);
  return made === undefined ? undefined : { name: made.names[0]!, edits: made.edits };
}

const RET = { type: "int", names: ["ret", "err"] };

/** Whether the value that a variable has at a call is asked for after it. */
export function isStillRead({ fn }: FunctionFacts, call: CallExpr, variable: string): boolean {
  const { blocks } = fn.cfg;
  return blocks.some((block) => {
    const at = block.events.findIndex((event) => event.kind === "call" && event.start === call.start);
    return at !== -1 && isRead(blocks, block, at + 1, variable);
  });
}

/** It may return an errno, and is not the way out, which goes on whatever fails. */
function isFailing({ fn }: FunctionFacts): boolean {
  const { returns } = fn.def;
  return returns.pointers === 0 && /^(int|long|ssize_t)$/.test(returns.base) && !TEARS_DOWN.test(fn.name);
}

/** The function tells its caller of failures by negative errnos, and of nothing else. */
export function returnsErrors(of: FunctionFacts): boolean {
  const { fn, outcome } = of;
  if (!isFailing(of) || /suspend/.test(fn.name)) return false;
  const { exits } = outcome;
  return (
    exits.some(({ value }) => value.mask === NEGATIVE) ||
    exits.every(({ value, variable }) => (value.mask & POSITIVE) === 0 || ERRORS.test(variable ?? ""))
  );
}

/** Nothing but a comment stands on its lines. */
function isAlone(program: Program, stmt: Stmt): boolean {
  const { text } = program.file;
  const before = text.slice(text.lastIndexOf("\n", stmt.start - 1) + 1, stmt.start);
  return before.trim() === "";
}

/** A stored result that nobody tests: how it shows a failure. */
export interface Untested {
  /** Where the call begins, or the assignment. */
  readonly start: number;
  readonly shows: "null" | "errptr" | "errno";
  /** The errno where it shows no more than NULL; without one nobody knows which is right. */
  readonly error?: string;
}

/** The result is tested after it was stored. */
export function testingFixes(program: Program, facts: Facts, of: FunctionFacts, at: Untested): readonly Fix[] {
  const { fn, outcome } = of;
  const parents = parentsOf(fn.def.body);
  const found = statementsOf(fn.def.body, (each) => storedIn(each, at.start) !== undefined)[0];
  const list = found === undefined ? undefined : listOf(parents, found);
  if (found === undefined || list === undefined || outcome.cut || !returnsErrors(of)) return [];
  const place = storedIn(found, at.start)!;
  const errno = at.shows === "errno" ? place : at.shows === "errptr" ? `PTR_ERR(${place})` : at.error;
  const states = statesBefore(program, fn, facts.summaries)?.get(found) ?? [];
  const lines =
    errno === undefined
      ? undefined
      : givingUp(program, of, found, states, errno, at.shows === "null" ? place : undefined);
  const { text } = program.file;
  const last = found.kind === "declaration" ? lastDeclaration(list, found) : found;
  const lineEnd = text.indexOf("\n", last.end);
  if (lines === undefined || lineEnd === -1 || !REST_OF_LINE.test(text.slice(last.end, lineEnd))) return [];
  // Another declaration may use it already.
  if (last !== found && new RegExp(`\\b${place}\\b`).test(text.slice(found.end, last.end))) return [];
  const indent = indentOf(text, found.start);
  const test = `if (${{ null: `!${place}`, errptr: `IS_ERR(${place})`, errno: `${place} < 0` }[at.shows]})`;
  const body = lines.map((line) => `\n${indent}\t${line}`).join("");
  const added = lines.length === 1 ? `${test}${body}` : `${test} {${body}\n${indent}}`;
  const gap = found.kind === "declaration" ? "\n" : "";
  const edits = [edit(program, { start: lineEnd, end: lineEnd }, `${gap}\n${indent}${added}`)];
  return [{ title: `Test \`${place}\` after the call`, edits, preferred: at.shows !== "errno" }];
}

/** The place that a statement stores the result of a call in. */
function storedIn(stmt: Stmt, start: number): string | undefined {
  if (stmt.kind === "expression" && stmt.expr.kind === "assign" && stmt.expr.op === "=")
    return [stmt.start, stripCasts(stmt.expr.value).start].includes(start) ? placeOf(stmt.expr.target) : undefined;
  if (stmt.kind !== "declaration") return undefined;
  return stmt.variables.find(
    ({ init, nameSpan }) => init !== undefined && [nameSpan.start, stripCasts(init).start].includes(start),
  )?.name;
}

function lastDeclaration(list: readonly Stmt[], from: Stmt): Stmt {
  let last = from;
  for (const each of list.slice(list.indexOf(from))) {
    if (each.kind !== "declaration") break;
    last = each;
  }
  return last;
}

interface NewVariables {
  readonly names: readonly string[];
  readonly edits: readonly Edit[];
}

/** `int ret;` as the last of the declarations that a body begins with; of each, the first name that is free. */
export function newVariables(
  program: Program,
  { fn }: Pick<FunctionFacts, "fn">,
  wanted: readonly { readonly type: string; readonly names: readonly string[] }[],
): NewVariables | undefined {
  const { def } = fn;
  const { text } = program.file;
  const body = text.slice(def.start, def.end);
  const isFree = (name: string): boolean => !new RegExp(`\\b${name}\\b`).test(body);
  const declared = wanted.map(({ type, names }) => ({ type, name: names.find(isFree) }));
  const stmts = def.body.body;
  const count = stmts.findIndex((each) => each.kind !== "declaration");
  const last = count <= 0 ? undefined : stmts[count - 1];
  const after = last === undefined ? def.body.start + 1 : last.end;
  const lineEnd = text.indexOf("\n", after);
  if (lineEnd === -1 || !REST_OF_LINE.test(text.slice(after, lineEnd))) return undefined;
  const indent = stmts[0] === undefined ? "\t" : indentOf(text, stmts[0].start);
  const names: string[] = [];
  let added = "";
  for (const { type, name } of declared) {
    if (name === undefined) return undefined;
    names.push(name);
    added += `\n${indent}${type}${type.endsWith("*") ? "" : " "}${name};`;
  }
  if (added === "") return { names, edits: [] };
  const blank = last === undefined ? "\n" : "";
  return { names, edits: [edit(program, { start: lineEnd, end: lineEnd }, added + blank)] };
}

/** Nothing, or one comment. */
const REST_OF_LINE = /^\s*(\/\/.*|\/\*[^*]*\*\/\s*)?$/;
