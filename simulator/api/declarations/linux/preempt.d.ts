// In which context code runs, and staying on a CPU.
import type { int, u32 } from "./types.d.ts";

/** The raw count: preemption, softirq, hardirq and NMI fields. Context: any. Source: include/linux/preempt.h */
export function preempt_count(): int;
/** Keeps the task on its CPU, where it must not sleep until preempt_enable; calls nest. Context: any. Source: include/linux/preempt.h */
export function preempt_disable(): void;
/** Undoes one preempt_disable. Context: any. Source: include/linux/preempt.h */
export function preempt_enable(): void;
/** Not 0 in an interrupt handler or softirq, or with bottom halves off. Context: any. Source: include/linux/preempt.h */
export function in_interrupt(): u32;
/** Not 0 in an interrupt handler. Context: any. Source: include/linux/preempt.h */
export function in_hardirq(): u32;
/** Not 0 in a softirq, or with bottom halves off. Context: any. Source: include/linux/preempt.h */
export function in_softirq(): u32;
/** Not 0 in process context. Context: any. Source: include/linux/preempt.h */
export function in_task(): u32;
/** Not 0 where preempt_count forbids to sleep; it cannot tell whether interrupts are off, so drivers should not ask. Context: any. Source: include/linux/preempt.h */
export function in_atomic(): u32;
