// missing-release-on-error-path: a path that gives up keeps what it obtained.
import { eachFunction } from "../analysis/each-function.ts";
import { givenAway } from "./given-away.ts";
import { isReference, keptThings } from "./kept.ts";
import { leftBehind } from "./left-behind.ts";
import type { Rule } from "./rule.ts";

const ID = "missing-release-on-error-path";

export const missingRelease: Rule = {
  id: ID,
  severity: "warning",
  summary: "A path that returns an error does not give back what the function obtained before.",
  check: (program, facts) => [
    ...eachFunction(missingRelease, program, facts, (each, program, facts) => [
      ...keptThings(program, facts, each, ID, isOwn),
      ...givenAway(program, each, ID),
    ]),
    ...leftBehind(program, facts, ID, isOwn),
  ],
};

function isOwn(what: string): boolean {
  return !isReference(what);
}
