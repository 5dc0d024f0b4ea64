// Puts the fact files into one immutable index that the rest of the server asks by name.
import type {
  Fact,
  FactFile,
  FunctionFact,
  GovernFact,
  GuardFact,
  LibcFact,
  OpsFact,
  TypeFact,
  UapiHeadersFact,
} from "./schema.ts";

export interface Knowledge {
  fn(name: string): FunctionFact | undefined;
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
  functions(): Iterable<FunctionFact>;
  /** For a function that gives something back: the functions that obtain what it takes, by name. */
  acquirersOf(release: string): readonly string[];
}

/**
 * A name may stand in several files; the first one counts, so that `curated`, which sorts first, goes over `extracted`.
 * Throws when an entry is malformed or stands twice in its own file.
 */
export function loadKnowledge(files: readonly FactFile[]): Knowledge {
  const index = new Index();
  for (const file of files) index.read(file);
  return index.freeze();
}

/** A name may be a function and a guard at once (`device`), so that each sort of fact has a space of its own. */
class Index {
  private readonly fns = new Map<string, FunctionFact>();
  private readonly governs = new Map<string, GovernFact>();
  private readonly guards = new Map<string, GuardFact>();
  private readonly tables = new Map<string, OpsFact>();
  private readonly types = new Map<string, TypeFact>();
  private readonly libcFunctions = new Map<string, LibcFact>();
  private readonly libcHeaders = new Map<string, LibcFact>();
  private readonly uapiHeaders = new Map<string, UapiHeadersFact>();

  read(file: FactFile): void {
    if (typeof file.area !== "string") throw new Error("Knowledge: a file without an area");
    if (file.schema !== 1 || !Array.isArray(file.facts))
      throw new Error(`Knowledge, ${file.area}: not a fact file of schema 1`);
    const seen = new Set<string>();
    file.facts.forEach((fact, position) => {
      const complain = (what: string): never => {
        throw new Error(`Knowledge, ${file.area}, ${nameOf(fact) ?? `entry ${position}`}: ${what}`);
      };
      this.add(fact, seen, complain);
    });
  }

  freeze(): Knowledge {
    const acquirers = new Map<string, string[]>();
    for (const fact of this.fns.values()) {
      for (const release of fact.obtains?.releasedBy ?? []) {
        const names = acquirers.get(release);
        if (names === undefined) acquirers.set(release, [fact.name]);
        else names.push(fact.name);
      }
    }
    return Object.freeze({
      fn: (name: string) => this.fns.get(name),
      govern: (name: string) => this.governs.get(name),
      guard: (name: string) => this.guards.get(name),
      ops: (struct: string) => this.tables.get(struct),
      type: (name: string) => this.types.get(name),
      libcFunction: (name: string) => this.libcFunctions.get(name),
      libcHeader: (name: string) => this.libcHeaders.get(name),
      uapiHeader: (name: string) => this.uapiHeaders.get(name),
      functions: () => this.fns.values(),
      acquirersOf: (release: string) => acquirers.get(release) ?? [],
    });
  }

  private add(fact: Fact, seen: Set<string>, complain: (what: string) => never): void {
    const name = nameOf(fact) || complain("no name");
    const problem = problemOf(fact);
    if (problem !== undefined) complain(problem);
    const put = <T extends Fact>(map: Map<string, T>, value: T, key = name): void => {
      const place = `${spaceOf(value)} ${key}`;
      if (seen.has(place)) complain(`${key} stands twice in this file`);
      seen.add(place);
      if (!map.has(key)) map.set(key, value);
    };
    if (fact.kind === "function" || fact.kind === "macro") put(this.fns, fact);
    else if (fact.kind === "iterator" || fact.kind === "scope") put(this.governs, fact);
    else if (fact.kind === "guard") put(this.guards, fact);
    else if (fact.kind === "ops") put(this.tables, fact);
    else if (fact.kind === "type") put(this.types, fact);
    else if (fact.kind === "libc-function") put(this.libcFunctions, fact);
    else if (fact.kind === "libc-header") put(this.libcHeaders, fact);
    else if (fact.kind === "uapi-headers") for (const header of fact.headers) put(this.uapiHeaders, fact, header);
    else complain(`unknown kind ${String((fact as { kind?: unknown }).kind)}`);
  }
}

const MAY_SLEEP: ReadonlySet<string> = new Set(["never", "always", "flags", "conditional", "unknown"]);

function problemOf(fact: Fact): string | undefined {
  if (typeof fact.source !== "string" || fact.source === "") return "no source";
  if (fact.kind === "ops") return typeof fact.members === "object" ? undefined : "no members";
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

function spaceOf(fact: Fact): string {
  return fact.kind === "macro" ? "function" : fact.kind === "scope" ? "iterator" : fact.kind;
}
