// Errors that are stored and never looked at: on every path the variable is overwritten first, or the function ends.
import { type Block, type Event, successors } from "../program/cfg.ts";
import { placeOf, rootOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { TEARS_DOWN } from "./resources.ts";
import { type Summary, stripCasts } from "./summary.ts";
import { NEGATIVE, POSITIVE } from "./values.ts";

export interface Unread extends Span {
  readonly variable: string;
  /** The function that returned the error. */
  readonly name: string;
  /** Where the variable gets another value; absent where the function just ends. */
  readonly overwritten?: Span;
}

/** A store that nothing reads. */
export interface DeadError extends Span {
  readonly variable: string;
}

/** Errors that calls gave. */
export function unreadErrors(program: Program, fn: Func, summaries: ReadonlyMap<string, Summary>): readonly Unread[] {
  const { cfg, def } = fn;
  // Whoever takes things down goes on whatever fails.
  if (!cfg.complete || TEARS_DOWN.test(fn.name) || hasOtherArms(program, fn)) return [];
  const found: Unread[] = [];
  for (const block of cfg.blocks) {
    for (const [index, event] of block.events.entries()) {
      if (event.kind !== "assign" || event.isInit || event.value === undefined || event.target.kind !== "name")
        continue;
      const variable = event.target.name;
      const value = stripCasts(event.value);
      if (value.kind !== "call" || value.callee.kind !== "name") continue;
      if (!program.types.isLocal(def, variable) || !mayFail(program, summaries, fn, variable, value.callee.name))
        continue;
      if (givesUpAnyway(cfg.blocks, block)) continue;
      // `ret = 0;` after it says that the error does not matter.
      const excused = (each: Event): boolean =>
        each.kind === "assign" && placeOf(each.target) === variable && each.value !== undefined && isZero(each.value);
      if (!isRead(cfg.blocks, block, index + 1, variable, excused) && !isAddressed(fn, variable))
        found.push({
          ...{ variable, name: value.callee.name, start: event.start, end: event.end },
          ...overwriting(cfg.blocks, block, index + 1, variable),
        });
    }
  }
  return found;
}

function isZero(value: Expr): boolean {
  const inner = stripCasts(value);
  return inner.kind === "number" && Number(inner.text) === 0;
}

/** Straight on, another error is returned: what is put back on the way there cannot help any more. */
function givesUpAnyway(blocks: readonly Block[], from: Block): boolean {
  const seen = new Set<Block>();
  for (let block = from; !seen.has(block); ) {
    seen.add(block);
    const end = block.events.find((each) => each.kind === "return");
    if (end !== undefined) return end.value !== undefined && isErrorCode(stripCasts(end.value));
    const next = successors(block.exit);
    if (next.length !== 1) return false;
    block = blocks[next[0]!]!;
  }
  return false;
}

/** `-EIO`. */
function isErrorCode(value: Expr): boolean {
  return (
    value.kind === "unary" &&
    value.op === "-" &&
    value.operand.kind === "name" &&
    /^E[A-Z0-9_]+$/.test(value.operand.name)
  );
}

/** An errno that is stored, or an error that is changed, and that nothing reads or replaces before the function ends. */
export function deadErrors(program: Program, fn: Func): readonly DeadError[] {
  const found: DeadError[] = [];
  if (hasOtherArms(program, fn)) return found;
  const { blocks } = fn.cfg;
  for (const block of blocks) {
    for (const [index, event] of block.events.entries()) {
      if (event.kind !== "assign" || event.isInit || event.target.kind !== "name") continue;
      const { name } = event.target;
      const value = event.value === undefined ? undefined : stripCasts(event.value);
      if (
        (value === undefined || !isErrorCode(value)) &&
        (value !== undefined || !/^(ret|err|error|rc|retval|rv)$/.test(name))
      )
        continue;
      if (!program.types.isLocal(fn.def, name) || isAddressed(fn, name) || givesUpAnyway(blocks, block)) continue;
      const replaced = (each: Event): boolean => each.kind === "assign" && placeOf(each.target) === name;
      if (isRead(blocks, block, index + 1, name, replaced)) continue;
      found.push({ variable: name, start: event.start, end: event.end });
    }
  }
  return found;
}

/** An arm of an #if that was left out may look at the variable, or a macro that goes to a label of its own accord. */
function hasOtherArms({ file, macros }: Program, { cfg, def }: Func): boolean {
  if (/\n\s*#\s*(if|el)/.test(file.text.slice(def.start, def.end))) return true;
  const names = jumpingMacros(macros);
  return (
    names.size > 0 &&
    cfg.blocks.some(({ events }) => events.some((event) => event.kind === "call" && names.has(event.name ?? "")))
  );
}

/** Macros that leave the function, or a part of it, where they stand. */
function jumpingMacros(macros: Program["macros"]): ReadonlySet<string> {
  let names = jumping.get(macros);
  if (names === undefined) {
    names = new Set([...macros.values()].flatMap(({ name, body }) => (/\b(goto|return)\b/.test(body) ? name : [])));
    jumping.set(macros, names);
  }
  return names;
}

const jumping = new WeakMap<Program["macros"], ReadonlySet<string>>();

/** Its result is an error, or 0, as far as is known; what a variable of another name holds may also be a value. */
function mayFail(
  program: Program,
  summaries: ReadonlyMap<string, Summary>,
  fn: Func,
  variable: string,
  name: string,
): boolean {
  const holdsError = /^(ret|err|error|rc|retval|rv|res|status)$/.test(variable);
  const callee = summaries.get(name);
  if (callee !== undefined) {
    if (program.functions.get(name)?.def.returns.base !== "int" || (callee.returns & NEGATIVE) === 0) return false;
    return (callee.returns & POSITIVE) === 0 || (holdsError && !holdsBits(fn, variable));
  }
  const returns = program.knowledge.fact(name)?.returns;
  // Registers are read for what that does to the device, too.
  if (returns === "negative-errno") return holdsError || !/read|get|recv|poll|wait/.test(name);
  return returns === "bytes-not-copied";
}

/** Some expression takes bits out of it: whatever its name, it holds a value. */
function holdsBits({ cfg }: Func, variable: string): boolean {
  const takes = (expr: Expr): boolean => {
    let found = false;
    walkExpr(expr, (each) => {
      if (each.kind === "binary" && /^([&|^]|<<|>>)$/.test(each.op))
        found ||= [each.left, each.right].some((side) => placeOf(stripCasts(side)) === variable);
    });
    return found;
  };
  return cfg.blocks.some(
    ({ events, exit }) =>
      (exit.kind === "branch" && takes(exit.test)) ||
      events.some(
        (event) =>
          (event.kind === "assign" || event.kind === "return") && event.value !== undefined && takes(event.value),
      ) ||
      events.some((event) => event.kind === "call" && event.expr.args.some(takes)),
  );
}

/** Someone else may read it: its address is taken. */
function isAddressed({ cfg }: Func, name: string): boolean {
  const takes = (expr: Expr): boolean => {
    let found = false;
    walkExpr(expr, (each) => {
      if (each.kind === "unary" && each.op === "&" && placeOf(each.operand) === name) found = true;
    });
    return found;
  };
  return cfg.blocks.some(({ events }) =>
    events.some(
      (event) =>
        (event.kind === "call" && event.expr.args.some(takes)) ||
        (event.kind === "assign" && event.value !== undefined && takes(event.value)),
    ),
  );
}

/** Whether some path reads the variable before it gets another value; `counts` are other events that count as reading. */
export function isRead(
  blocks: readonly Block[],
  from: Block,
  index: number,
  variable: string,
  counts?: (event: Event) => boolean,
): boolean {
  const seen = new Set<number>();
  const queue: { readonly block: Block; readonly index: number }[] = [{ block: from, index }];
  for (const { block, index: first } of queue) {
    let killed = false;
    for (const event of block.events.slice(first)) {
      if (reads(event, variable) || counts?.(event) === true) return true;
      killed = event.kind === "assign" && event.target.kind === "name" && event.target.name === variable;
      if (killed) break;
    }
    if (killed) continue;
    const { exit } = block;
    if (exit.kind === "branch" && mentionsName(exit.test, variable)) return true;
    if (exit.kind === "switch" && mentionsName(exit.value, variable)) return true;
    for (const to of successors(exit)) {
      if (seen.has(to)) continue;
      seen.add(to);
      queue.push({ block: blocks[to]!, index: 0 });
    }
  }
  return false;
}

/** The first store over a variable after a point. */
function overwriting(
  blocks: readonly Block[],
  from: Block,
  index: number,
  variable: string,
): { readonly overwritten?: Span } {
  const seen = new Set([from]);
  for (const block of seen) {
    const events = block === from ? block.events.slice(index) : block.events;
    for (const event of events)
      if (event.kind === "assign" && placeOf(event.target) === variable)
        return { overwritten: { start: event.start, end: event.end } };
    for (const to of successors(block.exit)) seen.add(blocks[to]!);
  }
  return {};
}

function reads(event: Event, variable: string): boolean {
  switch (event.kind) {
    case "call":
      return mentionsName(event.expr, variable);
    case "assign":
      if (event.target.kind !== "name" && mentionsName(event.target, variable)) return true;
      // `x += 1`, `x |= y`.
      if (event.value === undefined)
        return (
          mentionsName(event.target, variable) || (event.operand !== undefined && mentionsName(event.operand, variable))
        );
      return mentionsName(event.value, variable);
    case "deref":
      return mentionsName(event.base, variable) || mentionsName(event.accessed, variable);
    case "return":
      return event.value !== undefined && mentionsName(event.value, variable);
    case "iterate":
      return event.targets.some((each) => mentionsName(each, variable));
    case "guard":
      return event.lock !== undefined && mentionsName(event.lock, variable);
    default:
      return false;
  }
}

function mentionsName(expr: Expr, variable: string): boolean {
  let found = false;
  walkExpr(expr, (each) => {
    const place = placeOf(each);
    if (each.kind === "block" || each.kind === "unknown" || (place !== undefined && rootOf(place) === variable))
      found = true;
  });
  return found;
}
