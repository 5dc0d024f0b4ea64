// What may still run when its data is freed, in words: shared by the rules on data freed by the driver and by the driver core.
import type { LeftRunning } from "../analysis/deferred.ts";
import type { Facts } from "../analysis/facts.ts";
import type { Program } from "../program/program.ts";
import type { Finding } from "./rule.ts";
import { stoppingFixes } from "./stopping-fixes.ts";
import { related } from "./wording.ts";

export function leftRunningFinding(program: Program, facts: Facts, left: LeftRunning, rule: string): Finding {
  const { kind, place, stop, freedBy } = left;
  const until =
    freedBy === undefined ? "when the driver core frees its data after this function" : "when its data is freed here";
  return {
    rule,
    severity: "warning",
    message: `${kind} \`${place}\` may still be pending or running ${until}: ${stop}() is missing`,
    file: program.path,
    function: left.fn,
    start: left.start,
    end: left.end,
    related: [
      related(program, left.setUp, `\`${place}\` is set up here, inside ${left.owner}`),
      related(program, left.armed, `${left.armed.fn}() makes it run from here`),
    ],
    fixes: stoppingFixes(program, facts, left),
  };
}
