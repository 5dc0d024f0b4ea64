// unchecked-result: a pointer that a failed call left NULL or an error is followed without a test.
import type { Facts, FunctionFacts, Reach } from "../analysis/facts.ts";
import { isDoubted, isTrusted } from "../analysis/fallible.ts";
import { untestedNumbers } from "../analysis/irq-numbers.ts";
import type { Unread } from "../analysis/unread.ts";
import type { Failure } from "../analysis/values.ts";
import { testedShare } from "../knowledge/extracted.ts";
import { spoken } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { Span } from "../text/lines.ts";
import { testingFixes, type Untested } from "./checking-fixes.ts";
import type { Finding, Related, Rule } from "./rule.ts";
import { related } from "./wording.ts";

export const uncheckedResult: Rule = {
  id: "unchecked-result",
  severity: "warning",
  summary: "The result of a call that may fail is used before it is tested.",
  check(program, facts) {
    return [...facts.functions.values()].flatMap((own) => {
      const { fn, outcome, reaches, unread } = own;
      const used = outcome.unchecked.filter(
        ({ failure, place }) =>
          !foundBefore(program, reaches, failure.name) &&
          (failure.own !== "finds" ||
            (failure.shows === "errptr" && !isTrusted(program, failure.name)) ||
            (failure.shows !== "errptr" && place !== `${failure.name}()` && isDoubted(program, failure.name))),
      );
      const seen = new Set(used.map(({ failure }) => failure.start));
      const never = (facts.untested.get(fn.name) ?? []).filter((each) => !seen.has(each.start));
      return [
        ...used.map(({ place, failure, start, end }) => ({
          ...finding(program, fn.name, place, failure.name, failure.shows, { start, end }, [
            related(program, failure, `${failure.name}() returns ${WHAT[failure.shows]} when it fails`),
          ]),
          severity: severityOf(program, failure),
          fixes: fixes(program, facts, own, failure),
        })),
        ...byHabit(unread).map(({ each, others }) => {
          const found = unreadFinding(program, fn.name, each);
          const also = others.map((other) => related(program, other, `nor is that of ${other.name}() here`));
          return {
            ...found,
            related: [...found.related, ...also],
            fixes: others.length > 0 ? [] : fixes(program, facts, own, { ...each, shows: "errno" }),
          };
        }),
        ...never.map((each) => ({
          ...finding(program, fn.name, each.place, each.name, each.shows, each, []),
          fixes: fixes(program, facts, own, each),
        })),
        ...untestedNumbers(program, fn).map(({ place, name, request, ...at }) =>
          finding(program, fn.name, place ?? `${name}()`, name, "errno", at, [
            related(program, request, `${request.name}() takes it for an interrupt`),
          ]),
        ),
      ];
    });
  },
};

/** What is looked up, in the driver's own tables or in the kernel's, may always be there, for reasons that no test tells. */
function severityOf(program: Program, { own, shows, name }: Failure): Finding["severity"] {
  const extracted = own === undefined ? program.knowledge.fact(name)?.extracted : undefined;
  const isTaken = extracted !== undefined && testedShare(extracted) < 0.85;
  return shows === "null" && (own === "finds" || isTaken) ? "hint" : "warning";
}

/** An allocator fails for want of memory; of other functions that return NULL nobody says why. */
function fixes(
  program: Program,
  facts: Facts,
  own: FunctionFacts,
  at: Omit<Untested, "error"> & { readonly name: string },
) {
  const allocates = program.knowledge.fact(at.name)?.gfpParam !== undefined;
  return testingFixes(program, facts, own, { ...at, ...(allocates ? { error: "-ENOMEM" } : {}) });
}

const WHAT = { null: "NULL", errptr: "an error pointer", errno: "a negative errno" };

function finding(
  program: Program,
  fn: string,
  place: string,
  callee: string,
  shows: keyof typeof WHAT,
  at: Span,
  chain: readonly Related[],
): Finding {
  return {
    rule: "unchecked-result",
    severity: "warning",
    message:
      place === `${callee}()`
        ? `the result of ${callee}() may be ${WHAT[shows]}, and is used unchecked`
        : `\`${spoken(place)}\` may be ${WHAT[shows]}: ${callee}() was not checked`,
    file: program.path,
    function: fn,
    start: at.start,
    end: at.end,
    related: chain,
    fixes: [],
  };
}

/** In how many places of a function a variable may be forgotten before it is a habit, which is said once. */
const HABIT = 4;

/** A driver that writes a hundred registers in a row and looks at no error is told so once. */
function byHabit(unread: readonly Unread[]): readonly { readonly each: Unread; readonly others: readonly Unread[] }[] {
  const variables = new Set(unread.map(({ variable }) => variable));
  const groups = [...variables].map((variable) => unread.filter((each) => each.variable === variable));
  return groups.flatMap((group) =>
    group.length > HABIT
      ? [{ each: group[0]!, others: group.slice(1, HABIT) }]
      : group.map((each) => ({ each, others: [] })),
  );
}

function unreadFinding(program: Program, fn: string, { variable, name, overwritten, start, end }: Unread): Finding {
  return {
    rule: "unchecked-result",
    severity: "warning",
    message: `the error of ${name}() in \`${variable}\` is never looked at`,
    file: program.path,
    function: fn,
    start,
    end,
    related: overwritten === undefined ? [] : [related(program, overwritten, `\`${variable}\` is overwritten here`)],
    fixes: [],
  };
}

/** What a driver looks up again when it is unbound was there when it was bound. */
function foundBefore(program: Program, reaches: readonly Reach[], name: string): boolean {
  const isLookup = program.knowledge.fn(name)?.obtains === undefined;
  return (
    isLookup &&
    reaches.length > 0 &&
    reaches.every((reach) => /\.(remove(_new)?|shutdown|disconnect)$/.test(reach.entry.role))
  );
}
