// Waits that nothing ends when the other side never answers: loops on a register, and on an interrupt that may not come.
import { placeOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import { walkExpressions, walkStatements } from "../program/statements.ts";
import type { CallExpr, Expr, Stmt } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { eachFunction } from "./each-function.ts";
import type { Facts, FunctionFacts } from "./facts.ts";

export interface EndlessWait extends Span {
  readonly kind: "register" | "for-ever" | "completion";
  /** What is read or waited for, as written. */
  readonly what: string;
  /** For a completion: the interrupt handler that completes it, and where. */
  readonly by?: { readonly fn: string; readonly at: Span };
}

const READS = /^(__raw_)?(read[bwlq](_relaxed)?|ioread(8|16|32|64)(be)?|in[bwl](_p)?)$/;
/** What a loop may do that only passes the time. */
const PAUSES = /^(cpu_relax|barrier|[mr]mb|[nmu]delay|msleep|usleep_range|fsleep|cond_resched|schedule|yield|nop)$/;
/** Words around a test, and macros that only make a number. */
const TRANSPARENT = /^((un)?likely|[A-Z][A-Z0-9_]*|(le|be)(16|32|64)_to_cpu)$/;

export function endlessLoops({ file }: Program, { def, cfg }: Func): readonly EndlessWait[] {
  const found: EndlessWait[] = [];
  if (!cfg.complete) return found;
  walkStatements(def.body, (stmt) => {
    if (stmt.kind !== "while" && stmt.kind !== "do" && stmt.kind !== "for") return;
    if (stmt.kind === "for" && (stmt.init ?? stmt.step) !== undefined) return;
    const { test, body } = stmt;
    const reads: CallExpr[] = [];
    const assigned = new Set<string>();
    if (!onlyPasses(body, reads, assigned)) return;
    const end = stmt.kind === "do" ? stmt.end : body.start;
    const at = { start: stmt.start, end };
    if (test === undefined || (test.kind === "number" && test.text === "1")) {
      if (reads.length === 0) found.push({ kind: "for-ever", what: "", ...at });
      return;
    }
    const tested = asksRegister(test, reads, assigned);
    if (tested === undefined) return;
    found.push({ kind: "register", what: file.text.slice(tested.start, tested.end), start: test.start, end: test.end });
  });
  return found;
}

/** Whether a loop's body does nothing but pass time and read registers into variables. */
function onlyPasses(stmt: Stmt, reads: CallExpr[], assigned: Set<string>): boolean {
  if (stmt.kind === "compound") return stmt.body.every((each) => onlyPasses(each, reads, assigned));
  if (stmt.kind === "empty") return true;
  if (stmt.kind !== "expression") return false;
  const { expr } = stmt;
  if (expr.kind === "call") return expr.callee.kind === "name" && PAUSES.test(expr.callee.name);
  if (expr.kind !== "assign" || expr.op !== "=" || expr.target.kind !== "name") return false;
  const read = readIn(expr.value);
  if (read === undefined) return false;
  reads.push(read);
  assigned.add(expr.target.name);
  return true;
}

/** The register access of an expression that holds no other call, and changes nothing. */
function readIn(expr: Expr): CallExpr | undefined {
  let read: CallExpr | undefined;
  let other = false;
  walkExpr(expr, (each) => {
    if (/^(assign|update|block|unknown)$/.test(each.kind)) other = true;
    if (each.kind !== "call") return;
    const name = each.callee.kind === "name" ? each.callee.name : "";
    if (READS.test(name)) read = each;
    else if (!TRANSPARENT.test(name)) other = true;
  });
  return other ? undefined : read;
}

/** The register that a test asks; undefined when the test may also become false by itself. */
function asksRegister(test: Expr, reads: readonly CallExpr[], assigned: ReadonlySet<string>): CallExpr | undefined {
  if (test.kind === "unary" && test.op === "!") return asksRegister(test.operand, reads, assigned);
  if (test.kind === "binary" && (test.op === "&&" || test.op === "||")) {
    const left = asksRegister(test.left, reads, assigned);
    return asksRegister(test.right, reads, assigned) === undefined ? undefined : left;
  }
  // `while ((v = readl(reg)) & BUSY)`.
  const inner = test.kind === "binary" && test.left.kind === "assign" ? test.left : test;
  if (inner.kind === "assign" && inner.op === "=") return readIn(inner.value);
  const read = readIn(test);
  if (read !== undefined) return assigned.size === 0 ? read : undefined;
  let calls = false;
  let names = 0;
  walkExpr(test, (each) => {
    if (each.kind === "name" && assigned.has(each.name)) names++;
    if (/^(assign|update|block|unknown)$/.test(each.kind)) calls = true;
    if (each.kind === "call" && !(each.callee.kind === "name" && TRANSPARENT.test(each.callee.name))) calls = true;
  });
  return names > 0 && !calls ? reads[0] : undefined;
}

/** Completions that only an interrupt handler of the file completes, waited for without an end. */
export function interruptWaits(program: Program, facts: Facts): readonly (EndlessWait & { readonly fn: string })[] {
  const completed = new Map<string, { fn: string; at: Span; handler: boolean }[]>();
  const waits: (EndlessWait & { readonly fn: string })[] = [];
  const parts = eachFunction(interruptWaits, program, facts, (each, program) => [completionsIn(program, each)]);
  for (const part of parts) {
    waits.push(...part.waits);
    for (const { member, ...by } of part.completed) completed.set(member, [...(completed.get(member) ?? []), by]);
  }
  return waits.flatMap((wait) => {
    const by = completed.get(/(\w+)$/.exec(wait.what)?.[1] ?? "") ?? [];
    return by.length > 0 && by.every(({ handler }) => handler) ? [{ ...wait, by: by[0]! }] : [];
  });
}

/** What completes, and what waits for a completion. */
interface Completions {
  readonly completed: { readonly member: string; readonly fn: string; readonly at: Span; readonly handler: boolean }[];
  readonly waits: (EndlessWait & { readonly fn: string })[];
}

function completionsIn(program: Program, facts: FunctionFacts): Completions {
  const { fn } = facts;
  const { completed, waits }: Completions = { completed: [], waits: [] };
  walkExpressions(fn.def.body, (expr) => {
    if (expr.kind !== "call" || expr.callee.kind !== "name") return;
    const { name } = expr.callee;
    if (!/^(complete(_all)?|wait_for_completion)$/.test(name)) return;
    const [arg] = expr.args;
    const place = arg?.kind === "unary" && arg.op === "&" ? placeOf(arg.operand) : undefined;
    const member = place === undefined ? undefined : /(?:->|\.)(\w+)$/.exec(place)?.[1];
    if (member === undefined) return;
    const at = { start: expr.start, end: expr.end };
    if (name !== "wait_for_completion") {
      const handler = facts.reaches.some(({ entry }) => /^interrupt (handler|thread)$/.test(entry.role));
      completed.push({ member, fn: fn.name, at, handler });
    }
    // Where it may not sleep at all, that is what has to be said.
    else if (!facts.reaches.some(({ atomic }) => atomic))
      waits.push({ kind: "completion", what: program.file.text.slice(arg!.start, arg!.end), fn: fn.name, ...at });
  });
  return { completed, waits };
}
