// Wait queues: sleeping until a condition holds.
import type { ktime_t } from "./ktime.d.ts";
import type { task_struct } from "./sched.d.ts";
import type { spinlock_t } from "./spinlock.d.ts";
import type { int, long, Ref, Struct, uint } from "./types.d.ts";

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

/** Whether anybody waits; without a barrier or the lock the answer may be late. Context: any. Source: include/linux/wait.h */
export function waitqueue_active(wq: Ref<wait_queue_head_t>): int;

/** An entry in a wait queue, for waiting by hand; a member type. Source: include/linux/wait.h */
export type wait_queue_entry = Struct<"wait_queue_entry", { readonly flags: uint }>;
/** An entry in a wait queue, for waiting by hand; a member type. Source: include/linux/wait.h */
export const wait_queue_entry: wait_queue_entry;

/** A wait queue that is a local variable. Context: process. Source: include/linux/wait.h */
export function DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name: string): Ref<wait_queue_head_t>;
/** Whether anybody waits, with a full barrier before. Context: any. Source: include/linux/wait.h */
export function wq_has_sleeper(wq: Ref<wait_queue_head_t>): boolean;

/** Sleeps until the condition holds, or a fatal signal comes. Context: process, may sleep. Result: 0, or -ERESTARTSYS. Source: include/linux/wait.h */
export function wait_event_killable(wq: Ref<wait_queue_head_t>, condition: () => boolean): int;
/** The same for at most `timeout` jiffies. Context: process, may sleep. Result: as wait_event_timeout, or -ERESTARTSYS. Source: include/linux/wait.h */
export function wait_event_killable_timeout(wq: Ref<wait_queue_head_t>, condition: () => boolean, timeout: long): long;
/** Sleeps until the condition holds, without counting as load. Context: process, may sleep. Source: include/linux/wait.h */
export function wait_event_idle(wq: Ref<wait_queue_head_t>, condition: () => boolean): void;
/** The same for at most `timeout` jiffies. Context: process, may sleep. Result: as wait_event_timeout. Source: include/linux/wait.h */
export function wait_event_idle_timeout(wq: Ref<wait_queue_head_t>, condition: () => boolean, timeout: long): long;
/** As wait_event_interruptible, woken alone, behind those that are woken together. Context: process, may sleep. Result: 0, or -ERESTARTSYS. Source: include/linux/wait.h */
export function wait_event_interruptible_exclusive(wq: Ref<wait_queue_head_t>, condition: () => boolean): int;
/** As wait_event_killable, woken alone, behind those that are woken together. Context: process, may sleep. Result: 0, or -ERESTARTSYS. Source: include/linux/wait.h */
export function wait_event_killable_exclusive(wq: Ref<wait_queue_head_t>, condition: () => boolean): int;
/** As wait_event_idle, woken alone, behind those that are woken together. Context: process, may sleep. Source: include/linux/wait.h */
export function wait_event_idle_exclusive(wq: Ref<wait_queue_head_t>, condition: () => boolean): void;
/** As wait_event for at most so long. Context: process, may sleep. Result: 0, -ETIME when the time was up. Source: include/linux/wait.h */
export function wait_event_hrtimeout(wq: Ref<wait_queue_head_t>, condition: () => boolean, timeout: ktime_t): int;
/** As wait_event_interruptible for at most so long. Context: process, may sleep. Result: 0, -ETIME when the time was up, or -ERESTARTSYS. Source: include/linux/wait.h */
export function wait_event_interruptible_hrtimeout(
  wq: Ref<wait_queue_head_t>,
  condition: () => boolean,
  timeout: ktime_t,
): int;
/** Sleeps until the condition holds, with a command before and one after each sleep. Context: process, may sleep. Source: include/linux/wait.h */
export function wait_event_cmd(
  wq: Ref<wait_queue_head_t>,
  condition: () => boolean,
  cmd1: () => void,
  cmd2: () => void,
): void;
/** Sleeps until the condition holds, woken alone, with a command before and one after each sleep. Context: process, may sleep. Source: include/linux/wait.h */
export function wait_event_exclusive_cmd(
  wq: Ref<wait_queue_head_t>,
  condition: () => boolean,
  cmd1: () => void,
  cmd2: () => void,
): void;
/** Sleeps until the condition holds, which is asked with the lock held; it is given back, and interrupts are on, while the task sleeps. Context: process, with the lock held, may sleep. Source: include/linux/wait.h */
export function wait_event_lock_irq(wq: Ref<wait_queue_head_t>, condition: () => boolean, lock: Ref<spinlock_t>): void;
/** The same with a command before each sleep, without the lock. Context: process, with the lock held, may sleep. Source: include/linux/wait.h */
export function wait_event_lock_irq_cmd(
  wq: Ref<wait_queue_head_t>,
  condition: () => boolean,
  lock: Ref<spinlock_t>,
  cmd: () => void,
): void;
/** The same for at most `timeout` jiffies. Context: process, with the lock held, may sleep. Result: as wait_event_timeout. Source: include/linux/wait.h */
export function wait_event_lock_irq_timeout(
  wq: Ref<wait_queue_head_t>,
  condition: () => boolean,
  lock: Ref<spinlock_t>,
  timeout: long,
): long;
/** Sleeps until the condition holds, which is asked with the lock held; it is given back, and interrupts are on, while the task sleeps. Context: process, with the lock held, may sleep. Result: 0, or -ERESTARTSYS. Source: include/linux/wait.h */
export function wait_event_interruptible_lock_irq(
  wq: Ref<wait_queue_head_t>,
  condition: () => boolean,
  lock: Ref<spinlock_t>,
): int;
/** The same with a command before each sleep, without the lock. Context: process, with the lock held, may sleep. Result: 0, or -ERESTARTSYS. Source: include/linux/wait.h */
export function wait_event_interruptible_lock_irq_cmd(
  wq: Ref<wait_queue_head_t>,
  condition: () => boolean,
  lock: Ref<spinlock_t>,
  cmd: () => void,
): int;
/** The same for at most `timeout` jiffies. Context: process, with the lock held, may sleep. Result: as wait_event_timeout, or -ERESTARTSYS. Source: include/linux/wait.h */
export function wait_event_interruptible_lock_irq_timeout(
  wq: Ref<wait_queue_head_t>,
  condition: () => boolean,
  lock: Ref<spinlock_t>,
  timeout: long,
): long;
/** Wakes who waits: all that wait together, and one of the exclusive ones. Set the condition first. Context: any. Source: kernel/sched/wait.c */
export function wake_up(wq: Ref<wait_queue_head_t>): void;
/** Wakes who waits: all that wait together, and `nr` of the exclusive ones. Context: any. Source: kernel/sched/wait.c */
export function wake_up_nr(wq: Ref<wait_queue_head_t>, nr: int): void;
/** Wakes who waits, the exclusive ones too. Context: any. Source: kernel/sched/wait.c */
export function wake_up_all(wq: Ref<wait_queue_head_t>): void;
/** As wake_up, where the caller is about to sleep, so that nobody need come to its CPU at once. Context: any. Source: kernel/sched/wait.c */
export function wake_up_sync(wq: Ref<wait_queue_head_t>): void;
/** Wakes who waits interruptibly: all that wait together, and one of the exclusive ones. Set the condition first. Context: any. Source: kernel/sched/wait.c */
export function wake_up_interruptible(wq: Ref<wait_queue_head_t>): void;
/** Wakes who waits interruptibly: all that wait together, and `nr` of the exclusive ones. Context: any. Source: kernel/sched/wait.c */
export function wake_up_interruptible_nr(wq: Ref<wait_queue_head_t>, nr: int): void;
/** Wakes who waits interruptibly, the exclusive ones too. Context: any. Source: kernel/sched/wait.c */
export function wake_up_interruptible_all(wq: Ref<wait_queue_head_t>): void;
/** As wake_up_interruptible, where the caller is about to sleep, so that nobody need come to its CPU at once. Context: any. Source: kernel/sched/wait.c */
export function wake_up_interruptible_sync(wq: Ref<wait_queue_head_t>): void;

/** An entry for the running task, as a local variable: `const wait = DEFINE_WAIT("wait")`. Waking takes it out of its queue. Context: process. Source: include/linux/wait.h */
export function DEFINE_WAIT(name: string): Ref<wait_queue_entry>;
/** An entry for a task, as a local variable: `const wait = DECLARE_WAITQUEUE("wait", current())`. It stays until it is removed. Context: process. Source: include/linux/wait.h */
export function DECLARE_WAITQUEUE(name: string, task: Ref<task_struct>): Ref<wait_queue_entry>;
/** Makes an entry for a task, as DECLARE_WAITQUEUE. Context: any. Source: include/linux/wait.h */
export function init_waitqueue_entry(entry: Ref<wait_queue_entry>, task: Ref<task_struct>): void;
/** Makes an entry for the running task, as DEFINE_WAIT. Context: process. Source: include/linux/wait.h */
export function init_wait(entry: Ref<wait_queue_entry>): void;
/** Puts an entry among those that are woken together. Context: any. Source: kernel/sched/wait.c */
export function add_wait_queue(wq: Ref<wait_queue_head_t>, entry: Ref<wait_queue_entry>): void;
/** Puts an entry behind them, to be woken alone. Context: any. Source: kernel/sched/wait.c */
export function add_wait_queue_exclusive(wq: Ref<wait_queue_head_t>, entry: Ref<wait_queue_entry>): void;
/** Takes an entry out. Context: any. Source: kernel/sched/wait.c */
export function remove_wait_queue(wq: Ref<wait_queue_head_t>, entry: Ref<wait_queue_entry>): void;
/** Puts the entry in the queue, once, and says as what the task will sleep: test the condition afterwards, then schedule(). Context: process. Source: kernel/sched/wait.c */
export function prepare_to_wait(wq: Ref<wait_queue_head_t>, entry: Ref<wait_queue_entry>, state: int): void;
/** The same, to be woken alone. Context: process. Result: whether nobody waited before. Source: kernel/sched/wait.c */
export function prepare_to_wait_exclusive(
  wq: Ref<wait_queue_head_t>,
  entry: Ref<wait_queue_entry>,
  state: int,
): boolean;
/** The same, unless a signal is there that ends such a sleep. Context: process. Result: 0, or -ERESTARTSYS. Source: kernel/sched/wait.c */
export function prepare_to_wait_event(wq: Ref<wait_queue_head_t>, entry: Ref<wait_queue_entry>, state: int): int;
/** The task runs, and its entry is in no queue. Context: process. Source: kernel/sched/wait.c */
export function finish_wait(wq: Ref<wait_queue_head_t>, entry: Ref<wait_queue_entry>): void;
