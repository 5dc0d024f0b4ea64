// Turning interrupts of this CPU off.
import type { irqflags_t } from "./spinlock.d.ts";
import type { int } from "./types.d.ts";

/** Turns interrupts of this CPU off. Context: any. Source: include/linux/irqflags.h */
export function local_irq_disable(): void;
/** Turns interrupts of this CPU on, whatever they were. Context: process, softirq. Source: include/linux/irqflags.h */
export function local_irq_enable(): void;
/** Turns interrupts of this CPU off. Context: any. Result: how they were, for local_irq_restore; C's macro assigns it to its argument. Source: include/linux/irqflags.h */
export function local_irq_save(): irqflags_t;
/** Sets interrupts of this CPU as they were. Context: any. Source: include/linux/irqflags.h */
export function local_irq_restore(flags: irqflags_t): void;
/** Whether interrupts of this CPU are off. Context: any. Source: include/linux/irqflags.h */
export function irqs_disabled(): int;
