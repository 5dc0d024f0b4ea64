// missing-release-on-error-path: a path that gives up keeps what it obtained.
import type { Facts, FunctionFacts } from "../analysis/facts.ts";
import type { FunctionExit } from "../analysis/outcome.ts";
import { lastWord, placeOfOwned } from "../analysis/resources.ts";
import type { Owned } from "../analysis/state.ts";
import { NEGATIVE, POSITIVE, ZERO } from "../analysis/values.ts";
import { rootOf, spoken } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { Finding, Rule } from "./rule.ts";
import { related } from "./wording.ts";

export const missingRelease: Rule = {
  id: "missing-release-on-error-path",
  severity: "warning",
  summary: "A path that returns an error does not give back what the function obtained before.",
  check(program, facts) {
    return [...facts.functions.values()].flatMap((each) => leaks(program, facts, each));
  },
};

function leaks(program: Program, facts: Facts, { fn, outcome }: FunctionFacts): Finding[] {
  const found = new Map<string, Finding>();
  const returnsPointer = fn.def.returns.pointers > 0;
  const errors = outcome.exits.filter((exit) => givesUp(returnsPointer, exit));
  // A function that always fails does so on purpose.
  if (errors.length === outcome.exits.length) return [];
  for (const exit of errors) {
    for (const owned of exit.owned.values()) {
      if (owned.key.startsWith("#") || !isProven(program, facts, fn.name, owned, exit, errors)) continue;
      const id = `${owned.at.start}@${exit.start}`;
      if (!found.has(id)) found.set(id, finding(program, fn.name, exit, owned));
    }
  }
  return [...found.values()];
}

function givesUp(returnsPointer: boolean, exit: FunctionExit): boolean {
  const { mask } = exit.value;
  if (mask === NEGATIVE) return true;
  if (returnsPointer) return mask === ZERO;
  // `if (ret) return ret;` after a call that is not known: by its name the variable holds an errno.
  return mask === (NEGATIVE | POSITIVE) && /^(ret|err|error|rc|retval|rv)$/.test(exit.variable ?? "");
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
  if (owned.isPointer && /^\w+$/.test(place) && program.types.isLocal(own.fn.def, place)) return true;
  const word = lastWord(place);
  const releases = (outcome: { readonly released: ReadonlySet<string> }): boolean =>
    owned.releasedBy.some((release) => outcome.released.has(`${release}:${word}`));
  // Stored in an object: the caller's own clean-up may free it, so this function must show that it does so itself.
  if (owned.isPointer) {
    // The object that holds it is freed on this very path: nobody can give it back any more.
    if (exit.given.has(rootOf(place))) return true;
    const keeping = errors.filter((other) => other.owned.has(owned.key)).length;
    return releases(own.outcome) && errors.filter((other) => other.given.has(place)).length > keeping;
  }
  return [...facts.functions.values()].some((each) => releases(each.outcome));
}

function finding(program: Program, fn: string, exit: FunctionExit, owned: Owned): Finding {
  const place = spoken(placeOfOwned(owned));
  const verb = owned.what === "memory" ? "freed" : "released";
  return {
    rule: "missing-release-on-error-path",
    severity: "warning",
    message: owned.isPointer
      ? `\`${place}\` from ${owned.from}() is not ${verb} on this error path`
      : `${owned.from}() of \`${place}\` is not undone on this error path`,
    file: program.path,
    function: fn,
    start: exit.start,
    end: exit.end,
    related: [
      related(
        program,
        owned.at,
        `${program.knowledge.govern(owned.from) === undefined ? `${owned.from}() obtained it here` : "the loop holds a reference here"}; ${owned.releasedBy[0]}() gives it back`,
      ),
    ],
    fixes: [],
  };
}
