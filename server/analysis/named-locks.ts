// Locks of which only the names are known: foo_lock(x) and foo_unlock(x) of one function, whose header cannot be read.
import type { CallEvent } from "../program/cfg.ts";
import { pointeeOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Frame } from "./frame.ts";
import { type PathState, withEntry, withMember, without } from "./state.ts";

/** What a call that nothing is known of does to locks, as far as its name tells. */
export function lockByName(frame: Frame, state: PathState, event: CallEvent): PathState {
  const name = event.name ?? "";
  const named = namedLocks(frame.program, frame.fn).get(event.expr.start);
  if (named !== undefined) {
    const { key, takes } = named;
    if (takes) {
      const at = { start: event.start, end: event.end };
      return { ...state, locks: withEntry(state.locks, key, { key, flavour: "semaphore", irq: "none", at }) };
    }
    if (state.locks.has(key)) return { ...state, locks: without(state.locks, key), done: withMember(state.done, key) };
    return { ...state, dropped: withMember(state.dropped, key) };
  }
  if (/unlock|lock_release|release_lock|_put_lock/i.test(name) && state.locks.size > 0)
    return { ...state, uncertain: true, locks: new Map() };
  return locksByName(name) ? { ...state, uncertain: true } : state;
}

/** A name that speaks of locking. */
export function locksByName(name: string): boolean {
  return /lock/i.test(name) && !/block|clock|locked/i.test(name);
}

interface Named {
  readonly key: string;
  readonly takes: boolean;
}

const found = new WeakMap<Func, ReadonlyMap<number, Named>>();

/** By where the call begins: the calls of a function that lock and unlock one object, and give no answer that is looked at. */
function namedLocks(program: Program, fn: Func): ReadonlyMap<number, Named> {
  const known = found.get(fn) ?? lookFor(program, fn);
  found.set(fn, known);
  return known;
}

function lookFor(program: Program, fn: Func): ReadonlyMap<number, Named> {
  const calls = fn.cfg.blocks.flatMap(({ events }) =>
    events.flatMap((event) => {
      const { name } = event.kind === "call" ? event : { name: undefined };
      const word = /^(.*?)(^|_)(un)?lock(?=$|_(nointr|nested|irq|bh|all)$)/.exec(name ?? "");
      if (event.kind !== "call" || name === undefined || word === null) return [];
      if (program.functions.has(name) || program.inlines.has(name) || program.macros.has(name)) return [];
      const stem = `${word[1]}${word[2]}`;
      const arg = event.expr.args[0];
      const key = arg === undefined ? `${stem}lock` : pointeeOf(arg);
      return key === undefined ? [] : [{ event, stem, key, takes: word[3] === undefined }];
    }),
  );
  const named = new Map<number, Named>();
  const looked = lookedAt(fn);
  for (const each of calls) {
    const others = calls.filter((other) => other.stem === each.stem && other.key === each.key);
    if (others.every((other) => other.takes === each.takes)) continue;
    if (others.some((other) => looked.has(other.event.expr.start))) continue;
    named.set(each.event.expr.start, { key: each.key, takes: each.takes });
  }
  return named;
}

/** Where the calls begin whose result is stored, tested or returned: they may fail. */
function lookedAt(fn: Func): ReadonlySet<number> {
  const looked = new Set<number>();
  const note = (expr: Parameters<typeof walkExpr>[0] | undefined): void => {
    if (expr !== undefined) walkExpr(expr, (each) => each.kind === "call" && looked.add(each.start));
  };
  for (const { events, exit } of fn.cfg.blocks) {
    for (const event of events) if (event.kind === "assign" || event.kind === "return") note(event.value);
    if (exit.kind === "branch") note(exit.test);
    if (exit.kind === "switch") note(exit.value);
  }
  return looked;
}
