// missing-release-on-error-path: a path that gives up keeps what it obtained.
import { isReference, keptThings } from "./kept.ts";
import { leftBehind } from "./left-behind.ts";
import type { Rule } from "./rule.ts";

const ID = "missing-release-on-error-path";

export const missingRelease: Rule = {
  id: ID,
  severity: "warning",
  summary: "A path that returns an error does not give back what the function obtained before.",
  check: (program, facts) => [
    ...[...facts.functions.values()].flatMap((each) => keptThings(program, facts, each, ID, isOwn)),
    ...leftBehind(program, facts, ID, isOwn),
  ],
};

function isOwn(what: string): boolean {
  return !isReference(what);
}
