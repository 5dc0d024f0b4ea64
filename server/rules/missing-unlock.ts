// missing-unlock: a path leaves the function with a lock held that other paths release, or that nobody does.
import { callsOf } from "../analysis/calls-of.ts";
import type { Facts, FunctionFacts } from "../analysis/facts.ts";
import type { FunctionExit } from "../analysis/outcome.ts";
import { handleKey, lastWord } from "../analysis/resources.ts";
import type { Held } from "../analysis/state.ts";
import { meet, NEGATIVE, ZERO } from "../analysis/values.ts";
import { isInLoop } from "../program/cfg.ts";
import { placeOf, rootOf, spoken } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import { leavingFixes } from "./leaving-fixes.ts";
import type { Finding, Rule } from "./rule.ts";
import { undoOfLock } from "./undoing.ts";
import { heldStep, related } from "./wording.ts";

export const missingUnlock: Rule = {
  id: "missing-unlock",
  severity: "error",
  summary: "A path returns with a lock held that the function releases on its other paths, or that nobody releases.",
  check(program, facts) {
    const handedOn = droppedElsewhere(facts);
    return [...facts.functions.values()].flatMap((each) => leaks(program, facts, each, handedOn));
  },
};

/** Locks, by their last word, that some function releases without having taken them, as any task may release a semaphore. */
function droppedElsewhere(facts: Facts): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { outcome } of facts.functions.values())
    for (const exit of outcome.exits) for (const key of exit.dropped) found.add(lastWord(key));
  return found;
}

function leaks(program: Program, facts: Facts, own: FunctionFacts, handedOn: ReadonlySet<string>): Finding[] {
  const { fn, outcome } = own;
  if (fn.def.annotations.some((each) => /^__(acquires|cond_acquires|releases|must_hold)$/.test(each.name))) return [];
  const found = new Map<string, Finding>();
  const exits = outcome.exits.filter((exit) => !exit.uncertain);
  for (const exit of exits) {
    for (const [key, held] of exit.locks) {
      // With a pointer to what belongs to this CPU, preemption stays off until its caller is done with it.
      if (key === "@fpu" || (LEFT[key] !== undefined && fn.def.returns.pointers > 0 && key !== "@rcu")) continue;
      if (held.flavour === "semaphore" && handedOn.has(lastWord(key)) && !fails(fn, exit)) continue;
      // Told by its arguments to lock or to unlock, it holds the lock between two calls.
      if (exits.some((other) => other.dropped.has(key))) continue;
      // Given back under another name of the same lock, perhaps: `cgrp` and `chan->cgrp`.
      if ([...exit.dropped].some((other) => lastWord(other) === lastWord(key))) continue;
      if (isOneOfMany(fn, held)) continue;
      const released = exits.filter(
        (other) => other.done.has(key) && !other.locks.has(key) && (fails(fn, exit) || sameCall(exit, other)),
      );
      if (released.length === 0 && !isNeverReleased(program, own, key, held)) continue;
      if (released.length > 0 && !isMistake(fn, exit, released)) continue;
      const id = `${key}@${exit.start}`;
      if (found.has(id)) continue;
      const isWrong = (each: FunctionExit): boolean => released.length === 0 || isMistake(fn, each, released);
      const undo = undoOfLock(program, fn, facts.summaries, held);
      const fixes = leavingFixes(program, facts, own, exit, undo, isWrong);
      found.set(id, { ...finding(program, fn.name, exit, held, released[0]), fixes });
    }
  }
  return [...found.values()];
}

/** `lock(&a[i]->lock)` in a loop, over objects that another loop goes through again to unlock them. */
function isOneOfMany({ cfg }: Func, held: Held): boolean {
  if (!isInLoop(cfg, held.at.start)) return false;
  const root = rootOf(held.key);
  const moves = cfg.blocks.flatMap(({ inLoop, events }) =>
    inLoop ? events.filter((each) => each.kind === "assign" && placeOf(each.target) === root) : [],
  );
  return moves.length > 1;
}

/**
 * A function may return with a lock on purpose, and then its value tells: held on success, released on failure.
 * It is a mistake when the value tells nothing, or when the lock stays held on failure.
 */
function isMistake(fn: Func, exit: FunctionExit, released: readonly FunctionExit[]): boolean {
  const { name, def } = fn;
  if (exit.value.mask === NEGATIVE) return true;
  // Named for what it does: whoever calls it has the lock afterwards.
  if (/(^|_)(lock|trylock|acquire|reserve|begin|enter|semaphore)($|_)/.test(name)) return false;
  const returns = def.returns.pointers > 0 ? "" : def.returns.base;
  if (returns === "void" || returns === "irqreturn_t") return true;
  if (fails(fn, exit)) return true;
  return released.some((other) => sameOutcome(other, exit));
}

/**
 * A function that releases on no path what it takes may do so for its callers. It does not where the kernel calls it, or
 * where every function of the driver that releases such a lock takes it as well.
 */
function isNeverReleased(program: Program, { fn, outcome }: FunctionFacts, key: string, held: Held): boolean {
  if (LEFT[key] !== undefined || held.flavour === "semaphore" || held.tried === true) return false;
  if (outcome.cut || !fn.cfg.complete || fn.file !== program.path || HANDS_ON.test(fn.name)) return false;
  if (outcome.exits.some((exit) => exit.uncertain || !exit.locks.has(key))) return false;
  const called = callsOf(fn);
  if (!called.some((call) => call.start === held.at.start) || called.some(({ name }) => ENDS.test(name ?? "")))
    return false;
  const word = lastWord(key);
  let isBalanced = false;
  for (const other of program.functions.values()) {
    if (other === fn) continue;
    const releases = touches(program, other, "releases", word);
    if (releases && !touches(program, other, "acquires", word)) return false;
    isBalanced ||= releases;
    if (ENDS.test(other.name) && mentionsWord(other, word)) return false;
  }
  const isEntry = program.entries.some((entry) => entry.fn === fn.name);
  return isBalanced || (isEntry && held.flavour !== "mutex");
}

/** Named for what it does: whoever calls it has the lock afterwards. */
const HANDS_ON =
  /lock|acquire|reserve|begin|enter|start|claim|prepare|hold|take|freeze|suspend|quiesce|pause|stop|pre_|get/;

/** What may release a lock that another function took. */
const ENDS = /unlock|release|finish|complete|resume|thaw|_end|_done|_exit|post_/;

function touches(program: Program, fn: Func, what: "acquires" | "releases", word: string): boolean {
  return callsOf(fn).some(({ name, expr }) =>
    (name === undefined ? undefined : program.knowledge.fn(name)?.[what])?.some(({ param }) => {
      const arg = param === undefined ? undefined : expr.args[param];
      const place = arg === undefined ? undefined : handleKey(arg);
      return place !== undefined && lastWord(place) === word;
    }),
  );
}

function mentionsWord(fn: Func, word: string): boolean {
  return callsOf(fn).some(({ expr }) => expr.args.some((arg) => lastWord(handleKey(arg) ?? "") === word));
}

/** A function of type bool fails with false. */
function fails({ def }: Func, { value }: FunctionExit): boolean {
  return value.mask === NEGATIVE || (def.returns.pointers === 0 && def.returns.base === "bool" && value.mask === ZERO);
}

/** Whether one call can end either way: a function told by a flag to lock or to unlock does not. */
function sameCall(a: FunctionExit, b: FunctionExit): boolean {
  for (const [name, value] of a.params) {
    const other = b.params.get(name);
    if (other !== undefined && meet(value, other) === undefined) return false;
  }
  return true;
}

function sameOutcome(a: FunctionExit, b: FunctionExit): boolean {
  if (a.value.exact !== undefined && b.value.exact !== undefined) return a.value.exact === b.value.exact;
  return a.value.mask === b.value.mask && (a.value.mask === ZERO || a.value.mask === NEGATIVE);
}

/** What is no lock, and still has to be ended. */
const LEFT: Readonly<Record<string, string>> = {
  "@rcu": "inside an RCU read-side critical section",
  "@preempt": "with preemption disabled",
  "@irq": "with interrupts disabled",
  "@bh": "with bottom halves disabled",
};

function finding(program: Program, name: string, exit: FunctionExit, held: Held, released?: FunctionExit): Finding {
  return {
    rule: "missing-unlock",
    severity: "error",
    message: `${name}() returns ${LEFT[held.key] ?? `with \`${spoken(held.key)}\` held`}`,
    file: program.path,
    function: name,
    start: exit.start,
    end: exit.end,
    related: [
      heldStep(program, held),
      ...(released === undefined ? [] : [related(program, released, "released before the function returns here")]),
    ],
    fixes: [],
  };
}
