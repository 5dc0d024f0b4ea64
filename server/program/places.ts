// Places: what a C lvalue names, as a short text that is equal for equal places (`dev->lock`, `buf`, `a[i].x`).
import type { Expr } from "../syntax/ast.ts";

/** The text of a place, or undefined when the expression names none (calls, arithmetic). */
export function placeOf(expr: Expr): string | undefined {
  switch (expr.kind) {
    case "name":
      return expr.name;
    case "member": {
      // `(&x)->y` and `(*p).y` are `x.y` and `p->y`.
      const { base } = expr;
      if (base.kind === "unary" && expr.arrow && base.op === "&") return joined(placeOf(base.operand), ".", expr.field);
      if (base.kind === "unary" && !expr.arrow && base.op === "*")
        return joined(placeOf(base.operand), "->", expr.field);
      return joined(placeOf(base), expr.arrow ? "->" : ".", expr.field);
    }
    case "index": {
      const base = placeOf(expr.base);
      const index = textOf(expr.index);
      return base === undefined || index === undefined ? undefined : `${base}[${index}]`;
    }
    case "unary": {
      if (expr.op !== "*") return undefined;
      if (expr.operand.kind === "unary" && expr.operand.op === "&") return placeOf(expr.operand.operand);
      const inner = placeOf(expr.operand);
      return inner === undefined ? undefined : `*${inner}`;
    }
    case "cast":
      return placeOf(expr.operand);
    case "assign":
      return placeOf(expr.target);
    default:
      return undefined;
  }
}

function joined(base: string | undefined, operator: string, field: string): string | undefined {
  return base === undefined ? undefined : `${base}${operator}${field}`;
}

/** The object that an argument points to: `&dev->lock` points to `dev->lock`, `lock` to `*lock`. */
export function pointeeOf(expr: Expr): string | undefined {
  if (expr.kind === "cast") return pointeeOf(expr.operand);
  if (expr.kind === "unary" && expr.op === "&") return placeOf(expr.operand);
  const place = placeOf(expr);
  return place === undefined ? undefined : `*${place}`;
}

/** How a lock or another object is named for people: `*lock` is just `lock`. */
export function spoken(place: string): string {
  return place.startsWith("*") ? place.slice(1) : place;
}

/** A text for any expression without side effects, equal for equal expressions; undefined for others. */
export function textOf(expr: Expr): string | undefined {
  const place = placeOf(expr);
  if (place !== undefined && expr.kind !== "assign") return place;
  switch (expr.kind) {
    case "number":
      return expr.text;
    case "type":
      return expr.text;
    case "string":
      return expr.text;
    case "binary": {
      const left = textOf(expr.left);
      const right = textOf(expr.right);
      return left === undefined || right === undefined ? undefined : `(${left}${expr.op}${right})`;
    }
    case "unary": {
      const operand = textOf(expr.operand);
      return operand === undefined ? undefined : `${expr.op}${operand}`;
    }
    case "call": {
      const callee = textOf(expr.callee);
      const args = expr.args.map(textOf);
      return callee === undefined || args.includes(undefined) ? undefined : `${callee}(${args.join(",")})`;
    }
    default:
      return undefined;
  }
}

/** The variable a place begins with: `dev` of `dev->lock`, `p` of `*p`. */
export function rootOf(place: string): string {
  return /^\**([A-Za-z_$][\w$]*)/.exec(place)?.[1] ?? place;
}

/** Whether a change of `changed` may change what `text` (a place or condition) says. */
export function mentions(text: string, changed: string): boolean {
  for (let at = text.indexOf(changed); at !== -1; at = text.indexOf(changed, at + 1)) {
    const before = text.charCodeAt(at - 1);
    const after = text.charCodeAt(at + changed.length);
    const memberBefore = text[at - 1] === "." || text.slice(at - 2, at) === "->";
    if (!isWordCode(before) && !isWordCode(after) && !memberBefore) return true;
  }
  return false;
}

export function isWordCode(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
}

/** The same place seen from a called function: `dev->lock` with root `dev` renamed to `d`. */
export function renameRoot(place: string, from: string, to: string): string {
  const stars = /^\**/.exec(place)![0].length;
  return place.startsWith(from, stars) ? place.slice(0, stars) + to + place.slice(stars + from.length) : place;
}

/** Walks an expression and all below it, statement expressions aside. */
export function walkExpr(expr: Expr, visit: (each: Expr) => void): void {
  visit(expr);
  for (const each of parts(expr)) walkExpr(each, visit);
}

export function parts(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "call":
      return [expr.callee, ...expr.args];
    case "member":
      return [expr.base];
    case "index":
      return [expr.base, expr.index];
    case "unary":
    case "update":
    case "cast":
      return [expr.operand];
    case "binary":
      return [expr.left, expr.right];
    case "assign":
      return [expr.target, expr.value];
    case "conditional":
      return expr.consequence === undefined
        ? [expr.test, expr.otherwise]
        : [expr.test, expr.consequence, expr.otherwise];
    case "comma":
      return expr.items;
    case "initializer":
      return expr.items.map((item) => item.value);
    default:
      return [];
  }
}
