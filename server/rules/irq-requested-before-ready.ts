// irq-requested-before-ready: an interrupt is requested before what its handler uses is set up.
import { unready } from "../analysis/readiness.ts";
import { undone } from "../analysis/teardown.ts";
import { unreadyFinding } from "./registered-before-ready.ts";
import type { Rule } from "./rule.ts";
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
    ];
  },
};
