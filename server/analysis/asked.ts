// What a piece of work asks of a program and its facts, so that what it gave can be kept while the answers are the same.
import type { Cfg } from "../program/cfg.ts";
import type { Func, ParsedFile, Program } from "../program/program.ts";
import type { Reach } from "./contexts.ts";
import type { Outcome } from "./outcome.ts";
import type { Summary } from "./summary.ts";

/** What is known of one function; what is not asked for may change. */
interface FactsOfFunction {
  readonly fn: Func;
  readonly outcome: Outcome;
  readonly summary: Summary;
  readonly reaches: readonly Reach[];
  readonly unread: unknown;
}

/**
 * Work on one function sees its own graph; what is written outside of functions, and which functions there are, for which
 * a context stands; and of other functions only what it asked for, which is noted here.
 */
export interface Answers {
  readonly summaries: ReadonlyMap<string, Summary | undefined>;
  readonly functions: ReadonlyMap<string, Cfg | undefined>;
  readonly calls: ReadonlyMap<string, boolean>;
  readonly outcomes: ReadonlyMap<string, Outcome | undefined>;
  readonly unread: ReadonlyMap<string, unknown>;
  /** How functions are reached, in writing. */
  readonly reaches: ReadonlyMap<string, string>;
  /** What all functions together make, in writing. */
  readonly together: ReadonlyMap<Together<unknown>, string>;
  /** Undefined when nobody looked at the entries. */
  readonly entries: string | undefined;
}

type Noted = {
  -readonly [K in keyof Answers]: Answers[K] extends ReadonlyMap<infer N, infer A> ? Map<N, A> : Answers[K];
};

type Together<V> = (program: Program) => V;

const views = new WeakMap<Program, Asked>();
const made = new WeakMap<Program, Map<Together<unknown>, unknown>>();

/** What `make` gathers from all functions of a program, once for each; work on one function asks for all of it. */
export function together<V>(make: Together<V>, program: Program): V {
  const asked = views.get(program);
  if (asked !== undefined) return asked.together(make);
  let known = made.get(program);
  if (known === undefined) {
    known = new Map();
    made.set(program, known);
  }
  if (!known.has(make)) known.set(make, make(program));
  return known.get(make) as V;
}

/** Everything that may be asked in one check. */
export class Asked {
  /** Someone went through all of something: nothing less than the same program gives the same outcome. */
  all = false;
  /** Once they are known. */
  facts: ((name: string) => FactsOfFunction | undefined) | undefined;
  private readonly program: Program;
  readonly summaries: ReadonlyMap<string, Summary>;
  private noted = nothing();
  private readonly held = new Map<Answers, boolean>();
  private entriesWritten: string | undefined;
  private readonly reachesWritten = new Map<string, string>();
  private readonly togetherWritten = new Map<Together<unknown>, string>();

  constructor(program: Program, summaries: ReadonlyMap<string, Summary>) {
    this.program = program;
    this.summaries = summaries;
  }

  /** What `work` gives, and what it asked for: undefined where everything counts. Work may be done within other work. */
  during<R>(work: () => R): { readonly result: R; readonly answers: Answers | undefined } {
    const [all, noted] = [this.all, this.noted];
    this.all = false;
    this.noted = nothing();
    try {
      const result = work();
      return { result, answers: this.all ? undefined : this.noted };
    } finally {
      this.all = all;
      this.noted = noted;
    }
  }

  /** Whether every answer is what it was. */
  holds(answers: Answers): boolean {
    // Until everything is known, the answer may become another.
    if (this.facts === undefined) return this.stillHolds(answers);
    let holds = this.held.get(answers);
    if (holds === undefined) {
      holds = this.stillHolds(answers);
      this.held.set(answers, holds);
    }
    return holds;
  }

  private stillHolds(answers: Answers): boolean {
    const { program, summaries, facts } = this;
    for (const [name, answer] of answers.summaries) if (summaries.get(name) !== answer) return false;
    for (const [name, answer] of answers.functions) if (program.functions.get(name)?.cfg !== answer) return false;
    for (const [name, answer] of answers.calls) if (program.calls.has(name) !== answer) return false;
    for (const [name, answer] of answers.outcomes) if (facts?.(name)?.outcome !== answer) return false;
    for (const [name, answer] of answers.unread) if (!isSame(facts?.(name)?.unread, answer)) return false;
    for (const [name, answer] of answers.reaches) if (this.reaches(name) !== answer) return false;
    for (const [make, answer] of answers.together) if (this.written(make) !== answer) return false;
    return answers.entries === undefined || answers.entries === this.entries();
  }

  /**
   * The program as one piece of work sees it. It is made anew for each, so that nothing which was worked out for another
   * hides a question of this one.
   */
  viewProgram(file: ParsedFile): Program {
    const { program } = this;
    const note = (): void => {
      this.noted.entries ??= this.entries();
    };
    const view: Program = {
      ...program,
      path: file.path,
      file,
      functions: new AskedMap(program.functions, this, (name, fn) => this.noted.functions.set(name, fn?.cfg)),
      calls: new AskedSet(program.calls, this, (name, answer) => this.noted.calls.set(name, answer)),
      get entries() {
        note();
        return program.entries;
      },
    };
    views.set(view, this);
    return view;
  }

  together<V>(make: Together<V>): V {
    this.noted.together.set(make, this.written(make));
    return together(make, this.program);
  }

  viewSummaries(): ReadonlyMap<string, Summary> {
    return new AskedMap(this.summaries, this, (name, answer) => this.noted.summaries.set(name, answer));
  }

  viewFacts<F extends FactsOfFunction>(of: ReadonlyMap<string, F>): ReadonlyMap<string, F> {
    const note = (name: string, each: F | undefined): void => {
      // Which functions there are, stands for the context.
      if (each === undefined && this.facts?.(name) === undefined) this.noted.outcomes.set(name, undefined);
    };
    return new AskedMap(of, this, note, (name, each) => this.viewOne(name, each));
  }

  /** The facts of one function, of which each is noted when it is looked at. */
  viewOne<F extends FactsOfFunction>(name: string, each: F): F {
    const { noted, program } = this;
    const show = <V>(value: V, note: () => void) => ({
      get(): V {
        note();
        return value;
      },
    });
    return Object.defineProperties({} as F, {
      // The functions of headers are those of the context.
      fn: show(each.fn, () => void (program.functions.has(name) && noted.functions.set(name, each.fn.cfg))),
      outcome: show(each.outcome, () => void noted.outcomes.set(name, each.outcome)),
      summary: show(each.summary, () => void noted.summaries.set(name, each.summary)),
      unread: show(each.unread, () => void noted.unread.set(name, each.unread)),
      reaches: show(each.reaches, () => void noted.reaches.set(name, this.reaches(name))),
    });
  }

  private written(make: Together<unknown>): string {
    let written = this.togetherWritten.get(make);
    if (written === undefined) {
      written = inWriting(together(make, this.program));
      this.togetherWritten.set(make, written);
    }
    return written;
  }

  private entries(): string {
    this.entriesWritten ??= inWriting(this.program.entries);
    return this.entriesWritten;
  }

  private reaches(name: string): string {
    let written = this.reachesWritten.get(name);
    if (written === undefined) {
      written = inWriting(this.facts?.(name)?.reaches);
      this.reachesWritten.set(name, written);
    }
    return written;
  }
}

/** Whether two pieces of work asked the same and were told the same. */
export function isSameAnswers(one: Answers, other: Answers): boolean {
  const isSameMap = (some: ReadonlyMap<unknown, unknown>, others: ReadonlyMap<unknown, unknown>): boolean => {
    if (some.size !== others.size) return false;
    for (const [key, answer] of some) if (!others.has(key) || others.get(key) !== answer) return false;
    return true;
  };
  return (
    one.entries === other.entries &&
    MAPS.every((key) =>
      isSameMap(one[key] as ReadonlyMap<unknown, unknown>, other[key] as ReadonlyMap<unknown, unknown>),
    )
  );
}

const MAPS = ["summaries", "functions", "calls", "outcomes", "unread", "reaches", "together"] as const;

function nothing(): Noted {
  return {
    summaries: new Map(),
    functions: new Map(),
    calls: new Map(),
    outcomes: new Map(),
    unread: new Map(),
    reaches: new Map(),
    together: new Map(),
    entries: undefined,
  };
}

export function isSame(one: unknown, other: unknown): boolean {
  return one === other || inWriting(one) === inWriting(other);
}

/** A text that is the same for what says the same. */
export function inWriting(value: unknown): string {
  return (
    JSON.stringify(value, (_, each: unknown) =>
      each instanceof Map || each instanceof Set ? { all: [...each] } : each,
    ) ?? ""
  );
}

type Note<A> = (name: string, answer: A) => void;

class AskedMap<V> extends Map<string, V> {
  private readonly of: ReadonlyMap<string, V>;
  private readonly asked: Asked;
  private readonly note: Note<V | undefined>;
  private readonly show: (name: string, value: V) => V;

  constructor(
    of: ReadonlyMap<string, V>,
    asked: Asked,
    note: Note<V | undefined>,
    show = (_: string, value: V) => value,
  ) {
    super();
    this.of = of;
    this.asked = asked;
    this.note = note;
    this.show = show;
  }

  override get(name: string): V | undefined {
    const answer = this.of.get(name);
    this.note(name, answer);
    return answer === undefined ? undefined : this.show(name, answer);
  }

  override has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  override get size(): number {
    this.asked.all = true;
    return this.of.size;
  }

  override keys(): MapIterator<string> {
    this.asked.all = true;
    return this.of.keys();
  }

  override values(): MapIterator<V> {
    this.asked.all = true;
    return this.of.values();
  }

  override entries(): MapIterator<[string, V]> {
    this.asked.all = true;
    return this.of.entries();
  }

  override [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  override forEach(look: (value: V, key: string, map: Map<string, V>) => void): void {
    for (const [key, value] of this.entries()) look(value, key, this);
  }
}

class AskedSet extends Set<string> {
  private readonly of: ReadonlySet<string>;
  private readonly asked: Asked;
  private readonly note: Note<boolean>;

  constructor(of: ReadonlySet<string>, asked: Asked, note: Note<boolean>) {
    super();
    this.of = of;
    this.asked = asked;
    this.note = note;
  }

  override has(name: string): boolean {
    const answer = this.of.has(name);
    this.note(name, answer);
    return answer;
  }

  override get size(): number {
    this.asked.all = true;
    return this.of.size;
  }

  override keys(): SetIterator<string> {
    this.asked.all = true;
    return this.of.keys();
  }

  override values(): SetIterator<string> {
    return this.keys();
  }

  override [Symbol.iterator](): SetIterator<string> {
    return this.keys();
  }

  override forEach(look: (value: string, key: string, set: Set<string>) => void): void {
    for (const value of this.keys()) look(value, value, this);
  }
}
