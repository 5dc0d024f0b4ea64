// In which context code runs, and keeping the CPU.
import type { int, ulong } from "./types.d.ts";

/** The raw count: preemption, softirq, hardirq and NMI fields. Context: any. Source: include/linux/preempt.h, as for all of these */
export function preempt_count(): int;
/** Keeps the task on its CPU: nothing may sleep until preempt_enable; calls nest. Context: any. */
export function preempt_disable(): void;
/** Undoes one preempt_disable. Context: any. */
export function preempt_enable(): void;
/** Not 0 in an interrupt handler or softirq, or with bottom halves off. Context: any. */
export function in_interrupt(): ulong;
/** Not 0 in an interrupt handler. Context: any. */
export function in_hardirq(): ulong;
/** The old name of in_hardirq. Context: any. */
export function in_irq(): ulong;
/** Not 0 in a softirq, or with bottom halves off. Context: any. */
export function in_softirq(): ulong;
/** Not 0 in a softirq. Context: any. */
export function in_serving_softirq(): ulong;
/** Not 0 in a non-maskable interrupt. Context: any. Differs from Linux: there are none. */
export function in_nmi(): ulong;
/** Not 0 in process context. Context: any. */
export function in_task(): ulong;
/** Not 0 where sleeping is forbidden, as far as preempt_count tells. Context: any. */
export function in_atomic(): ulong;
