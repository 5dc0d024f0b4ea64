// The order in which a path takes locks, noted as it goes: each lock with those that are held already.
import type { CallEvent } from "../program/cfg.ts";
import type { Span } from "../text/lines.ts";
import { compatible, type Frame, first } from "./frame.ts";
import type { Held, PathState } from "./state.ts";
import type { AcquireSite, Summary } from "./summary.ts";

/** Readers of one lock let each other in, and a semaphore may count more than one. */
const EXCLUSIVE: ReadonlySet<Held["flavour"]> = new Set(["spin", "raw-spin", "write-spin", "mutex", "write-sleep"]);

/** A lock is taken, or will be inside a call: under which others. */
export function noteOrder(frame: Frame, state: PathState, taken: Held, at: Span, inside?: AcquireSite): void {
  if (state.locks.size === 0 || state.uncertain || taken.tried === true || !EXCLUSIVE.has(taken.flavour)) return;
  const under = [...state.locks.values()].filter((each) => each.key !== taken.key && EXCLUSIVE.has(each.flavour));
  const keys = under.map((each) => each.key).join();
  if (under.length === 0 || !first(frame, "order", at, `${taken.key}:${keys}`)) return;
  frame.outcome.orders.push({
    under,
    taken,
    ...(inside === undefined ? {} : { inside }),
    start: at.start,
    end: at.end,
  });
}

/** A function of the driver is called, under locks or not: what it takes is taken under them. */
export function noteCallUnder(frame: Frame, state: PathState, event: CallEvent, callee: Summary): void {
  const under = [...state.locks.values()].filter((each) => EXCLUSIVE.has(each.flavour));
  if (under.length === 0) return;
  if (first(frame, "under", event, under.map((each) => each.key).join()))
    frame.outcome.callsUnder.push({ callee: callee.fn.name, under, start: event.start, end: event.end });
  for (const site of callee.acquires)
    if (site.dropped.size === 0 && compatible(site.conditions, state, event.expr.args))
      noteOrder(frame, state, site.held, event, site);
}
