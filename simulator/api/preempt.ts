// linux/preempt, linux/irqflags and linux/bottom_half: in which context code runs, and how to change it.
import type { Steps } from "../engine/interfaces.ts";
import { SOFTIRQ_DISABLE_OFFSET } from "../kernel/core.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { irqFlagsOf, irqsAreOff } from "../kernel/locks.ts";
import { Header } from "./header.ts";

export function preempt({ core }: Kernel): Header {
  const header = new Header(core);
  /** The raw count: preemption, softirq, hardirq and NMI fields. Any context. */
  header.plain("preempt_count", [], "int", () => core.context.preemptCount);
  /** Keeps the task on its CPU, which may not sleep until preempt_enable. Any context. */
  header.plain("preempt_disable", [], "void", () => core.preemptDisable());
  /** Undoes one preempt_disable. Any context. */
  header.steps("preempt_enable", [], "void", function* (): Steps<void> {
    core.preemptEnable();
    yield* core.letIn();
  });
  /** In an interrupt handler or softirq, or with bottom halves off. Any context. */
  header.plain("in_interrupt", [], "u32", () => core.inInterrupt);
  /** In an interrupt handler. Any context. */
  header.plain("in_hardirq", [], "u32", () => core.inHardirq);
  /** In a softirq, or with bottom halves off. Any context. */
  header.plain("in_softirq", [], "u32", () => core.inSoftirq);
  /** In a softirq. Any context. */
  header.plain("in_serving_softirq", [], "u32", () => core.inServingSoftirq);
  /** In an interrupt handler: the old name. Any context. */
  header.plain("in_irq", [], "u32", () => core.inHardirq);
  /** In a non-maskable interrupt, of which there are none. Any context. */
  header.plain("in_nmi", [], "u32", () => core.inNmi);
  /** In process context. Any context. */
  header.plain("in_task", [], "u32", () => core.inTask);
  /** Where sleeping is forbidden, as far as preempt_count tells. Any context. */
  header.plain("in_atomic", [], "u32", () => core.inAtomic);
  return header;
}

export function irqflags({ core }: Kernel): Header {
  const header = new Header(core);
  const set = function* (off: boolean): Steps<void> {
    core.context.irqsDisabled = off;
    if (!off) yield* core.letIn();
  };
  /** Turns interrupts of this CPU off. Any context. */
  header.steps("local_irq_disable", [], "void", () => set(true));
  /** Turns interrupts of this CPU on. Any context. */
  header.steps("local_irq_enable", [], "void", () => set(false));
  /** Turns interrupts of this CPU off. Any context. How they were, for local_irq_restore. */
  header.plain("local_irq_save", [], "u32", () => {
    const flags = irqFlagsOf(core.context);
    core.context.irqsDisabled = true;
    return flags;
  });
  /** Sets interrupts of this CPU as they were. Any context. */
  header.steps("local_irq_restore", ["u32"], "void", (flags: number) => set(irqsAreOff(flags)));
  /** Whether interrupts of this CPU are off. Any context. */
  header.plain("irqs_disabled", [], "int", () => core.context.irqsDisabled);
  return header;
}

export function bottomHalf({ core }: Kernel): Header {
  const header = new Header(core);
  /** Holds softirqs of this CPU off. Task and softirq context. */
  header.plain("local_bh_disable", [], "void", () => core.preemptDisable(SOFTIRQ_DISABLE_OFFSET));
  /** Undoes one local_bh_disable. Task and softirq context. */
  header.steps("local_bh_enable", [], "void", () => core.bhEnable());
  return header;
}
