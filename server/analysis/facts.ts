// Everything the rules may ask about a driver, worked out once: callees before callers, then contexts from the entries.
import type { Cfg } from "../program/cfg.ts";
import { functionName } from "../program/entries.ts";
import type { Func, Program } from "../program/program.ts";
import { type Unlocked, unlockedCalls } from "./caller-locks.ts";
import { agree, type Caller, type Reach, reaches } from "./contexts.ts";
import { type LeftRunning, leftRunning } from "./deferred.ts";
import { type FunctionElsewhere, ModuleGraph } from "./module-graph.ts";
import type { Outcome } from "./outcome.ts";
import type { Sibling } from "./sibling.ts";
import type { SleepSite, Summary } from "./summary.ts";
import { type Unread, unreadErrors } from "./unread.ts";
import { type Untested, untestedAllocations } from "./untested.ts";
import { Walks } from "./walks.ts";

export type { Reach } from "./contexts.ts";
export type { Outcome } from "./outcome.ts";
export type { CallStep, SleepSite, Summary } from "./summary.ts";

export interface FunctionFacts {
  readonly fn: Func;
  readonly outcome: Outcome;
  readonly summary: Summary;
  /** How the kernel reaches it; empty when no way was seen. */
  readonly reaches: readonly Reach[];
  /** Errors that are stored and never looked at. */
  readonly unread: readonly Unread[];
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
  /** Functions of other files of the module that take locks, and how the kernel reaches them. */
  readonly elsewhere: readonly FunctionElsewhere[];
  readonly sleepsInContext: readonly SleepInContext[];
  /** By function: allocations that nobody tests. */
  readonly untested: ReadonlyMap<string, readonly Untested[]>;
  /** Works and timers that may run when their data is gone. */
  readonly leftRunning: readonly LeftRunning[];
  /** Calls that want a lock held which nobody takes on some way to them. */
  readonly unlocked: readonly Unlocked[];
}

/** Every function of the file and its headers, as a walk sees it that knows nothing of other files. */
export function walkedAlone(program: Program): readonly Pick<FunctionFacts, "fn" | "outcome" | "summary">[] {
  const summaries = new Map<string, Summary>();
  const walked = walkAll(program, new Walks(program, summaries), summaries);
  const names = [...program.functions.keys(), ...program.inlines.keys()];
  return names.flatMap((name) => walked.get(name) ?? []);
}

function walkAll(program: Program, walks: Walks, summaries: Map<string, Summary>): ReadonlyMap<string, Walked> {
  const walked = new Map<string, Walked>();
  for (const fn of calleesFirst(program)) {
    const { outcome, summary } = walks.walk(fn);
    summaries.set(fn.name, summary);
    walked.set(fn.name, { name: fn.name, file: fn.file, callSites: outcome.callSites, fn, outcome, summary });
  }
  return walked;
}

/** `siblings` are the other files of the module, as far as they matter to this one. */
export function analyse(program: Program, siblings: readonly Sibling[]): Facts {
  const graph = new ModuleGraph(program, siblings);
  const summaries = new Map<string, Summary>();
  for (const [name, { summary }] of graph.defined) if (program.calls.has(name)) summaries.set(name, summary);
  const walks = new Walks(program, summaries);
  const walked = walkAll(program, walks, summaries);
  for (const each of walked.values()) graph.add(each);
  const ways = reaches(graph.entries(), graph);
  const found = (from: ReadonlyMap<string, Func>): Map<string, FunctionFacts> =>
    new Map(
      [...from.keys()].flatMap((name) => {
        const each = walked.get(name);
        if (each === undefined) return [];
        const { fn, outcome, summary } = each;
        const unread = walks.look(unreadErrors, fn, (view, told) => unreadErrors(view, fn, told));
        return [[name, { fn, outcome, summary, reaches: ways.get(each) ?? [], unread }]];
      }),
    );
  const functions = found(program.functions);
  const inlines = found(program.inlines);
  walks.done((name) => functions.get(name) ?? inlines.get(name));
  return {
    summaries,
    functions,
    inlines,
    elsewhere: graph.elsewhere(ways),
    sleepsInContext: [...functions].flatMap(([name, each]) => sleepsInContext(program, name, each)),
    untested: untestedAllocations(
      program,
      siblings.flatMap((each) => [...each.tested]),
    ),
    leftRunning: leftRunning(program, new Set(siblings.flatMap((each) => [...(each.stopped ?? [])]))),
    unlocked: unlockedCalls(
      program,
      [...functions.values(), ...inlines.values()],
      siblings.flatMap((each) => [...each.functions.values()].flatMap((fn) => fn.callSites)),
    ),
  };
}

interface Walked extends Caller {
  readonly fn: Func;
  readonly outcome: Outcome;
  readonly summary: Summary;
}

/** Sleeping calls that a handler reaches: one that enters this file here, from the kernel or from another file. */
function sleepsInContext(program: Program, name: string, { summary, reaches }: FunctionFacts): SleepInContext[] {
  // Most functions are reached in process context alone.
  if (reaches.every(({ entry }) => entry.context === "process")) return [];
  const sites = summary.sleeps.filter((site) => site.gfpParam === undefined);
  const own = reaches.find(
    (each) => each.entry.context !== "process" && each.entry.fn === name && each.steps.length === 0,
  );
  // What lies in another file is said there.
  const here = (site: SleepSite): boolean =>
    site.file === program.path || program.headers.some((h) => h.path === site.file);
  // The lock under which the kernel calls it may be the one that it has released before it sleeps.
  const isUnderLock = own?.entry.context === "atomic";
  if (own !== undefined)
    return sites
      .filter((site) => here(site) && !(isUnderLock && site.dropped.size > 0))
      .map((site) => ({ reach: own, site }));
  const isOwn = (file: string | undefined): boolean =>
    file === program.path || program.headers.some((header) => header.path === file);
  const handed = reaches.filter(
    (each) =>
      each.entry.context !== "process" && each.certain && each.steps.length > 0 && !isOwn(each.steps.at(-1)?.file),
  );
  return sites.filter(here).flatMap((site) => {
    if (site.conditions.some((each) => each.member === undefined)) return [];
    const reach = handed.find((each) => agree(each.conditions, site.conditions));
    return reach === undefined ? [] : [{ reach, site }];
  });
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

const callees = new WeakMap<Cfg, ReadonlySet<string>>();

function calleesOf({ cfg }: Func): ReadonlySet<string> {
  const known = callees.get(cfg);
  if (known !== undefined) return known;
  const names = new Set<string>();
  for (const block of cfg.blocks)
    for (const event of block.events) {
      if (event.kind !== "call") continue;
      if (event.name !== undefined) names.add(event.name);
      for (const arg of event.expr.args) names.add(functionName(arg) ?? "");
    }
  callees.set(cfg, names);
  return names;
}
