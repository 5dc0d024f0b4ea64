// What the walk over a function gave is kept, with every answer it got from outside; while these hold, so does the outcome.
import type { Cfg } from "../program/cfg.ts";
import type { Func, ParsedFile, Program } from "../program/program.ts";
import type { Outcome } from "./outcome.ts";
import type { Summary } from "./summary.ts";
import { type Walked, walkFunction } from "./walk-function.ts";

/**
 * A walk sees the function's own graph; what is written outside of functions, and which functions there are, for which
 * the context stands; and of other functions only what it asked for, which is noted while it walks.
 */
interface Kept {
  readonly context: object;
  readonly answers: Answers;
  readonly walked: Walked;
}

interface Answers {
  readonly summaries: ReadonlyMap<string, Summary | undefined>;
  readonly functions: ReadonlyMap<string, Cfg | undefined>;
  readonly calls: ReadonlyMap<string, boolean>;
  /** Undefined when it did not look at the entries. */
  readonly entries: string | undefined;
}

const kept = new WeakMap<Cfg, Kept>();
const earlierContexts = new WeakMap<object, object>();

/** What stands for all that the texts say outside of functions: the declared types, made anew when any of it changes. */
function contextOf({ types }: Program): object {
  return earlierContexts.get(types) ?? types;
}

/** Says that two readings of one file differ at most inside of functions, offsets and names of functions included. */
export function shareContext(program: Program, earlier: Program): void {
  earlierContexts.set(program.types, contextOf(earlier));
}

/** Walks the functions of a program, callees first, and takes from earlier walks what cannot have changed. */
export class Walks {
  private readonly program: Program;
  private readonly summaries: ReadonlyMap<string, Summary>;
  private readonly log: Log;
  private readonly files: ReadonlyMap<string, ParsedFile>;
  private readonly asked: ReadonlyMap<string, Summary>;

  constructor(program: Program, summaries: ReadonlyMap<string, Summary>) {
    this.program = program;
    this.summaries = summaries;
    this.log = new Log(program);
    this.asked = new AskedMap(summaries, this.log, "summaries");
    this.files = new Map([...program.headers, program.file].map((file) => [file.path, file]));
  }

  walk(fn: Func): { readonly outcome: Outcome; readonly summary: Summary } {
    const context = contextOf(this.program);
    const known = kept.get(fn.cfg);
    if (known?.context === context && this.holds(known.answers)) return known.walked;
    this.log.clear();
    let walked = walkFunction(this.viewOf(this.files.get(fn.file)!), fn, this.asked);
    // Callers compare what they were told by its identity.
    const before = known?.walked.summary;
    if (before !== undefined && isSame(before, walked.summary)) walked = { ...walked, summary: before };
    const answers = this.log.answers();
    if (answers !== undefined) kept.set(fn.cfg, { context, answers, walked });
    return walked;
  }

  private holds({ summaries, functions, calls, entries }: Answers): boolean {
    for (const [name, answer] of summaries) if (this.summaries.get(name) !== answer) return false;
    for (const [name, answer] of functions) if (this.program.functions.get(name)?.cfg !== answer) return false;
    for (const [name, answer] of calls) if (this.program.calls.has(name) !== answer) return false;
    return entries === undefined || entries === this.log.entriesText();
  }

  /**
   * The program as one walk sees it: of what changes with other functions, every question is noted. It is made anew for
   * each, so that nothing which was worked out for another walk hides a question of this one.
   */
  private viewOf(file: ParsedFile): Program {
    const { program, log } = this;
    return {
      ...program,
      path: file.path,
      file,
      functions: new AskedMap(program.functions, log, "functions"),
      calls: new AskedSet(program.calls, log),
      get entries() {
        log.askedEntries = true;
        return program.entries;
      },
    };
  }
}

function isSame(one: Summary, other: Summary): boolean {
  return plain(one) === plain(other);
}

function plain(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each instanceof Map || each instanceof Set ? { all: [...each] } : each,
  );
}

class Log {
  askedEntries = false;
  /** The walk went through all of something: nothing less than the same program gives the same outcome. */
  askedForAll = false;
  private readonly program: Program;
  private summaries = new Map<string, Summary | undefined>();
  private functions = new Map<string, Cfg | undefined>();
  private calls = new Map<string, boolean>();
  private text: string | undefined;

  constructor(program: Program) {
    this.program = program;
  }

  clear(): void {
    this.askedEntries = false;
    this.askedForAll = false;
    this.summaries = new Map();
    this.functions = new Map();
    this.calls = new Map();
  }

  note(what: "summaries" | "functions", name: string, answer: unknown): void {
    if (what === "summaries") this.summaries.set(name, answer as Summary | undefined);
    else this.functions.set(name, (answer as Func | undefined)?.cfg);
  }

  noteCall(name: string, answer: boolean): void {
    this.calls.set(name, answer);
  }

  answers(): Answers | undefined {
    if (this.askedForAll) return undefined;
    const { summaries, functions, calls } = this;
    return { summaries, functions, calls, entries: this.askedEntries ? this.entriesText() : undefined };
  }

  entriesText(): string {
    this.text ??= plain(this.program.entries);
    return this.text;
  }
}

class AskedMap<V> extends Map<string, V> {
  private readonly of: ReadonlyMap<string, V>;
  private readonly log: Log;
  private readonly what: "summaries" | "functions";

  constructor(of: ReadonlyMap<string, V>, log: Log, what: "summaries" | "functions") {
    super();
    this.of = of;
    this.log = log;
    this.what = what;
  }

  override get(name: string): V | undefined {
    const answer = this.of.get(name);
    this.log.note(this.what, name, answer);
    return answer;
  }

  override has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  override get size(): number {
    this.log.askedForAll = true;
    return this.of.size;
  }

  override keys(): MapIterator<string> {
    this.log.askedForAll = true;
    return this.of.keys();
  }

  override values(): MapIterator<V> {
    this.log.askedForAll = true;
    return this.of.values();
  }

  override entries(): MapIterator<[string, V]> {
    this.log.askedForAll = true;
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
  private readonly log: Log;

  constructor(of: ReadonlySet<string>, log: Log) {
    super();
    this.of = of;
    this.log = log;
  }

  override has(name: string): boolean {
    const answer = this.of.has(name);
    this.log.noteCall(name, answer);
    return answer;
  }

  override get size(): number {
    this.log.askedForAll = true;
    return this.of.size;
  }

  override keys(): SetIterator<string> {
    this.log.askedForAll = true;
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
