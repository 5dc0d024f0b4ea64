// Waiting until something is done, once.
import type { int, long, Ref, Struct, uint, ulong } from "./types.d.ts";

/** `struct completion`; a member type. Source: include/linux/completion.h */
export type completion = Struct<"completion", { readonly done: uint }>;
/** `struct completion`; a member type. Source: include/linux/completion.h */
export const completion: completion;

/** Makes a completion ready for use. Context: any. Source: include/linux/completion.h */
export function init_completion(x: Ref<completion>): void;
/** Makes a completion that was completed usable again; nobody may be waiting. Context: any. Source: include/linux/completion.h */
export function reinit_completion(x: Ref<completion>): void;
/** Lets one waiter go on, now or when it comes. Context: any. Source: kernel/sched/completion.c */
export function complete(x: Ref<completion>): void;
/** Lets all waiters go on, now and when they come. Context: any. Source: kernel/sched/completion.c */
export function complete_all(x: Ref<completion>): void;
/** Whether a wait would end at once. Context: any. Source: kernel/sched/completion.c */
export function completion_done(x: Ref<completion>): boolean;
/** Sleeps until it is completed. Context: process, may sleep. Source: kernel/sched/completion.c */
export function wait_for_completion(x: Ref<completion>): void;
/** Sleeps until it is completed, or a signal comes. Context: process, may sleep. Result: 0, or -ERESTARTSYS. Source: kernel/sched/completion.c */
export function wait_for_completion_interruptible(x: Ref<completion>): int;
/** Sleeps until it is completed, at most so many jiffies. Context: process, may sleep. Result: jiffies left, at least 1; 0 when time was up. Source: kernel/sched/completion.c */
export function wait_for_completion_timeout(x: Ref<completion>, timeout: ulong): ulong;
/** A static completion, ready for use. At file scope. Source: include/linux/completion.h */
export function DECLARE_COMPLETION(name: string): Ref<completion>;
/** A completion that is a local variable: `const done = DECLARE_COMPLETION_ONSTACK("done")`. Context: process. Source: include/linux/completion.h */
export function DECLARE_COMPLETION_ONSTACK(name: string): Ref<completion>;
/** Takes one if a wait would end at once. Context: any. Result: whether it did. Source: kernel/sched/completion.c */
export function try_wait_for_completion(x: Ref<completion>): boolean;
/** Sleeps until it is completed, or a fatal signal comes. Context: process, may sleep. Result: 0, or -ERESTARTSYS. Source: kernel/sched/completion.c */
export function wait_for_completion_killable(x: Ref<completion>): int;
/** Sleeps until it is completed, where the wait counts as one for a device. Context: process, may sleep. Source: kernel/sched/completion.c */
export function wait_for_completion_io(x: Ref<completion>): void;
/** The same, at most so many jiffies. Context: process, may sleep. Result: jiffies left, at least 1; 0 when time was up. Source: kernel/sched/completion.c */
export function wait_for_completion_io_timeout(x: Ref<completion>, timeout: ulong): ulong;
/** Sleeps until it is completed or a signal comes, at most so many jiffies. Context: process, may sleep. Result: jiffies left, at least 1; 0 when time was up; -ERESTARTSYS. Source: kernel/sched/completion.c */
export function wait_for_completion_interruptible_timeout(x: Ref<completion>, timeout: ulong): long;
/** Sleeps until it is completed or a fatal signal comes, at most so many jiffies. Context: process, may sleep. Result: as wait_for_completion_interruptible_timeout. Source: kernel/sched/completion.c */
export function wait_for_completion_killable_timeout(x: Ref<completion>, timeout: ulong): long;
