// What a function leaves of locks to its callers: those that it holds or has released, by its result.
import { functionName } from "../program/entries.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Frame } from "./frame.ts";
import { locksByName } from "./named-locks.ts";
import type { LockExit } from "./summary.ts";

/** Undefined where it cannot be told. */
export function lockExits(frame: Frame): readonly LockExit[] | undefined {
  const { outcome } = frame;
  // Too many paths to follow do not matter where none of them can meet a lock.
  if ((outcome.cut || outcome.exits.some((exit) => exit.uncertain)) && isLockFree(frame)) return NOTHING;
  const distinct = new Map<string, LockExit & { mask: number }>();
  for (const exit of outcome.exits) {
    if (exit.uncertain) return undefined;
    const held = [...exit.locks.values()];
    const dropped = [...exit.dropped];
    const key = `${held.map((each) => each.key).join(",")}|${dropped.join(",")}`;
    const known = distinct.get(key);
    if (known === undefined) distinct.set(key, { mask: exit.value.mask, held, dropped });
    else distinct.set(key, { ...known, mask: known.mask | exit.value.mask });
  }
  const exits = [...distinct.values()];
  // Two ways of leaving that the result does not tell apart leave the caller with a guess.
  if (exits.some((a, index) => exits.some((b, other) => other > index && (a.mask & b.mask) !== 0))) return undefined;
  const touches = exits.some((exit) => exit.held.length + exit.dropped.length > 0);
  if (!touches) return outcome.cut ? undefined : NOTHING;
  return outcome.cut || exits.length > 4 ? undefined : exits;
}

const NOTHING: readonly LockExit[] = [{ mask: 7, held: [], dropped: [] }];

/** Nothing that the function does has to do with locks, nor does what it calls. */
function isLockFree({ fn, program, summaries }: Frame): boolean {
  if (!fn.cfg.complete) return false;
  return fn.cfg.blocks.every(({ events }) =>
    events.every((event) => {
      if (event.kind === "guard") return false;
      if (event.kind === "cleanup") return event.guard === undefined;
      if (event.kind !== "call") return true;
      // Through a pointer, anything may be called; a driver's own operations leave locks as they find them.
      if (event.name === undefined) return true;
      const callee = summaries.get(event.name);
      if (callee !== undefined) return isNothing(callee.lockExits);
      if (program.functions.has(event.name)) return false;
      const fact = program.knowledge.fn(event.name);
      if (fact !== undefined)
        return (fact.acquires ?? []).length + (fact.releases ?? []).length === 0 && !event.expr.args.some(handsLocker);
      return program.macros.effectsOf(event.name)?.locks !== true && !locksByName(event.name);
    }),
  );

  function handsLocker(arg: Expr): boolean {
    const summary = summaries.get(functionName(arg) ?? "");
    return summary !== undefined && !isNothing(summary.lockExits);
  }
}

function isNothing(exits: readonly LockExit[] | undefined): boolean {
  return exits?.every(({ held, dropped }) => held.length + dropped.length === 0) ?? false;
}
