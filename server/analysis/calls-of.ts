// The calls that stand in a function, in the order of its blocks.
import type { CallEvent, Cfg } from "../program/cfg.ts";
import type { Func } from "../program/program.ts";

const known = new WeakMap<Cfg, readonly CallEvent[]>();

export function callsOf(fn: Func): readonly CallEvent[] {
  let calls = known.get(fn.cfg);
  if (calls === undefined) {
    calls = fn.cfg.blocks.flatMap(({ events }) => events.filter((event): event is CallEvent => event.kind === "call"));
    known.set(fn.cfg, calls);
  }
  return calls;
}

/** Names of questions about an object (i2c_client_has_driver), which look at the pointer before they follow it. */
export const ASKS = /_(is|has)_|_(valid|ok)$/;
