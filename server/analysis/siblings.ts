// The other files of a module, each analysed alone: what its functions do for callers here, and how they call back.
import { digest } from "../program/digest.ts";
import type { Exports } from "../program/exports.ts";
import { moduleFiles } from "../program/modules.ts";
import { type Outline, outlineOf } from "../program/outline.ts";
import { type Parser, type Program, programOf } from "../program/program.ts";
import { readingsOf } from "../program/readings.ts";
import type { Host } from "../text/host.ts";
import { membersStopped } from "./deferred.ts";
import { walkedAlone } from "./facts.ts";
import { lockClass } from "./lock-class.ts";
import type { Acquisition, Outcome } from "./outcome.ts";
import type { Sibling, SiblingFunction } from "./sibling.ts";
import type { Summary } from "./summary.ts";
import { wordsTested } from "./untested.ts";
import { ANY } from "./values.ts";

/** Bounds of what is read beside one file, in characters; what lies beyond them is not known. */
const LONGEST = 256 << 10;
const TOGETHER = 512 << 10;

/** The same for the files of other modules. */
const OTHERS = 384 << 10;

/** Calls from an exported function down to what sleeps; further down, a caller's own circumstances decide too often. */
const HOPS = 2;

/** How many files are remembered, as words and as facts. */
const OUTLINES = 192;
const FACTS = 160;

/** Changes with what is kept. */
const FORMAT = "driverlab sibling 1";

interface Kept {
  readonly format: typeof FORMAT;
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
      kept = { format: FORMAT, text: mine, release, headers, sibling: exported(alone) };
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
 * The files of the module that call this one's functions, or define those that it calls; and what the files of other
 * modules export of what it calls. With `ready`, those that were not looked at before are left for later.
 */
export function siblingsOf(program: Program, parser: Parser, host: Host, ready: boolean, exports?: Exports): Siblings {
  const paths = program.path === "" ? [] : moduleFiles(program.path, host);
  const exporting = exports === undefined ? [] : exportersOf(program, exports, new Set([program.path, ...paths]));
  if (paths.length + exporting.length === 0) return { known: [], later: [] };
  const store = stores.get(parser) ?? new Store(parser);
  stores.set(parser, store);
  const wanted = wantedNames(program);
  const ownNames = [...program.functions.values()].filter((fn) => !fn.def.isStatic).map((fn) => fn.name);
  const definers: (readonly [string, string])[] = [];
  const callers: (readonly [string, string])[] = [];
  for (const path of paths) {
    const text = host.read(path);
    if (text === undefined || text.length > LONGEST) continue;
    const { defines, words } = store.outline(path, text);
    if (wanted.some((name) => defines.has(name))) definers.push([path, text]);
    else if (ownNames.some((name) => words.has(name))) callers.push([path, text]);
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
  left = OTHERS;
  for (const [path, names] of exporting) {
    const text = host.read(path);
    if (text === undefined || text.length > Math.min(LONGEST, left)) continue;
    left -= text.length;
    const sibling = store.facts(host, program, path, text, ready);
    if (sibling === undefined) later.push(() => store.facts(host, program, path, text, false));
    else known.push(offered(sibling, names));
  }
  return { known, later };
}

/** Files of other modules with what they export of what the program calls and the kernel's facts say nothing of. */
function exportersOf(
  { calls, functions, inlines, macros, knowledge }: Program,
  exports: Exports,
  own: ReadonlySet<string>,
): readonly (readonly [string, ReadonlySet<string>])[] {
  const found = new Map<string, Set<string>>();
  for (const name of calls) {
    const path = exports.fileOf(name);
    if (path === undefined || own.has(path)) continue;
    if (functions.has(name) || inlines.has(name) || macros.has(name) || knowledge.fact(name) !== undefined) continue;
    const names = found.get(path) ?? new Set();
    found.set(path, names.add(name));
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A file of another module: nothing of it is seen but what its functions do to their callers. */
function offered({ path, functions }: Sibling, names: ReadonlySet<string>): Sibling {
  const known = [...functions.values()].flatMap((fn) => {
    if (fn.isStatic || !names.has(fn.name)) return [];
    const sleeps = fn.summary.sleeps.filter(({ steps }) => steps.length < HOPS);
    return [[fn.name, { ...fn, callSites: [], locks: [], summary: { ...fn.summary, sleeps } }] as const];
  });
  return { path, functions: new Map(known), entries: [], tested: new Set(), stopped: new Set() };
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
  const functions = new Map<string, SiblingFunction>();
  const tested = new Set<string>();
  for (const { fn, outcome, summary } of walkedAlone(program)) {
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

/** What an earlier run kept; undefined for a text that was cut off, and for anything else. */
function thaw(text: string | undefined): Kept | undefined {
  if (text === undefined) return undefined;
  try {
    const kept = JSON.parse(text, (_, value) => {
      if (Array.isArray(value?.$map)) return new Map(value.$map);
      return Array.isArray(value?.$set) ? new Set(value.$set) : value;
    });
    return kept?.format === FORMAT && kept.sibling?.functions instanceof Map ? kept : undefined;
  } catch {
    return undefined;
  }
}
