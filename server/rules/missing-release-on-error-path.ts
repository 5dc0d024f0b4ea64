// missing-release-on-error-path: a path that gives up keeps what it obtained.
import { eachFunction } from "../analysis/each-function.ts";
import { givenAway } from "./given-away.ts";
import { isReference, keptThings } from "./kept.ts";
import { leftBehind } from "./left-behind.ts";
import type { Rule } from "./rule.ts";
import { skippedUnwinding } from "./skipped-unwinding.ts";

const ID = "missing-release-on-error-path";

export const missingRelease: Rule = {
  id: ID,
  severity: "warning",
  summary: "A path that returns an error does not give back what the function obtained before.",
  check: (program, facts) => [
    ...eachFunction(missingRelease, program, facts, (each, program, facts) => {
      const kept = keptThings(program, facts, each, ID, isOwn);
      const references = keptThings(program, facts, each, ID, isReference);
      const skipped = skippedUnwinding(program, each, ID, [...kept, ...references]);
      return [...kept, ...givenAway(program, each, ID), ...skipped];
    }),
    ...leftBehind(program, facts, ID, isOwn),
  ],
};

function isOwn(what: string): boolean {
  return !isReference(what);
}
