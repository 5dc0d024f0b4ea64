// What the cases of an ioctl handler copy, where it is not what the ioctl's number tells user space.
import type { CallEvent } from "../program/cfg.ts";
import { walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import { walkStatements } from "../program/statements.ts";
import type { CaseStmt, Expr, SwitchStmt } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { callsOf } from "./calls-of.ts";
import { exactBytes, type IoctlNumber, ioctlNumber } from "./named-numbers.ts";
import { stripCasts } from "./summary.ts";

export interface IoctlCopy extends Span {
  readonly name: string;
  readonly number: IoctlNumber;
  /** The function that copies. */
  readonly through: string;
  readonly from: boolean;
  /** Bytes that are copied, where they are the matter; otherwise it is the direction. */
  readonly bytes?: number;
  /** The case that leads there. */
  readonly label: Span;
}

/** Which argument is user space's, and which one is the length. */
const COPIES: ReadonlyMap<string, { readonly from: boolean; readonly user: number; readonly length?: number }> =
  new Map([
    ["copy_from_user", { from: true, user: 1, length: 2 }],
    ["copy_to_user", { from: false, user: 0, length: 2 }],
    ["get_user", { from: true, user: 1 }],
    ["put_user", { from: false, user: 1 }],
  ]);

export function ioctlCopies(program: Program, fn: Func): readonly IoctlCopy[] {
  const params = new Set(fn.def.params.map(({ name }) => name));
  const found: IoctlCopy[] = [];
  walkStatements(fn.def.body, (stmt) => {
    if (stmt.kind !== "switch" || stmt.value.kind !== "name" || !params.has(stmt.value.name)) return;
    for (const { label, body } of casesOf(stmt)) {
      const number = ioctlNumber(program, label.name);
      if (number === undefined || number.direction === "") continue;
      const calls = callsOf(fn).filter(({ start, end }) => body.start <= start && end <= body.end);
      const touching = calls.filter(({ expr }) => expr.args.some((arg) => mentionsUser(program, fn, arg)));
      for (const call of touching) {
        const each = mismatch(program, fn, call, number, touching.length === 1);
        if (each !== undefined)
          found.push({ name: label.name, number, label, start: call.start, end: call.end, ...each });
      }
    }
  });
  return found;
}

/** Cases with one label of their own: what several share may tell them apart inside. */
function casesOf({ body }: SwitchStmt) {
  const cases = body.kind === "compound" ? body.body.filter((each): each is CaseStmt => each.kind === "case") : [];
  return cases.flatMap((each, index) => {
    const [label, first, last] = [each.value, each.body[0], each.body.at(-1)];
    if (cases[index - 1]?.body.length === 0 || label?.kind !== "name" || first === undefined) return [];
    return [{ label, body: { start: first.start, end: last!.end } }];
  });
}

function mismatch(
  program: Program,
  fn: Func,
  { name = "", expr }: CallEvent,
  { direction, bytes: said }: IoctlNumber,
  isOnly: boolean,
): Pick<IoctlCopy, "through" | "from" | "bytes"> | undefined {
  const copy = COPIES.get(name);
  const user = copy && expr.args[copy.user];
  if (copy === undefined || user === undefined || !isUser(program, fn, user)) return undefined;
  const { from } = copy;
  if (!direction.includes(from ? "W" : "R")) return { through: name, from };
  const bytes = copy.length === undefined ? undefined : lengthOf(program, fn, expr.args[copy.length]);
  if (bytes === undefined || said === undefined || bytes === said) return undefined;
  // Less may be its head, of which the rest follows.
  return bytes > said || isOnly ? { through: name, from, bytes } : undefined;
}

function lengthOf(program: Program, fn: Func, expr: Expr | undefined): number | undefined {
  if (expr?.kind !== "sizeof") return undefined;
  const type = expr.type ?? (expr.operand && program.types.typeOf(expr.operand, fn.def));
  return type && exactBytes(program, type);
}

/** The argument of the ioctl itself: the parameter, or a local that is set to it once. */
function isUser(program: Program, fn: Func, expr: Expr): boolean {
  const inner = stripCasts(expr);
  if (inner.kind !== "name") return false;
  const isParam = (name: string) => fn.def.params.some((param) => param.name === name);
  if (isWritten(fn, inner.name)) return false;
  if (isParam(inner.name)) return true;
  const locals = program.types.localsOf(fn.def).get(inner.name) ?? [];
  const init = locals.length === 1 ? locals[0]!.init : undefined;
  const source = init && stripCasts(init);
  return source?.kind === "name" && isParam(source.name) && !isWritten(fn, source.name);
}

function isWritten({ cfg }: Func, name: string): boolean {
  return cfg.blocks.some(({ events }) =>
    events.some(
      (event) => event.kind === "assign" && !event.isInit && event.target.kind === "name" && event.target.name === name,
    ),
  );
}

function mentionsUser(program: Program, fn: Func, expr: Expr): boolean {
  let found = false;
  walkExpr(expr, (each) => {
    found ||= isUser(program, fn, each);
  });
  return found;
}
