// Loops over the kernel's lists: elements that are taken out under the loop's feet, and iterators used after the end.
import { placeOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import { walkExpressions, walkStatements } from "../program/statements.ts";
import type { CallExpr, Expr, MacroStmt, Stmt } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";

/** A loop over a list; `node` is the member by which its elements hang in the list. */
export interface ListWalk {
  readonly loop: MacroStmt;
  readonly element: string;
  readonly node: string;
}

export interface Removal extends ListWalk {
  /** The call that takes the element out or frees it. */
  readonly call: CallExpr;
  readonly callee: string;
  readonly frees: boolean;
}

export interface UseAfter extends ListWalk, Span {
  /** null-test: asked whether it is NULL. address: of a member, which is not read. handed-on: as the result. */
  readonly how: "read" | "null-test" | "address" | "handed-on";
}

/** The arguments that are the element and the member. */
const PLAIN: Readonly<Record<string, readonly [number, number]>> = {
  list_for_each_entry: [0, 2],
  list_for_each_entry_reverse: [0, 2],
  list_for_each_entry_continue: [0, 2],
  list_for_each_entry_continue_reverse: [0, 2],
  list_for_each_entry_from: [0, 2],
  hlist_for_each_entry: [0, 2],
  hash_for_each: [2, 3],
  hash_for_each_possible: [1, 2],
};

/** Where the element is left pointing to the head of the list, as if that were an element, when the loop ends. */
const ENDS_AT_HEAD: Readonly<Record<string, readonly [number, number]>> = {
  list_for_each_entry: [0, 2],
  list_for_each_entry_reverse: [0, 2],
  list_for_each_entry_continue: [0, 2],
  list_for_each_entry_continue_reverse: [0, 2],
  list_for_each_entry_from: [0, 2],
  list_for_each_entry_rcu: [0, 2],
  list_for_each_entry_safe: [0, 3],
  list_for_each_entry_safe_reverse: [0, 3],
  list_for_each_entry_safe_continue: [0, 3],
  list_for_each_entry_safe_from: [0, 3],
};

/** After these the element's own link leads nowhere, to itself, or into another list. */
const UNLINKS = /^(list_del|list_del_init|list_move|list_move_tail|list_del_init_careful|hlist_del)$/;

function walkOf(stmt: Stmt, macros: Readonly<Record<string, readonly [number, number]>>): ListWalk | undefined {
  if (stmt.kind !== "macro" || !Object.hasOwn(macros, stmt.name)) return undefined;
  const [at, member] = macros[stmt.name]!;
  const element = stmt.args[at];
  const node = stmt.args[member];
  if (element?.kind !== "name" || node === undefined) return undefined;
  const place = placeOf(node);
  return place === undefined ? undefined : { loop: stmt, element: element.name, node: place };
}

/** Elements that are taken out or freed, and from which the loop then goes on. */
export function removals(program: Program, { def, cfg }: Func): readonly Removal[] {
  const found: Removal[] = [];
  if (!cfg.complete) return found;
  walkStatements(def.body, (stmt) => {
    const walk = walkOf(stmt, PLAIN);
    if (walk === undefined) return;
    const first = removedIn(walk.loop.body, false, true, (each) => removalOf(program, walk, each), walk.element);
    if (first !== undefined) found.push(first);
  });
  return found;
}

/**
 * The first removal after which control surely comes back to the loop. `leaves`: something that follows may leave it, or
 * give the element another value; `outer`: a `break` here leaves the loop itself.
 */
function removedIn(
  stmt: Stmt,
  leaves: boolean,
  outer: boolean,
  removal: (stmt: Stmt) => Removal | undefined,
  element: string,
): Removal | undefined {
  const go = (each: Stmt, left: boolean, out: boolean) => removedIn(each, left, out, removal, element);
  switch (stmt.kind) {
    case "compound":
    case "case": {
      for (const [index, each] of stmt.body.entries()) {
        const left = leaves || stmt.body.slice(index + 1).some((later) => mayLeave(later, outer, element));
        const found = go(each, left, outer);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    case "if":
      return go(stmt.consequence, leaves, outer) ?? (stmt.otherwise && go(stmt.otherwise, leaves, outer));
    case "switch": {
      // A case falls into the next one.
      const left = leaves || mayLeave(stmt.body, false, element);
      return go(stmt.body, left, false);
    }
    case "while":
    case "do":
    case "for":
    case "macro":
      return go(stmt.body, leaves || mayLeave(stmt.body, false, element), false);
    case "expression":
      return leaves ? undefined : removal(stmt);
    default:
      return undefined;
  }
}

function mayLeave(stmt: Stmt, outer: boolean, element: string): boolean {
  let found = false;
  const inner: Span[] = [];
  walkStatements(stmt, (each) => {
    if (/^(while|do|for|macro|switch)$/.test(each.kind)) inner.push(each);
    if (/^(return|goto|label|unknown|asm)$/.test(each.kind)) found = true;
    if (each.kind === "break" && outer && !inner.some(({ start, end }) => start < each.start && each.end <= end))
      found = true;
  });
  return found || changes(stmt, element);
}

/** The iterator gets another value, or something else may give it one. */
function changes(stmt: Stmt, element: string): boolean {
  let found = false;
  const is = (expr: Expr): boolean => expr.kind === "name" && expr.name === element;
  walkExpressions(stmt, (expr) => {
    if (expr.kind === "assign" && is(expr.target)) found = true;
    if (expr.kind === "unary" && expr.op === "&" && is(expr.operand)) found = true;
  });
  return found;
}

function removalOf(program: Program, walk: ListWalk, stmt: Stmt): Removal | undefined {
  const call = stmt.kind === "expression" ? stmt.expr : undefined;
  if (call?.kind !== "call" || call.callee.kind !== "name") return undefined;
  const callee = call.callee.name;
  if (program.functions.has(callee) || program.macros.has(callee)) return undefined;
  const of = (arg: Expr | undefined): string | undefined => (arg === undefined ? undefined : placeOf(arg));
  if (UNLINKS.test(callee) && call.args[0]?.kind === "unary" && call.args[0].op === "&") {
    if (of(call.args[0].operand) !== `${walk.element}->${walk.node}`) return undefined;
    return { ...walk, call, callee, frees: false };
  }
  const handle = program.knowledge.fn(callee)?.handleParam;
  if (handle === undefined || of(call.args[handle]) !== walk.element || /rcu/.test(callee)) return undefined;
  const memory = program.knowledge.acquirersOf(callee).some((each) => {
    const obtains = program.knowledge.fn(each)?.obtains;
    return obtains?.what === "memory" && obtains.handle === "return";
  });
  return memory ? { ...walk, call, callee, frees: true } : undefined;
}

/** Iterators that are used by the first thing that happens after their loop, although it may have found nothing. */
export function usesAfter({ def, cfg }: Func): readonly UseAfter[] {
  const found: UseAfter[] = [];
  if (!cfg.complete) return found;
  const look = (body: readonly Stmt[]): void => {
    for (const [index, stmt] of body.entries()) {
      const walk = walkOf(stmt, ENDS_AT_HEAD);
      if (walk === undefined || endsAtOnce(walk.loop.body) || changes(walk.loop.body, walk.element)) continue;
      for (const later of body.slice(index + 1)) {
        const test = later.kind === "if" ? later.test : undefined;
        const exprs = test !== undefined ? [test] : straight(later);
        const use = exprs?.map((each) => useIn(each, walk, test !== undefined)).find((each) => each !== undefined);
        if (use !== undefined && use !== "settled") found.push({ ...walk, ...use });
        if (use !== undefined || exprs === undefined || test !== undefined || later.kind === "return") break;
      }
    }
  };
  walkStatements(def.body, (stmt) => {
    if (stmt.kind === "compound" || stmt.kind === "case") look(stmt.body);
  });
  return found;
}

/** A loop that never comes to a second element is a way to get the first one of a list that has some. */
function endsAtOnce(body: Stmt): boolean {
  const last = body.kind === "compound" ? body.body.at(-1) : body;
  return last !== undefined && /^(break|return|goto)$/.test(last.kind);
}

/** The expressions of a statement that is always carried out as a whole; undefined for any other. */
function straight(stmt: Stmt): readonly Expr[] | undefined {
  if (stmt.kind === "expression") return [stmt.expr];
  if (stmt.kind === "declaration") return stmt.variables.flatMap(({ init }) => init ?? []);
  if (stmt.kind === "return") return stmt.value === undefined ? [] : [stmt.value];
  return undefined;
}

type Use = Span & { readonly how: UseAfter["how"] };

/** The first use in the order of evaluation, or that it was settled by a test for the head or by a new value. */
function useIn(expr: Expr, walk: ListWalk, isTest: boolean): Use | "settled" | undefined {
  const at = { start: expr.start, end: expr.end };
  const is = (each: Expr): boolean => each.kind === "name" && each.name === walk.element;
  switch (expr.kind) {
    case "name":
      return is(expr) ? { ...at, how: isTest ? "null-test" : "handed-on" } : undefined;
    case "unary":
      if (expr.op === "!") return useIn(expr.operand, walk, isTest);
      if (expr.op === "&" && is(expr.operand)) return "settled";
      if (expr.op === "&" && expr.operand.kind === "member" && is(expr.operand.base))
        return expr.operand.field === walk.node.split(".")[0] ? "settled" : { ...at, how: "address" };
      break;
    case "member":
      // The node itself is the head; `.member` is a word of offsetof().
      if (is(expr.base) && expr.field === walk.node.split(".")[0]) return "settled";
      if (is(expr.base)) return expr.arrow ? { ...at, how: "read" } : undefined;
      return useIn(expr.base, walk, false);
    case "assign":
      if (is(expr.target)) return useIn(expr.value, walk, false) ?? "settled";
      return useIn(expr.value, walk, false) ?? useIn(expr.target, walk, false);
    case "conditional":
      return useIn(expr.test, walk, true) ?? "settled";
    case "binary":
      if (expr.op === "&&" || expr.op === "||") return useIn(expr.left, walk, isTest) ?? "settled";
      // No element that anybody knows lies where the head is.
      if (is(expr.left) || is(expr.right)) return "settled";
      return useIn(expr.left, walk, false) ?? useIn(expr.right, walk, false);
    case "call":
      if (expr.callee.kind === "name" && expr.callee.name === "list_entry_is_head") return "settled";
      // What only asks for a size reads nothing.
      if (
        expr.callee.kind === "name" &&
        /^(ARRAY_SIZE|flex_array_size|struct_size\w*|typeof|offsetof\w*)$/.test(expr.callee.name)
      )
        return undefined;
      for (const arg of expr.args) {
        // A function that takes the iterator may well want the head.
        if (is(arg) && !(isTest && isHint(expr))) return "settled";
        const found = useIn(arg, walk, isTest && isHint(expr));
        if (found !== undefined) return found;
      }
      return undefined;
    case "cast":
      return useIn(expr.operand, walk, isTest);
    case "index":
      return useIn(expr.base, walk, false) ?? useIn(expr.index, walk, false);
    default:
  }
  return expr.kind === "unary" ? useIn(expr.operand, walk, false) : undefined;
}

function isHint({ callee }: CallExpr): boolean {
  return callee.kind === "name" && /^(un)?likely$|^WARN_ON(_ONCE)?$/.test(callee.name);
}
