// Interrupt handlers.
import type { device } from "./device.d.ts";
import type { int, MemberPointer, Pointer, Ref, Struct, uint, ulong } from "./types.d.ts";

declare const handled: unique symbol;

/** What a handler says about an interrupt: IRQ_NONE or IRQ_HANDLED. Source: include/linux/irqreturn.h */
export type irqreturn_t = number & { readonly [handled]: true };

/** It was not this device's interrupt. */
export const IRQ_NONE: irqreturn_t;
/** It was this device's interrupt, and is dealt with. */
export const IRQ_HANDLED: irqreturn_t;
/** The handler's thread goes on with it. */
export const IRQ_WAKE_THREAD: irqreturn_t;
/** IRQ_HANDLED when `handled`, else IRQ_NONE. Context: any. Source: include/linux/irqreturn.h */
export function IRQ_RETVAL(handled: boolean): irqreturn_t;

/** Other devices may use the line: each handler must find out whether the interrupt is its own. */
export const IRQF_SHARED: ulong;
/** The line stays masked until the thread is done. */
export const IRQF_ONESHOT: ulong;
/** The line stays off until enable_irq. */
export const IRQF_NO_AUTOEN: ulong;
export const IRQF_TRIGGER_NONE: ulong;
export const IRQF_TRIGGER_RISING: ulong;
export const IRQF_TRIGGER_FALLING: ulong;
export const IRQF_TRIGGER_HIGH: ulong;
export const IRQF_TRIGGER_LOW: ulong;
export const IRQF_TRIGGER_MASK: ulong;
export const IRQF_PROBE_SHARED: ulong;
export const IRQF_PERCPU: ulong;
export const IRQF_NOBALANCING: ulong;
export const IRQF_IRQPOLL: ulong;
export const IRQF_NO_SUSPEND: ulong;
export const IRQF_FORCE_RESUME: ulong;
export const IRQF_NO_THREAD: ulong;
export const IRQF_EARLY_RESUME: ulong;
export const IRQF_COND_SUSPEND: ulong;
/** What request_any_context_irq made. */
export const IRQC_IS_HARDIRQ: int;
export const IRQC_IS_NESTED: int;

/** Runs in hardirq context with interrupts of this CPU off: it must not sleep. */
export type irq_handler_t<P> = (irq: int, dev_id: P) => irqreturn_t;

/**
 * Installs a handler and enables the line. It can run before this returns, so everything it uses must be ready.
 *
 * Context: process, may sleep. Result: 0, -EBUSY when the line is taken and not shared, -EINVAL without a handler or
 * when a shared line has no `dev_id`. Source: include/linux/interrupt.h, kernel/irq/manage.c
 */
export function request_irq<P extends Pointer<unknown> | null>(
  irq: uint,
  handler: irq_handler_t<P>,
  flags: ulong,
  name: string,
  dev_id: P,
): int;

/**
 * request_irq with a thread `irq/NN-name`, which `handler` wakes with IRQ_WAKE_THREAD and which may sleep. Without a
 * handler each interrupt wakes it, and `flags` must have IRQF_ONESHOT.
 *
 * Context: process, may sleep. Result: as request_irq. Source: kernel/irq/manage.c
 */
export function request_threaded_irq<P extends Pointer<unknown> | null>(
  irq: uint,
  handler: irq_handler_t<P> | null,
  thread_fn: irq_handler_t<P> | null,
  flags: ulong,
  name: string,
  dev_id: P,
): int;

/** request_irq, whatever the line's controller. Context: process, may sleep. Result: IRQC_IS_HARDIRQ, or a negative errno. Source: kernel/irq/manage.c */
export function request_any_context_irq<P extends Pointer<unknown> | null>(
  irq: uint,
  handler: irq_handler_t<P>,
  flags: ulong,
  name: string,
  dev_id: P,
): int;

/**
 * Removes the handler that was installed with this `dev_id`, after it has finished. The device must not interrupt any
 * more.
 *
 * Context: process, may sleep. Source: kernel/irq/manage.c
 */
export function free_irq(irq: uint, dev_id: Pointer<unknown> | null): void;

/** Waits until no handler of the line runs. Context: process, may sleep. Source: kernel/irq/manage.c */
export function synchronize_irq(irq: uint): void;
/** Turns the line off and waits until no handler runs; calls nest. Context: process, may sleep. Source: kernel/irq/manage.c */
export function disable_irq(irq: uint): void;
/** Turns the line off and spins while a handler runs. Context: any. Result: whether no thread of it runs. Source: kernel/irq/manage.c */
export function disable_hardirq(irq: uint): boolean;
/** Spins while a handler of the line runs. Context: any. Result: whether no thread of it runs. Source: kernel/irq/manage.c */
export function synchronize_hardirq(irq: uint): boolean;
/** Turns the line off without waiting. Context: any. Source: kernel/irq/manage.c */
export function disable_irq_nosync(irq: uint): void;
/** Undoes one disable_irq. Context: any. Source: kernel/irq/manage.c */
export function enable_irq(irq: uint): void;
/** Says which CPUs take the interrupts, `cpumask_of(1)`. Context: process. Result: 0, or -EINVAL. Source: kernel/irq/manage.c */
export function irq_set_affinity(irq: uint, cpumask: Pointer<unknown>): int;
/** The old way to say which CPUs take the interrupts. Context: process. Result: 0, or -EINVAL. Source: include/linux/interrupt.h */
export function irq_set_affinity_hint(irq: uint, m: Pointer<unknown> | null): int;
/** irq_set_affinity, shown to users as a hint too. Context: process. Result: 0, or -EINVAL. Source: include/linux/interrupt.h */
export function irq_set_affinity_and_hint(irq: uint, m: Pointer<unknown> | null): int;
/** Lets the line wake the machine from suspend, or not; calls nest. Context: process. Result: 0. Source: kernel/irq/manage.c */
export function irq_set_irq_wake(irq: uint, on: uint): int;
/** Lets the line wake the machine from suspend. Context: process. Result: 0. Source: include/linux/interrupt.h */
export function enable_irq_wake(irq: uint): int;
/** Undoes one enable_irq_wake. Context: process. Result: 0. Source: include/linux/interrupt.h */
export function disable_irq_wake(irq: uint): int;
/** Says whether the line is an edge or a level. Context: process. Result: 0. Source: kernel/irq/chip.c */
export function irq_set_irq_type(irq: uint, type: uint): int;
/** Begins to look for the line of a device: make it interrupt, then call probe_irq_off. Context: process, may sleep. Source: kernel/irq/autoprobe.c */
export function probe_irq_on(): ulong;
/** Ends the search. Context: process. Result: the line, 0 for none, negative when there were several. Source: kernel/irq/autoprobe.c */
export function probe_irq_off(val: ulong): int;

export interface TaskletMembers {
  readonly state: ulong;
  readonly data: ulong;
}

/** `struct tasklet_struct`; a member type. Source: include/linux/interrupt.h */
export type tasklet_struct = Struct<"tasklet_struct", TaskletMembers>;
/** `struct tasklet_struct`; a member type. Source: include/linux/interrupt.h */
export const tasklet_struct: tasklet_struct;

/** A static tasklet: `const edu_tasklet = DECLARE_TASKLET("edu_tasklet", edu_bottom_half)`. At file scope. Source: include/linux/interrupt.h */
export function DECLARE_TASKLET(name: string, callback: (t: Ref<tasklet_struct>) => void): Ref<tasklet_struct>;
/** DECLARE_TASKLET, disabled. At file scope. Source: include/linux/interrupt.h */
export function DECLARE_TASKLET_DISABLED(name: string, callback: (t: Ref<tasklet_struct>) => void): Ref<tasklet_struct>;
/** A static tasklet whose function gets 0. At file scope. Source: include/linux/interrupt.h */
export function DECLARE_TASKLET_OLD(name: string, func: (data: ulong) => void): Ref<tasklet_struct>;
/** DECLARE_TASKLET_OLD, disabled. At file scope. Source: include/linux/interrupt.h */
export function DECLARE_TASKLET_DISABLED_OLD(name: string, func: (data: ulong) => void): Ref<tasklet_struct>;

/** Makes a tasklet ready. `callback` runs in softirq context: it must not sleep. Context: any. Source: kernel/softirq.c, as for all of these */
export function tasklet_setup(t: Ref<tasklet_struct>, callback: (t: Ref<tasklet_struct>) => void): void;
/** Makes a tasklet ready whose function gets `data`. Context: any. */
export function tasklet_init<P extends Pointer<unknown> | ulong | null>(
  t: Ref<tasklet_struct>,
  func: (data: P) => void,
  data: P,
): void;
/** The struct in which a tasklet lies, in its callback: `from_tasklet(edu_dev, t, "tasklet")`. Context: any. */
export function from_tasklet<Name extends string, M, K extends keyof M>(
  layout: Struct<Name, M>,
  t: MemberPointer<M, K>,
  member: K,
): Ref<Struct<Name, M>>;
/** Lets a tasklet run soon on this CPU, once however often it is asked for. Context: any. */
export function tasklet_schedule(t: Ref<tasklet_struct>): void;
/** tasklet_schedule, before all other softirqs. Context: any. */
export function tasklet_hi_schedule(t: Ref<tasklet_struct>): void;
/** Keeps a tasklet from running, without waiting. Context: any. */
export function tasklet_disable_nosync(t: Ref<tasklet_struct>): void;
/** Keeps a tasklet from running, and spins while it runs. Context: any. */
export function tasklet_disable_in_atomic(t: Ref<tasklet_struct>): void;
/** Keeps a tasklet from running, and waits while it runs; calls nest. Context: process, may sleep. */
export function tasklet_disable(t: Ref<tasklet_struct>): void;
/** Undoes one tasklet_disable: what was scheduled meanwhile runs. Context: any. */
export function tasklet_enable(t: Ref<tasklet_struct>): void;
/** Waits until a tasklet has run, if it is scheduled; one that schedules itself must be kept from it before. Context: process, may sleep. */
export function tasklet_kill(t: Ref<tasklet_struct>): void;

export const HI_SOFTIRQ: uint;
export const TIMER_SOFTIRQ: uint;
export const NET_TX_SOFTIRQ: uint;
export const NET_RX_SOFTIRQ: uint;
export const BLOCK_SOFTIRQ: uint;
export const IRQ_POLL_SOFTIRQ: uint;
export const TASKLET_SOFTIRQ: uint;
export const SCHED_SOFTIRQ: uint;
export const HRTIMER_SOFTIRQ: uint;
export const RCU_SOFTIRQ: uint;

/** Says what a softirq does. Context: any. Differs from Linux: it is not exported to modules there. */
export function open_softirq(nr: uint, action: () => void): void;
/** Lets a softirq run soon on this CPU. Context: any. Differs from Linux: it is not exported to modules there. */
export function raise_softirq(nr: uint): void;
/** raise_softirq with interrupts off already. Context: any. Differs from Linux: it is not exported to modules there. */
export function raise_softirq_irqoff(nr: uint): void;

/** request_irq; the handler goes with the driver, after its remove function. Without a name it is called as the device. Context: process, may sleep. Result: 0 or a negative errno. Source: kernel/irq/devres.c */
export function devm_request_irq<P extends Pointer<unknown> | null>(
  dev: Ref<device>,
  irq: uint,
  handler: irq_handler_t<P>,
  irqflags: ulong,
  devname: string | null,
  dev_id: P,
): int;
/** request_threaded_irq; both go with the driver. Context: process, may sleep. Result: 0 or a negative errno. Source: kernel/irq/devres.c */
export function devm_request_threaded_irq<P extends Pointer<unknown> | null>(
  dev: Ref<device>,
  irq: uint,
  handler: irq_handler_t<P> | null,
  thread_fn: irq_handler_t<P> | null,
  irqflags: ulong,
  devname: string | null,
  dev_id: P,
): int;
/** Takes such a handler away before the driver leaves. Context: process, may sleep. Source: kernel/irq/devres.c */
export function devm_free_irq(dev: Ref<device>, irq: uint, dev_id: Pointer<unknown> | null): void;
