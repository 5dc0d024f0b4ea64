// Tasks, their states, sleeping and waking.
import type { ktime_t } from "./ktime.d.ts";
import type { ArrayOf, int, long, Pointer, Ref, Scalar, Struct, uint } from "./types.d.ts";

export interface TaskStructMembers {
  readonly __state: uint;
  readonly flags: uint;
  readonly pid: int;
  /** The process, for all of its threads. */
  readonly tgid: int;
  readonly prio: int;
  readonly exit_code: int;
  /** NULL for a kernel thread. */
  readonly mm: Ref<unknown> | null;
  readonly parent: Ref<task_struct> | null;
  readonly real_parent: Ref<task_struct> | null;
  /** The name, 15 characters at most. */
  readonly comm: Ref<ArrayOf<Scalar<"u8", number>>>;
}

/** `struct task_struct`. Source: include/linux/sched.h */
export type task_struct = Struct<"task_struct", TaskStructMembers>;
/** `struct task_struct`. Source: include/linux/sched.h */
export const task_struct: task_struct;

export interface SchedParamMembers {
  sched_priority: int;
}

/** `struct sched_param`; a member type. Source: include/uapi/linux/sched/types.h */
export type sched_param = Struct<"sched_param", SchedParamMembers>;
/** `struct sched_param`; a member type. Source: include/uapi/linux/sched/types.h */
export const sched_param: sched_param;

/** It runs, or is about to. */
export const TASK_RUNNING: uint;
/** It sleeps; signals wake it. */
export const TASK_INTERRUPTIBLE: uint;
/** It sleeps; signals do not wake it. */
export const TASK_UNINTERRUPTIBLE: uint;
/** It sleeps; only SIGKILL wakes it. */
export const TASK_KILLABLE: uint;
/** TASK_UNINTERRUPTIBLE that is not counted as load. */
export const TASK_IDLE: uint;
/** Either kind of sleep. */
export const TASK_NORMAL: uint;
export const TASK_PARKED: uint;
export const TASK_COMM_LEN: int;
/** No timeout: for ever. */
export const MAX_SCHEDULE_TIMEOUT: long;
export const SCHED_NORMAL: int;
export const SCHED_FIFO: int;
export const SCHED_RR: int;
/** The running task, or the interrupted one: a variable in C, a call here. Context: any. Source: include/asm-generic/current.h */
export function current(): Ref<task_struct>;
/** The running task, or the interrupted one. Context: any. Source: include/asm-generic/current.h */
export function get_current(): Ref<task_struct>;
/** Says as what the task will sleep; test the condition after it, and only then call schedule. Context: process. Source: include/linux/sched.h */
export function set_current_state(state: uint): void;
/** set_current_state without a memory barrier. Context: process. Source: include/linux/sched.h */
export function __set_current_state(state: uint): void;
/** As what the task will sleep. Context: process. Source: include/linux/sched.h */
export function get_current_state(): uint;
/** Wakes a task that sleeps, or is about to. Context: any. Result: 1 when it did, else 0. Source: kernel/sched/core.c */
export function wake_up_process(p: Ref<task_struct>): int;
/** wake_up_process, if the task sleeps in one of these states. Context: any. Result: 1 when it did, else 0. Source: kernel/sched/core.c */
export function wake_up_state(p: Ref<task_struct>, state: uint): int;
/** Gives the CPU away: until a wake-up when the state says so, else until its next turn. Context: process, may sleep. Source: kernel/sched/core.c */
export function schedule(): void;
/** schedule for at most so many jiffies; set the state before. Context: process, may sleep. Result: jiffies left. Source: kernel/time/timer.c */
export function schedule_timeout(timeout: long): long;
/** schedule_timeout as TASK_INTERRUPTIBLE. Context: process, may sleep. Result: jiffies left. Source: kernel/time/timer.c */
export function schedule_timeout_interruptible(timeout: long): long;
/** schedule_timeout as TASK_UNINTERRUPTIBLE. Context: process, may sleep. Result: jiffies left. Source: kernel/time/timer.c */
export function schedule_timeout_uninterruptible(timeout: long): long;
/** schedule_timeout as TASK_KILLABLE. Context: process, may sleep. Result: jiffies left. Source: kernel/time/timer.c */
export function schedule_timeout_killable(timeout: long): long;
/** schedule_timeout as TASK_IDLE. Context: process, may sleep. Result: jiffies left. Source: kernel/time/timer.c */
export function schedule_timeout_idle(timeout: long): long;
/** schedule until a time in nanoseconds. Context: process, may sleep. Result: 0, or -EINTR when woken before. Source: kernel/time/hrtimer.c */
export function schedule_hrtimeout(expires: Ref<ktime_t>, mode: uint): int;
/** schedule, as a wait for a device. Context: process, may sleep. Source: kernel/sched/core.c */
export function io_schedule(): void;
/** schedule_timeout, as a wait for a device. Context: process, may sleep. Result: jiffies left. Source: kernel/sched/core.c */
export function io_schedule_timeout(timeout: long): long;
/** Lets others run that have more right to the CPU: in long loops. Context: process, may sleep. Result: 1 when it did, else 0. Source: kernel/sched/core.c */
export function cond_resched(): int;
/** `yield()`: lets others run. Context: process, may sleep. Source: kernel/sched/core.c. Differs from Linux: its name there is a keyword here. */
export function yield_(): void;
/** Whether others have more right to the CPU. Context: any. Source: include/linux/sched.h */
export function need_resched(): boolean;
/** The number of a task. Context: any. Source: include/linux/pid.h */
export function task_pid_nr(tsk: Ref<task_struct>): int;
/** The number of a task's process. Context: any. Source: include/linux/pid.h */
export function task_tgid_nr(tsk: Ref<task_struct>): int;
/** The number of a task as its own namespace has it. Context: any. Source: include/linux/pid.h */
export function task_pid_vnr(tsk: Ref<task_struct>): int;
/** The number of a task's process as its own namespace has it. Context: any. Source: include/linux/pid.h */
export function task_tgid_vnr(tsk: Ref<task_struct>): int;
/** The CPU of a task. Context: any. Source: include/linux/sched.h */
export function task_cpu(p: Ref<task_struct>): uint;
/** Copies a task's name. Context: any. Result: `buf`. Source: fs/exec.c */
export function get_task_comm(buf: Ref<ArrayOf<Scalar<"u8", number>>>, tsk: Ref<task_struct>): Ref<unknown>;
/** Makes a task nicer, -20 to 19. Context: process. Source: kernel/sched/core.c */
export function set_user_nice(p: Ref<task_struct>, nice: long): void;
/** The niceness of a task. Context: any. Source: include/linux/sched.h */
export function task_nice(p: Ref<task_struct>): int;
/** Gives a task a policy and a priority. Context: process. Result: 0, or -EINVAL. Source: kernel/sched/core.c */
export function sched_setscheduler(p: Ref<task_struct>, policy: int, param: Ref<sched_param>): int;
/** sched_setscheduler that asks nobody. Context: process. Result: 0, or -EINVAL. Source: kernel/sched/core.c */
export function sched_setscheduler_nocheck(p: Ref<task_struct>, policy: int, param: Ref<sched_param>): int;
/** Makes a task a real-time one of middle priority. Context: process. Source: kernel/sched/core.c */
export function sched_set_fifo(p: Ref<task_struct>): void;
/** Makes a task a real-time one of the lowest priority. Context: process. Source: kernel/sched/core.c */
export function sched_set_fifo_low(p: Ref<task_struct>): void;
/** Makes a task an ordinary one. Context: process. Source: kernel/sched/core.c */
export function sched_set_normal(p: Ref<task_struct>, nice: int): void;
/** Keeps a task to the CPUs of a mask. Context: process, may sleep. Result: 0, or -EINVAL. Source: kernel/sched/core.c */
export function set_cpus_allowed_ptr(p: Ref<task_struct>, new_mask: Pointer<unknown>): int;
/** Takes a reference: the struct stays when the task is over. Context: any. Result: `t`. Source: include/linux/sched/task.h */
export function get_task_struct(t: Ref<task_struct>): Ref<task_struct>;
/** Gives a reference back. Context: any. Source: include/linux/sched/task.h */
export function put_task_struct(t: Ref<task_struct>): void;
