// What the driver takes on its way in, gives back when that fails, and forgets on its way out.
import { callsOf } from "../analysis/calls-of.ts";
import type { Facts } from "../analysis/facts.ts";
import { storeOf } from "../analysis/ownership.ts";
import { calledBelow, leavingFunctions } from "../analysis/pairs.ts";
import { handleKey, lastWord } from "../analysis/resources.ts";
import { stripCasts } from "../analysis/summary.ts";
import type { FunctionFact, Obtains } from "../knowledge/schema.ts";
import type { CallEvent } from "../program/cfg.ts";
import { functionName } from "../program/entries.ts";
import { placeOf, rootOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import type { Finding } from "./rule.ts";
import { related } from "./wording.ts";

interface Taken extends Span {
  readonly fact: FunctionFact;
  readonly fn: string;
  /** The member that keeps it: `wq` of `priv->wq`. */
  readonly word: string;
  /** The struct that has the member. */
  readonly owner: string;
  readonly place: string;
}

export function leftBehind(
  program: Program,
  facts: Facts,
  rule: string,
  wanted: (what: string) => boolean,
): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const { fn } of facts.functions.values()) {
    const leaving = leavingFunctions(program, fn.name);
    // With several ways out it is not known which one undoes what.
    if (leaving.length !== 1) continue;
    const entering = [...calledAtOnce(program, fn.name)].flatMap((name) => program.functions.get(name) ?? []);
    const way = [...calledBelow(program, leaving[0]!)].flatMap((name) => program.functions.get(name) ?? []);
    const actions = entering.flatMap((each) => handedOver(program, each));
    const out = program.functions.get(leaving[0]!);
    if (out === undefined || way.some((each) => !each.cfg.complete)) continue;
    for (const taken of entering.flatMap((each) => takenBy(program, each))) {
      const { obtains } = taken.fact;
      if (obtains === undefined || !wanted(obtains.what)) continue;
      // A struct on the stack of the way in only carries it to where it is kept.
      const onStack = new RegExp(`${taken.owner}\\s+\\w+\\s*[;,=]`);
      if (entering.some(({ def }) => onStack.test(program.file.text.slice(def.start, def.end)))) continue;
      // The function that took it, or the way in itself, shows that it has to be given back by hand.
      const release = obtains.releasedBy.find((each) =>
        entering.some((other) => [taken.fn, fn.name].includes(other.name) && releasesLater(other, each, taken)),
      );
      // Something else than this way out gives it back, when the device itself goes.
      if (!isUnbound(program, out.name) && isGivenBackElsewhere(program, entering, obtains, taken)) continue;
      if (release === undefined || [...way, ...actions].some((each) => mayGiveBack(program, facts, each, taken)))
        continue;
      // A callback of another table gives it back: `.fb_destroy` when the last user is gone.
      const callbacks = callbacksOf(program, [...entering.map(({ name }) => name), leaving[0]!]);
      if (callbacks.some((each) => obtains.releasedBy.some((one) => releasesLater(each, one, taken)))) continue;
      found.set(`${out.name}:${taken.place}`, {
        rule,
        severity: "warning",
        message: `\`${taken.place}\`, obtained by ${taken.fact.name}() in ${taken.fn}(), is not released here: ${release}() is missing`,
        file: program.path,
        function: out.name,
        start: out.def.nameSpan.start,
        end: out.def.nameSpan.end,
        related: [
          related(
            program,
            taken,
            `${taken.fact.name}() obtained it here; when a later step fails, ${release}() gives it back`,
          ),
        ],
        fixes: [],
      });
    }
  }
  return [...found.values()];
}

/** After it nothing of the device is left; that other drivers of the file give back such a member is about theirs. */
function isUnbound(program: Program, fn: string): boolean {
  return program.entries.some((each) => each.fn === fn && /\.(remove|remove_new|disconnect)$/.test(each.role));
}

/** A function that is no part of the way in gives it back, itself or through one that the way in calls, too. */
function isGivenBackElsewhere(program: Program, entering: readonly Func[], obtains: Obtains, taken: Taken): boolean {
  const releases = (fn: Func): boolean => obtains.releasedBy.some((each) => releasesLater(fn, each, taken));
  const shared = new Set(entering.flatMap((each) => (each.name !== taken.fn && releases(each) ? [each.name] : [])));
  return [...program.functions.values()].some(
    (each) => !entering.includes(each) && (releases(each) || callsOf(each).some(({ name }) => shared.has(name ?? ""))),
  );
}

/** Functions that the kernel calls through a table or a member, with all that they call; those of these names aside. */
function callbacksOf(program: Program, aside: readonly string[]): readonly Func[] {
  const names = new Set<string>();
  const add = (value: Expr | undefined): void => {
    const name = functionName(value);
    if (name === undefined || aside.includes(name) || !program.functions.has(name)) return;
    for (const each of calledBelow(program, name)) if (!aside.includes(each)) names.add(each);
  };
  // Of other drivers in the file the ways out undo their own.
  for (const { init, type } of program.file.unit.variables)
    if (init?.kind === "initializer" && !/_driver$/.test(type.base)) for (const { value } of init.items) add(value);
  for (const { cfg } of program.functions.values())
    for (const { events } of cfg.blocks)
      for (const event of events) if (event.kind === "assign" && event.target.kind === "member") add(event.value);
  return [...names].flatMap((name) => program.functions.get(name) ?? []);
}

/** What is called on the way in itself: what a work or a handler obtains later, another way out may give back. */
function calledAtOnce(program: Program, fn: string): ReadonlySet<string> {
  const found = new Set([fn]);
  for (const name of found) {
    const called = program.functions.get(name);
    for (const call of called === undefined ? [] : callsOf(called)) if (call.name !== undefined) found.add(call.name);
  }
  return found;
}

/** Functions of the driver that are called after the way out: `devm_add_action_or_reset(dev, …, p)`. */
function handedOver(program: Program, fn: Func): readonly Func[] {
  const calls = callsOf(fn).filter(({ name }) => /^devm_add_action(_or_reset)?$/.test(name ?? ""));
  const names = calls.flatMap(({ expr }) => expr.args.flatMap((arg) => functionName(arg) ?? []));
  return names.flatMap((name) => program.functions.get(name) ?? []);
}

/** Calls of a function that leave something in a member, or switch something on. */
function takenBy(program: Program, fn: Func): readonly Taken[] {
  const found: Taken[] = [];
  for (const { events } of fn.cfg.blocks) {
    for (const [index, event] of events.entries()) {
      const fact = event.kind === "call" && event.name !== undefined ? program.knowledge.fn(event.name) : undefined;
      if (event.kind !== "call" || fact?.obtains?.handle !== "return") continue;
      if (fact.obtains.managedBy?.some((name) => program.calls.has(name))) continue;
      const { start, end } = event;
      const next = storeOf(event, events, index);
      if (next?.target.kind !== "member") continue;
      const place = placeOf(next.target);
      const owner = program.types.typeOf(next.target.base, fn.def)?.base;
      if (place === undefined || owner === undefined) continue;
      found.push({ fact, fn: fn.name, word: lastWord(place), owner, place, start, end });
    }
  }
  return found;
}

/** Whether a function gives a member back, after it was taken if it stands in the same function. */
function releasesLater(fn: Func, release: string, taken: Taken): boolean {
  return fn.cfg.blocks.some(({ events }) =>
    events.some(
      (event) =>
        event.kind === "call" &&
        event.name === release &&
        (fn.name !== taken.fn || event.start > taken.start) &&
        event.expr.args.some((arg) => isMember(arg, taken.word)),
    ),
  );
}

function mayGiveBack(program: Program, facts: Facts, fn: Func, taken: Taken): boolean {
  return fn.cfg.blocks.some(({ events }) =>
    events.some((event) => {
      if (event.kind === "assign") return event.value !== undefined && isMember(event.value, taken.word);
      return event.kind === "call" && callMayGiveBack(program, facts, fn, event, taken);
    }),
  );
}

function callMayGiveBack(program: Program, facts: Facts, fn: Func, event: CallEvent, taken: Taken): boolean {
  const { name, expr } = event;
  if (name !== undefined && program.functions.has(name)) return false;
  // Another file of the module may give it back, or call this file again to do so.
  const other = name === undefined ? undefined : facts.summaries.get(name);
  if (other !== undefined) {
    const { releasedBy } = taken.fact.obtains!;
    const below = [...other.releases].flatMap((each) => [...calledBelow(program, each)]);
    return !other.complete || below.some((each) => releasedBy.includes(each));
  }
  const fact = name === undefined ? undefined : program.knowledge.fn(name);
  const releases = name !== undefined && taken.fact.obtains!.releasedBy.includes(name);
  if (releases) {
    const handle = handleKey(expr.args[fact?.handleParam ?? 0]!);
    // A local may hold what the member held.
    return handle === undefined || lastWord(handle) === taken.word || handle === rootOf(handle);
  }
  if (fact !== undefined) return fact.borrows !== "all" && expr.args.some((arg) => isMember(arg, taken.word));
  return expr.args.some((arg) => {
    if (isMember(arg, taken.word)) return true;
    const type = program.types.typeOf(stripCasts(arg), fn.def);
    return type === undefined ? stripCasts(arg).kind === "name" : type.base === taken.owner;
  });
}

function isMember(expr: Expr, word: string): boolean {
  const place = placeOf(stripCasts(expr));
  return place !== undefined && place !== rootOf(place) && lastWord(place) === word;
}
