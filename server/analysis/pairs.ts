// Pairs of functions of which only the names say that one undoes the other, and the ways in and out of a driver.
import { calledIn } from "../program/called.ts";
import type { Cfg } from "../program/cfg.ts";
import { functionName } from "../program/entries.ts";
import type { Func, ParsedFile, Program } from "../program/program.ts";

/** For a function: what it calls that has to be undone, with the functions that do so. */
export type Pairs = ReadonlyMap<string, readonly string[]>;

/** `foo_hw_init()` is undone by `foo_hw_exit()`, if the function itself or the way out of the driver calls that. */
export function pairsOf(program: Program, fn: Func): Pairs {
  const mine = new Set(calledBy(program, fn.name));
  const undone = undoneOnExit(program, fn.name);
  const pairs = new Map<string, readonly string[]>();
  for (const name of mine) {
    const fact = program.knowledge.fn(name);
    if (fact?.obtains !== undefined || fact?.acquires !== undefined) continue;
    const releases = counterparts(name).filter((each) => {
      if (!mine.has(each) && !undone.has(each)) return false;
      // `foo_add()` is nearer to `foo_remove()` than `foo_init()` is.
      if ([...mine].some((other) => isNearer(other, name, each))) return false;
      // Where the kernel's own function is known, it is known whether it gives something back.
      const known = program.knowledge.fn(each);
      if (known === undefined) return fact === undefined;
      return known.handleParam !== undefined && program.knowledge.acquirersOf(each).length === 0;
    });
    if (releases.length > 0) pairs.set(name, releases);
  }
  return pairs;
}

const VERBS: Readonly<Record<string, readonly string[]>> = {
  register: ["unregister", "deregister"],
  init: ["exit", "deinit", "uninit", "fini", "cleanup", "destroy", "free", "release", "term", "remove"],
  setup: ["teardown", "cleanup", "destroy", "free", "unsetup", "remove"],
  create: ["destroy", "remove", "delete", "free", "release"],
  alloc: ["free", "release", "dealloc"],
  allocate: ["free", "release", "deallocate"],
  get: ["put"],
  probe: ["remove"],
  enable: ["disable"],
  open: ["close"],
  add: ["del", "remove", "delete"],
  attach: ["detach"],
  map: ["unmap"],
  bind: ["unbind"],
  claim: ["release", "unclaim"],
  request: ["free", "release"],
  acquire: ["release"],
  prepare: ["unprepare"],
  deassert: ["assert"],
  connect: ["disconnect"],
  load: ["unload"],
  on: ["off"],
};

/** Names that would undo a function of this name, whether or not they exist. */
function counterparts(name: string): readonly string[] {
  let known = opposites.get(name);
  if (known === undefined) {
    if (opposites.size > OPPOSITES) opposites.clear();
    known = makeCounterparts(name);
    // In memory of its own: a name that was cut from a file's text would keep all of that.
    opposites.set(` ${name}`.slice(1), known);
  }
  return known;
}

const opposites = new Map<string, readonly string[]>();
const OPPOSITES = 1 << 14;

function makeCounterparts(name: string): readonly string[] {
  const words = name.split("_");
  return words.flatMap((word, index) =>
    (Object.hasOwn(VERBS, word) ? VERBS[word]! : []).map((verb) => words.with(index, verb).join("_")),
  );
}

/** Whether a release undoes `other` rather than `name`, as the order of the words for what undoes each of them has it. */
function isNearer(other: string, name: string, release: string): boolean {
  if (other === name) return false;
  const rank = counterparts(other).indexOf(release);
  return rank >= 0 && rank < counterparts(name).indexOf(release);
}

/** Members of one table: when the first fails, the kernel does not call the second. */
const WAYS: Readonly<Record<string, readonly string[]>> = {
  probe: ["remove", "remove_new", "disconnect"],
  bind: ["unbind"],
  open: ["release", "close"],
  ndo_open: ["ndo_stop"],
  startup: ["shutdown"],
};

const exits = new WeakMap<Program, Map<string, ReadonlySet<string>>>();

/** What is called, here or below, when the driver leaves what it entered through this function; empty for other functions. */
export function undoneOnExit(program: Program, fn: string): ReadonlySet<string> {
  const known = exits.get(program) ?? new Map<string, ReadonlySet<string>>();
  exits.set(program, known);
  let undone = known.get(fn);
  if (undone === undefined) {
    const leaving = leavingFunctions(program, fn);
    // The way out itself undoes the way in, not one of its steps.
    undone = new Set(
      leaving.flatMap((each) => [...calledBelow(program, each)]).filter((each) => !leaving.includes(each)),
    );
    known.set(fn, undone);
  }
  return undone;
}

/** For each name that stands in a table of a file: those that lead out again, in the order of the tables. */
type Tables = ReadonlyMap<string, readonly string[]>;

const tables = new WeakMap<ParsedFile, Tables>();

function tablesOf(file: ParsedFile): Tables {
  const known = tables.get(file);
  if (known !== undefined) return known;
  const found = new Map<string, string[]>();
  for (const { init } of file.unit.variables) {
    if (init?.kind !== "initializer") continue;
    const members = new Map(init.items.map(({ path, value }) => [path.join("."), functionName(value)]));
    for (const [member, name] of members) {
      if (name === undefined || !Object.hasOwn(WAYS, member)) continue;
      const out = WAYS[member]!.flatMap((each) => members.get(each) ?? []);
      found.set(name, [...(found.get(name) ?? []), ...out]);
    }
  }
  tables.set(file, found);
  return found;
}

/** Functions through which the driver leaves what it entered through this one: of the same table, or of the module. */
export function leavingFunctions(program: Program, fn: string): readonly string[] {
  const found = new Set<string>();
  for (const each of tablesOf(program.file).get(fn) ?? []) if (program.functions.has(each)) found.add(each);
  if (program.entries.some((entry) => entry.fn === fn && entry.role === "module init function"))
    for (const entry of program.entries) if (entry.role === "module exit function") found.add(entry.fn);
  return [...found];
}

/** Functions called by a function of the driver, directly or not, with itself. */
export function calledBelow(program: Program, fn: string): ReadonlySet<string> {
  const known = below.get(program) ?? new Map<string, ReadonlySet<string>>();
  below.set(program, known);
  let found = known.get(fn);
  if (found === undefined) {
    const names = new Set<string>([fn]);
    for (const name of names) for (const each of calledBy(program, name)) names.add(each);
    found = names;
    known.set(fn, found);
  }
  return found;
}

const below = new WeakMap<Program, Map<string, ReadonlySet<string>>>();

/** Names that are called, or handed over, which may be those of functions; in the order of the graph. */
const calls = new WeakMap<Cfg, readonly { readonly name: string; readonly isCalled: boolean }[]>();

function calledBy(program: Program, name: string): readonly string[] {
  const cfg = program.functions.get(name)?.cfg;
  if (cfg === undefined) return [];
  let known = calls.get(cfg);
  if (known === undefined) {
    const called = calledIn(cfg);
    const names = new Set<string>();
    for (const { events } of cfg.blocks)
      for (const event of events) {
        if (event.kind !== "call") continue;
        if (event.name !== undefined) names.add(event.name);
        for (const arg of event.expr.args) names.add(functionName(arg) ?? "");
      }
    known = [...names].map((each) => ({ name: each, isCalled: called.has(each) }));
    calls.set(cfg, known);
  }
  return known.flatMap((each) => (each.isCalled || program.functions.has(each.name) ? [each.name] : []));
}
