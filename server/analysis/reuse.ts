// What the work on a function gave is kept, with every answer it got from outside; while these hold, so does the outcome.
import type { Cfg } from "../program/cfg.ts";
import type { Func, ParsedFile, Program } from "../program/program.ts";
import { type Answers, Asked, isSame } from "./asked.ts";
import type { Summary } from "./summary.ts";
import { type Walked, walkFunction } from "./walk-function.ts";

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

/** Walks the functions of a program, callees first, and takes from earlier walks what cannot have changed. */
export class Walks {
  private readonly program: Program;
  private readonly asked: Asked;
  private readonly files: ReadonlyMap<string, ParsedFile>;

  constructor(program: Program, summaries: ReadonlyMap<string, Summary>) {
    this.program = program;
    this.asked = new Asked(program, summaries);
    asking.set(program, this.asked);
    this.files = new Map([...program.headers, program.file].map((file) => [file.path, file]));
  }

  walk(fn: Func): Walked {
    return keep(this.asked, this.program, fn, WALK, "", (known) => {
      const { asked } = this;
      const walked = walkFunction(asked.viewProgram(this.files.get(fn.file)!), fn, asked.viewSummaries());
      // Callers compare what they were told by its identity.
      const before = known?.summary;
      return before !== undefined && isSame(before, walked.summary) ? { ...walked, summary: before } : walked;
    });
  }

  /** What is worked out of a function once all are walked; `owner` stands for it. */
  look<R>(owner: object, fn: Func, make: (program: Program, summaries: ReadonlyMap<string, Summary>) => R): R {
    const { asked, program } = this;
    if (!typed.has(program.types)) return make(program, asked.summaries);
    return keep(asked, program, fn, owner, "", () => make(asked.viewProgram(program.file), asked.viewSummaries()));
  }

  /** From here on, what is known of functions may be asked for. */
  done(facts: NonNullable<Asked["facts"]>): void {
    this.asked.facts = facts;
  }
}

const WALK = {};

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
  asked.begin();
  const result = make(known?.result);
  const answers = asked.answers();
  if (answers === undefined) of.delete(owner);
  else of.set(owner, { context, given, answers, result });
  return result;
}
