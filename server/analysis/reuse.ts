// What the work on a function gave is kept, with every answer it got from outside; while these hold, so does the outcome.
import type { Cfg } from "../program/cfg.ts";
import type { Func, Program } from "../program/program.ts";
import type { Answers, Asked } from "./asked.ts";

interface Kept<R> {
  readonly context: object;
  /** What it was given besides, in writing. */
  readonly given: string;
  readonly answers: Answers;
  readonly result: R;
}

/** By function and by what was worked out. */
const kept = new WeakMap<Cfg, Map<object, Kept<unknown>>>();
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

/** What was made of a function before, or is made now. */
export function keep<R>(
  asked: Asked,
  program: Program,
  { cfg }: Func,
  owner: object,
  given: string,
  make: (before: R | undefined) => R,
): R {
  const context = contextOf(program);
  let of = kept.get(cfg);
  if (of === undefined) {
    of = new Map();
    kept.set(cfg, of);
  }
  const known = of.get(owner) as Kept<R> | undefined;
  if (known !== undefined && known.context === context && known.given === given && asked.holds(known.answers))
    return known.result;
  const { result, answers } = asked.during(() => make(known?.result));
  if (answers === undefined) of.delete(owner);
  else of.set(owner, { context, given, answers, result });
  return result;
}
