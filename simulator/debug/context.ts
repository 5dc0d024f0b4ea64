// The execution context of a task for people: preempt_count taken apart, interrupts, the locks it holds.
import type { Variable } from "../engine/interfaces.ts";
import { hex } from "../engine/interfaces.ts";
import type { ContextState, HeldLock, StackEntry } from "../kernel/events.ts";

/** Fields of preempt_count, include/linux/preempt.h. */
const counts = [
  { name: "preempt", shift: 0, mask: 0xff, meaning: (count: number) => `preemption disabled ${times(count)}` },
  { name: "softirq", shift: 8, mask: 0xff, meaning: softirqs },
  { name: "hardirq", shift: 16, mask: 0xf, meaning: () => "in a hardirq" },
  { name: "nmi", shift: 20, mask: 0xf, meaning: () => "in an NMI" },
];

/** The counts in preempt_count, from the lowest bits up; what one means is empty while it is 0. */
export function fieldsOf(preemptCount: number) {
  return counts.map(({ name, shift, mask, meaning }) => {
    const count = (preemptCount >>> shift) & mask;
    return { name, count, meaning: count === 0 ? "" : meaning(count) };
  });
}

/** The lowest bit says that a softirq runs, the others how often bottom halves were disabled. */
function softirqs(count: number): string {
  const disabled = count >>> 1;
  const parts = [
    ...(count & 1 ? ["in a softirq"] : []),
    ...(disabled > 0 ? [`bottom halves disabled ${times(disabled)}`] : []),
  ];
  return parts.join(", ");
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

export interface Situation {
  readonly state: ContextState;
  readonly context: string;
  readonly cpu: number;
  readonly task: string;
  readonly nanos: number;
  readonly clock: number;
}

export function describeSituation({ state, context, cpu, task, nanos, clock }: Situation): Variable[] {
  const { preemptCount, irqsDisabled, inAtomic, held, preemptDisabledAt } = state;
  const disabledAt = preemptDisabledAt && innermost(preemptDisabledAt);
  return [
    plain("context", `${context}, ${inAtomic || irqsDisabled ? "atomic: must not sleep" : "may sleep"}`),
    {
      ...plain("preempt_count", `0x${hex(preemptCount)}`),
      children: () => fieldsOf(preemptCount).map(({ name, count }) => plain(name, String(count))),
    },
    ...(disabledAt === undefined ? [] : [plain("preemption disabled at", disabledAt)]),
    plain("interrupts", irqsDisabled ? "disabled" : "enabled"),
    held.length === 0
      ? plain("locks held", "none")
      : { ...plain("locks held", held.map(({ name }) => name).join(", ")), children: () => held.map(describeLock) },
    plain("cpu", String(cpu)),
    plain("current", task),
    plain("time", `${(nanos / 1e9).toFixed(6)} s`),
    plain("statements", String(clock)),
  ];
}

function describeLock(lock: HeldLock): Variable {
  const where = innermost(lock.stack);
  return plain(
    lock.name,
    [lock.flavour, where === undefined ? undefined : `taken ${where}`].filter(Boolean).join(", "),
  );
}

/** The driver's own innermost statement of a stack. */
function innermost(stack: readonly StackEntry[]): string | undefined {
  const entry = stack.find(({ site }) => site !== undefined);
  return entry?.site && `in ${entry.fn}() at ${entry.site.file.replace(/^.*[\\/]/, "")}:${entry.site.line}`;
}

function plain(name: string, value: string): Variable {
  return { name, value, type: "" };
}
