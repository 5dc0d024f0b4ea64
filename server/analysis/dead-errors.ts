// Error codes that are stored, or counted on, and that nothing reads before the function ends.
import { type Block, type Event, successors } from "../program/cfg.ts";
import { placeOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { stripCasts } from "./summary.ts";

/** A store that nothing reads. */
export interface DeadError extends Span {
  readonly variable: string;
}

/** An errno that is stored, or changed, and that nothing reads before the function ends. */
export function deadErrors(program: Program, fn: Func): readonly DeadError[] {
  const found: DeadError[] = [];
  const { blocks } = fn.cfg;
  // An arm of an #if that was left out may read it.
  if (/\n\s*#\s*(if|el)/.test(program.file.text.slice(fn.def.start, fn.def.end))) return found;
  for (const block of blocks) {
    for (const [index, event] of block.events.entries()) {
      if (event.kind !== "assign" || event.isInit || event.target.kind !== "name") continue;
      const { name } = event.target;
      const value = event.value === undefined ? undefined : stripCasts(event.value);
      const isErrorCode =
        value?.kind === "unary" &&
        value.op === "-" &&
        value.operand.kind === "name" &&
        /^E[A-Z0-9_]+$/.test(value.operand.name);
      if (!isErrorCode && (value !== undefined || !/^(ret|err|error|rc|retval|rv)$/.test(name))) continue;
      if (!program.types.isLocal(fn.def, name) || isAddressed(fn, name)) continue;
      if (!isDead(blocks, block, index + 1, name)) continue;
      found.push({ variable: name, start: event.start, end: event.end });
    }
  }
  return found;
}

function isAddressed({ cfg }: Func, name: string): boolean {
  return cfg.blocks.some(({ events }) =>
    events.some(
      (event) =>
        event.kind === "call" &&
        event.expr.args.some((arg) => {
          let found = false;
          walkExpr(arg, (each) => {
            if (each.kind === "unary" && each.op === "&" && placeOf(each.operand) === name) found = true;
          });
          return found;
        }),
    ),
  );
}

/** Every path from here ends without reading or replacing the variable. */
function isDead(blocks: readonly Block[], from: Block, index: number, name: string): boolean {
  const seen = new Set<number>();
  const queue = [{ block: from, index }];
  for (const { block, index: first } of queue) {
    if (block.events.slice(first).some((event) => touches(event, name))) return false;
    const { exit } = block;
    if (exit.kind === "branch" && names(exit.test, name)) return false;
    if (exit.kind === "switch" && names(exit.value, name)) return false;
    for (const to of successors(exit)) {
      if (seen.has(to)) continue;
      seen.add(to);
      queue.push({ block: blocks[to]!, index: 0 });
    }
  }
  return true;
}

function touches(event: Event, name: string): boolean {
  switch (event.kind) {
    case "assign":
      return names(event.target, name) || (event.value !== undefined && names(event.value, name));
    case "call":
      return names(event.expr, name);
    case "return":
      return event.value !== undefined && names(event.value, name);
    case "deref":
      return names(event.base, name) || names(event.accessed, name);
    case "iterate":
      return event.targets.some((each) => names(each, name));
    default:
      return false;
  }
}

function names(expr: Expr, name: string): boolean {
  let found = false;
  walkExpr(expr, (each) => (found ||= each.kind === "name" && each.name === name));
  return found;
}
