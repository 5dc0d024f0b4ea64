// unchecked-result: a pointer that a failed call left NULL or an error is followed without a test.
import type { Reach } from "../analysis/facts.ts";
import { spoken } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { Rule } from "./rule.ts";
import { related } from "./wording.ts";

export const uncheckedResult: Rule = {
  id: "unchecked-result",
  severity: "warning",
  summary: "The result of a call that may fail is used before it is tested.",
  check(program, facts) {
    return [...facts.functions.values()].flatMap(({ fn, outcome, reaches }) =>
      outcome.unchecked
        .filter(({ failure }) => !foundBefore(program, reaches, failure.name))
        .map(({ place, failure, start, end }) => ({
          rule: "unchecked-result",
          severity: "warning" as const,
          message: `\`${spoken(place)}\` may be ${failure.shows === "null" ? "NULL" : "an error pointer"}: ${failure.name}() was not checked`,
          file: program.path,
          function: fn.name,
          start,
          end,
          related: [
            related(
              program,
              failure,
              `${failure.name}() returns ${failure.shows === "null" ? "NULL" : "an error pointer"} when it fails`,
            ),
          ],
          fixes: [],
        })),
    );
  },
};

/** What a driver looks up again when it is unbound was there when it was bound. */
function foundBefore(program: Program, reaches: readonly Reach[], name: string): boolean {
  const isLookup = program.knowledge.fn(name)?.obtains === undefined;
  return (
    isLookup && reaches.length > 0 && reaches.every((reach) => /\.(remove|shutdown|disconnect)$/.test(reach.entry.role))
  );
}
