// refcount-leak: a reference is neither put, nor stored, nor returned.
import { eachFunction } from "../analysis/each-function.ts";
import { isReference, keptThings } from "./kept.ts";
import { leftBehind } from "./left-behind.ts";
import type { Rule } from "./rule.ts";

const ID = "refcount-leak";

export const refcountLeak: Rule = {
  id: ID,
  severity: "warning",
  summary: "A reference that the function took is neither given back, nor stored, nor returned.",
  check: (program, facts) => [
    ...eachFunction(refcountLeak, program, facts, (each, program, facts) =>
      keptThings(program, facts, each, ID, isReference),
    ),
    ...leftBehind(program, facts, ID, isReference),
  ],
};
