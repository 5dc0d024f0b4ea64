// Timers in ticks: a function that is called in softirq context once jiffies has reached a time.
import type { int, MemberPointer, Ref, Struct, u32, ulong } from "./types.d.ts";

export interface TimerListMembers {
  /** Jiffies at which it is due; add_timer wants it set. */
  expires: ulong;
  function: ((t: Ref<timer_list>) => void) | null;
  flags: u32;
}

/** `struct timer_list`; a member type. Source: include/linux/timer_types.h */
export type timer_list = Struct<"timer_list", TimerListMembers>;
/** `struct timer_list`; a member type. Source: include/linux/timer_types.h */
export const timer_list: timer_list;

/** It does not wake an idle CPU. */
export const TIMER_DEFERRABLE: u32;
/** It stays on its CPU. */
export const TIMER_PINNED: u32;
/** Its function runs with interrupts off. */
export const TIMER_IRQSAFE: u32;

/** A static timer: `const edu_timer = DEFINE_TIMER("edu_timer", edu_timeout)`. At file scope. Source: include/linux/timer.h */
export function DEFINE_TIMER(name: string, callback: (t: Ref<timer_list>) => void): Ref<timer_list>;

/**
 * Makes a timer ready to be set. `callback` runs in softirq context: it must not sleep.
 *
 * Context: any. Source: include/linux/timer.h
 */
export function timer_setup(timer: Ref<timer_list>, callback: (t: Ref<timer_list>) => void, flags: u32): void;

/** The struct in which a timer lies, in its callback: `const d = from_timer(edu_dev, t, "timer")`. Context: any. Source: include/linux/timer.h */
export function from_timer<Name extends string, M, K extends keyof M>(
  layout: Struct<Name, M>,
  t: MemberPointer<M, K>,
  member: K,
): Ref<Struct<Name, M>>;

/**
 * Sets a timer for `expires` (`jiffies() + msecs_to_jiffies(100)`), whether it waits or not.
 *
 * Context: any. Result: 1 when it waited, else 0. Source: kernel/time/timer.c. Differs from Linux: it is due at its very
 * tick, where Linux may be late by an eighth of the span.
 */
export function mod_timer(timer: Ref<timer_list>, expires: ulong): int;
/** mod_timer, unless the timer does not wait. Context: any. Result: 1 when it waited, else 0. Source: kernel/time/timer.c */
export function mod_timer_pending(timer: Ref<timer_list>, expires: ulong): int;
/** mod_timer, unless the timer waits for an earlier time. Context: any. Result: 1 when it waited, else 0. Source: kernel/time/timer.c */
export function timer_reduce(timer: Ref<timer_list>, expires: ulong): int;
/** Sets a timer for its `expires`; it must not wait already. Context: any. Source: kernel/time/timer.c */
export function add_timer(timer: Ref<timer_list>): void;
/** add_timer on a CPU. Context: any. Source: kernel/time/timer.c */
export function add_timer_on(timer: Ref<timer_list>, cpu: int): void;
/** Not 0 while a timer waits. Context: any. Source: include/linux/timer.h */
export function timer_pending(timer: Ref<timer_list>): int;

/** Takes a timer back; its function may still be running on another CPU. Context: any. Result: 1 when it waited, else 0. Source: kernel/time/timer.c */
export function timer_delete(timer: Ref<timer_list>): int;
/** The old name of timer_delete. Context: any. Source: include/linux/timer.h */
export function del_timer(timer: Ref<timer_list>): int;
/**
 * Takes a timer back and waits until its function does not run. Hold no lock that the function takes.
 *
 * Context: process, softirq. Result: 1 when it waited, else 0. Source: kernel/time/timer.c
 */
export function timer_delete_sync(timer: Ref<timer_list>): int;
/** The old name of timer_delete_sync. Context: process, softirq. Source: include/linux/timer.h */
export function del_timer_sync(timer: Ref<timer_list>): int;
/** timer_delete for good: setting the timer does nothing from now on. Context: any. Source: kernel/time/timer.c */
export function timer_shutdown(timer: Ref<timer_list>): int;
/** timer_delete_sync for good: its function may try to set it again in vain. Context: process, softirq. Source: kernel/time/timer.c */
export function timer_shutdown_sync(timer: Ref<timer_list>): int;

/** A time rounded to a whole second, down when it is just after one. Context: any. Source: kernel/time/timer.c */
export function round_jiffies(j: ulong): ulong;
/** A span that ends at a whole second. Context: any. Source: kernel/time/timer.c */
export function round_jiffies_relative(j: ulong): ulong;
/** A time rounded up to a whole second. Context: any. Source: kernel/time/timer.c */
export function round_jiffies_up(j: ulong): ulong;
/** A span that ends at a whole second, rounded up. Context: any. Source: kernel/time/timer.c */
export function round_jiffies_up_relative(j: ulong): ulong;
