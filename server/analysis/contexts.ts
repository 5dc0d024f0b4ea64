// Execution context, top-down: from where the kernel enters the driver along its calls, with the chain that shows it.
import type { Entry } from "../program/entries.ts";
import type { CallSite } from "./outcome.ts";
import type { CallStep, Condition } from "./summary.ts";
import { meet } from "./values.ts";

/** One way in which a function is reached. */
export interface Reach {
  readonly entry: Entry;
  /** Calls from the entry function down to this one. */
  readonly steps: readonly CallStep[];
  readonly irqsOff: boolean;
  readonly bhOff: boolean;
  /** It may not sleep: interrupt context, or a caller holds a lock that forbids it. */
  readonly atomic: boolean;
  /** No call on the way hangs on what its function is given, or on a test of the context itself. */
  readonly certain: boolean;
  /** What the calls on the way know of members. */
  readonly conditions: readonly Condition[];
}

/** A function as it takes part in the calls of a module. */
export interface Caller {
  readonly name: string;
  /** Path of the file it stands in: for a function of a header another one than the file that uses it. */
  readonly file: string;
  readonly callSites: readonly CallSite[];
}

/** Who calls whom: the functions of one file, or of several of one module. */
export interface CallGraph {
  /** The function that a name means in the file of a caller. */
  resolve(from: Caller, name: string): Caller | undefined;
}

/** For every function that the kernel reaches, each distinct way once, the shortest chain first. */
export function reaches(
  entries: readonly { readonly entry: Entry; readonly fn: Caller }[],
  graph: CallGraph,
): ReadonlyMap<Caller, readonly Reach[]> {
  const found = new Map<Caller, Map<string, Reach>>();
  const queue: { fn: Caller; reach: Reach }[] = [];
  const add = (fn: Caller, reach: Reach): void => {
    const known = found.get(fn) ?? new Map<string, Reach>();
    const key = `${reach.entry.context}${reach.irqsOff}${reach.bhOff}${reach.atomic}${reach.certain}`;
    if (known.has(key)) return;
    known.set(key, reach);
    found.set(fn, known);
    queue.push({ fn, reach });
  };
  for (const { entry, fn } of entries) {
    const irqsOff = entry.context === "hardirq";
    const bhOff = irqsOff || entry.context === "softirq";
    const atomic = entry.context !== "process";
    add(fn, { entry, steps: [], irqsOff, bhOff, atomic, certain: true, conditions: [] });
  }
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
    const { fn, reach } = item;
    if (reach.steps.length >= 12) continue;
    for (const site of fn.callSites) {
      const callee = graph.resolve(fn, site.callee);
      if (callee === undefined) continue;
      // The kernel calls the entry under a lock, and the entry has released it: nothing is known from here on.
      if (site.released === true && reach.entry.context === "atomic" && reach.steps.length === 0) continue;
      const members = site.conditions.filter((each) => each.member !== undefined);
      add(callee, {
        entry: reach.entry,
        steps: [...reach.steps, { callee: site.callee, file: fn.file, start: site.start, end: site.end }],
        irqsOff: reach.irqsOff || site.irqsOff,
        bhOff: reach.bhOff || site.bhOff,
        atomic: reach.atomic || site.atomic,
        // What the kernel gives an entry is not known; what one function gives another is.
        certain:
          reach.certain &&
          !site.maySleepHere &&
          (reach.steps.length === 0 || members.length === site.conditions.length) &&
          agree(reach.conditions, members),
        conditions: [...reach.conditions, ...members],
      });
    }
  }
  return new Map([...found].map(([fn, ways]) => [fn, [...ways.values()]]));
}

/** Whether what is known of members in two places can be true at once. */
export function agree(some: readonly Condition[], others: readonly Condition[]): boolean {
  return others.every((other) =>
    some.every((each) => each.member !== other.member || meet(each.value, other.value) !== undefined),
  );
}
