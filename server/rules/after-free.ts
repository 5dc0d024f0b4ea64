// What is done with memory that is gone, in words: shared by the rules on its use and on its second release.
import type { Facts } from "../analysis/facts.ts";
import type { AfterFree } from "../analysis/outcome.ts";
import type { Freed } from "../analysis/state.ts";
import type { Program } from "../program/program.ts";
import type { Finding } from "./rule.ts";
import { related } from "./wording.ts";

/** Findings of one of the two rules. */
export function afterFree(program: Program, facts: Facts, rule: "use-after-free" | "double-free"): readonly Finding[] {
  return [...facts.functions.values()].flatMap(({ fn, outcome }) =>
    outcome.afterFree
      .filter((each) => (each.how === "freed") === (rule === "double-free"))
      .map((each) => ({
        rule,
        severity: "error" as const,
        message: message(each),
        file: program.path,
        function: fn.name,
        start: each.start,
        end: each.end,
        related: [
          related(program, each.freed.at, earlier(each.freed)),
          ...(each.inside?.file === program.path
            ? [related(program, each.inside, `${each.inside.by}() frees it again here`)]
            : []),
        ],
        fixes: [],
      })),
  );
}

function message({ freed, place, how, to, inside }: AfterFree): string {
  if (how === "freed" && freed.how === "dropped")
    return `\`${place}\` is freed again: its release function frees it when ${freed.by}() drops the last reference`;
  const before = `${freed.by}() ${DID[freed.how]}`;
  const was = `after ${before}`;
  if (how === "passed")
    return `\`${place}\` is passed to ${to === undefined || to === "" ? "a function" : `${to}()`} ${was}`;
  if (how === "followed") return `\`${place}\` is used ${was}`;
  return inside === undefined
    ? `\`${place}\` is freed again: ${before} before`
    : `\`${place}\` is freed again in ${inside.fn}(): ${before} before`;
}

const DID = { freed: "freed it", taken: "took it over", dropped: "dropped the reference that keeps it" };
const DOES = { freed: "frees it", taken: "takes it over", dropped: "drops the reference that keeps it" };

function earlier({ by, how, via }: Freed): string {
  const what = DOES[how];
  return via === undefined ? `${by}() ${what} here` : `${via}() is called here; ${by}() in it ${what}`;
}
