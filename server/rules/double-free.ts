// double-free: memory, or something that the driver core manages, is released a second time.
import { type ReleasedTwice, releasedTwice } from "../analysis/managed.ts";
import type { Program } from "../program/program.ts";
import { afterFree } from "./after-free.ts";
import type { Finding, Rule } from "./rule.ts";
import { related } from "./wording.ts";

export const doubleFree: Rule = {
  id: "double-free",
  severity: "error",
  summary: "Memory or a managed resource is released a second time.",
  check: (program, facts) => [
    ...afterFree(program, facts, "double-free"),
    ...releasedTwice(program).map((each) => managed(program, each)),
  ],
};

function managed(program: Program, { fn, place, release, managed: { by, ...at }, start, end }: ReleasedTwice): Finding {
  return {
    rule: "double-free",
    severity: "error",
    message: `\`${place}\` is released twice: by ${release}() here, and by the driver core because of ${by}()`,
    file: program.path,
    function: fn,
    start,
    end,
    related: [related(program, at, `${by}() has the driver core release it when the driver leaves`)],
    fixes: [],
  };
}
