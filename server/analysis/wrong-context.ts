// Kernel functions called with interrupts off that may not be, and work that waits for itself to end.

import { calledIn } from "../program/called.ts";
import { functionName } from "../program/entries.ts";
import { placeOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { CallExpr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import type { FunctionFacts, Reach } from "./facts.ts";
import { wantsInterrupts } from "./interrupts-wanted.ts";

export interface WrongContext extends Span {
  readonly callee: string;
  /** How the function is reached in an interrupt; absent where the function itself turned interrupts off. */
  readonly reach?: Reach;
}

export function wrongContexts(program: Program, facts: FunctionFacts): readonly WrongContext[] {
  const { fn, outcome } = facts;
  if (outcome.cut || !fn.cfg.complete) return [];
  const found = new Map<number, WrongContext>();
  const own = (callee: string): boolean =>
    program.functions.has(callee) || program.inlines.has(callee) || program.macros.has(callee);
  for (const { callee, irqsOff, atomic, start, end } of outcome.callSites) {
    const fact = own(callee) ? undefined : program.knowledge.fn(callee);
    if (fact === undefined || !wantsInterrupts(fact)) continue;
    if (irqsOff && atomic) {
      found.set(start, { callee, start, end });
      continue;
    }
    const reach = facts.reaches.find(({ entry, certain, conditions }) => {
      return entry.context === "hardirq" && certain && conditions.length === 0;
    });
    if (reach !== undefined && !found.has(start)) found.set(start, { callee, reach, start, end });
  }
  return [...found.values()];
}

/** How a callback is bound to its object, and what waits until the callback has ended. */
const BINDS: Readonly<Record<string, readonly [object: number, callback: number]>> = {
  INIT_WORK: [0, 1],
  INIT_DELAYED_WORK: [0, 1],
  INIT_DEFERRABLE_WORK: [0, 1],
  timer_setup: [0, 1],
  tasklet_setup: [0, 1],
  tasklet_init: [0, 1],
};
const WAITS =
  /^(cancel_work_sync|cancel_delayed_work_sync|flush_work|flush_delayed_work|del_timer_sync|timer_delete_sync|timer_shutdown_sync|tasklet_kill)$/;

export interface SelfWait extends Span {
  readonly callee: string;
  readonly fn: string;
  readonly bound: Span;
}

export function selfWaits(program: Program): readonly SelfWait[] {
  const bound = new Map<string, { member: string; at: Span }[]>();
  const calls = (fn: Func, visit: (call: CallExpr, name: string) => void): void => {
    for (const block of fn.cfg.blocks)
      for (const event of block.events)
        if (event.kind === "call" && event.name !== undefined) visit(event.expr, event.name);
  };
  const binding = Object.keys(BINDS);
  for (const fn of program.functions.values()) {
    if (!binding.some((name) => calledIn(fn.cfg).has(name))) continue;
    calls(fn, ({ args, start, end }, name) => {
      const positions = Object.hasOwn(BINDS, name) ? BINDS[name] : undefined;
      const callback = positions === undefined ? undefined : functionName(args[positions[1]]);
      const member = positions === undefined ? undefined : memberOf(args[positions[0]]);
      if (callback === undefined || member === undefined) return;
      bound.set(callback, [...(bound.get(callback) ?? []), { member, at: { start, end } }]);
    });
  }
  const found: SelfWait[] = [];
  for (const fn of program.functions.values()) {
    const own = bound.get(fn.name);
    // A callback of several objects may wait for another one of them.
    if (own === undefined || new Set(own.map(({ member }) => member)).size > 1) continue;
    calls(fn, ({ args, start, end }, callee) => {
      if (!WAITS.test(callee) || program.functions.has(callee)) return;
      if (memberOf(args[0]) === own[0]!.member) found.push({ callee, fn: fn.name, bound: own[0]!.at, start, end });
    });
  }
  return found;
}

function memberOf(arg: CallExpr["args"][number] | undefined): string | undefined {
  const place = arg?.kind === "unary" && arg.op === "&" ? placeOf(arg.operand) : undefined;
  return place === undefined ? undefined : /(\w+)$/.exec(place)?.[1];
}
