// What is known at one place of a driver, for whoever asks: the locks held there, the contexts it is reached in.
import { spoken } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { Span } from "../text/lines.ts";
import type { Facts } from "./facts.ts";
import { walkFunction } from "./walk-function.ts";

export interface Known {
  readonly fn: string;
  /** Contexts of the entries through which the kernel gets here, sorted; empty when no way was seen. */
  readonly contexts: readonly string[];
  /** Locks held on every path, and on some path only, as the function names them, sorted. */
  readonly held: readonly string[];
  readonly sometimesHeld: readonly string[];
}

/** What is known where the events within a range happen; undefined outside of functions and where nothing happens. */
export function inspect(program: Program, facts: Facts, range: Span): Known | undefined {
  for (const { fn, reaches } of facts.functions.values()) {
    if (range.start < fn.def.start || fn.def.end < range.end) continue;
    let every: ReadonlySet<string> | undefined;
    const some = new Set<string>();
    walkFunction(program, fn, facts.summaries, (event, state) => {
      if (event.start < range.start || event.start >= range.end) return;
      const held = new Set([...state.locks.keys()].map(nameOf));
      for (const name of held) some.add(name);
      every = every === undefined ? held : new Set([...every].filter((name) => held.has(name)));
    });
    if (every === undefined) return undefined;
    const always: ReadonlySet<string> = every;
    return {
      fn: fn.name,
      contexts: [...new Set(reaches.map((reach) => reach.entry.context))].sort(),
      held: [...always].sort(),
      sometimesHeld: [...some].filter((name) => !always.has(name)).sort(),
    };
  }
  return undefined;
}

/** `dev->lock`; for what no variable names, its kind: `rcu`, `irq`. */
function nameOf(key: string): string {
  return key.startsWith("@") ? key.slice(1) : spoken(key);
}
