// Works: functions that are called later, in process context.
import type { timer_list } from "./timer.d.ts";
import type { int, Ref, Struct, uint, ulong } from "./types.d.ts";

export interface WorkStructMembers {
  readonly func: ((work: Ref<work_struct>) => void) | null;
}

/** `struct work_struct`; a member type. Source: include/linux/workqueue_types.h */
export type work_struct = Struct<"work_struct", WorkStructMembers>;
/** `struct work_struct`; a member type. Source: include/linux/workqueue_types.h */
export const work_struct: work_struct;

export interface DelayedWorkMembers {
  readonly work: Ref<work_struct>;
  readonly timer: Ref<timer_list>;
}

/** `struct delayed_work`; a member type. Source: include/linux/workqueue.h */
export type delayed_work = Struct<"delayed_work", DelayedWorkMembers>;
/** `struct delayed_work`; a member type. Source: include/linux/workqueue.h */
export const delayed_work: delayed_work;

/** `struct workqueue_struct`. Source: kernel/workqueue.c */
export type workqueue_struct = Struct<"workqueue_struct", object>;
/** `struct workqueue_struct`. Source: kernel/workqueue.c */
export const workqueue_struct: workqueue_struct;

/** Works run in softirq context. */
export const WQ_BH: uint;
/** Works are bound to no CPU. */
export const WQ_UNBOUND: uint;
export const WQ_FREEZABLE: uint;
/** Memory reclaim may depend on it. */
export const WQ_MEM_RECLAIM: uint;
export const WQ_HIGHPRI: uint;
/** Works do not keep others of their CPU waiting. */
export const WQ_CPU_INTENSIVE: uint;
export const WQ_SYSFS: uint;
export const WQ_POWER_EFFICIENT: uint;
/** No CPU in particular. */
export const WORK_CPU_UNBOUND: int;
export const WQ_MAX_ACTIVE: int;
export const WQ_DFL_ACTIVE: int;
/** A static work: `const edu_work = DECLARE_WORK("edu_work", edu_do_work)`. At file scope. Source: include/linux/workqueue.h */
export function DECLARE_WORK(name: string, func: (work: Ref<work_struct>) => void): Ref<work_struct>;
/** A static delayed work. At file scope. Source: include/linux/workqueue.h */
export function DECLARE_DELAYED_WORK(name: string, func: (work: Ref<work_struct>) => void): Ref<delayed_work>;
/** Makes a work item ready. `func` runs in process context: it may sleep. Context: any. Source: include/linux/workqueue.h */
export function INIT_WORK(work: Ref<work_struct>, func: (work: Ref<work_struct>) => void): void;
/** INIT_WORK for a work item on the stack. Context: any. Source: include/linux/workqueue.h */
export function INIT_WORK_ONSTACK(work: Ref<work_struct>, func: (work: Ref<work_struct>) => void): void;
/** Makes a delayed work ready. Context: any. Source: include/linux/workqueue.h */
export function INIT_DELAYED_WORK(work: Ref<delayed_work>, func: (work: Ref<work_struct>) => void): void;
/** INIT_DELAYED_WORK whose timer wakes no idle CPU. Context: any. Source: include/linux/workqueue.h */
export function INIT_DEFERRABLE_WORK(work: Ref<delayed_work>, func: (work: Ref<work_struct>) => void): void;
/** The delayed work item around the work item that its function is given. Context: any. Source: include/linux/workqueue.h */
export function to_delayed_work(work: Ref<work_struct>): Ref<delayed_work>;
/** A queue of the kernel's own: a variable in C, a call here. Context: any. Source: include/linux/workqueue.h */
export function system_wq(): Ref<workqueue_struct>;
/** A queue of the kernel's own: a variable in C, a call here. Context: any. Source: include/linux/workqueue.h */
export function system_highpri_wq(): Ref<workqueue_struct>;
/** A queue of the kernel's own: a variable in C, a call here. Context: any. Source: include/linux/workqueue.h */
export function system_long_wq(): Ref<workqueue_struct>;
/** A queue of the kernel's own: a variable in C, a call here. Context: any. Source: include/linux/workqueue.h */
export function system_unbound_wq(): Ref<workqueue_struct>;
/** A queue of the kernel's own: a variable in C, a call here. Context: any. Source: include/linux/workqueue.h */
export function system_freezable_wq(): Ref<workqueue_struct>;
/** A queue of the kernel's own: a variable in C, a call here. Context: any. Source: include/linux/workqueue.h */
export function system_power_efficient_wq(): Ref<workqueue_struct>;
/** Makes a workqueue; `max_active` work items of it run at a time on a CPU, 0: as many as usual. Context: process, may sleep. Result: NULL when there is no memory. Source: kernel/workqueue.c */
export function alloc_workqueue(
  fmt: string,
  flags: uint,
  max_active: int,
  ...args: unknown[]
): Ref<workqueue_struct> | null;
/** Makes a workqueue whose work items run one after the other. Context: process, may sleep. Result: NULL when there is no memory. Source: include/linux/workqueue.h */
export function alloc_ordered_workqueue(fmt: string, flags: uint, ...args: unknown[]): Ref<workqueue_struct> | null;
/** Makes a workqueue with one work item at a time on a CPU. Context: process, may sleep. Result: NULL when there is no memory. Source: include/linux/workqueue.h */
export function create_workqueue(name: string): Ref<workqueue_struct> | null;
/** Makes a workqueue whose work items run one after the other. Context: process, may sleep. Result: NULL when there is no memory. Source: include/linux/workqueue.h */
export function create_singlethread_workqueue(name: string): Ref<workqueue_struct> | null;
/** create_singlethread_workqueue whose work items stop at suspend. Context: process, may sleep. Result: NULL when there is no memory. Source: include/linux/workqueue.h */
export function create_freezable_workqueue(name: string): Ref<workqueue_struct> | null;
/** Waits until all work items are done, and frees the queue. Context: process, may sleep. Source: kernel/workqueue.c */
export function destroy_workqueue(wq: Ref<workqueue_struct>): void;
/** Queues a work item on the kernel's own queue. Context: any. Result: false when it is queued already. Source: include/linux/workqueue.h */
export function schedule_work(work: Ref<work_struct>): boolean;
/** schedule_work on a CPU. Context: any. Result: false when it is queued already. Source: include/linux/workqueue.h */
export function schedule_work_on(cpu: int, work: Ref<work_struct>): boolean;
/** Queues a work item on the kernel's own queue in `delay` jiffies. Context: any. Result: false when it is queued already. Source: include/linux/workqueue.h */
export function schedule_delayed_work(dwork: Ref<delayed_work>, delay: ulong): boolean;
/** schedule_delayed_work on a CPU. Context: any. Result: false when it is queued already. Source: include/linux/workqueue.h */
export function schedule_delayed_work_on(cpu: int, dwork: Ref<delayed_work>, delay: ulong): boolean;
/** Queues a work item. Context: any. Result: false when it is queued already. Source: kernel/workqueue.c */
export function queue_work(wq: Ref<workqueue_struct>, work: Ref<work_struct>): boolean;
/** queue_work on a CPU. Context: any. Result: false when it is queued already. Source: kernel/workqueue.c */
export function queue_work_on(cpu: int, wq: Ref<workqueue_struct>, work: Ref<work_struct>): boolean;
/** Queues a work item in `delay` jiffies. Context: any. Result: false when it is queued already. Source: kernel/workqueue.c */
export function queue_delayed_work(wq: Ref<workqueue_struct>, dwork: Ref<delayed_work>, delay: ulong): boolean;
/** queue_delayed_work on a CPU. Context: any. Result: false when it is queued already. Source: kernel/workqueue.c */
export function queue_delayed_work_on(
  cpu: int,
  wq: Ref<workqueue_struct>,
  dwork: Ref<delayed_work>,
  delay: ulong,
): boolean;
/** Queues a work item in `delay` jiffies from now, whether it is queued or not. Context: any. Result: true when it was. Source: kernel/workqueue.c */
export function mod_delayed_work(wq: Ref<workqueue_struct>, dwork: Ref<delayed_work>, delay: ulong): boolean;
/** mod_delayed_work on a CPU. Context: any. Result: true when it was queued. Source: kernel/workqueue.c */
export function mod_delayed_work_on(
  cpu: int,
  wq: Ref<workqueue_struct>,
  dwork: Ref<delayed_work>,
  delay: ulong,
): boolean;
/** Whether a work item is queued. Context: any. Source: include/linux/workqueue.h */
export function work_pending(work: Ref<work_struct>): boolean;
/** Whether a delayed work is queued or its timer runs. Context: any. Source: include/linux/workqueue.h */
export function delayed_work_pending(w: Ref<delayed_work>): boolean;
/** Bit 0 when a work item is queued, bit 1 while it runs. Context: any. Source: kernel/workqueue.c */
export function work_busy(work: Ref<work_struct>): uint;
/** The work that the running worker is at. Context: any. Result: NULL when it is no worker. Source: kernel/workqueue.c */
export function current_work(): Ref<work_struct> | null;
/** Waits until a work item is done that is queued or runs now. Context: process, may sleep. Result: false when there was none. Source: kernel/workqueue.c */
export function flush_work(work: Ref<work_struct>): boolean;
/** flush_work, and the timer is not waited for. Context: process, may sleep. Result: false when there was none. Source: kernel/workqueue.c */
export function flush_delayed_work(dwork: Ref<delayed_work>): boolean;
/** Waits until all work items are done that are queued now. Context: process, may sleep. Source: include/linux/workqueue.h */
export function flush_workqueue(wq: Ref<workqueue_struct>): void;
/** flush_workqueue by its own name. Context: process, may sleep. Source: kernel/workqueue.c */
export function __flush_workqueue(wq: Ref<workqueue_struct>): void;
/** Waits until a queue is empty; only its own work items may queue more. Context: process, may sleep. Source: kernel/workqueue.c */
export function drain_workqueue(wq: Ref<workqueue_struct>): void;
/** flush_workqueue on the kernel's own queue; flush your work instead. Context: process, may sleep. Source: include/linux/workqueue.h */
export function flush_scheduled_work(): void;
/** Takes a work item back; it may still run. Context: any. Result: true when it was queued. Source: kernel/workqueue.c */
export function cancel_work(work: Ref<work_struct>): boolean;
/** Takes a delayed work back; it may still run. Context: any. Result: true when it was queued. Source: kernel/workqueue.c */
export function cancel_delayed_work(dwork: Ref<delayed_work>): boolean;
/** Takes a work item back and waits until it does not run; it cannot queue itself meanwhile. Context: process, may sleep. Result: true when it was queued. Source: kernel/workqueue.c */
export function cancel_work_sync(work: Ref<work_struct>): boolean;
/** cancel_work_sync for a delayed work. Context: process, may sleep. Result: true when it was queued. Source: kernel/workqueue.c */
export function cancel_delayed_work_sync(dwork: Ref<delayed_work>): boolean;
