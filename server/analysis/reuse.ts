// What the work on a function gave is kept, with every answer it got from outside; while these hold, so does the outcome.
import type { Cfg } from "../program/cfg.ts";
import type { Func, Program } from "../program/program.ts";
import { type Answers, type Asked, inWriting, isSameAnswers } from "./asked.ts";
import type { Summary } from "./summary.ts";

interface Kept<R> {
  readonly context: object;
  /** What it was given besides, in writing. */
  readonly given: string;
  readonly answers: Answers;
  readonly result: R;
}

/** By function and by what was worked out; the latest first. */
const kept = new WeakMap<Cfg, Map<object, readonly Kept<unknown>[]>>();

/** A statement that is being typed is broken at one key and whole at the next, and callers see it come and go. */
const MOST = 3;

const earlierContexts = new WeakMap<object, object>();
const typed = new WeakSet<object>();
const asking = new WeakMap<Program, Asked>();

/** What stands for all that the texts say outside of functions: the declared types, made anew when any of it changes. */
function contextOf({ types }: Program): object {
  return earlierContexts.get(types) ?? types;
}

/** Says that two readings of one file differ at most inside of functions, offsets and names of functions included. */
export function shareContext(program: Program, earlier: Program): void {
  earlierContexts.set(program.types, contextOf(earlier));
}

/** Says that a person types in the file: what one check worked out, the next one may take over. */
export function expectMore(program: Program): void {
  typed.add(program.types);
}

/** Says who notes what is asked in a check. */
export function noteWith(program: Program, asked: Asked): void {
  asking.set(program, asked);
}

/** Undefined unless a person types in the file. */
export function askedOf(program: Program): Asked | undefined {
  return typed.has(program.types) ? asking.get(program) : undefined;
}

/**
 * What `look` finds in a function, taken from an earlier check of a file that a person types in while everything that it
 * asked for is as it was; so it may ask only what it is handed, and `given` is all that it brings along. `owner` stands for
 * `look`, the same object for each check.
 */
export function inFunction<R>(owner: object, program: Program, fn: Func, look: (program: Program) => R, given = ""): R {
  const asked = askedOf(program);
  if (asked === undefined) return look(program);
  return keep(asked, program, fn, owner, given, () => look(asked.viewProgram(program.file)));
}

const NOTHING: readonly Kept<unknown>[] = [];

const earlierSummaries = new WeakMap<object, Map<string, { readonly written: string; readonly summary: Summary }[]>>();

/** A summary that says the same as an earlier one of that function: callers compare what they were told by its identity. */
export function sameAsBefore(program: Program, name: string, summary: Summary): Summary {
  if (!typed.has(program.types)) return summary;
  const context = contextOf(program);
  const all = earlierSummaries.get(context) ?? new Map<string, { written: string; summary: Summary }[]>();
  earlierSummaries.set(context, all);
  const known = all.get(name) ?? [];
  const written = inWriting(summary);
  const same = known.find((each) => each.written === written);
  if (same !== undefined) return same.summary;
  all.set(name, [{ written, summary }, ...known.slice(0, MOST - 1)]);
  return summary;
}

/** What was made of a function before, or is made now. */
export function keep<R>(asked: Asked, program: Program, { cfg }: Func, owner: object, given: string, make: () => R): R {
  const context = contextOf(program);
  let of = kept.get(cfg);
  if (of === undefined) {
    of = new Map();
    kept.set(cfg, of);
  }
  const known = of.get(owner) ?? NOTHING;
  for (const each of known)
    if (each.context === context && each.given === given && asked.holds(each.answers)) return each.result as R;
  const { result, answers } = asked.during(make);
  if (answers === undefined) return result;
  // Much work on one function asks the same: whether that holds is then found out once.
  const others = [...of.values()].flatMap(([latest]) => (latest === undefined ? [] : latest.answers));
  const shared = others.find((each) => isSameAnswers(each, answers)) ?? answers;
  of.set(owner, [{ context, given, answers: shared, result }, ...known.slice(0, MOST - 1)]);
  return result;
}
