// Signals to tasks, and the list of all tasks.
import type { pid } from "../pid.d.ts";
import type { task_struct } from "../sched.d.ts";
import type { int, Ref, uint } from "../types.d.ts";

declare const info: unique symbol;

/** Who a signal is from. */
export interface kernel_siginfo {
  readonly [info]: true;
}

/** From a user. */
export const SEND_SIG_NOINFO: kernel_siginfo;
/** From the kernel. */
export const SEND_SIG_PRIV: kernel_siginfo;
export const SIGHUP: int;
export const SIGINT: int;
export const SIGQUIT: int;
export const SIGILL: int;
export const SIGTRAP: int;
export const SIGABRT: int;
export const SIGBUS: int;
export const SIGFPE: int;
export const SIGKILL: int;
export const SIGUSR1: int;
export const SIGSEGV: int;
export const SIGUSR2: int;
export const SIGPIPE: int;
export const SIGALRM: int;
export const SIGTERM: int;
export const SIGCHLD: int;
export const SIGCONT: int;
export const SIGSTOP: int;
export const SIGTSTP: int;
export const SIGTTIN: int;
export const SIGTTOU: int;
export const SIGURG: int;
export const SIGXCPU: int;
export const SIGXFSZ: int;
export const SIGIO: int;
export const SIGPWR: int;
export const SIGSYS: int;
/** Lets the running kernel thread have a signal: it has no others. Context: process. Source: include/linux/signal.h */
export function allow_signal(sig: int): void;
/** Undoes allow_signal. Context: process. Source: include/linux/signal.h */
export function disallow_signal(sig: int): void;
/** Sends a signal; `priv` when the kernel does. Context: any. Result: 0, or a negative errno. Source: kernel/signal.c */
export function send_sig(sig: int, p: Ref<task_struct>, priv: int): int;
/** send_sig with more to say. Context: any. Result: 0, or a negative errno. Source: kernel/signal.c */
export function send_sig_info(sig: int, info: kernel_siginfo, p: Ref<task_struct>): int;
/** Sends the running task a signal that it cannot ignore. Context: process. Source: kernel/signal.c */
export function force_sig(sig: int): void;
/** Sends a signal by process id. Context: any. Result: 0, or -ESRCH. Source: kernel/signal.c */
export function kill_pid(pid: Ref<pid> | null, sig: int, priv: int): int;
/** Not 0 when the task has a signal to see to. Context: any. Source: include/linux/sched/signal.h */
export function signal_pending(p: Ref<task_struct>): int;
/** Not 0 when that is SIGKILL. Context: any. Source: include/linux/sched/signal.h */
export function fatal_signal_pending(p: Ref<task_struct>): int;
/** Not 0 when a signal keeps the task from sleeping in this state. Context: any. Source: include/linux/sched/signal.h */
export function signal_pending_state(state: uint, p: Ref<task_struct>): int;
/** Forgets the signals of a task. Context: process. Source: kernel/signal.c */
export function flush_signals(t: Ref<task_struct>): void;
/** Takes the next signal of the running kernel thread. Context: process. Result: its number, or 0. Source: include/linux/sched/signal.h */
export function kernel_dequeue_signal(): int;
/** The next of all tasks; after the last comes init_task. Context: any. Source: include/linux/sched/signal.h */
export function next_task(p: Ref<task_struct>): Ref<task_struct>;
/** The first of all tasks: a variable in C, a call here. Context: any. Source: init/init_task.c */
export function init_task(): Ref<task_struct>;
/** All tasks: `for (const p of for_each_process())`. Context: any. Source: include/linux/sched/signal.h */
export function for_each_process(): Iterable<Ref<task_struct>>;
