// Reports a function that may sleep, or the scheduler itself, entered where the CPU must not be given up.

import type { Moment } from "../engine/trace.ts";
import type { ContextState, KernelEvent, StackEntry } from "../kernel/events.ts";
import type { Check } from "./check.ts";
import type { Ledger } from "./ledger.ts";
import { comm, dumpStack, frame, heldLocks, lockdepHead, lockToken, siteOf } from "./wording.ts";

type Acquire = Extract<KernelEvent, { kind: "lock-acquire" }>;

const INVALID_WAIT = "[ BUG: Invalid wait context ]";

export const sleepInAtomic: Check = {
  id: "sleep-in-atomic",
  summary: "A function that may sleep is called in atomic context",
  start(bench) {
    return {
      "might-sleep": ({ where, state, stack }, moment) => {
        if (!isAtomic(state)) return;
        bench.report({
          title: `BUG: sleeping function called from invalid context at ${where}`,
          lines: invalidContext(where, state, stack, moment, bench.ledger),
          site: siteOf(stack),
        });
        bench.ledger.taint("W");
      },
      "schedule-atomic": ({ state, stack }, moment) => {
        const lines = schedulingWhileAtomic(state, stack, moment, bench.ledger);
        bench.report({ title: lines[0]!, lines, site: siteOf(stack) });
        bench.ledger.taint("W");
      },
      "lock-acquire": (event, moment) => {
        if (event.isTry !== undefined || !sleepsUnderRt(event)) return;
        const lines = invalidWait(event, moment, bench.ledger);
        bench.report({ title: INVALID_WAIT, lines, site: siteOf(event.stack) });
      },
    };
  },
};

function isAtomic(state: ContextState): boolean {
  return state.preemptCount !== 0 || state.irqsDisabled || (state.rcuDepth ?? 0) > 0;
}

/** A spinlock_t or rwlock_t, which sleep under PREEMPT_RT, within a raw_spinlock_t, which does not. */
function sleepsUnderRt({ lock, held }: Acquire): boolean {
  const isSpin = lock.flavour === "spinlock" || lock.flavour === "rwlock";
  return isSpin && held.some(({ flavour }) => flavour === "raw_spinlock");
}

/** `print_lock_invalid_wait_context()`: kernel/locking/lockdep.c, with CONFIG_PROVE_RAW_LOCK_NESTING. */
function invalidWait({ lock, held, stack }: Acquire, moment: Moment, ledger: Ledger): string[] {
  const context = moment.context === "task" ? 5 : 3;
  return [
    ...lockdepHead(INVALID_WAIT, ledger),
    `${comm(moment)} is trying to lock:`,
    lockToken(lock, stack, ledger),
    "other info that might help us debug this:",
    `context-{${context}:${context}}`,
    ...heldLocks(held, moment, ledger),
    "stack backtrace:",
    ...dumpStack(moment, stack, ledger),
  ];
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
