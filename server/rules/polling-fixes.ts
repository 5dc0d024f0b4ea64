// Fixes for loops that poll a register for ever: the macros of linux/iopoll.h, which give up after a while.
import type { Facts, FunctionFacts } from "../analysis/facts.ts";
import { statesBefore } from "../analysis/states-before.ts";
import { walkExpr } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { CallExpr, DoStmt, Expr, WhileStmt } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { isStillRead, newVariables, returnsErrors } from "./checking-fixes.ts";
import { errorVariable, givingUp, statementsOf } from "./cleanup-labels.ts";
import type { Edit, Fix } from "./rule.ts";
import { indentOf, listOf, parentsOf } from "./statement-edits.ts";
import { edit } from "./wording.ts";

/** `test` is the condition of the loop, which asks the register. How long is long enough is for the device's manual to say. */
export function pollingFixes(program: Program, facts: Facts, of: FunctionFacts, test: Span): readonly Fix[] {
  const { fn, outcome } = of;
  const { text } = program.file;
  const loop = statementsOf<WhileStmt | DoStmt>(
    fn.def.body,
    (each) => (each.kind === "while" || each.kind === "do") && each.test.start === test.start,
  )[0];
  if (loop === undefined || outcome.cut || !returnsErrors(of)) return [];
  const poll = pollOf(loop);
  const type = poll === undefined ? undefined : TYPES[READ.exec(nameOf(poll.read))?.[1] ?? ""];
  if (poll === undefined || type === undefined) return [];
  const { read, stored } = poll;
  if (listOf(parentsOf(fn.def.body), loop) === undefined || text.slice(loop.start, loop.end).includes("*/")) return [];
  const known = errorVariable(program, fn);
  if (known !== undefined && isStillRead(of, read, known)) return [];
  const made = newVariables(program, of, [
    ...(stored === undefined ? [{ type, names: ["val", "status", "regval"] }] : []),
    ...(known === undefined ? [{ type: "int", names: ["ret", "err"] }] : []),
  ]);
  if (made === undefined) return [];
  const value = stored ?? made.names[0]!;
  const ret = known ?? made.names.at(-1)!;
  const condition = ended(text, loop.test, stored === undefined ? read : undefined, value);
  if (condition === undefined) return [];
  const states = statesBefore(program, fn, facts.summaries)?.get(loop) ?? [];
  const lines = givingUp(program, of, loop, states, ret);
  if (lines === undefined) return [];
  // What was a busy loop may stand where nobody may sleep.
  const sleeps = /\b(msleep|usleep_range|fsleep|schedule\w*|cond_resched)\b/.test(
    text.slice(loop.body.start, loop.body.end),
  );
  const macro = `${nameOf(read)}_poll_timeout${sleeps ? "" : "_atomic"}`;
  const times = sleeps ? "1000, 1000000" : "1, 10000";
  const indent = indentOf(text, loop.start);
  const address = text.slice(read.args[0]!.start, read.args[0]!.end);
  const call = `${ret} = ${macro}(${address}, ${value}, ${condition}, ${times});`;
  const gone = lines.map((line) => `\n${indent}\t${line}`).join("");
  const given = lines.length === 1 ? gone : ` {${gone}\n${indent}}`;
  const edits = [...included(program), ...made.edits, edit(program, loop, `${call}\n${indent}if (${ret})${given}`)];
  return [{ title: `Poll with ${macro}()`, edits, preferred: false }];
}

const READ = /^read([bwlq])(_relaxed)?$/;
const TYPES: Readonly<Record<string, string>> = { b: "u8", w: "u16", l: "u32", q: "u64" };

/** What a loop reads: in its test, or into a variable in its body, which does nothing else but pass time. */
function pollOf(loop: WhileStmt | DoStmt): { readonly read: CallExpr; readonly stored?: string } | undefined {
  const stmts = loop.body.kind === "compound" ? loop.body.body : [loop.body];
  const stores = stmts.flatMap((each) =>
    each.kind === "expression" && each.expr.kind === "assign" && each.expr.op === "=" ? [each.expr] : [],
  );
  const asked = onlyCall(loop.test);
  if (asked !== undefined) return stores.length === 0 ? { read: asked } : undefined;
  const [store, ...more] = stores;
  const read = store === undefined || more.length > 0 ? undefined : onlyCall(store.value);
  // `do … while` alone reads before it tests.
  if (read === undefined || read !== store!.value || loop.kind !== "do" || store!.target.kind !== "name")
    return undefined;
  return { read, stored: store!.target.name };
}

function nameOf(call: CallExpr): string {
  return call.callee.kind === "name" ? call.callee.name : "";
}

/** The one call of an expression that changes nothing itself. */
function onlyCall(expr: Expr): CallExpr | undefined {
  const calls: CallExpr[] = [];
  let changes = false;
  walkExpr(expr, (each) => {
    if (each.kind === "call") calls.push(each);
    if (/^(assign|update|block|unknown)$/.test(each.kind)) changes = true;
  });
  return calls.length === 1 && calls[0]!.args.length === 1 && !changes ? calls[0] : undefined;
}

/** What is true when the loop is over, of a variable in place of what was read. */
function ended(text: string, test: Expr, read: CallExpr | undefined, value: string): string | undefined {
  const put = (expr: Expr): string => {
    if (read === undefined || read.start < expr.start || expr.end < read.end) return text.slice(expr.start, expr.end);
    return text.slice(expr.start, read.start) + value + text.slice(read.end, expr.end);
  };
  if (test.kind === "unary" && test.op === "!") return put(test.operand).replace(/^\((.*)\)$/s, "$1");
  if (test.kind === "binary" && (test.op === "==" || test.op === "!="))
    return `${put(test.left)} ${test.op === "==" ? "!=" : "=="} ${put(test.right)}`;
  if (test.kind === "binary" && test.op === "&") return `!(${put(test)})`;
  return test === read || (test.kind === "name" && test.name === value) ? `!${value}` : undefined;
}

/** The header, among the others in alphabetical order. */
function included(program: Program): readonly Edit[] {
  const { includes } = program.file.unit;
  if (includes.some(({ path }) => path === "linux/iopoll.h")) return [];
  const linux = includes.filter(({ path }) => path.startsWith("linux/"));
  const before = linux.findLast(({ path }) => path < "linux/iopoll.h");
  const line = "#include <linux/iopoll.h>";
  if (before !== undefined) return [edit(program, { start: before.end, end: before.end }, `\n${line}`)];
  const first = linux[0];
  return first === undefined ? [] : [edit(program, { start: first.start, end: first.start }, `${line}\n`)];
}
