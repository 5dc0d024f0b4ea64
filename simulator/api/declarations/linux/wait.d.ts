// Wait queues: sleeping until a condition holds.
import type { int, long, Ref, Struct } from "./types.d.ts";

/** Who waits for something; a member type. Source: include/linux/wait.h */
export type wait_queue_head_t = Struct<"wait_queue_head", object>;
/** Who waits for something; a member type. Source: include/linux/wait.h */
export const wait_queue_head_t: wait_queue_head_t;

/** A static wait queue, ready for use: `const edu_wait = DECLARE_WAIT_QUEUE_HEAD("edu_wait")`. At file scope. Source: include/linux/wait.h */
export function DECLARE_WAIT_QUEUE_HEAD(name: string): Ref<wait_queue_head_t>;

/** Makes a wait queue ready for use. Context: any. Source: include/linux/wait.h */
export function init_waitqueue_head(wq: Ref<wait_queue_head_t>): void;

/**
 * Sleeps until the condition holds. It is tested first, and again after each wake-up; it may be tested often, and runs
 * in the caller's context.
 *
 * Context: process, may sleep. Source: include/linux/wait.h
 */
export function wait_event(wq: Ref<wait_queue_head_t>, condition: () => boolean): void;

/**
 * Sleeps until the condition holds or a signal comes.
 *
 * Context: process, may sleep. Result: 0, or -ERESTARTSYS when a signal came. Source: include/linux/wait.h
 */
export function wait_event_interruptible(wq: Ref<wait_queue_head_t>, condition: () => boolean): int;

/**
 * Sleeps until the condition holds, at most `timeout` jiffies.
 *
 * Context: process, may sleep. Result: 0 when the time was up and the condition false; else the jiffies left, at least
 * 1. Source: include/linux/wait.h
 */
export function wait_event_timeout(wq: Ref<wait_queue_head_t>, condition: () => boolean, timeout: long): long;

/**
 * Sleeps until the condition holds or a signal comes, at most `timeout` jiffies.
 *
 * Context: process, may sleep. Result: as wait_event_timeout, or -ERESTARTSYS when a signal came.
 * Source: include/linux/wait.h
 */
export function wait_event_interruptible_timeout(
  wq: Ref<wait_queue_head_t>,
  condition: () => boolean,
  timeout: long,
): long;

/** Wakes who waits: all that wait non-exclusively. Set the condition first. Context: any. Source: kernel/sched/wait.c */
export function wake_up(wq: Ref<wait_queue_head_t>): void;
/** Wakes everybody. Context: any. Source: kernel/sched/wait.c */
export function wake_up_all(wq: Ref<wait_queue_head_t>): void;
/** Wakes who waits interruptibly. Context: any. Source: kernel/sched/wait.c */
export function wake_up_interruptible(wq: Ref<wait_queue_head_t>): void;
/** Whether anybody waits; without a barrier or the lock the answer may be late. Context: any. Source: include/linux/wait.h */
export function waitqueue_active(wq: Ref<wait_queue_head_t>): int;
