// Everything the rules may ask about a driver, worked out once: callees before callers, then contexts from the entries.
import { functionName } from "../program/entries.ts";
import type { Func, Program } from "../program/program.ts";
import { type Reach, reaches } from "./contexts.ts";
import type { Outcome } from "./outcome.ts";
import type { SleepSite, Summary } from "./summary.ts";
import { type Untested, untestedAllocations } from "./untested.ts";
import { walkFunction } from "./walk-function.ts";

export type { Reach } from "./contexts.ts";
export type { Outcome } from "./outcome.ts";
export type { CallStep, SleepSite, Summary } from "./summary.ts";

export interface FunctionFacts {
  readonly fn: Func;
  readonly outcome: Outcome;
  readonly summary: Summary;
  /** How the kernel reaches it; empty when no way was seen. */
  readonly reaches: readonly Reach[];
}

/** An entry that may not sleep reaches a call that may. */
export interface SleepInContext {
  readonly reach: Reach;
  readonly site: SleepSite;
}

export interface Facts {
  readonly summaries: ReadonlyMap<string, Summary>;
  /** Functions of the file itself: what the rules speak of. */
  readonly functions: ReadonlyMap<string, FunctionFacts>;
  /** Functions of its headers. */
  readonly inlines: ReadonlyMap<string, FunctionFacts>;
  readonly sleepsInContext: readonly SleepInContext[];
  /** By function: allocations that nobody tests. */
  readonly untested: ReadonlyMap<string, readonly Untested[]>;
}

export function analyse(program: Program): Facts {
  const summaries = new Map<string, Summary>();
  const walked = new Map<string, { fn: Func; outcome: Outcome; summary: Summary }>();
  const views = new Map<string, Program>([[program.path, program]]);
  for (const header of program.headers) views.set(header.path, { ...program, path: header.path, file: header });
  for (const fn of calleesFirst(program)) {
    const { outcome, summary } = walkFunction(views.get(fn.file)!, fn, summaries);
    summaries.set(fn.name, summary);
    walked.set(fn.name, { fn, outcome, summary });
  }
  const ways = reaches(program.entries, walked);
  const functions = new Map<string, FunctionFacts>();
  const inlines = new Map<string, FunctionFacts>();
  for (const [found, from] of [
    [functions, program.functions],
    [inlines, program.inlines],
  ] as const) {
    for (const name of from.keys()) {
      const each = walked.get(name);
      if (each !== undefined) found.set(name, { ...each, reaches: ways.get(name) ?? [] });
    }
  }
  const sleepsInContext: SleepInContext[] = [];
  for (const [name, { summary, reaches: mine }] of functions) {
    const reach = mine.find(
      (each) => each.entry.context !== "process" && each.entry.fn === name && each.steps.length === 0,
    );
    if (reach === undefined) continue;
    for (const site of summary.sleeps) if (site.gfpParam === undefined) sleepsInContext.push({ reach, site });
  }
  return { summaries, functions, inlines, sleepsInContext, untested: untestedAllocations(program) };
}

/** Functions in an order in which callees come before callers, but for recursion. */
function calleesFirst(program: Program): readonly Func[] {
  const order: Func[] = [];
  const state = new Map<string, "open" | "done">();
  for (const start of program.functions.values()) {
    const stack: { fn: Func; callees: Iterator<string> }[] = [];
    const open = (fn: Func): void => {
      state.set(fn.name, "open");
      stack.push({ fn, callees: calleesOf(fn)[Symbol.iterator]() });
    };
    if (!state.has(start.name)) open(start);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const next = top.callees.next();
      if (next.done === true) {
        state.set(top.fn.name, "done");
        order.push(top.fn);
        stack.pop();
        continue;
      }
      const callee = program.functions.get(next.value) ?? program.inlines.get(next.value);
      if (callee !== undefined && !state.has(callee.name)) open(callee);
    }
  }
  return order;
}

function calleesOf(fn: Func): Set<string> {
  const names = new Set<string>();
  for (const block of fn.cfg.blocks)
    for (const event of block.events) {
      if (event.kind !== "call") continue;
      if (event.name !== undefined) names.add(event.name);
      for (const arg of event.expr.args) names.add(functionName(arg) ?? "");
    }
  return names;
}
