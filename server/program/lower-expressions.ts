// Expressions as events: calls, assignments and accesses in the order of evaluation, short circuits as branches.
import type { AssignExpr, CallExpr, Expr, TypeRef } from "../syntax/ast.ts";
import type { BranchExit, DerefEvent } from "./cfg.ts";
import type { Lowering } from "./lowering.ts";
import { walkExpr } from "./places.ts";

type Access = Pick<DerefEvent, "accessed" | "isArgument">;

/**
 * Evaluates for value and effect. `access` is what is read behind the pointers of the expression: of `p[i].data` the
 * whole, which may be an array and so only an address.
 */
export function lowerExpr(to: Lowering, expr: Expr, access: Access = { accessed: expr }): void {
  switch (expr.kind) {
    case "call":
      lowerCall(to, expr);
      return;
    case "member":
      lowerExpr(to, expr.base, expr.arrow ? undefined : access);
      if (expr.arrow)
        to.emit({ kind: "deref", base: expr.base, ...access, how: "arrow", start: expr.start, end: expr.end });
      return;
    case "index":
      lowerExpr(to, expr.base, { accessed: access.accessed });
      lowerExpr(to, expr.index);
      to.emit({ kind: "deref", base: expr.base, ...access, how: "index", start: expr.start, end: expr.end });
      return;
    case "unary":
      if (expr.op === "&") {
        lowerAddress(to, expr.operand);
        return;
      }
      lowerExpr(to, expr.operand);
      if (expr.op === "*")
        to.emit({ kind: "deref", base: expr.operand, ...access, how: "star", start: expr.start, end: expr.end });
      return;
    case "update":
      lowerExpr(to, expr.operand);
      to.emit({
        ...{ kind: "assign", target: expr.operand, isInit: false, start: expr.start, end: expr.end },
        ...(expr.op === "++" ? { increments: true } : {}),
      });
      return;
    case "binary":
      lowerBinary(to, expr);
      return;
    case "assign":
      lowerAssign(to, expr);
      return;
    case "conditional":
      lowerConditional(to, expr, (value) => lowerExpr(to, value));
      return;
    case "cast":
      // `(int)(0.5 * HZ)` is worked out by the compiler.
      if (!isFloatType(expr.type) && isConstant(expr.operand)) return;
      lowerExpr(to, expr.operand);
      if (isFloatType(expr.type)) to.emit({ kind: "float", start: expr.start, end: expr.end });
      return;
    case "name":
      if (to.isFloat(expr.name)) to.emit({ kind: "float", start: expr.start, end: expr.end });
      return;
    case "number":
      if (isFloatLiteral(expr.text)) to.emit({ kind: "float", start: expr.start, end: expr.end });
      return;
    case "comma":
      for (const item of expr.items) lowerExpr(to, item);
      return;
    case "block":
      to.statements(expr.body, expr);
      return;
    case "initializer":
      for (const item of expr.items) lowerExpr(to, item.value);
      return;
    case "unknown":
      to.notUnderstood();
      return;
    default:
  }
}

export function isFloatType(type: TypeRef): boolean {
  return type.pointers === 0 && !type.callable && /^(float|double|long double)$/.test(type.base);
}

function isFloatLiteral(text: string): boolean {
  return !/^0[xX]/.test(text) && /^(\d+\.\d*|\.\d+|\d+(?=[eE]))([eE][+-]?\d+)?[fFlL]?$/.test(text);
}

function isConstant(expr: Expr): boolean {
  if (expr.kind === "number") return true;
  if (expr.kind === "name") return /^[A-Z][A-Z0-9_]*$/.test(expr.name);
  if (expr.kind === "binary") return isConstant(expr.left) && isConstant(expr.right);
  return (expr.kind === "unary" || expr.kind === "cast") && isConstant(expr.operand);
}

/** Evaluates what the address of an lvalue needs, without an access to the lvalue itself. */
function lowerAddress(to: Lowering, expr: Expr): void {
  if (expr.kind === "member") {
    if (expr.arrow) lowerExpr(to, expr.base);
    else lowerAddress(to, expr.base);
  } else if (expr.kind === "index") {
    lowerAddress(to, expr.base);
    lowerExpr(to, expr.index);
  } else if (expr.kind === "unary" && expr.op === "*") {
    lowerExpr(to, expr.operand);
  } else if (expr.kind !== "name") {
    lowerExpr(to, expr);
  }
}

function lowerCall(to: Lowering, expr: CallExpr): void {
  const { callee } = expr;
  // `(u32)(1e3)` reads like a call of a function that stands in parentheses.
  const [only] = expr.args;
  if (callee.kind === "name" && /^_*[us](8|16|32|64)$/.test(callee.name) && only !== undefined && isConstant(only))
    return;
  if (callee.kind === "call" && callee.callee.kind === "name" && callee.callee.name === "guard") {
    const className = callee.args[0];
    to.guard(className?.kind === "name" ? className.name : "", expr.args[0], expr);
    return;
  }
  if (callee.kind !== "name") lowerExpr(to, callee);
  for (const arg of expr.args) {
    if (mentionsOnlyType(callee, arg) || (commands(to, callee) && isAction(arg))) continue;
    lowerExpr(to, arg, arg.kind === "member" ? { accessed: arg, isArgument: true } : undefined);
  }
  const name = callee.kind === "name" ? callee.name : undefined;
  to.emit({ kind: "call", expr, ...(name === undefined ? {} : { name }), start: expr.start, end: expr.end });
}

/** A macro that may run its arguments when and where it likes: of the file, or wait_event_cmd() and its like. */
function commands(to: Lowering, callee: Expr): boolean {
  return callee.kind === "name" && (to.isMacro(callee.name) || /^wait_event\w*_cmd$/.test(callee.name));
}

/** An argument that does something rather than name something. */
function isAction(arg: Expr): boolean {
  return arg.kind === "call" || arg.kind === "block" || arg.kind === "assign" || arg.kind === "comma";
}

/** `typeof(*p)` and its like look at the type only. */
function mentionsOnlyType(callee: Expr, arg: Expr): boolean {
  return arg.kind === "type" || (callee.kind === "name" && TYPE_ONLY.has(callee.name));
}

/** Macros of include/linux that look at the type of an argument and never at its value. */
const TYPE_ONLY: ReadonlySet<string> = new Set([
  "typeof",
  "__typeof__",
  "sizeof_field",
  "offsetofend",
  "ARRAY_SIZE",
  "BUILD_BUG_ON",
  "struct_size_t",
  "struct_size",
  "flex_array_size",
  "__builtin_choose_expr",
  "__same_type",
  "FIELD_SIZEOF",
]);

function lowerBinary(to: Lowering, expr: Expr & { kind: "binary" }): void {
  lowerExpr(to, expr.left);
  if (expr.op !== "&&" && expr.op !== "||") {
    lowerExpr(to, expr.right);
    return;
  }
  if (!hasEvents(expr.right)) return;
  const right = to.fresh();
  const after = to.fresh();
  to.end(
    expr.op === "&&"
      ? { kind: "branch", test: expr.left, whenTrue: right, whenFalse: after }
      : { kind: "branch", test: expr.left, whenTrue: after, whenFalse: right },
  );
  to.begin(right);
  lowerExpr(to, expr.right);
  to.end({ kind: "jump", to: after });
  to.begin(after);
}

function hasEvents(expr: Expr): boolean {
  let found = false;
  walkExpr(expr, (each) => {
    if (each.kind === "call" || each.kind === "assign" || each.kind === "update" || each.kind === "block") found = true;
    else if ((each.kind === "member" && each.arrow) || each.kind === "index") found = true;
    else if (each.kind === "unary" && each.op === "*") found = true;
  });
  return found;
}

/** Splits `c ? a : b`, so that whoever takes the value sees which of the two it is. */
function lowerConditional(to: Lowering, expr: Expr & { kind: "conditional" }, take: (value: Expr) => void): void {
  const then = to.fresh();
  const otherwise = to.fresh();
  const after = to.fresh();
  lowerTest(to, expr.test, then, otherwise);
  to.begin(then);
  take(expr.consequence ?? expr.test);
  to.end({ kind: "jump", to: after });
  to.begin(otherwise);
  take(expr.otherwise);
  to.end({ kind: "jump", to: after });
  to.begin(after);
}

function lowerAssign(to: Lowering, expr: AssignExpr): void {
  if (expr.op !== "=") {
    lowerExpr(to, expr.value);
    lowerExpr(to, expr.target);
    const change = { op: expr.op.slice(0, -1), operand: expr.value };
    to.emit({ kind: "assign", target: expr.target, ...change, isInit: false, start: expr.start, end: expr.end });
    return;
  }
  lowerStore(to, expr.target, expr.value, false, expr);
}

/** Evaluates `value` and stores it. */
export function lowerStore(
  to: Lowering,
  target: Expr,
  value: Expr,
  isInit: boolean,
  at: { start: number; end: number },
): void {
  if (value.kind === "conditional") {
    lowerConditional(to, value, (each) => lowerStore(to, target, each, isInit, at));
    return;
  }
  lowerExpr(to, value);
  if (!isInit) {
    lowerAddress(to, target);
    lowerWrite(to, target);
  }
  to.emit({ kind: "assign", target, value, isInit, start: at.start, end: at.end });
}

function lowerWrite(to: Lowering, target: Expr): void {
  const { start, end } = target;
  if (target.kind === "member" && target.arrow)
    to.emit({ kind: "deref", base: target.base, accessed: target, how: "arrow", start, end });
  else if (target.kind === "index") {
    // `p->raw[0] = 1`: an array lies in the object, a pointer is read from it.
    if (target.base.kind === "member") lowerWrite(to, target.base);
    to.emit({ kind: "deref", base: target.base, accessed: target, how: "index", start, end });
  } else if (target.kind === "unary" && target.op === "*")
    to.emit({ kind: "deref", base: target.operand, accessed: target, how: "star", start, end });
  else if (target.kind === "member") lowerWrite(to, target.base);
}

type Beside = NonNullable<BranchExit["beside"]>;

/** Evaluates a condition and ends the block: `&&`, `||` and `!` become edges. */
export function lowerTest(to: Lowering, test: Expr, whenTrue: number, whenFalse: number, beside?: Beside): void {
  if (test.kind === "unary" && test.op === "!") {
    const turned = beside === undefined ? undefined : { ...beside, skippedWhen: !beside.skippedWhen };
    lowerTest(to, test.operand, whenFalse, whenTrue, turned);
    return;
  }
  if (test.kind === "binary" && (test.op === "&&" || test.op === "||")) {
    const second = to.fresh();
    const right: Beside = { test: test.right, skippedWhen: test.op === "||" };
    if (test.op === "&&") lowerTest(to, test.left, second, whenFalse, right);
    else lowerTest(to, test.left, whenTrue, second, right);
    to.begin(second);
    lowerTest(to, test.right, whenTrue, whenFalse);
    return;
  }
  const transparent = to.transparentTest(test);
  if (transparent !== undefined) {
    lowerTest(to, transparent, whenTrue, whenFalse, beside);
    return;
  }
  if (test.kind === "comma") {
    for (const item of test.items.slice(0, -1)) lowerExpr(to, item);
    lowerTest(to, test.items.at(-1)!, whenTrue, whenFalse);
    return;
  }
  lowerExpr(to, test);
  to.end({ kind: "branch", test, whenTrue, whenFalse, ...(beside === undefined ? {} : { beside }) });
}
