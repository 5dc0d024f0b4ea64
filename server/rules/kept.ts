// What an exit of a function keeps although it should give it back: shared by the rules on memory and on references.
import type { Facts, FunctionFacts } from "../analysis/facts.ts";
import type { FunctionExit, Outcome } from "../analysis/outcome.ts";
import { calledBelow, leavingFunctions, undoneOnExit } from "../analysis/pairs.ts";
import { handleKey, lastWord, placeOfOwned } from "../analysis/resources.ts";
import type { Owned } from "../analysis/state.ts";
import { stripCasts } from "../analysis/summary.ts";
import { undoneByCaller } from "../analysis/undone-by-caller.ts";
import { NEGATIVE, POSITIVE, ZERO } from "../analysis/values.ts";
import type { CallEvent } from "../program/cfg.ts";
import { placeOf, rootOf, spoken } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { Span } from "../text/lines.ts";
import { leavingFixes, onAllWays, overwritingFixes } from "./leaving-fixes.ts";
import type { Finding, Fix } from "./rule.ts";
import { undoOfOwned } from "./undoing.ts";
import { related } from "./wording.ts";

/** A reference, which somebody else's object is kept alive by, rather than a thing of the function's own. */
export function isReference(what: string): boolean {
  return /reference|count$/.test(what);
}

/** Exits that keep something, each once; `wanted` chooses the rule's share. */
export function keptThings(
  program: Program,
  facts: Facts,
  own: FunctionFacts,
  rule: string,
  wanted: (what: string) => boolean,
): Finding[] {
  const { fn, outcome } = own;
  const found = new Map<string, Finding>();
  const left = new Map<string, Way[]>();
  const returnsPointer = fn.def.returns.pointers > 0;
  const isUnderWay = ({ value }: FunctionExit): boolean => UNDER_WAY.test(value.exact ?? "");
  const isAsynchronous = outcome.exits.some(isUnderWay);
  const exits = outcome.exits.filter(
    // With CRYPTO_TFM_REQ_MAY_BACKLOG, -EBUSY says that it waits for its turn.
    (exit) => !isUnderWay(exit) && !(isAsynchronous && exit.value.exact === "-EBUSY"),
  );
  const errors = exits.filter((exit) => givesUp(returnsPointer, exit));
  // A function that always fails does so on purpose.
  const fails = errors.length < exits.length;
  for (const exit of exits) {
    const isError = fails && errors.includes(exit);
    // The pointer that is returned may lead back to it: the driver data of a device.
    if (!isError && returnsPointer && exit.value.mask & POSITIVE) continue;
    for (const owned of exit.owned.values()) {
      if (owned.key.startsWith("#") || owned.given !== undefined || !wanted(owned.what)) continue;
      if (isError ? !isProven(program, facts, fn.name, owned, exit, errors) : !isLost(program, facts, fn.name, owned))
        continue;
      const id = `${owned.at.start}:${owned.key}`;
      const ways = left.get(id) ?? left.set(id, []).get(id)!;
      if (!ways.some((each) => each.exit.start === exit.start)) ways.push({ exit, owned, isError });
    }
  }
  // What is forgotten on several ways out is one mistake, at the first of them.
  for (const [id, ways] of left) {
    const [{ exit, owned, isError }, ...others] = ways.sort((a, b) => a.exit.start - b.exit.start) as [Way, ...Way[]];
    const where = isError ? "on this error path" : "before the function returns here";
    const undo = undoOfOwned(program, fn, owned);
    const isWrong = (each: FunctionExit): boolean =>
      (fails && errors.includes(each)) ||
      (!(returnsPointer && each.value.mask & POSITIVE) && isLost(program, facts, fn.name, owned));
    const fixes = onAllWays(ways.map((each) => leavingFixes(program, facts, own, each.exit, undo, isWrong)));
    const first = finding(program, rule, fn.name, exit, owned, where, fixes);
    const also = others.map((each) => related(program, each.exit, "nor on this way out"));
    found.set(id, { ...first, related: [...first.related, ...also] });
  }
  for (const { owned, start, end } of outcome.lost) {
    if (!wanted(owned.what) || !isLost(program, facts, fn.name, owned)) continue;
    const where = "before it is overwritten here";
    const fixes = overwritingFixes(program, facts, own, { start, end }, undoOfOwned(program, fn, owned));
    found.set(`${owned.at.start}@${start}`, finding(program, rule, fn.name, { start, end }, owned, where, fixes));
  }
  return [...found.values()];
}

/** No failure: what was begun goes on, and whoever ends it gives back what it holds. */
const UNDER_WAY = /^-E(INPROGRESS|IOCBQUEUED)$/;

/** A way out that keeps something. */
interface Way {
  readonly exit: FunctionExit;
  readonly owned: Owned;
  readonly isError: boolean;
}

function givesUp(returnsPointer: boolean, exit: FunctionExit): boolean {
  const { mask } = exit.value;
  if (mask === NEGATIVE) return true;
  if (returnsPointer) return mask === ZERO;
  // `if (ret) return ret;` after a call that is not known: by its name the variable holds an errno.
  return mask === (NEGATIVE | POSITIVE) && /^(ret|err|error|rc|retval|rv)$/.test(exit.variable ?? "");
}

/** On success too: only a local of the function knew of it. */
function isLost(program: Program, facts: Facts, fn: string, owned: Owned): boolean {
  const { def } = facts.functions.get(fn)!.fn;
  // The system does not start without it: nobody cleans up.
  if (def.annotations.some((each) => each.name === "__init") && def.returns.base === "void") return false;
  if (!owned.isPointer || owned.isNumber || owned.faint === true) return false;
  // Of what a device uses (mappings, DMA memory) the address may be kept where it is not seen.
  if (!isReference(owned.what) && !owned.releasedBy.some((each) => FREES.test(each))) return false;
  if (!isOnlyLocal(program, facts, fn, owned) || !isLookedUp(program, facts, owned)) return false;
  return !isStoredInLoop(facts.functions.get(fn)!, owned);
}

/** What gives plain memory back. */
const FREES = /^(kfree|kfree_skb|skb_free_frag|bitmap_free)$/;

function isOnlyLocal(program: Program, facts: Facts, fn: string, owned: Owned): boolean {
  const place = placeOfOwned(owned);
  // The member of a local struct: `args.np`.
  return /^\w+(\.\w+)?$/.test(place) && program.types.isLocal(facts.functions.get(fn)!.fn.def, rootOf(place));
}

/** `for (i = 0; i < count; i++) queue[i].ring = ring;`: that the loop may not run at all is no leak. */
function isStoredInLoop({ fn: { cfg } }: FunctionFacts, owned: Owned): boolean {
  const place = placeOfOwned(owned);
  const isHere = ({ start }: Span): boolean => start === owned.at.start;
  // What is obtained in the loop, too, is another one each time.
  if (cfg.blocks.some(({ inLoop, events }) => inLoop && events.some(isHere))) return false;
  return cfg.blocks.some(
    ({ inLoop, events }) =>
      inLoop &&
      events.some(
        (event) =>
          event.kind === "assign" &&
          event.target.kind !== "name" &&
          event.value !== undefined &&
          placeOf(stripCasts(event.value)) === place,
      ),
  );
}

/** Taking one more reference to an object in hand keeps it alive, on purpose perhaps; what was looked up does not. */
function isLookedUp(program: Program, facts: Facts, owned: Owned): boolean {
  return program.knowledge.fn(owned.from)?.returns !== undefined || facts.summaries.get(owned.from) !== undefined;
}

/**
 * Memory in a local that went nowhere else is lost for certain. Anything that another function could still give back
 * counts only where the driver shows that it has to be given back by hand.
 */
function isProven(
  program: Program,
  facts: Facts,
  fn: string,
  owned: Owned,
  exit: FunctionExit,
  errors: readonly FunctionExit[],
): boolean {
  const place = placeOfOwned(owned);
  const own = facts.functions.get(fn)!;
  // The kernel still has a pointer to what this path freed.
  if (owned.pins?.some((pin) => isFreed(exit, pin)) === true) return true;
  if (owned.faint === true) return false;
  const undone = undoneOnExit(program, fn);
  if (owned.byName === true) {
    if (owned.releasedBy.some((release) => undone.has(release))) return true;
    // Paths that the bound cut may do either.
    if (own.outcome.cut) return false;
    const gave = errors.filter((other) => other.given.has(place)).length;
    return errors.filter((other) => other.owned.has(owned.key)).length < gave;
  }
  if (owned.isPointer && isOnlyLocal(program, facts, fn, owned)) return true;
  const word = lastWord(place);
  const releases = (outcome: Pick<Outcome, "released">): boolean =>
    owned.releasedBy.some((release) => outcome.released.has(`${release}:${word}`));
  // Stored in an object: the caller's own clean-up may free it, so this function must show that it does so itself.
  if (owned.isPointer) {
    // The object that holds it is freed on this very path: nobody can give it back any more.
    if (leaves(program, facts, fn, owned, word)) return true;
    if (place !== rootOf(place) && isFreed(exit, rootOf(place))) return true;
    if (own.outcome.cut) return false;
    const keeping = errors.filter((other) => other.owned.has(owned.key)).length;
    return releases(own.outcome) && errors.filter((other) => other.given.has(place)).length > keeping;
  }
  // What a helper has obtained, the caller of this function may undo, unless this is the way in itself.
  if (owned.through !== undefined) return owned.releasedBy.some((each) => undone.has(each)) || releases(own.outcome);
  if (releases(own.outcome)) return true;
  // Who calls it is not seen, and may undo on failure what it left: the driver has a function for that.
  if (own.reaches.length === 0) return false;
  const undoes = (name: string, call?: CallEvent): boolean => {
    const handle = call?.expr.args[program.knowledge.fn(name)?.handleParam ?? 0];
    if (handle !== undefined && owned.releasedBy.includes(name)) return lastWord(handleKey(handle) ?? "") === word;
    const outcome = facts.functions.get(name)?.outcome;
    return outcome !== undefined && releases(outcome);
  };
  if (undoneByCaller(program, fn, undoes)) return false;
  return [...facts.functions.values()].some((each) => releases(each.outcome));
}

function howObtained(program: Program, owned: Owned): string {
  if (program.knowledge.govern(owned.from) !== undefined) return "the loop holds a reference here";
  if (owned.through !== undefined) return `${owned.through}() called here`;
  return owned.byName === true && !owned.isPointer ? "called here" : `${owned.from}() obtained it here`;
}

/** The way out of the driver gives it back, and the kernel does not go that way when the way in fails. */
function leaves(program: Program, facts: Facts, fn: string, owned: Owned, word: string): boolean {
  const way = new Set(leavingFunctions(program, fn).flatMap((each) => [...calledBelow(program, each)]));
  return [...facts.functions.values()].some(
    (each) =>
      way.has(each.fn.name) && owned.releasedBy.some((release) => each.outcome.released.has(`${release}:${word}`)),
  );
}

/** The path has freed an object, whether it obtained it itself or not. */
function isFreed(exit: FunctionExit, place: string): boolean {
  return exit.given.has(place) || exit.lent.has(`kfree:${place}`);
}

function finding(
  program: Program,
  rule: string,
  fn: string,
  at: Span,
  owned: Owned,
  where: string,
  fixes: readonly Fix[],
): Finding {
  const place = spoken(placeOfOwned(owned));
  const verb = owned.what === "memory" ? "freed" : "released";
  const from = `${owned.from}()${owned.through === undefined ? "" : ` in ${owned.through}()`}`;
  return {
    rule,
    severity: "warning",
    message: owned.isPointer
      ? `\`${place}\` from ${from} is not ${verb} ${where}`
      : owned.byName === true
        ? `${owned.from}() is not undone ${where}`
        : `${owned.from}() of \`${place}\`${owned.through === undefined ? "" : `, called in ${owned.through}(),`} is not undone ${where}`,
    file: program.path,
    function: fn,
    start: at.start,
    end: at.end,
    related: [
      related(
        program,
        owned.at,
        `${howObtained(program, owned)}; ${owned.releasedBy[0]}() ${owned.isPointer ? "gives it back" : "undoes it"}`,
      ),
    ],
    fixes,
  };
}
