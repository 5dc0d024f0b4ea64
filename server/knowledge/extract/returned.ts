// What a function gives back: the values of its return statements, followed through its variables from path to path.
import type { Expr, FunctionDef, Stmt } from "../../syntax/ast.ts";
import type { ReturnedValue } from "./harvest.ts";

/** Each value that a return statement may give back, once, in a fixed order. */
export function returnedValues(def: FunctionDef): readonly ReturnedValue[] {
  const flow = new Flow(def);
  // Twice, so that a jump backwards finds what the first pass noted at its label.
  for (let pass = 0; pass < 2; pass++) flow.run(def.body.body);
  return [...flow.returned].sort().map((value) => {
    const callee = /^call:(.*)/.exec(value)?.[1];
    return callee === undefined ? ({ kind: value } as ReturnedValue) : { kind: "call", callee };
  });
}

/** A kind of ReturnedValue, or `call:name`. */
type Value = string;
type Values = ReadonlySet<Value>;
/** Undefined where no path leads. */
type Env = ReadonlyMap<string, Values> | undefined;

const OTHER: Values = new Set(["other"]);
const one = (value: Value): Values => new Set([value]);

class Flow {
  readonly returned = new Set<Value>();
  private readonly pointers = new Set<string>();
  private readonly params = new Set<string>();
  private readonly start: Env;
  private readonly labels = new Map<string, Env>();
  private breaks: Env[] = [];
  private env: Env;

  constructor(def: FunctionDef) {
    const start = new Map<string, Values>();
    for (const each of def.params) {
      this.params.add(each.name);
      if (each.type.pointers > 0) this.pointers.add(each.name);
      start.set(each.name, each.type.pointers > 0 ? one("object") : OTHER);
    }
    this.start = start;
    this.env = start;
  }

  run(body: readonly Stmt[]): void {
    this.env = this.start;
    for (const each of body) this.stmt(each);
  }

  private stmt(stmt: Stmt): void {
    switch (stmt.kind) {
      case "compound":
        for (const each of stmt.body) this.stmt(each);
        return;
      case "expression":
        this.effects(stmt.expr);
        return;
      case "declaration":
        for (const each of stmt.variables) {
          if (each.type.pointers > 0) this.pointers.add(each.name);
          if (each.init !== undefined) this.effects(each.init);
          this.set(each.name, each.init === undefined ? OTHER : this.value(each.init));
        }
        return;
      case "if": {
        this.effects(stmt.test);
        const before = this.env;
        this.env = this.refine(before, stmt.test, true);
        this.stmt(stmt.consequence);
        const then = this.env;
        this.env = this.refine(before, stmt.test, false);
        if (stmt.otherwise !== undefined) this.stmt(stmt.otherwise);
        this.env = join(then, this.env);
        return;
      }
      case "for":
        if (stmt.init !== undefined) this.stmt(stmt.init);
        this.loop(stmt.body, stmt.test, stmt.step);
        return;
      case "while":
        this.loop(stmt.body, stmt.test, undefined);
        return;
      case "do": {
        const outer = this.breaks;
        this.breaks = [];
        this.stmt(stmt.body);
        this.effects(stmt.test);
        this.env = this.breaks.reduce(join, this.env);
        this.breaks = outer;
        return;
      }
      case "macro":
        if (/^scoped_(cond_)?guard$/.test(stmt.name)) this.stmt(stmt.body);
        else {
          // An iterator: its first argument is an element from then on, and who knows what after its end.
          const [cursor] = stmt.args;
          if (cursor?.kind === "name") this.set(cursor.name, OTHER);
          this.loop(stmt.body, UNKNOWN_TEST, undefined);
        }
        return;
      case "switch": {
        this.effects(stmt.value);
        const outer = this.breaks;
        this.breaks = [];
        const before = this.env;
        const body = stmt.body.kind === "compound" ? stmt.body.body : [stmt.body];
        this.env = undefined;
        let complete = false;
        for (const each of body) {
          if (each.kind === "case") {
            this.env = join(before, this.env);
            complete ||= each.value === undefined;
          }
          this.stmt(each);
        }
        this.env = this.breaks.reduce(join, complete ? this.env : join(before, this.env));
        this.breaks = outer;
        return;
      }
      case "case":
        for (const each of stmt.body) this.stmt(each);
        return;
      case "label":
        this.env = join(this.env, this.labels.get(stmt.name));
        if (stmt.body !== undefined) this.stmt(stmt.body);
        return;
      case "goto":
        if (stmt.label !== undefined) this.labels.set(stmt.label, join(this.labels.get(stmt.label), this.env));
        this.env = undefined;
        return;
      case "break":
      case "continue":
        this.breaks.push(this.env);
        this.env = undefined;
        return;
      case "return":
        if (stmt.value !== undefined) {
          this.effects(stmt.value);
          this.giveBack(stmt.value);
        }
        this.env = undefined;
        return;
      default:
    }
  }

  private loop(body: Stmt, test: Expr | undefined, step: Expr | undefined): void {
    const outer = this.breaks;
    this.breaks = [];
    const endless = test === undefined || (test.kind === "number" && test.text !== "0");
    const ends: Env[] = [];
    for (let round = 0; round < 2; round++) {
      if (test !== undefined) this.effects(test);
      const before = this.env;
      if (!endless) ends.push(this.refine(before, test, false));
      this.env = endless ? before : this.refine(before, test, true);
      this.stmt(body);
      if (step !== undefined) this.effects(step);
      this.env = join(before, this.env);
    }
    if (!endless) ends.push(this.refine(this.env, test!, false));
    this.env = [...this.breaks, ...ends].reduce(join, undefined);
    this.breaks = outer;
  }

  private giveBack(value: Expr): void {
    if (this.env === undefined) return;
    for (const each of this.value(value)) this.returned.add(each);
  }

  private set(name: string, values: Values): void {
    if (this.env !== undefined) this.env = new Map(this.env).set(name, values);
  }

  /** Assignments, and variables whose address is handed to a call. */
  private effects(expr: Expr): void {
    switch (expr.kind) {
      case "assign":
        this.effects(expr.value);
        if (expr.target.kind === "name") this.set(expr.target.name, expr.op === "=" ? this.value(expr.value) : OTHER);
        else this.effects(expr.target);
        return;
      case "update":
        if (expr.operand.kind === "name") this.set(expr.operand.name, OTHER);
        return;
      case "call":
        for (const arg of expr.args) {
          this.effects(arg);
          if (arg.kind === "unary" && arg.op === "&" && arg.operand.kind === "name") this.set(arg.operand.name, OTHER);
        }
        if (expr.callee.kind === "name" && expr.callee.name === "return_ptr" && expr.args[0] !== undefined) {
          this.giveBack(expr.args[0]);
          this.env = undefined;
        }
        return;
      case "unary":
      case "cast":
        this.effects(expr.operand);
        return;
      case "binary":
        this.effects(expr.left);
        this.effects(expr.right);
        return;
      case "conditional":
        for (const each of [expr.test, expr.consequence, expr.otherwise]) if (each !== undefined) this.effects(each);
        return;
      case "comma":
        for (const each of expr.items) this.effects(each);
        return;
      case "block":
        for (const each of expr.body) this.stmt(each);
        return;
      default:
    }
  }

  private value(expr: Expr): Values {
    switch (expr.kind) {
      case "name":
        if (expr.name === "NULL") return one("null");
        if (expr.name === "true" || expr.name === "false") return one("boolean");
        return this.env?.get(expr.name) ?? OTHER;
      case "number":
        return one(/^0[xX]?0*[uUlL]*$/.test(expr.text) ? "zero" : "positive");
      case "string":
        return one("object");
      case "member":
      case "index":
        return one("object");
      case "unary":
        if (expr.op === "!") return one("boolean");
        if (expr.op === "&") return one("object");
        if (expr.op === "-" && expr.operand.kind === "name" && /^E[A-Z0-9]+$/.test(expr.operand.name))
          return one("errno");
        return OTHER;
      case "binary":
        if (/^(&&|\|\||[=!<>]=|[<>])$/.test(expr.op)) return one("boolean");
        if (expr.op === "+" && [...this.value(expr.left)].every((each) => each === "object")) return one("object");
        return OTHER;
      case "assign":
        return expr.op === "=" ? this.value(expr.value) : OTHER;
      case "cast":
        return this.value(expr.operand);
      case "comma":
        return expr.items.length === 0 ? OTHER : this.value(expr.items.at(-1)!);
      case "conditional": {
        const before = this.env;
        this.env = this.refine(before, expr.test, true);
        const then = this.value(expr.consequence ?? expr.test);
        this.env = this.refine(before, expr.test, false);
        const otherwise = this.value(expr.otherwise);
        this.env = before;
        return new Set([...then, ...otherwise]);
      }
      case "call":
        return this.called(expr.callee, expr.args);
      default:
        return OTHER;
    }
  }

  private called(callee: Expr, args: readonly Expr[]): Values {
    if (callee.kind !== "name" || this.env?.has(callee.name)) return OTHER;
    const [first, second] = args;
    switch (callee.name) {
      case "ERR_PTR":
        return first !== undefined && only(this.value(first), "zero") ? one("null") : one("errptr");
      case "ERR_CAST":
      case "IOMEM_ERR_PTR":
      case "dev_err_ptr_probe":
      case "dev_err_cast_probe":
        return one("errptr");
      case "PTR_ERR":
        return one("errno");
      case "PTR_ERR_OR_ZERO":
        return new Set(["errno", "zero"]);
      case "dev_err_probe":
        return second === undefined ? OTHER : one("errno");
      case "container_of":
      case "container_of_const":
      case "list_entry":
        return one("object");
      case "likely":
      case "unlikely":
      case "no_free_ptr":
      case "__no_free_ptr":
        return first === undefined ? OTHER : this.value(first);
      case "IS_ERR":
      case "IS_ERR_OR_NULL":
      case "WARN_ON":
      case "WARN_ON_ONCE":
        return one("boolean");
      default:
        return one(`call:${callee.name}`);
    }
  }

  /** The environment on the side of a test where it holds, or does not. */
  private refine(env: Env, test: Expr | undefined, holds: boolean): Env {
    if (env === undefined || test === undefined) return env;
    switch (test.kind) {
      case "name":
        return this.narrow(env, test.name, holds ? "nonzero" : "zero");
      case "assign":
        return test.target.kind === "name" ? this.narrow(env, test.target.name, holds ? "nonzero" : "zero") : env;
      case "unary":
        return test.op === "!" ? this.refine(env, test.operand, !holds) : env;
      case "call": {
        const name = test.callee.kind === "name" ? test.callee.name : "";
        const [arg] = test.args;
        if (/^(un)?likely$|^WARN_ON(_ONCE)?$/.test(name)) return this.refine(env, arg, holds);
        const target = arg?.kind === "assign" ? arg.target : arg;
        if (target?.kind !== "name") return env;
        if (name === "IS_ERR") return this.narrow(env, target.name, holds ? "errptr" : "valid");
        if (name === "IS_ERR_OR_NULL") return this.narrow(env, target.name, holds ? "bad" : "nonzero");
        return env;
      }
      case "binary": {
        if (test.op === "&&" || test.op === "||") {
          if ((test.op === "&&") === holds) return this.refine(this.refine(env, test.left, holds), test.right, holds);
          return join(this.refine(env, test.left, holds), this.refine(env, test.right, holds));
        }
        return this.compare(env, test.left, test.op, test.right, holds);
      }
      default:
        return env;
    }
  }

  private compare(env: NonNullable<Env>, left: Expr, op: string, right: Expr, holds: boolean): Env {
    const target = left.kind === "assign" ? left.target : left;
    const zero =
      (right.kind === "number" && Number(right.text) === 0) || (right.kind === "name" && right.name === "NULL");
    if (target.kind !== "name" || !zero) return env;
    if (op === "==") return this.narrow(env, target.name, holds ? "zero" : "nonzero");
    if (op === "!=") return this.narrow(env, target.name, holds ? "nonzero" : "zero");
    if (op === "<") return this.narrow(env, target.name, holds ? "negative" : "counted");
    if (op === ">=") return this.narrow(env, target.name, holds ? "counted" : "negative");
    return env;
  }

  private narrow(
    env: NonNullable<Env>,
    name: string,
    to: "zero" | "nonzero" | "errptr" | "valid" | "bad" | "negative" | "counted",
  ): Env {
    const values = env.get(name);
    if (values === undefined) return env;
    const isPointer = this.pointers.has(name);
    const kept = new Set<Value>();
    for (const value of values) {
      const unclear = value === "other" || value.startsWith("call:");
      if (to === "zero") {
        if (unclear || value === "zero" || value === "null" || value === "boolean")
          kept.add(isPointer ? "null" : "zero");
      } else if (to === "nonzero") {
        if (value === "zero" || value === "null") continue;
        kept.add(isPointer && value.startsWith("call:") ? "object" : value);
      } else if (to === "errptr") {
        if (unclear || value === "errptr" || value === "null") kept.add("errptr");
      } else if (to === "valid") {
        if (value !== "errptr") kept.add(value.startsWith("call:") ? "object" : value);
      } else if (to === "bad") {
        if (unclear) for (const each of ["null", "errptr"]) kept.add(each);
        else if (value === "null" || value === "errptr") kept.add(value);
      } else if (to === "negative") {
        if (unclear || value === "errno") kept.add("errno");
      } else if (value !== "errno") kept.add(value.startsWith("call:") ? "positive" : value);
    }
    // No value is left where the path cannot be; what was not followed may still take it.
    return kept.size === 0 ? env : new Map(env).set(name, kept);
  }
}

const UNKNOWN_TEST: Expr = { kind: "unknown", start: 0, end: 0 };

function only(values: Values, wanted: Value): boolean {
  return values.size === 1 && values.has(wanted);
}

function join(first: Env, second: Env): Env {
  if (first === undefined || second === undefined || first === second) return first ?? second;
  const joined = new Map(first);
  for (const [name, values] of second) {
    const before = joined.get(name);
    if (before !== values) joined.set(name, before === undefined ? values : new Set([...before, ...values]));
  }
  return joined;
}
