// How much stack a function's own variables take at least, as far as declarations in the file tell.
import type { Func, Program } from "../program/program.ts";
import type { Expr, Stmt, TypeRef, Variable } from "../syntax/ast.ts";

export interface StackUse {
  /** Bytes of all variables whose size is known: a lower bound. */
  readonly total: number;
  readonly largest: { readonly variable: Variable; readonly bytes: number } | undefined;
}

/** Constants of the file by name: object-like macros and enumerators with a plain value. */
export type Constants = ReadonlyMap<string, number>;

export function constantOf({ macros }: Program): Constants {
  const known = constants.get(macros);
  if (known !== undefined) return known;
  const found = new Map<string, number>();
  for (const { name, params, body } of macros.values()) {
    if (params !== undefined) continue;
    const value = evaluateText(body, found);
    if (value !== undefined) found.set(name, value);
  }
  constants.set(macros, found);
  return found;
}

const constants = new WeakMap<Program["macros"], Constants>();

/** Sums and products of numbers and known names, as array sizes are written. */
function evaluateText(body: string, known: Constants): number | undefined {
  const tokens = body
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\/\/.*$/gm, "")
    .match(/0[xX][0-9a-fA-F]+|\d+|\w+|<<|[-+*/()]/g);
  if (tokens === null || tokens.length > 32) return undefined;
  let index = 0;
  const primary = (): number | undefined => {
    const token = tokens[index++];
    if (token === undefined) return undefined;
    if (token === "(") {
      const inner = sum();
      return tokens[index++] === ")" ? inner : undefined;
    }
    const number = Number(token);
    return Number.isNaN(number) ? known.get(token) : number;
  };
  const product = (): number | undefined => {
    let left = primary();
    while (left !== undefined && (tokens[index] === "*" || tokens[index] === "/" || tokens[index] === "<<")) {
      const operator = tokens[index++];
      const right = primary();
      if (right === undefined) return undefined;
      left = operator === "*" ? left * right : operator === "/" ? Math.trunc(left / right) : left * 2 ** right;
    }
    return left;
  };
  const sum = (): number | undefined => {
    let left = product();
    while (left !== undefined && (tokens[index] === "+" || tokens[index] === "-")) {
      const operator = tokens[index++];
      const right = product();
      if (right === undefined) return undefined;
      left = operator === "+" ? left + right : left - right;
    }
    return left;
  };
  const value = sum();
  return index === tokens.length ? value : undefined;
}

export function stackBytes(program: Program, fn: Func, constants: Constants): StackUse {
  return scopeBytes(fn.def.body, (variable) => sizeOf(program, variable.type, constants, 0));
}

/** Variables of one scope live together; those of two scopes side by side may share their place. */
function scopeBytes(stmt: Stmt | undefined, size: (variable: Variable) => number | undefined): StackUse {
  if (stmt === undefined) return NOTHING;
  switch (stmt.kind) {
    case "declaration":
      return stmt.variables.reduce((use: StackUse, variable) => {
        const bytes = variable.isStatic || variable.isExtern ? undefined : size(variable);
        if (bytes === undefined) return use;
        const larger = use.largest === undefined || bytes > use.largest.bytes;
        return { total: use.total + bytes, largest: larger ? { variable, bytes } : use.largest };
      }, NOTHING);
    case "compound":
    case "case": {
      const uses = stmt.body.map((each) => ({ own: each.kind === "declaration", use: scopeBytes(each, size) }));
      const own = uses.filter((each) => each.own).reduce((sum, { use }) => together(sum, use), NOTHING);
      const inner = uses
        .filter((each) => !each.own)
        .reduce((most, { use }) => (use.total > most.total ? use : most), NOTHING);
      return together(own, inner);
    }
    case "if": {
      const then = scopeBytes(stmt.consequence, size);
      const otherwise = scopeBytes(stmt.otherwise, size);
      return then.total >= otherwise.total ? then : otherwise;
    }
    case "for":
      return together(scopeBytes(stmt.init, size), scopeBytes(stmt.body, size));
    case "while":
    case "do":
    case "switch":
    case "macro":
    case "label":
      return scopeBytes(stmt.body, size);
    default:
      return NOTHING;
  }
}

const NOTHING: StackUse = { total: 0, largest: undefined };

function together(a: StackUse, b: StackUse): StackUse {
  const largest = (a.largest?.bytes ?? 0) >= (b.largest?.bytes ?? 0) ? a.largest : b.largest;
  return { total: a.total + b.total, largest };
}

/** Bytes of a type: a lower bound where padding is not known. */
export function sizeOf(program: Program, type: TypeRef, constants: Constants, depth: number): number | undefined {
  const one = elementBytes(program, type, constants, depth);
  let count = 1;
  for (const dimension of type.dimensions) {
    const length = dimension === null ? undefined : evaluate(dimension, constants, program, depth);
    if (length === undefined) return undefined;
    count *= length;
  }
  return one === undefined ? undefined : one * count;
}

function elementBytes(program: Program, type: TypeRef, constants: Constants, depth: number): number | undefined {
  if (type.pointers > 0 || type.callable) return 8;
  if (depth > 8) return undefined;
  const known = program.knowledge.type(type.base)?.bytes;
  if (known !== undefined) return known;
  if (type.base.startsWith("enum ")) return 4;
  const record = program.types.recordOf(type);
  if (record === undefined || !record.complete) return undefined;
  let total = 0;
  for (const member of record.members) {
    const bytes = sizeOf(program, member.type, constants, depth + 1);
    // A lower bound: members of unknown size, bit fields and padding count nothing.
    if (bytes === undefined || program.types.fileOf(member).text.slice(member.nameSpan.end).trimStart().startsWith(":"))
      continue;
    total = record.name.startsWith("union") ? Math.max(total, bytes) : total + bytes;
  }
  return total;
}

/** The value of a constant expression, as far as the file tells. */
export function evaluate(expr: Expr, constants: Constants, program: Program, depth: number): number | undefined {
  switch (expr.kind) {
    case "number": {
      const value = Number(expr.text.replace(/[uUlL]+$/, ""));
      return Number.isNaN(value) ? undefined : value;
    }
    case "name":
      return constants.get(expr.name);
    case "sizeof":
      return expr.type === undefined ? undefined : sizeOf(program, expr.type, constants, depth + 1);
    case "binary": {
      const left = evaluate(expr.left, constants, program, depth);
      const right = evaluate(expr.right, constants, program, depth);
      if (left === undefined || right === undefined) return undefined;
      if (expr.op === "+") return left + right;
      if (expr.op === "-") return left - right;
      if (expr.op === "*") return left * right;
      if (expr.op === "/") return right === 0 ? undefined : Math.trunc(left / right);
      return expr.op === "<<" ? left * 2 ** right : undefined;
    }
    default:
      return undefined;
  }
}
