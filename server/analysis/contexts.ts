// Execution context, top-down: from where the kernel enters the driver along its calls, with the chain that shows it.
import type { Entry } from "../program/entries.ts";
import type { Func } from "../program/function.ts";
import type { Outcome } from "./outcome.ts";
import type { CallStep } from "./summary.ts";

/** One way in which a function is reached. */
export interface Reach {
  readonly entry: Entry;
  /** Calls from the entry function down to this one. */
  readonly steps: readonly CallStep[];
  readonly irqsOff: boolean;
  readonly bhOff: boolean;
  /** It may not sleep: interrupt context, or a caller holds a lock that forbids it. */
  readonly atomic: boolean;
}

/** For every function that the kernel reaches, each distinct way once, the shortest chain first. */
export function reaches(
  entries: readonly Entry[],
  functions: ReadonlyMap<string, { readonly fn: Func; readonly outcome: Outcome }>,
): ReadonlyMap<string, readonly Reach[]> {
  const found = new Map<string, Map<string, Reach>>();
  const queue: { fn: string; reach: Reach }[] = [];
  const add = (fn: string, reach: Reach): void => {
    const known = found.get(fn) ?? new Map<string, Reach>();
    const key = `${reach.entry.context}${reach.irqsOff}${reach.bhOff}${reach.atomic}`;
    if (known.has(key)) return;
    known.set(key, reach);
    found.set(fn, known);
    queue.push({ fn, reach });
  };
  for (const entry of entries) {
    const irqsOff = entry.context === "hardirq";
    const bhOff = irqsOff || entry.context === "softirq";
    add(entry.fn, { entry, steps: [], irqsOff, bhOff, atomic: entry.context !== "process" });
  }
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
    const { fn, reach } = item;
    if (reach.steps.length >= 12) continue;
    const caller = functions.get(fn);
    for (const site of caller?.outcome.callSites ?? []) {
      add(site.callee, {
        entry: reach.entry,
        steps: [...reach.steps, { callee: site.callee, file: caller!.fn.file, start: site.start, end: site.end }],
        irqsOff: reach.irqsOff || site.irqsOff,
        bhOff: reach.bhOff || site.bhOff,
        atomic: reach.atomic || site.atomic,
      });
    }
  }
  return new Map([...found].map(([fn, ways]) => [fn, [...ways.values()]]));
}
