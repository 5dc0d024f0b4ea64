// How a function gives up: the variable that holds its error, the labels that clean up, and where it may simply return.
import type { FunctionFacts } from "../analysis/facts.ts";
import { placeOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import { walkStatements } from "../program/statements.ts";
import type { CallExpr, ReturnStmt, Stmt } from "../syntax/ast.ts";
import { type Item, itemsOf } from "./statement-edits.ts";
import { givesBack, type Left } from "./undoing.ts";

/** What a label leads to. */
export interface Tail {
  readonly calls: readonly CallExpr[];
  readonly end: ReturnStmt;
}

/** The calls from a label to the return that it leads to; undefined where anything else happens on the way. */
export function tailFrom(items: readonly Item[], index: number): Tail | undefined {
  const calls: CallExpr[] = [];
  for (const item of items.slice(index)) {
    if (!("stmt" in item)) continue;
    if (item.stmt.kind === "return") return { calls, end: item.stmt };
    if (item.stmt.kind !== "expression" || item.stmt.expr.kind !== "call") return undefined;
    calls.push(item.stmt.expr);
  }
  return undefined;
}

/** The int of a function that by its name holds an error, declared where all of the body sees it. */
export function errorVariable(program: Program, { def }: Func): string | undefined {
  if (!/^(int|long|ssize_t)$/.test(def.returns.base) || def.returns.pointers > 0) return undefined;
  for (const [name, [variable, ...more]] of program.types.localsOf(def)) {
    if (!ERRORS.test(name) || more.length > 0 || variable?.type.pointers !== 0) continue;
    if (variable.type.base !== "int" && variable.type.base !== def.returns.base) continue;
    if (def.body.body.some((each) => each.kind === "declaration" && each.variables.includes(variable))) return name;
  }
  return undefined;
}

export const ERRORS = /^(ret|err|error|rc|retval|rv)$/;

/** A jump past a variable that the compiler cleans up is another matter. */
export function hasScopes(program: Program, { def }: Func): boolean {
  return /\b(guard|__free|scoped_\w+|CLASS)\b/.test(program.file.text.slice(def.start, def.end));
}

/**
 * The statements with which a function gives up with an error, after a statement in which all these states are possible:
 * a return where nothing is held, else the way to the label that gives back just that. Undefined where there is none.
 * `isNull` is a place that is NULL then, and may be freed all the same.
 */
export function givingUp(
  program: Program,
  { fn }: FunctionFacts,
  at: Stmt,
  states: readonly Left[],
  error: string,
  isNull?: string,
): readonly string[] | undefined {
  if (states.length === 0 || states.some((state) => state.uncertain)) return undefined;
  if (states.every((state) => state.owned.size + state.locks.size === 0)) return [`return ${error};`];
  if (hasScopes(program, fn)) return undefined;
  const items = itemsOf(fn.def.body.body);
  const used = new Set<string | undefined>();
  for (const each of statementsOf(fn.def.body, (stmt) => stmt.kind === "goto"))
    used.add(each.kind === "goto" ? each.label : undefined);
  for (const [index, item] of items.entries()) {
    if (!("label" in item) || item.start < at.end || !used.has(item.label)) continue;
    const tail = tailFrom(items, index);
    if (tail === undefined || !states.every((state) => givesAllBack(program, tail, state, isNull))) continue;
    const { value } = tail.end;
    if (value?.kind !== "name" || !program.types.isLocal(fn.def, value.name)) return undefined;
    return [...(value.name === error ? [] : [`${value.name} = ${error};`]), `goto ${item.label};`];
  }
  return undefined;
}

function givesAllBack(program: Program, { calls }: Tail, state: Left, isNull: string | undefined): boolean {
  const given = new Set(
    calls.filter((call) => !freesNothing(call, isNull)).map((call) => givesBack(program, call, state)),
  );
  return !given.has(undefined) && given.size === state.owned.size + state.locks.size;
}

function freesNothing({ callee, args: [arg, ...more] }: CallExpr, isNull: string | undefined): boolean {
  const takesNull = callee.kind === "name" && TAKES_NULL.test(callee.name) && more.length === 0;
  return takesNull && isNull !== undefined && arg !== undefined && placeOf(arg) === isNull;
}

/** Functions that do nothing for NULL, by their own documentation or first line. */
export const TAKES_NULL = /^(kv?free(_sensitive)?|of_node_put|fwnode_handle_put|put_device|pci_dev_put)$/;

export function statementsOf<T extends Stmt = Stmt>(body: Stmt, wanted: (stmt: Stmt) => boolean): readonly T[] {
  const found: Stmt[] = [];
  walkStatements(body, (stmt) => void (wanted(stmt) && found.push(stmt)));
  return found as T[];
}
