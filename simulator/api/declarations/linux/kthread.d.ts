// Threads of the kernel.
import type { completion } from "./completion.d.ts";
import type { task_struct } from "./sched.d.ts";
import type { ErrPtr, int, long, Pointer, Ref, uint } from "./types.d.ts";

/** Makes a thread that waits for wake_up_process. Context: process, may sleep. Result: its task, or an ERR_PTR. Source: include/linux/kthread.h */
export function kthread_create<P extends Pointer<unknown> | null>(
  threadfn: (data: P) => int,
  data: P,
  namefmt: string,
  ...args: unknown[]
): Ref<task_struct> | ErrPtr;
/** kthread_create with memory of a NUMA node. Context: process, may sleep. Result: its task, or an ERR_PTR. Source: kernel/kthread.c */
export function kthread_create_on_node<P extends Pointer<unknown> | null>(
  threadfn: (data: P) => int,
  data: P,
  node: int,
  namefmt: string,
  ...args: unknown[]
): Ref<task_struct> | ErrPtr;
/** kthread_create on a CPU, whose number goes into the name. Context: process, may sleep. Result: its task, or an ERR_PTR. Source: kernel/kthread.c */
export function kthread_create_on_cpu<P extends Pointer<unknown> | null>(
  threadfn: (data: P) => int,
  data: P,
  cpu: uint,
  namefmt: string,
): Ref<task_struct> | ErrPtr;
/** Makes a thread and wakes it. Context: process, may sleep. Result: its task, or an ERR_PTR. Source: include/linux/kthread.h */
export function kthread_run<P extends Pointer<unknown> | null>(
  threadfn: (data: P) => int,
  data: P,
  namefmt: string,
  ...args: unknown[]
): Ref<task_struct> | ErrPtr;
/** kthread_run on a CPU, whose number goes into the name. Context: process, may sleep. Result: its task, or an ERR_PTR. Source: include/linux/kthread.h */
export function kthread_run_on_cpu<P extends Pointer<unknown> | null>(
  threadfn: (data: P) => int,
  data: P,
  cpu: uint,
  namefmt: string,
): Ref<task_struct> | ErrPtr;
/** Keeps a thread that was not woken yet to a CPU. Context: process, may sleep. Source: kernel/kthread.c */
export function kthread_bind(k: Ref<task_struct>, cpu: uint): void;
/** Asks a thread to stop and waits until it has; it must not have ended by itself. Context: process, may sleep. Result: what it returned, -EINTR when it never ran. Source: kernel/kthread.c */
export function kthread_stop(k: Ref<task_struct>): int;
/** Whether the running thread was asked to stop. Context: process. Source: kernel/kthread.c */
export function kthread_should_stop(): boolean;
/** Asks a thread to park and waits until it has. Context: process, may sleep. Result: 0, -EBUSY or -ENOSYS. Source: kernel/kthread.c */
export function kthread_park(k: Ref<task_struct>): int;
/** Lets a parked thread go on. Context: process. Source: kernel/kthread.c */
export function kthread_unpark(k: Ref<task_struct>): void;
/** Whether the running thread was asked to park. Context: process. Source: kernel/kthread.c */
export function kthread_should_park(): boolean;
/** Whether the running thread was asked to stop or to park. Context: process. Source: kernel/kthread.c */
export function kthread_should_stop_or_park(): boolean;
/** Parks as long as it was asked to. Context: process, may sleep. Source: kernel/kthread.c */
export function kthread_parkme(): void;
/** What kthread_create was given. Context: process. Source: kernel/kthread.c */
export function kthread_data(k: Ref<task_struct>): Ref<unknown> | null;
/** Ends the running thread. Context: process. Source: kernel/kthread.c */
export function kthread_exit(result: long): never;
/** Completes a completion, if one is given, and ends the running thread. Context: process, may sleep. Source: kernel/kthread.c */
export function kthread_complete_and_exit(comp: Ref<completion> | null, code: long): never;
