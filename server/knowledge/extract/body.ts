// What the body of a function does: whom it calls under which conditions, what it returns, what it asserts.
import type { Expr, FunctionDef, Stmt } from "../../syntax/ast.ts";
import { both, constantTest, type Guard, gradeTest, nullTests } from "./conditions.ts";
import type { BodyCall, BodyFacts } from "./harvest.ts";
import { returnedValues } from "./returned.ts";

export { macroBodyFacts } from "./macro-body.ts";

/** `text` is the file in which the definition stands. */
export function bodyFacts(def: FunctionDef, text: string): BodyFacts {
  const body = new Body(def, text);
  for (const stmt of def.body.body) body.stmt(stmt, undefined);
  return {
    calls: body.calls,
    indirect: body.indirect,
    incomplete: body.incomplete || def.understoodUntil < def.end,
    returned: returnedValues(def),
    asserts: [...new Set(body.asserts)],
    ...(body.handsOn.size === 0 ? {} : { handsOn: [...body.handsOn] }),
  };
}

const ASSERTION = /^lockdep_assert_held(_write|_read|_once|_exclusive)?$/;
/** Macros whose argument is a test or a lock, and which call nothing that matters to a caller. */
const notEvaluated: ReadonlySet<string> = new Set(["typeof", "__typeof__", "typeof_member", "sizeof", "offsetof"]);

class Body {
  readonly calls: BodyCall[] = [];
  readonly asserts: string[] = [];
  readonly handsOn = new Set<string>();
  indirect = false;
  incomplete = false;
  private readonly text: string;
  private readonly params = new Map<string, boolean>();
  /** Variables that are a parameter with other bits: `nested = gfp & GFP_RECLAIM_MASK`. */
  private readonly aliases = new Map<string, string | null>();
  private readonly pointers = new Set<string>();
  private readonly locals = new Set<string>();
  /** Arguments of lock functions called before, as written. */
  private readonly taken = new Set<string>();
  /** An earlier statement may have left the function. */
  private left: Guard | undefined;

  constructor(def: FunctionDef, text: string) {
    this.text = text;
    for (const each of def.params) {
      if (each.type.pointers > 0) this.pointers.add(each.name);
      const pointer = each.type.pointers > 0 || each.type.callable || each.type.dimensions.length > 0;
      if (each.name !== "") this.params.set(each.name, !pointer && !isAmount(each.name, each.type.base));
    }
  }

  /** What a caller asks for: a parameter that is no pointer, no size and no index. */
  private readonly isFlag = (name: string): boolean => this.params.get(name) === true && !this.locals.has(name);

  /** Within a branch a pointer counts too: whoever gives NULL, or does not, asks for another way of working. */
  private gradeBranch(test: Expr): Guard {
    const grade = gradeTest(test, this.isFlag);
    const pointers = nullTests(test).filter((name) => this.pointers.has(name) && !this.locals.has(name));
    return pointers.length === 0 || grade.when === "context"
      ? grade
      : { when: "parameter", tested: [...grade.tested, ...pointers] };
  }

  stmt(stmt: Stmt, guard: Guard | undefined): void {
    switch (stmt.kind) {
      case "compound":
        for (const each of stmt.body) this.stmt(each, guard);
        return;
      case "expression":
        this.expr(stmt.expr, guard);
        return;
      case "declaration":
        for (const each of stmt.variables) {
          this.locals.add(each.name);
          if (each.type.base === "gfp_t" && each.init !== undefined) this.aliases.set(each.name, this.plain(each.init));
          if (each.init !== undefined) this.expr(each.init, guard);
        }
        return;
      case "if":
        this.branch(stmt.test, stmt.consequence, stmt.otherwise, guard);
        return;
      case "while":
      case "for": {
        if (stmt.kind === "for" && stmt.init !== undefined) this.stmt(stmt.init, guard);
        if (stmt.test !== undefined) this.expr(stmt.test, guard);
        const inner =
          constantTest(stmt.test) === true
            ? guard
            : both(
                guard,
                gradeTest(stmt.test!, (name) => this.isFlag(name)),
              );
        // A loop over a count does not hang on what the caller asked for, but on there being anything to do.
        this.stmt(stmt.body, inner?.when === "parameter" && guard === undefined ? BRANCH : inner);
        if (stmt.kind === "for" && stmt.step !== undefined) this.expr(stmt.step, both(guard, BRANCH));
        return;
      }
      case "do":
        this.stmt(stmt.body, guard);
        this.expr(stmt.test, guard);
        return;
      case "macro":
        this.call(stmt.name, stmt.args, guard);
        this.stmt(stmt.body, /^(scoped_guard|scoped_class|guard)$/.test(stmt.name) ? guard : both(guard, BRANCH));
        return;
      case "switch": {
        this.expr(stmt.value, guard);
        this.stmt(stmt.body, both(guard, gradeTest(stmt.value, this.isFlag)));
        if (exitOf(stmt.body) !== undefined) this.left = both(this.left, { when: "exit", tested: [] });
        return;
      }
      case "case":
        for (const each of stmt.body) this.stmt(each, guard);
        return;
      case "label":
        if (stmt.body !== undefined) this.stmt(stmt.body, guard);
        return;
      case "return":
        if (stmt.value !== undefined) this.expr(stmt.value, guard);
        this.leave(guard);
        return;
      case "goto":
        if (stmt.label === undefined) this.incomplete = true;
        this.leave(guard);
        return;
      case "unknown":
        this.incomplete = true;
        return;
      default:
    }
  }

  /** What stands behind the last `return` of the usual path is reached by jumps only, most often after a failure. */
  private leave(guard: Guard | undefined): void {
    if (guard === undefined) this.left = both(this.left, BRANCH);
  }

  private branch(test: Expr, then: Stmt, otherwise: Stmt | undefined, guard: Guard | undefined): void {
    this.expr(test, guard);
    const known = constantTest(test);
    // `if (!p) return;` asks for nothing; `if (p) { defer(p); return; }` chooses.
    const grade = test.kind === "name" ? this.gradeBranch(test) : gradeTest(test, this.isFlag);
    const inner = both(guard, this.gradeBranch(test));
    if (known !== false) this.stmt(then, known === true ? guard : inner);
    if (otherwise !== undefined && known !== true) this.stmt(otherwise, known === false ? guard : inner);
    if (known !== undefined) return;
    for (const way of [then, otherwise]) {
      const exit = way === undefined ? undefined : exitOf(way);
      if (exit === undefined) continue;
      // Who gives an error for a wrong argument does not do something else at the caller's wish.
      const soft = exit === "maybe" || (grade.when !== "context" && (grade.when === "branch" || exit === "failure"));
      this.left = both(this.left, soft ? { when: "exit", tested: [] } : grade);
    }
  }

  private expr(expr: Expr, guard: Guard | undefined): void {
    switch (expr.kind) {
      case "call":
        this.callExpr(expr.callee, expr.args, guard);
        return;
      case "member":
        this.expr(expr.base, guard);
        return;
      case "index":
        this.expr(expr.base, guard);
        this.expr(expr.index, guard);
        return;
      case "unary":
      case "update":
      case "cast":
        this.expr(expr.operand, guard);
        return;
      case "binary": {
        this.expr(expr.left, guard);
        const lazy = expr.op === "&&" || expr.op === "||";
        this.expr(expr.right, lazy ? both(guard, gradeTest(expr.left, this.isFlag)) : guard);
        return;
      }
      case "assign":
        if (expr.target.kind === "name" && this.aliases.has(expr.target.name)) this.aliases.set(expr.target.name, null);
        this.expr(expr.target, guard);
        this.expr(expr.value, guard);
        return;
      case "conditional": {
        this.expr(expr.test, guard);
        const inner = both(guard, gradeTest(expr.test, this.isFlag));
        if (expr.consequence !== undefined) this.expr(expr.consequence, inner);
        this.expr(expr.otherwise, inner);
        return;
      }
      case "comma":
        for (const each of expr.items) this.expr(each, guard);
        return;
      case "block":
        for (const each of expr.body) this.stmt(each, guard);
        return;
      case "initializer":
        for (const each of expr.items) this.expr(each.value, guard);
        return;
      case "unknown":
        this.incomplete = true;
        return;
      default:
    }
  }

  private callExpr(callee: Expr, args: readonly Expr[], guard: Guard | undefined): void {
    if (callee.kind === "name" && !this.locals.has(callee.name) && !this.params.has(callee.name)) {
      this.call(callee.name, args, guard);
      return;
    }
    if (callee.kind === "call" && callee.callee.kind === "name" && /^(guard|class)$/i.test(callee.callee.name)) {
      this.call("guard", callee.args, guard);
    } else {
      this.indirect = true;
      this.expr(callee, guard);
      for (const arg of args) if (arg.kind === "name" && this.params.has(arg.name)) this.handsOn.add(arg.name);
    }
    for (const arg of args) this.expr(arg, guard);
  }

  private call(name: string, args: readonly Expr[], guard: Guard | undefined): void {
    if (notEvaluated.has(name)) return;
    const all = both(guard, this.left);
    if (ASSERTION.test(name) || name === "assert_spin_locked" || name === "ASSERT_RTNL") {
      if (all === undefined) this.assertion(name === "ASSERT_RTNL" ? "rtnl_mutex" : this.written(args[0]), args[0]);
      return;
    }
    for (const arg of args) this.expr(arg, guard);
    if (/lock|down_(read|write)|^guard$/.test(name)) for (const arg of args) this.taken.add(this.written(arg));
    const grade = name === "might_sleep_if" && args[0] !== undefined ? this.reservation(args[0]) : undefined;
    const when = both(all, grade);
    this.calls.push({
      name: grade === undefined ? name : "might_sleep",
      args: args.map((arg) => this.plain(arg)),
      conditional: when !== undefined,
      ...(when === undefined ? {} : { when: when.when }),
      ...(when === undefined || when.tested.length === 0 ? {} : { tested: when.tested }),
    });
  }

  /** An assertion that is made under a condition says that there are calls which do not sleep. */
  private reservation(test: Expr): Guard {
    const grade = gradeTest(test, this.isFlag);
    return grade.when === "branch" ? { when: "context", tested: [] } : grade;
  }

  /** A name, a constant or several joined by `|`; null for anything else. A mask may only take bits away that do not matter. */
  private plain(expr: Expr): string | null {
    if (expr.kind === "name") return this.aliases.get(expr.name) ?? expr.name;
    if (expr.kind === "number" || expr.kind === "type") return expr.text;
    if (expr.kind === "cast") return this.plain(expr.operand);
    if (expr.kind !== "binary") return null;
    const left = this.plain(expr.left);
    if (expr.op === "&" && left !== null) return /RECLAIM/.test(this.complement(expr.right)) ? null : left;
    const right = expr.op === "|" ? this.plain(expr.right) : null;
    return left === null || right === null ? null : `${left}|${right}`;
  }

  /** The bits that a mask takes away, as written: `__GFP_HIGHMEM` of `~__GFP_HIGHMEM`. */
  private complement(mask: Expr): string {
    return mask.kind === "unary" && mask.op === "~" ? this.written(mask.operand) : "";
  }

  private assertion(written: string, arg: Expr | undefined): void {
    const root = arg === undefined ? undefined : rootName(arg);
    if (written === "" || this.taken.has(written) || (root !== undefined && this.locals.has(root))) return;
    this.asserts.push(written);
  }

  private written(arg: Expr | undefined): string {
    return arg === undefined ? "" : this.text.slice(arg.start, arg.end).replace(/\s+/g, "");
  }
}

const BRANCH: Guard = { when: "branch", tested: [] };

/** How a statement leaves the function: with an error, with its work done another way, or not on all of its own paths. */
function exitOf(stmt: Stmt): "failure" | "other" | "maybe" | undefined {
  switch (stmt.kind) {
    case "return":
      return stmt.value !== undefined && isFailure(stmt.value) ? "failure" : "other";
    case "goto":
      return "failure";
    case "compound": {
      let maybe: "maybe" | undefined;
      for (const each of stmt.body) {
        const exit = exitOf(each);
        if (exit === "maybe") maybe = exit;
        else if (exit !== undefined) return exit;
      }
      return maybe;
    }
    case "if": {
      const then = exitOf(stmt.consequence);
      const otherwise = stmt.otherwise === undefined ? undefined : exitOf(stmt.otherwise);
      if (then === undefined && otherwise === undefined) return undefined;
      return then !== undefined && otherwise !== undefined ? then : "maybe";
    }
    case "case":
    case "switch":
    case "while":
    case "for":
    case "do":
    case "macro": {
      const inner = Array.isArray(stmt.body) ? (stmt.body as readonly Stmt[]) : [stmt.body as Stmt];
      return inner.some((each) => exitOf(each) !== undefined) ? "maybe" : undefined;
    }
    default:
      return undefined;
  }
}

function isFailure(value: Expr): boolean {
  if (value.kind === "unary" && value.op === "-") return true;
  if (value.kind === "name") return value.name === "NULL" || value.name === "false";
  return (
    value.kind === "call" && value.callee.kind === "name" && /^(ERR_PTR|ERR_CAST|PTR_ERR)$/.test(value.callee.name)
  );
}

/** The name at the bottom of `&x->lock`, `*x`, `x[i].lock`. */
export function rootName(expr: Expr): string | undefined {
  if (expr.kind === "name") return expr.name;
  if (expr.kind === "member" || expr.kind === "index") return rootName(expr.base);
  return expr.kind === "unary" || expr.kind === "cast" ? rootName(expr.operand) : undefined;
}

/** Parameters that say how much or which, not how. */
function isAmount(name: string, type: string): boolean {
  if (
    /^(size_t|ssize_t|loff_t|off_t|dma_addr_t|phys_addr_t|resource_size_t|sector_t|pgoff_t|dev_t|ktime_t)$/.test(type)
  )
    return true;
  return /^(n|len|length|size|count|bytes|nbytes|num|nr|offset|off|addr|index|idx|id|irq|pos|order|nents|minor|major|reg|val|value|port|pin)$/.test(
    name,
  );
}
