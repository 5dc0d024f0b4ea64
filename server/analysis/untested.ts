// Allocations whose result nobody ever tests: not the function, and no other function that knows the place by its name.
import { testedShare } from "../knowledge/extracted.ts";
import type { FunctionFact } from "../knowledge/schema.ts";
import type { Cfg, Event } from "../program/cfg.ts";
import { mentions, placeOf, rootOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { ASKS } from "./calls-of.ts";
import { neverFails } from "./never-fails.ts";
import { lastWord } from "./resources.ts";
import { inFunction } from "./reuse.ts";
import { stripCasts } from "./summary.ts";

export interface Untested extends Span {
  readonly place: string;
  /** The allocator. */
  readonly name: string;
  readonly shows: "null" | "errptr";
}

/** `elsewhere` are the words that other files of the module test. */
export function untestedAllocations(
  program: Program,
  elsewhere: Iterable<string>,
): ReadonlyMap<string, readonly Untested[]> {
  const everywhere: Tested = { words: new Set(elsewhere), errors: new Set(elsewhere) };
  const within = new Map<string, Tested>();
  for (const fn of program.functions.values()) {
    const looks = looksOf(program, fn);
    within.set(fn.name, looks);
    for (const word of looks.words) everywhere.words.add(word);
    // Whoever tests what it has just stored tests nothing that others stored there.
    for (const word of looks.errors) if (!looks.stored.has(word)) everywhere.errors.add(word);
  }
  const found = new Map<string, readonly Untested[]>();
  for (const fn of program.functions.values()) {
    if (!fn.cfg.complete) continue;
    const all = inFunction(allocations, program, fn, (view) => allocations(view, fn));
    const mine = all.filter(({ place, shows }) => {
      // What a local holds no other function can test.
      const isOwn = /^\w+(\.|$)/.test(place) && program.types.isLocal(fn.def, rootOf(place));
      // It is NULL where nothing is allocated, and that is right for those who get it.
      if (isOwn && beginsAsNull(fn, place)) return false;
      const tested = isOwn ? within.get(fn.name)! : everywhere;
      // A test for NULL takes an error pointer for valid.
      const words = shows === "errptr" ? tested.errors : tested.words;
      if (shows === "errptr" && within.get(fn.name)!.errors.has(lastWord(place))) return false;
      if (isOwn && shows === "null" && isOnlyPrinted(program, fn, place)) return false;
      return !words.has(lastWord(place)) && !isHandedOn(program, fn, place, within) && !isOnlyKept(program, place);
    });
    if (mine.length > 0) found.set(fn.name, mine);
  }
  return found;
}

function beginsAsNull({ cfg }: Func, place: string): boolean {
  return cfg.blocks.some(({ events }) =>
    events.some(
      (event) =>
        event.kind === "assign" &&
        event.isInit &&
        placeOf(event.target) === place &&
        event.value?.kind === "name" &&
        event.value.name === "NULL",
    ),
  );
}

/** Last words of the places that are tested, and of those that are tested for being an error pointer. */
interface Tested {
  readonly words: Set<string>;
  readonly errors: Set<string>;
}

interface Looks extends Tested {
  /** Last words of the places in which it stores what calls give. */
  readonly stored: ReadonlySet<string>;
}

const looks = new WeakMap<Cfg, Looks>();

function looksOf(program: Program, fn: Func): Looks {
  const known = looks.get(fn.cfg);
  if (known !== undefined) return known;
  const made = { words: wordsTested(fn), errors: errorsTested(program, fn), stored: wordsStored(fn) };
  looks.set(fn.cfg, made);
  return made;
}

/** `p = kmalloc(…)`: calls that give something, may fail, and whose result is stored. */
function allocations(program: Program, fn: Func): readonly Untested[] {
  const found: Untested[] = [];
  for (const { events } of fn.cfg.blocks) {
    for (const event of events) {
      if (event.kind !== "assign" || event.value === undefined) continue;
      const call = stripCasts(event.value);
      const place = placeOf(event.target);
      if (call.kind !== "call" || call.callee.kind !== "name" || place === undefined) continue;
      const fact = program.knowledge.fact(call.callee.name);
      // The functions of fs/debugfs/inode.c take the errors of each other: nobody has to look at them.
      if (call.callee.name.startsWith("debugfs_")) continue;
      const flags = fact?.gfpParam === undefined ? undefined : call.args[fact.gfpParam];
      const shows =
        fact?.returns === "null-on-failure" ? "null" : /errptr/.test(fact?.returns ?? "") ? "errptr" : undefined;
      if (fact === undefined || shows === undefined) continue;
      if ((flags === undefined && !isMade(fact)) || neverFails(fact, call)) continue;
      found.push({ place, name: fact.name, shows, start: call.start, end: call.end });
    }
  }
  return found;
}

/** It makes something new; what is only looked up (nodes, references) may be absent, and many functions take NULL for it. */
function isMade(fact: FunctionFact): boolean {
  const { extracted, returns } = fact;
  if (extracted?.managed === true) return returns !== "null-on-failure";
  if (returns === "errptr-on-failure" && extracted !== undefined && testedShare(extracted) >= 0.95) return true;
  return fact.obtains?.handle === "return" && !/node|reference/.test(fact.obtains.what);
}

/** Last words of all places that any condition of the function looks at. */
export function wordsTested(fn: Func): Set<string> {
  const words = new Set<string>();
  const add = (expr: Expr): void =>
    walkExpr(expr, (each) => {
      const place = placeOf(each);
      if (place !== undefined) words.add(lastWord(place));
    });
  for (const { exit, events } of fn.cfg.blocks) {
    if (exit.kind === "branch") add(exit.test);
    else if (exit.kind === "switch") add(exit.value);
    for (const event of events) for (const value of conditionsIn(event)) add(value);
  }
  return words;
}

/** Last words of all places that the function asks whether they are error pointers. */
function errorsTested({ knowledge }: Program, fn: Func): Set<string> {
  const words = new Set<string>();
  for (const { events } of fn.cfg.blocks)
    for (const event of events) {
      if (event.kind !== "call") continue;
      const { name = "" } = event;
      // platform_device_unregister() does nothing with an error pointer.
      const looks = ERROR_TESTS.test(name) || ASKS.test(name) || knowledge.fn(name)?.passesErrors?.includes(0) === true;
      const arg = looks ? event.expr.args[0] : undefined;
      if (arg === undefined) continue;
      const place = placeOf(stripCasts(arg));
      if (place !== undefined) words.add(lastWord(place));
    }
  return words;
}

/** Last words of the places in which the function stores what a call gives. */
function wordsStored(fn: Func): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { events } of fn.cfg.blocks)
    for (const event of events) {
      if (event.kind !== "assign" || event.value === undefined || stripCasts(event.value).kind !== "call") continue;
      const place = placeOf(event.target);
      if (place !== undefined) words.add(lastWord(place));
    }
  return words;
}

/** The macros of include/linux/err.h, and what drivers make of them. */
const ERROR_TESTS = /IS_ERR|PTR_ERR/;

/** Comparisons that are computed rather than branched on: `ok = p != NULL`, `return !p`. */
function conditionsIn(event: Event): readonly Expr[] {
  const value = event.kind === "assign" || event.kind === "return" ? event.value : undefined;
  const values = event.kind === "call" ? event.expr.args : value === undefined ? [] : [value];
  return values.filter(
    (each) =>
      each.kind === "conditional" ||
      (each.kind === "unary" && each.op === "!") ||
      (each.kind === "binary" && /^([=!<>]=?|[&|]{1,2}|\^)$/.test(each.op)),
  );
}

/** It is returned, copied, or given to someone who may test it. */
function isHandedOn(program: Program, fn: Func, place: string, within: ReadonlyMap<string, Tested>): boolean {
  const uses = (expr: Expr): boolean => {
    let found = false;
    walkExpr(expr, (each) => {
      const other = placeOf(each);
      // An object that holds the place goes along with it: `return foo`, `setup(foo)`.
      if (other !== undefined && (other === place || mentions(place, other))) found = true;
    });
    return found;
  };
  for (const { events } of fn.cfg.blocks) {
    for (const event of events) {
      if (event.kind === "return" && event.value !== undefined && event.value.kind !== "call" && uses(event.value))
        return true;
      if (event.kind === "assign" && event.value !== undefined && placeOf(stripCasts(event.value)) === place)
        return true;
      if (event.kind !== "call") continue;
      const name = event.name ?? "";
      const own = program.functions.get(name);
      const tested = within.get(name)?.words;
      // What an object holds other functions of the driver test under its name, what they are given under their own.
      if (own !== undefined && tested !== undefined) {
        const given = event.expr.args.findIndex((arg) => placeOf(stripCasts(arg)) === place);
        if (given >= 0 && tested.has(own.def.params[given]?.name ?? "")) return true;
        continue;
      }
      const fact = program.knowledge.fact(name);
      if (fact === undefined && event.expr.args.some(uses)) return true;
      const looked = fact?.passesErrors?.map((index) => event.expr.args[index]) ?? [];
      if (looked.some((arg) => arg !== undefined && placeOf(stripCasts(arg)) === place)) return true;
    }
  }
  return false;
}

/** A variable of the file that nothing ever reads: what it holds is only kept there. */
function isOnlyKept({ file }: Program, place: string): boolean {
  const root = rootOf(place);
  if (!file.unit.variables.some((each) => each.name === root && each.isStatic)) return false;
  const uses = [...file.text.matchAll(new RegExp(`\\b${root}\\b((\\s*\\[[^\\]]*\\])*)\\s*(.)(.)`, "gs"))];
  return uses.every(([, , , next, after]) => next === ";" || (next === "=" && after !== "="));
}

/** `pr_info("%s", name); kfree(name);`: lib/vsprintf.c prints "(null)", and what frees memory takes NULL. */
function isOnlyPrinted({ knowledge }: Program, { cfg }: Func, place: string): boolean {
  let prints = false;
  for (const { events } of cfg.blocks) {
    for (const event of events) {
      if (event.kind === "deref" && mentionsPlace(event.base, place)) return false;
      if (event.kind === "assign" && event.value !== undefined && event.value.kind !== "call")
        if (mentionsPlace(event.value, place)) return false;
      if (event.kind !== "call" || !event.expr.args.some((arg) => mentionsPlace(arg, place))) continue;
      const name = event.name ?? "";
      if (PRINTS.test(name)) prints = true;
      else if (knowledge.fn(name)?.takes === undefined) return false;
    }
  }
  return prints;
}

const PRINTS = /^(printk\w*|(pr|dev|netdev|netif|drm|v4l2|bt_dev)_(dbg|info|notice|warn|err|crit)\w*)$/;

function mentionsPlace(expr: Expr, place: string): boolean {
  let found = false;
  walkExpr(expr, (each) => {
    if (placeOf(each) === place) found = true;
  });
  return found;
}
