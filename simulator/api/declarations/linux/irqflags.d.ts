// Turning interrupts of the running CPU off and on.
import type { irqflags_t } from "./spinlock.d.ts";
import type { int } from "./types.d.ts";

/** Turns interrupts of this CPU off. Context: any. Source: include/linux/irqflags.h, as for all of these */
export function local_irq_disable(): void;
/** Turns interrupts of this CPU on: those that wait come at once. Context: process, softirq. */
export function local_irq_enable(): void;
/** Turns interrupts of this CPU off. Context: any. Result: how they were, for local_irq_restore; C's macro assigns it to its argument. */
export function local_irq_save(): irqflags_t;
/** Sets interrupts of this CPU as they were. Context: any. */
export function local_irq_restore(flags: irqflags_t): void;
/** Not 0 when interrupts of this CPU are off. Context: any. */
export function irqs_disabled(): int;
