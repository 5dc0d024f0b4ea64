// irq-requested-before-ready: an interrupt is requested before what its handler uses is set up.
import { type LateInterrupt, lateInterrupts } from "../analysis/late-interrupts.ts";
import { unready } from "../analysis/readiness.ts";
import { undone } from "../analysis/teardown.ts";
import type { Program } from "../program/program.ts";
import { unreadyFinding } from "./registered-before-ready.ts";
import type { Finding, Rule } from "./rule.ts";
import { related } from "./wording.ts";
import { undoneFinding } from "./wrong-cleanup-order.ts";

export const irqRequestedBeforeReady: Rule = {
  id: "irq-requested-before-ready",
  severity: "warning",
  summary: "An interrupt is requested before what its handler uses is set up, or outlives it.",
  check(program) {
    return [
      ...unready(program)
        .filter(({ kind }) => kind === "irq")
        .map((each) => unreadyFinding(program, each, this)),
      ...undone(program)
        .filter(({ how }) => how !== "later")
        .map((each) => undoneFinding(program, each, this)),
      ...lateInterrupts(program).map((each) => late(program, each)),
    ];
  },
};

function late(program: Program, { fn, data, request: { by, ...at }, start, end }: LateInterrupt): Finding {
  return {
    rule: "irq-requested-before-ready",
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
