// Errors that are stored and never looked at: on every path the variable is overwritten first, or the function ends.
import { type Block, type CallEvent, type Event, successors } from "../program/cfg.ts";
import { placeOf, rootOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { TEARS_DOWN } from "./resources.ts";
import { type Summary, stripCasts } from "./summary.ts";
import { NEGATIVE } from "./values.ts";

export interface Unread extends Span {
  readonly variable: string;
  /** The function that returned the error. */
  readonly name: string;
}

export function unreadErrors(program: Program, fn: Func, summaries: ReadonlyMap<string, Summary>): readonly Unread[] {
  const { cfg, def } = fn;
  // Whoever takes things down goes on whatever fails; an arm of an #if that was left out may look at the variable.
  if (!cfg.complete || TEARS_DOWN.test(fn.name) || /\n\s*#\s*(if|el)/.test(textOf(program, def))) return [];
  const found: Unread[] = [];
  for (const block of cfg.blocks) {
    for (const [index, event] of block.events.entries()) {
      if (event.kind !== "assign" || event.isInit || event.value === undefined || event.target.kind !== "name")
        continue;
      const variable = event.target.name;
      const value = stripCasts(event.value);
      if (
        value.kind !== "call" ||
        value.callee.kind !== "name"
      )
        continue;
      if (!program.types.isLocal(def, variable) || !mayFail(program, summaries, value.callee.name)) continue;
      if (!isRead(cfg.blocks, block, index + 1, variable))
        found.push({ variable, name: value.callee.name, start: event.start, end: event.end });
    }
  }
  return found;
}

function textOf(program: Program, { start, end }: Span): string {
  return program.file.text.slice(start, end);
}

/** Its result is an error, or 0, as far as is known. */
function mayFail(program: Program, summaries: ReadonlyMap<string, Summary>, name: string): boolean {
  const callee = summaries.get(name);
  if (callee !== undefined)
    return program.functions.get(name)?.def.returns.base === "int" && (callee.returns & NEGATIVE) !== 0;
  const returns = program.knowledge.fact(name)?.returns;
  return returns === "negative-errno" || returns === "bytes-not-copied";
}

/** Whether some path reads the variable before it gets another value. */
export function isRead(blocks: readonly Block[], from: Block, index: number, variable: string): boolean {
  const seen = new Set<number>();
  const queue: { readonly block: Block; readonly index: number }[] = [{ block: from, index }];
  for (const { block, index: first } of queue) {
    let killed = false;
    for (const event of block.events.slice(first)) {
      if (reads(event, variable)) return true;
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

function reads(event: Event, variable: string): boolean {
  switch (event.kind) {
    case "call":
      return readsCall(event, variable);
    case "assign":
      if (event.target.kind !== "name" && mentionsName(event.target, variable)) return true;
      if (event.value === undefined) return mentionsName(event.target, variable);
      return mentionsName(event.value, variable);
    case "deref":
      return mentionsName(event.base, variable);
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

function readsCall({ expr }: CallEvent, variable: string): boolean {
  return mentionsName(expr, variable);
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
