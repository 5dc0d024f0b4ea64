// missing-cancel-on-remove: a work, timer, tasklet or interrupt handler may still run when its data is freed.
import type { LeftRunning } from "../analysis/deferred.ts";
import { type LateInterrupt, lateInterrupts } from "../analysis/late-interrupts.ts";
import type { Program } from "../program/program.ts";
import type { Finding, Rule } from "./rule.ts";
import { related } from "./wording.ts";

export const missingCancel: Rule = {
  id: "missing-cancel-on-remove",
  severity: "warning",
  summary: "A work, timer, tasklet or interrupt handler may still run when its data is freed.",
  check: (program, facts) => [
    ...facts.leftRunning.map((each) => finding(program, each)),
    ...lateInterrupts(program).map((each) => interrupt(program, each)),
  ],
};

function finding(program: Program, left: LeftRunning): Finding {
  const { kind, place, stop, freedBy } = left;
  const until =
    freedBy === undefined ? "when the driver core frees its data after this function" : "when its data is freed here";
  return {
    rule: "missing-cancel-on-remove",
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
    fixes: [],
  };
}

function interrupt(program: Program, { fn, data, request: { by, ...at }, start, end }: LateInterrupt): Finding {
  return {
    rule: "missing-cancel-on-remove",
    severity: "warning",
    message: `the interrupt handler may still be called with \`${data}\` when it is freed here: devm_free_irq() is missing`,
    file: program.path,
    function: fn,
    start,
    end,
    related: [related(program, at, `${by}() leaves the interrupt to the driver core, which frees it after ${fn}()`)],
    fixes: [],
  };
}
