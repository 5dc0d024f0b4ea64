// atomic-context-api: a kernel function that never sleeps, called where it is not allowed all the same.
import { eachFunction } from "../analysis/each-function.ts";
import { selfWaits, type WrongContext, wrongContexts } from "../analysis/wrong-context.ts";
import type { Program } from "../program/program.ts";
import type { Finding, Fix, Rule } from "./rule.ts";
import { edit, reachSteps, related } from "./wording.ts";

export const atomicContextApi: Rule = {
  id: "atomic-context-api",
  severity: "warning",
  summary: "A kernel function is called with interrupts off, or waits for the very callback that calls it.",
  check(program, facts) {
    const wrong = eachFunction(atomicContextApi, program, facts, (each, program) =>
      wrongContexts(program, each).map((at) => finding(program, each.fn.name, at)),
    );
    const waits = selfWaits(program).map(
      (each): Finding => ({
        rule: "atomic-context-api",
        severity: "error",
        message: `${each.callee}() waits until ${each.fn}() has returned, and ${each.fn}() calls it: neither ever ends`,
        file: program.path,
        function: each.fn,
        start: each.start,
        end: each.end,
        related: [related(program, each.bound, `${each.fn}() is set up here`)],
        fixes: [],
      }),
    );
    return [...wrong, ...waits];
  },
};

function finding(program: Program, fn: string, at: WrongContext): Finding {
  const { callee, reach, start, end } = at;
  const where = reach === undefined ? "interrupts are disabled here" : `${fn}() runs in hardirq context`;
  const instead = INSTEAD[callee];
  const advice = /bh/.test(callee) ? "it would run softirqs" : instead === undefined ? "" : `use ${instead}()`;
  return {
    rule: "atomic-context-api",
    severity: "warning",
    message: `${callee}() may not be called with interrupts off, and ${where}${advice === "" ? "" : `: ${advice}`}`,
    file: program.path,
    function: fn,
    start,
    end,
    related: reach === undefined ? [] : reachSteps(reach),
    fixes: fixes(program, at),
  };
}

/** The forms that leave the work to a softirq. */
const INSTEAD: Readonly<Record<string, string>> = {
  kfree_skb: "dev_kfree_skb_irq",
  dev_kfree_skb: "dev_kfree_skb_irq",
  consume_skb: "dev_consume_skb_irq",
  ieee80211_rx: "ieee80211_rx_irqsafe",
  ieee80211_tx_status: "ieee80211_tx_status_irqsafe",
  ieee80211_tx_status_skb: "ieee80211_tx_status_irqsafe",
};

function fixes(program: Program, { callee, start }: WrongContext): readonly Fix[] {
  const instead = INSTEAD[callee];
  if (instead === undefined || !program.file.text.startsWith(callee, start)) return [];
  const at = { start, end: start + callee.length };
  return [{ title: `Use ${instead}()`, edits: [edit(program, at, instead)], preferred: true }];
}
