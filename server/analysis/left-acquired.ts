// What a function of the driver has switched on or allocated for its caller when it succeeds: clocks, members of an argument.
import type { Block, CallEvent } from "../program/cfg.ts";
import { placeOf, renameRoot, rootOf } from "../program/places.ts";
import type { Func } from "../program/program.ts";
import type { Frame } from "./frame.ts";
import type { FunctionExit } from "./outcome.ts";
import { applyGift, applyPair, giftOf } from "./ownership.ts";
import { isUsed, own, placeOfOwned, TEARS_DOWN } from "./resources.ts";
import type { Owned, PathState } from "./state.ts";
import { type Acquired, type Summary, toCaller } from "./summary.ts";
import { resultKey, ZERO } from "./values.ts";

/** What a caller owes after a call of the function: for what it returns, and for what it leads to. */
export function owedBy(frame: Frame): Pick<Summary, "gives" | "leaves"> {
  return { ...giftOf(frame.outcome), leaves: acquiredBy(frame) };
}

/** What every success has obtained and no failure has; what is the function's own, its caller does not know. */
function acquiredBy(frame: Frame): readonly Acquired[] {
  const { outcome, fn } = frame;
  if (outcome.cut || fn.def.returns.pointers > 0) return [];
  const isVoid = fn.def.returns.base === "void";
  const succeeds = ({ value }: FunctionExit): boolean => isVoid || (value.mask & ZERO) !== 0;
  const successes = outcome.exits.filter(succeeds);
  // Whatever may be both tells nothing.
  if (successes.length === 0 || successes.some(({ value }) => !isVoid && value.mask !== ZERO)) return [];
  const failures = outcome.exits.filter((exit) => !succeeds(exit));
  const left = [...successes[0]!.owned.values()].filter((owned) => {
    if (owned.faint === true || owned.byName === true || owned.isNumber || owned.handed !== undefined) return false;
    if (owned.key.startsWith("#") || (owned.isPointer && !isReached(frame, owned.key))) return false;
    return successes.every((exit) => exit.owned.has(owned.key)) && !failures.some((exit) => exit.owned.has(owned.key));
  });
  // Where it stands in the function is nothing to its callers.
  return left.map(({ at, aliases, pins, through, ...acquired }) => ({ ...acquired, key: outside(fn, acquired.key) }));
}

/** A member of an argument. */
function isReached({ fn }: Frame, place: string): boolean {
  return /^\w+->[\w.]+$/.test(place) && fn.def.params.some((each) => each.name === rootOf(place));
}

/** `video->dev` for `dev` where that is all it ever holds: the caller may know it by that name. */
function outside(fn: Func, key: string): string {
  const root = rootOf(key);
  const values = fn.cfg.blocks.flatMap(({ events }) =>
    events.flatMap((event) => (event.kind === "assign" && placeOf(event.target) === root ? [event.value] : [])),
  );
  const place = values.length === 1 && values[0] !== undefined ? placeOf(values[0]) : undefined;
  return place !== undefined && fn.def.params.some((each) => each.name === rootOf(place))
    ? renameRoot(key, root, place)
    : key;
}

/** The states after a call of a function of the driver: what it returns, has obtained, or by its name has to be undone. */
export function applyOwnership(
  frame: Frame,
  state: PathState,
  event: CallEvent,
  callee: Summary,
  block: Block,
  index: number,
): readonly PathState[] {
  const after =
    callee.gives === undefined
      ? applyPair(frame, state, event, block, index)
      : applyGift(state, event, callee, block, index);
  return after.flatMap((each) => applyAcquired(frame, each, event, callee, block, index));
}

/** The states after a call of such a function: it failed, or the caller has what it obtained. */
function applyAcquired(
  frame: Frame,
  state: PathState,
  event: CallEvent,
  callee: Summary,
  block: Block,
  index: number,
): readonly PathState[] {
  if (callee.leaves === undefined || block.inLoop || frame.pairs.has(callee.fn.name)) return [state];
  if (TEARS_DOWN.test(frame.fn.name)) return [state];
  let given = state;
  for (const each of callee.leaves) {
    const owned = inCallersWords(frame, event, callee, each);
    if (owned !== undefined && !isLent(state, owned)) given = own(given, owned);
  }
  if (given === state) return [state];
  const key = resultKey(event.expr);
  if (!isUsed(event.expr, block, index)) return [given];
  const mask = state.values.get(key)?.mask ?? callee.returns;
  const sides: PathState[] = [];
  if ((mask & ~ZERO) !== 0) sides.push({ ...state, values: new Map(state.values).set(key, { mask: mask & ~ZERO }) });
  if ((mask & ZERO) !== 0) sides.push({ ...given, values: new Map(given.values).set(key, { mask: ZERO }) });
  return sides;
}

function inCallersWords(frame: Frame, event: CallEvent, callee: Summary, owned: Acquired): Owned | undefined {
  const place = toCaller(
    owned.isPointer ? owned.key : owned.key.slice(0, owned.key.lastIndexOf("~")),
    callee.fn,
    event.expr.args,
    frame.program,
  );
  if (place === undefined) return undefined;
  return {
    ...owned,
    // What is written in the function's own words is kept in them: only what gives it back has to be known.
    key: owned.isPointer ? place : `${place}${owned.key.slice(owned.key.lastIndexOf("~"))}`,
    through: callee.fn.name,
    at: { start: event.start, end: event.end },
  };
}

function isLent(state: PathState, owned: Owned): boolean {
  const place = placeOfOwned(owned);
  return owned.releasedBy.some((release) => state.lent.has(`${release}:${place}`));
}
