// The functions that a graph calls by their names, gathered once for each graph.
import type { Cfg } from "./cfg.ts";

const known = new WeakMap<Cfg, ReadonlySet<string>>();

export function calledIn(cfg: Cfg): ReadonlySet<string> {
  let names = known.get(cfg);
  if (names === undefined) {
    const found = new Set<string>();
    for (const { events } of cfg.blocks)
      for (const event of events) if (event.kind === "call" && event.name !== undefined) found.add(event.name);
    names = found;
    known.set(cfg, names);
  }
  return names;
}
