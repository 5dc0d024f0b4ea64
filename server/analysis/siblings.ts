// The other files of a module, each analysed alone: what its functions do for callers here, and how they call back.
import { digest } from "../program/digest.ts";
import { moduleFiles } from "../program/modules.ts";
import { type Outline, outlineOf } from "../program/outline.ts";
import { type Parser, type Program, programOf } from "../program/program.ts";
import { readingsOf } from "../program/readings.ts";
import type { Host } from "../text/host.ts";
import { membersStopped } from "./deferred.ts";
import { analyse } from "./facts.ts";
import { lockClass } from "./lock-class.ts";
import type { Acquisition, Outcome } from "./outcome.ts";
import type { Sibling, SiblingFunction } from "./sibling.ts";
import type { Summary } from "./summary.ts";
import { wordsTested } from "./untested.ts";
import { ANY } from "./values.ts";

/** Bounds of what is read beside one file, in characters; what lies beyond them is not known. */
const LONGEST = 256 << 10;
const TOGETHER = 512 << 10;

/** How many files are remembered, as words and as facts. */
const OUTLINES = 192;
const FACTS = 160;

interface Kept {
  readonly text: string;
  readonly release: string;
  /** The headers it was read with, each with its digest. */
  readonly headers: readonly (readonly [path: string, digest: string])[];
  readonly sibling: Sibling;
}

class Store {
  private readonly parser: Parser;
  private readonly outlines = new Map<string, { text: string; outline: Outline }>();
  private readonly digests = new Map<string, { text: string; digest: string }>();
  private readonly kept = new Map<string, Kept>();

  constructor(parser: Parser) {
    this.parser = parser;
  }

  outline(path: string, text: string): Outline {
    const known = this.outlines.get(path);
    if (known?.text === text) return known.outline;
    const outline = outlineOf(text);
    remember(this.outlines, path, { text, outline }, OUTLINES);
    return outline;
  }

  /** What is known of the file; with `ready` only if nothing has to be read anew for it. */
  facts(host: Host, program: Program, path: string, text: string, ready: boolean): Sibling | undefined {
    const { release } = program.knowledge;
    const mine = this.digest(path, text);
    const isValid = (each: Kept | undefined): each is Kept =>
      each !== undefined &&
      each.text === mine &&
      each.release === release &&
      each.headers.every(([header, of]) => this.digest(header, host.read(header) ?? "") === of);
    const key = `sibling ${path}`;
    let kept = this.kept.get(path);
    if (!isValid(kept)) kept = thaw(host.cache?.read(key));
    if (!isValid(kept)) {
      if (ready) return undefined;
      const file = readingsOf(this.parser).parse(path, text);
      const alone = programOf(file, this.parser, program.knowledge, host);
      const headers = alone.headers.map((each) => [each.path, this.digest(each.path, each.text)] as const);
      kept = { text: mine, release, headers, sibling: exported(alone) };
      host.cache?.write(key, freeze(kept));
    }
    remember(this.kept, path, kept, FACTS);
    return kept.sibling;
  }

  private digest(path: string, text: string): string {
    const known = this.digests.get(path);
    if (known?.text === text) return known.digest;
    const made = digest(text);
    remember(this.digests, path, { text, digest: made }, OUTLINES);
    return made;
  }
}

/** The last `limit` entries that were asked for stay. */
function remember<V>(map: Map<string, V>, key: string, value: V, limit: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > limit) map.delete(map.keys().next().value!);
}

const stores = new WeakMap<Parser, Store>();

export interface Siblings {
  readonly known: readonly Sibling[];
  /** Each reads one more file, so that the next time it is known. */
  readonly later: readonly (() => void)[];
}

/**
 * The files of the module that call this one's functions, or define those that it calls. With `ready`, those that were
 * not looked at before are left for later.
 */
export function siblingsOf(program: Program, parser: Parser, host: Host, ready: boolean): Siblings {
  const paths = program.path === "" ? [] : moduleFiles(program.path, host);
  if (paths.length === 0) return { known: [], later: [] };
  const store = stores.get(parser) ?? new Store(parser);
  stores.set(parser, store);
  const wanted = wantedNames(program);
  const offered = [...program.functions.values()].filter((fn) => !fn.def.isStatic).map((fn) => fn.name);
  const definers: (readonly [string, string])[] = [];
  const callers: (readonly [string, string])[] = [];
  for (const path of paths) {
    const text = host.read(path);
    if (text === undefined || text.length > LONGEST) continue;
    const { defines, words } = store.outline(path, text);
    if (wanted.some((name) => defines.has(name))) definers.push([path, text]);
    else if (offered.some((name) => words.has(name))) callers.push([path, text]);
  }
  const known: Sibling[] = [];
  const later: (() => void)[] = [];
  let left = TOGETHER;
  for (const [path, text] of [...definers, ...callers]) {
    if (text.length > left) continue;
    left -= text.length;
    const sibling = store.facts(host, program, path, text, ready);
    if (sibling === undefined) later.push(() => store.facts(host, program, path, text, false));
    else known.push(sibling);
  }
  return { known, later };
}

/** Functions that the file calls, that neither it nor its headers define, and of which the kernel's facts say nothing. */
function wantedNames(program: Program): readonly string[] {
  const { knowledge } = program;
  return [...program.calls].filter((name) => {
    if (program.functions.has(name) || program.inlines.has(name) || program.macros.has(name)) return false;
    const fact = knowledge.fn(name);
    return fact === undefined || fact.maySleep === "unknown";
  });
}

function exported(program: Program): Sibling {
  const facts = analyse(program, []);
  const functions = new Map<string, SiblingFunction>();
  const tested = new Set<string>();
  for (const { fn, outcome, summary } of [...facts.functions.values(), ...facts.inlines.values()]) {
    const locks = outcome.acquisitions.flatMap((at) => {
      const lock = at.tries ? undefined : lockClass(program, fn, at.held);
      const isKnown = lock !== undefined && (lock.includes(".") || program.types.isShared(lock));
      return isKnown ? [{ lock, at: { ...at, held: withoutExpr(at.held) } }] : [];
    });
    functions.set(fn.name, {
      name: fn.name,
      file: fn.file,
      isStatic: fn.def.isStatic || fn.file !== program.path,
      callSites: outcome.callSites,
      summary: {
        ...summary,
        acquires: summary.acquires.map((site) => ({ ...site, held: withoutExpr(site.held) })),
        lockExits: lockExits(summary, outcome),
      },
      locks,
    });
    for (const word of wordsTested(fn)) tested.add(word);
  }
  return { path: program.path, functions, entries: program.entries, tested, stopped: membersStopped(program) };
}

/** A function that is not understood, but leaves no lock behind that was seen, is to callers as one that nobody read. */
function lockExits({ fn, lockExits: exits }: Summary, outcome: Outcome): Summary["lockExits"] {
  const leavesLocks = outcome.exits.some((exit) => exit.locks.size + exit.dropped.size > 0);
  if (exits === undefined && !leavesLocks && !/lock/i.test(fn.name)) return [{ mask: ANY.mask, held: [], dropped: [] }];
  return exits?.map((exit) => ({ ...exit, held: exit.held.map(withoutExpr) }));
}

/** Other files know a lock by its class, not by an expression in this one. */
function withoutExpr(held: Acquisition["held"]): Acquisition["held"] {
  const { expr: _expr, ...rest } = held;
  return rest;
}

function freeze(kept: Kept): string {
  return JSON.stringify(kept, (_, value: unknown) =>
    value instanceof Map ? { $map: [...value] } : value instanceof Set ? { $set: [...value] } : value,
  );
}

/** What an earlier run kept; nothing that can be used, for a text that was cut off. */
function thaw(text: string | undefined): Kept | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text, (_, value) => {
      if (Array.isArray(value?.$map)) return new Map(value.$map);
      return Array.isArray(value?.$set) ? new Set(value.$set) : value;
    });
  } catch {
    return undefined;
  }
}
