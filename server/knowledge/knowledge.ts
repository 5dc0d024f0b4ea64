// Puts the fact files into one immutable index that the rest of the server asks by name.
import type { ExtractedFunction, ExtractedMember, ExtractedScope } from "./extracted.ts";
import { decodeGone, type Gone } from "./gone.ts";
import { fitted, guardOf, type History, overlaid } from "./overlay.ts";
import type {
  Fact,
  FactFile,
  FunctionFact,
  GovernFact,
  GuardFact,
  LibcFact,
  OpsFact,
  RemovedFact,
  TypeFact,
  UapiHeadersFact,
} from "./schema.ts";
import { Table, type TableKind } from "./table.ts";
import { compareVersions, releaseOf } from "./versions.ts";

/** What is known for one kernel version. */
export interface Knowledge {
  /** `6.12`: the release that is spoken of; empty when there are no tables, and then every curated fact holds. */
  readonly release: string;
  /** A tree of this very release was read: what it lacks does not exist. Otherwise the nearest older tree speaks for it. */
  readonly exact: boolean;
  /** The releases of which a tree was read, oldest first. */
  readonly releases: readonly string[];
  /** The same knowledge for another release; for an empty one, for the newest. */
  at(release: string): Knowledge;

  /** A curated fact: it is complete, so that an effect it does not name is one that the function does not have. */
  fn(name: string): FunctionFact | undefined;
  /** All that is known of a function: curated, extracted from the tree, or both. What it does not say is not known. */
  fact(name: string): FunctionFact | undefined;
  /** All that is known of each function and macro of this release whose name begins so, in no order. */
  factsFrom(prefix: string): readonly FunctionFact[];
  /** The fact of a release that has the name when this one lacks it: of the last that had it, else of the first that will. */
  elsewhere(name: string): FunctionFact | undefined;
  /** In which releases the name exists; undefined for a name that nobody knows. */
  history(name: string): History | undefined;
  /** The members of a struct (`struct platform_driver`) that are callbacks or that releases have differently. */
  members(struct: string): readonly ExtractedMember[];
  /** Guards, classes and cleanup functions of this name. */
  scopes(name: string): readonly ExtractedScope[];

  govern(name: string): GovernFact | undefined;
  guard(name: string): GuardFact | undefined;
  /** By the name with its keyword: `struct file_operations`. */
  ops(struct: string): OpsFact | undefined;
  type(name: string): TypeFact | undefined;
  libcFunction(name: string): LibcFact | undefined;
  /** By the name between the angle brackets: `sys/types.h`. */
  libcHeader(name: string): LibcFact | undefined;
  /** The list that holds this header, when user space has the header too. */
  uapiHeader(name: string): UapiHeadersFact | undefined;
  /**
   * What kernels lost that is written with this word: a name, a header's path, the last word of a type or a member. All of
   * it, whatever the release: whether it is gone already, or will be, is in `since`.
   */
  removed(word: string): readonly RemovedFact[];
  /** The curated ones. */
  functions(): Iterable<FunctionFact>;
  /** For a function that gives something back: the functions that obtain what it takes, by name. */
  acquirersOf(release: string): readonly string[];
}

/** The texts of the tables, by their kind. */
export type TableTexts = { readonly [K in TableKind | "gone"]?: string };

/**
 * The knowledge for the newest kernel version read. A name may stand in several files; the first one counts. Throws when
 * an entry is malformed or stands twice in its own file, and when a text is no table.
 */
export function loadKnowledge(files: readonly FactFile[], texts: TableTexts = {}): Knowledge {
  const index = new Index();
  for (const file of files) index.read(file);
  if (texts.gone !== undefined) index.readGone(decodeGone(texts.gone));
  const tables: Tables = {
    functions: texts.functions === undefined ? undefined : new Table("functions", texts.functions),
    scopes: texts.scopes === undefined ? undefined : new Table("scopes", texts.scopes),
    members: texts.members === undefined ? undefined : new Table("members", texts.members),
  };
  const versions = tables.functions?.versions ?? [];
  const made = new Map<string, Knowledge>();
  const at = (wanted: string): Knowledge => {
    const release = wanted === "" ? releaseOf(versions.at(-1) ?? "") : wanted;
    const known = made.get(release) ?? new Release(index, tables, release, at);
    made.set(release, known);
    return known;
  };
  return at("");
}

/** A name may be a function and a guard at once (`device`), so that each sort of fact has a space of its own. */
class Index {
  readonly fns = new Map<string, FunctionFact>();
  readonly governs = new Map<string, GovernFact>();
  readonly guards = new Map<string, GuardFact>();
  readonly tables = new Map<string, OpsFact>();
  readonly types = new Map<string, TypeFact>();
  readonly libcFunctions = new Map<string, LibcFact>();
  readonly libcHeaders = new Map<string, LibcFact>();
  readonly uapiHeaders = new Map<string, UapiHeadersFact>();
  readonly removed = new Map<string, RemovedFact[]>();

  read(file: FactFile): void {
    if (typeof file.area !== "string") throw new Error("Knowledge: a file without an area");
    if (file.schema !== 1 || !Array.isArray(file.facts))
      throw new Error(`Knowledge, ${file.area}: not a fact file of schema 1`);
    file.facts.forEach((fact, position) => {
      const problem = this.add(fact, file.facts);
      if (problem === undefined) return;
      throw new Error(`Knowledge, ${file.area}, ${nameOf(fact) ?? `entry ${position}`}: ${problem}`);
    });
  }

  /** What no fact says more of: that it is there no more. */
  readGone(all: readonly Gone[]): void {
    for (const { name, path, line, last, first } of all) {
      if (this.removed.has(name)) continue;
      const [before, missing, source] = [releaseOf(last), releaseOf(first), `${path}:${line}`];
      const instead = `Linux ${before} has it in ${path}`;
      this.removed.set(name, [{ name, kind: "removed", what: "call", missing, instead, source }]);
    }
  }

  /** What is wrong with the fact, if anything is. `file` is where it stands; what stands in another file goes before it. */
  private add(fact: Fact, file: readonly Fact[]): string | undefined {
    const name = nameOf(fact);
    if (name === undefined || name === "") return "no name";
    const problem = problemOf(fact);
    if (problem !== undefined) return problem;
    const put = <T extends Fact>(map: Map<string, T>, value: T, key = name): string | undefined => {
      const known = map.get(key);
      if (known === undefined) map.set(key, value);
      return known !== undefined && file.includes(known) ? `${key} stands twice in this file` : undefined;
    };
    if (fact.kind === "function" || fact.kind === "macro") return put(this.fns, fact);
    if (fact.kind === "iterator" || fact.kind === "scope") return put(this.governs, fact);
    if (fact.kind === "guard") return put(this.guards, fact);
    if (fact.kind === "ops") return put(this.tables, fact);
    if (fact.kind === "type") return put(this.types, fact);
    if (fact.kind === "libc-function") return put(this.libcFunctions, fact);
    if (fact.kind === "libc-header") return put(this.libcHeaders, fact);
    if (fact.kind === "uapi-headers") {
      for (const header of fact.headers) if (!this.uapiHeaders.has(header)) this.uapiHeaders.set(header, fact);
      return undefined;
    }
    if (fact.kind === "removed") {
      const word = fact.what === "header" ? name : /\w+$/.exec(name)![0];
      const known = this.removed.get(word);
      if (known === undefined) this.removed.set(word, [fact]);
      else known.push(fact);
      return undefined;
    }
    return `unknown kind ${String((fact as { kind?: unknown }).kind)}`;
  }
}

/** The same name in memory of its own: one that was cut from a file's text would keep all of that. */
function alone(name: string): string {
  return ` ${name}`.slice(1);
}

type Tables = { readonly [K in TableKind]: Table<K> | undefined };

/** The index and the tables as one release sees them. */
class Release implements Knowledge {
  readonly release: string;
  readonly exact: boolean;
  readonly releases: readonly string[];
  readonly at: (release: string) => Knowledge;
  private readonly index: Index;
  private readonly tables: Tables;
  /** The versions that speak for this release, the one that counts first: its own, or those that it lies between. */
  private readonly speaking: readonly string[];
  private readonly facts = new Map<string, FunctionFact | undefined>();
  private readonly fns = new Map<string, FunctionFact | undefined>();
  /** Curated facts as far as they hold here, where that had to be looked up. */
  private readonly curated = new Map<string, FunctionFact>();
  private readonly guards = new Map<string, GuardFact | undefined>();
  private acquirers: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(index: Index, tables: Tables, release: string, at: (release: string) => Knowledge) {
    const versions = tables.functions?.versions ?? [];
    this.index = index;
    this.tables = tables;
    this.release = release;
    this.releases = versions.map(releaseOf);
    this.exact = this.releases.includes(release);
    this.at = at;
    const before = versions.findLast((version) => compareVersions(releaseOf(version), release) <= 0);
    const after = versions.find((version) => compareVersions(releaseOf(version), release) > 0);
    this.speaking = [before, this.exact ? undefined : after].filter((version) => version !== undefined);
  }

  fn(name: string): FunctionFact | undefined {
    const known = this.fns.get(name);
    if (known !== undefined || this.fns.has(name)) return known;
    const found = this.fnOf(name);
    this.fns.set(alone(name), found);
    return found;
  }

  private fnOf(name: string): FunctionFact | undefined {
    const curated = this.index.fns.get(name);
    if (curated === undefined || this.excludes(curated)) return undefined;
    const newest = this.tables.functions?.versions.at(-1);
    if (newest === undefined || this.speaking[0] === newest) return curated;
    let found = this.curated.get(name);
    if (found === undefined) {
      found = fitted(curated, this.extracted(name), this.tables.functions?.find(name, newest)?.[0]);
      this.curated.set(name, found);
    }
    return found;
  }

  fact(name: string): FunctionFact | undefined {
    const known = this.facts.get(name);
    if (known !== undefined || this.facts.has(name)) return known;
    const found = overlaid(this.fn(name), this.extracted(name), this.history(name));
    this.facts.set(alone(name), found);
    return found;
  }

  factsFrom(prefix: string): readonly FunctionFact[] {
    const curated = [...this.index.fns.keys()].filter((name) => name.startsWith(prefix));
    const names = new Set([...(this.tables.functions?.namesFrom(prefix) ?? []), ...curated]);
    return [...names].flatMap((name) => this.fact(name) ?? []);
  }

  elsewhere(name: string): FunctionFact | undefined {
    if (this.fact(name) !== undefined) return undefined;
    const having = this.tables.functions?.versionsOf(name).map(releaseOf) ?? [];
    const older = having.filter((release) => compareVersions(release, this.release) < 0);
    const other = older.at(-1) ?? having[0];
    if (other !== undefined) return this.at(other).fact(name);
    return overlaid(this.index.fns.get(name), undefined, undefined);
  }

  history(name: string): History | undefined {
    const curated = this.index.fns.get(name);
    const having = this.tables.functions?.versionsOf(name).map(releaseOf) ?? [];
    const [first, last] = [having[0], having.at(-1)];
    if (first === undefined || last === undefined)
      return curated && { since: curated.since ?? null, until: curated.until ?? null };
    const { releases } = this;
    return {
      since: cameIn(curated?.since, releases[releases.indexOf(first) - 1], first),
      until: wentAfter(curated?.until, last, releases[releases.indexOf(last) + 1]),
    };
  }

  members(struct: string): readonly ExtractedMember[] {
    return this.tables.members?.find(struct, this.speaking[0] ?? "") ?? [];
  }

  scopes(name: string): readonly ExtractedScope[] {
    return this.speak((version) => this.tables.scopes?.find(name, version)) ?? [];
  }

  govern(name: string): GovernFact | undefined {
    const fact = this.index.governs.get(name);
    return fact === undefined || this.excludes(fact) ? undefined : fact;
  }

  guard(name: string): GuardFact | undefined {
    const known = this.index.guards.get(name) ?? this.guards.get(name);
    if (known !== undefined || this.guards.has(name)) return known;
    const scope = this.scopes(name).find((each) => each.kind === "guard");
    const found = guardOf(scope, (entering) => this.fn(entering));
    this.guards.set(name, found);
    return found;
  }

  ops(struct: string): OpsFact | undefined {
    return this.index.tables.get(struct);
  }

  type(name: string): TypeFact | undefined {
    return this.index.types.get(name);
  }

  libcFunction(name: string): LibcFact | undefined {
    return this.index.libcFunctions.get(name);
  }

  libcHeader(name: string): LibcFact | undefined {
    return this.index.libcHeaders.get(name);
  }

  uapiHeader(name: string): UapiHeadersFact | undefined {
    return this.index.uapiHeaders.get(name);
  }

  removed(word: string): readonly RemovedFact[] {
    return this.index.removed.get(word) ?? [];
  }

  *functions(): Generator<FunctionFact> {
    for (const fact of this.index.fns.values()) if (!this.excludes(fact)) yield fact;
  }

  acquirersOf(release: string): readonly string[] {
    this.acquirers ??= acquirersByRelease(this.functions());
    return this.acquirers.get(release) ?? [];
  }

  private extracted(name: string): ExtractedFunction | undefined {
    return this.speak((version) => this.tables.functions?.find(name, version))?.[0];
  }

  /** What the first of the versions says that speaks for this release and has something to say. */
  private speak<T>(ask: (version: string) => readonly T[] | undefined): readonly T[] | undefined {
    for (const version of this.speaking) {
      const found = ask(version);
      if (found !== undefined && found.length > 0) return found;
    }
    return undefined;
  }

  /**
   * The fact is not of this release. Where `since` or `until` is a tree that was read, the change lies somewhere between
   * two trees; a release in between gets the benefit of the doubt.
   */
  private excludes({ since, until }: { readonly since?: string | null; readonly until?: string | null }): boolean {
    if (this.release === "") return false;
    const isNeighbour = (release: string) => !this.exact && this.speaking.map(releaseOf).includes(release);
    if (typeof since === "string" && compareVersions(this.release, since) < 0 && !isNeighbour(since)) return true;
    return typeof until === "string" && compareVersions(this.release, until) > 0 && !isNeighbour(until);
  }
}

/** `first`: the first tree with the name, `before`: the one before it. What is curated may say it more exactly. */
function cameIn(curated: string | null | undefined, before: string | undefined, first: string): string | null {
  if (typeof curated === "string" && compareVersions(curated, first) <= 0)
    if (before === undefined || compareVersions(curated, before) > 0) return curated;
  return before === undefined ? null : first;
}

/** `last`: the last tree with the name, `after`: the one after it. */
function wentAfter(curated: string | null | undefined, last: string, after: string | undefined): string | null {
  if (typeof curated === "string" && compareVersions(curated, last) >= 0)
    if (after === undefined || compareVersions(curated, after) < 0) return curated;
  return after === undefined ? null : last;
}

function acquirersByRelease(facts: Iterable<FunctionFact>): ReadonlyMap<string, readonly string[]> {
  const acquirers = new Map<string, string[]>();
  for (const fact of facts) {
    for (const release of fact.obtains?.releasedBy ?? []) {
      const names = acquirers.get(release);
      if (names === undefined) acquirers.set(release, [fact.name]);
      else names.push(fact.name);
    }
  }
  return acquirers;
}

const MAY_SLEEP: ReadonlySet<string> = new Set(["never", "always", "flags", "conditional", "unknown"]);

function problemOf(fact: Fact): string | undefined {
  if (typeof fact.source !== "string" || fact.source === "") return "no source";
  if (fact.kind === "ops") return typeof fact.members === "object" ? undefined : "no members";
  if (fact.kind === "removed") return (fact.since ?? fact.missing ?? fact.successor) ? undefined : "no release";
  if (fact.kind === "type") return fact.bytes > 0 ? undefined : "no size";
  if (fact.kind !== "function" && fact.kind !== "macro") return undefined;
  if (!MAY_SLEEP.has(fact.maySleep)) return `maySleep is ${String(fact.maySleep)}`;
  if (fact.maySleep === "flags" && fact.gfpParam === undefined) return "sleeps by its flags, but has no gfpParam";
  if (fact.maySleep === "conditional" && !fact.sleepCondition) return "no sleepCondition for conditional";
  if (fact.obtains !== undefined && fact.obtains.releasedBy.length === 0) return "obtains what nothing gives back";
  return undefined;
}

function nameOf(fact: Fact): string | undefined {
  const name: unknown = fact.kind === "ops" ? fact.struct : fact.name;
  return typeof name === "string" ? name : undefined;
}
