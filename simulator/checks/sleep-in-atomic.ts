// Reports a function that may sleep, or the scheduler itself, entered where the CPU must not be given up.

import type { Moment } from "../engine/trace.ts";
import type { ContextState, StackEntry } from "../kernel/events.ts";
import type { Check } from "./check.ts";
import type { Ledger } from "./ledger.ts";
import { comm, dumpStack, frame, heldLocks, siteOf } from "./wording.ts";

export const sleepInAtomic: Check = {
  id: "sleep-in-atomic",
  summary: "A function that may sleep is called in atomic context",
  start(bench) {
    return (event, moment) => {
      if (event.kind === "might-sleep" && isAtomic(event.state)) {
        bench.report({
          title: `BUG: sleeping function called from invalid context at ${event.where}`,
          lines: invalidContext(event.where, event.state, event.stack, moment, bench.ledger),
          site: siteOf(event.stack),
        });
        bench.ledger.taint("W");
      } else if (event.kind === "schedule-atomic") {
        const lines = schedulingWhileAtomic(event.state, event.stack, moment, bench.ledger);
        bench.report({ title: lines[0]!, lines, site: siteOf(event.stack) });
        bench.ledger.taint("W");
      }
    };
  },
};

function isAtomic(state: ContextState): boolean {
  return state.preemptCount !== 0 || state.irqsDisabled || (state.rcuDepth ?? 0) > 0;
}

/** `__might_resched()`: kernel/sched/core.c. */
function invalidContext(
  where: string,
  state: ContextState,
  stack: readonly StackEntry[],
  moment: Moment,
  ledger: Ledger,
): string[] {
  const atomic = Number(state.preemptCount !== 0);
  const irqs = Number(state.irqsDisabled);
  return [
    `BUG: sleeping function called from invalid context at ${where}`,
    `in_atomic(): ${atomic}, irqs_disabled(): ${irqs}, non_block: 0, pid: ${moment.task}, name: ${moment.comm}`,
    `preempt_count: ${state.preemptCount.toString(16)}, expected: 0`,
    `RCU nest depth: ${state.rcuDepth ?? 0}, expected: 0`,
    ...heldLocks(state.held, moment, ledger),
    ...preemptionDisabled(state),
    ...dumpStack(moment, stack, ledger),
  ];
}

/** `__schedule_bug()`: kernel/sched/core.c. */
function schedulingWhileAtomic(
  state: ContextState,
  stack: readonly StackEntry[],
  moment: Moment,
  ledger: Ledger,
): string[] {
  const count = state.preemptCount.toString(16).padStart(8, "0");
  return [
    `BUG: scheduling while atomic: ${comm(moment)}/0x${count}`,
    ...heldLocks(state.held, moment, ledger),
    `Modules linked in:${ledger.modules.map((name) => ` ${name}`).join("")}`,
    ...preemptionDisabled(state),
    ...dumpStack(moment, stack, ledger),
  ];
}

function preemptionDisabled(state: ContextState): string[] {
  const at = state.preemptDisabledAt;
  if (at === undefined || state.preemptCount === 0) return [];
  return ["Preemption disabled at:", frame(at.find((entry) => entry.site !== undefined) ?? at[0])];
}
