// Functions of the driver that may return NULL or an error pointer, and what that means for whoever calls them.
import { testedShare } from "../knowledge/extracted.ts";
import type { Block, CallEvent } from "../program/cfg.ts";
import { placeOf } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { Frame } from "./frame.ts";
import { neverFails } from "./never-fails.ts";
import { storeOf } from "./ownership.ts";
import { isUsed, lastWord } from "./resources.ts";
import { type PathState, withValue } from "./state.ts";
import type { Fails, Summary } from "./summary.ts";
import { wordsTested } from "./untested.ts";
import { type Failure, NEGATIVE, POSITIVE, resultKey, ZERO } from "./values.ts";

/** How a function that returns a pointer says that it failed, as its own return statements show. */
export function failsOf({ fn, outcome, program, summaries }: Frame): { readonly fails?: Fails } {
  if (fn.def.returns.pointers === 0 || outcome.cut) return {};
  let mask = 0;
  let gives = false;
  for (const { value, params } of outcome.exits) {
    gives ||= (value.mask & POSITIVE) !== 0;
    // Whoever was given nothing gives nothing: `if (!p) return NULL`.
    if ([...params.values()].some((param) => param.mask === ZERO)) continue;
    if (value.mask === ZERO || value.mask === NEGATIVE) mask |= value.mask;
  }
  if (mask === 0 || !gives) return {};
  const allocates = fn.cfg.blocks.some(({ events }) =>
    events.some((event) => {
      if (event.kind !== "call" || event.name === undefined) return false;
      const fact = program.knowledge.fn(event.name);
      if (fact?.gfpParam !== undefined && fact.returns === "null-on-failure") return !neverFails(fact, event.expr);
      return summaries.get(event.name)?.fails?.allocates === true;
    }),
  );
  return { fails: { mask, allocates } };
}

/** The states after a call of such a function: those in which it failed, and those in which it did not. */
export function applyFailure(
  state: PathState,
  event: CallEvent,
  callee: Summary,
  block: Block,
  index: number,
): readonly PathState[] {
  const { fails } = callee;
  if (fails === undefined) return [state];
  return failed(state, event, fails.mask, fails.allocates ? "allocates" : "finds", block, index);
}

/** The same for a kernel function of which nobody but the kernel's own source tells how it fails. */
export function applyUsualFailure(
  { program }: Frame,
  states: readonly PathState[],
  event: CallEvent,
  block: Block,
  index: number,
): readonly PathState[] {
  const extracted = event.name === undefined ? undefined : program.knowledge.fact(event.name)?.extracted;
  const shows = extracted?.returns?.kind;
  if (extracted === undefined || (shows !== "errptr-on-failure" && shows !== "null-on-failure")) return states;
  // What may be NULL in theory only, many follow untested.
  if (!(testedShare(extracted) >= 0.95)) return states;
  const mask = shows === "null-on-failure" ? ZERO : NEGATIVE;
  return states.flatMap((state) => failed(state, event, mask, undefined, block, index));
}

function failed(
  state: PathState,
  event: CallEvent,
  mask: number,
  own: Failure["own"],
  block: Block,
  index: number,
): readonly PathState[] {
  if (!isUsed(event.expr, block, index)) return [state];
  const key = resultKey(event.expr);
  const before = state.values.get(key)?.mask ?? ZERO | NEGATIVE | POSITIVE;
  const without = before & mask;
  if (without === 0) return [state];
  const failure: Failure = {
    name: event.name ?? "",
    shows: without & NEGATIVE ? "errptr" : "null",
    ...(own === undefined ? {} : { own }),
    start: event.start,
    end: event.end,
  };
  const states = [withValue(state, key, { mask: without, failureOf: failure })];
  if ((before & ~without) !== 0) states.push(withValue(state, key, { mask: before & ~without }));
  return states;
}

/**
 * Whether those who ask take into account that there may be nothing: a driver that hardly ever tests what it gets asks
 * for what is there. What is asked for at one place only was perhaps forgotten there.
 */
export function isDoubted(program: Program, name: string): boolean {
  const { stored, tested } = asked(program, name);
  return stored === 1 || (tested > 0 && 2 * tested >= stored);
}

/** Several ask, and none of them expects an error: it stands for what cannot be, such as the default of a switch. */
export function isTrusted(program: Program, name: string): boolean {
  const { stored, tested } = asked(program, name);
  return stored > 2 && tested === 0;
}

function asked(program: Program, name: string): { readonly stored: number; readonly tested: number } {
  let stored = 0;
  let tested = 0;
  for (const fn of program.functions.values())
    for (const { events, exit } of fn.cfg.blocks)
      for (const [index, event] of events.entries()) {
        if (event.kind !== "call" || event.name !== name) continue;
        const target = storeOf(event, events, index)?.target;
        const place = target === undefined ? undefined : placeOf(target);
        const asksAtOnce = exit.kind === "branch" && exit.test.start <= event.start && event.end <= exit.test.end;
        if (place !== undefined || asksAtOnce) stored += 1;
        if (asksAtOnce || (place !== undefined && wordsTested(fn).has(lastWord(place)))) tested += 1;
      }
  return { stored, tested };
}
