// Process ids that stay valid when a number is used again.
import type { task_struct } from "./sched.d.ts";
import type { int, Ref, Struct, uint } from "./types.d.ts";

export interface PidMembers {
  readonly count: uint;
}

/** `struct pid`. Source: include/linux/pid_types.h */
export type pid = Struct<"pid", PidMembers>;
/** `struct pid`. Source: include/linux/pid_types.h */
export const pid: pid;

export const PIDTYPE_PID: uint;
export const PIDTYPE_TGID: uint;
export const PIDTYPE_PGID: uint;
export const PIDTYPE_SID: uint;
/** The struct pid of a number. Context: any. Result: NULL when there is no such task. Source: kernel/pid.c */
export function find_vpid(nr: int): Ref<pid> | null;
/** find_vpid with a reference. Context: any. Result: NULL when there is no such task. Source: kernel/pid.c */
export function find_get_pid(nr: int): Ref<pid> | null;
/** Gives a reference back. Context: any. Source: kernel/pid.c */
export function put_pid(pid: Ref<pid> | null): void;
/** The task of a struct pid. Context: any. Result: NULL when it is over. Source: kernel/pid.c */
export function pid_task(pid: Ref<pid> | null, type: uint): Ref<task_struct> | null;
/** pid_task with a reference. Context: any. Result: NULL when it is over. Source: kernel/pid.c */
export function get_pid_task(pid: Ref<pid> | null, type: uint): Ref<task_struct> | null;
/** The number of a struct pid. Context: any. Source: include/linux/pid.h */
export function pid_nr(pid: Ref<pid> | null): int;
/** The number of a struct pid in the own namespace. Context: any. Source: kernel/pid.c */
export function pid_vnr(pid: Ref<pid> | null): int;
/** The struct pid of a task. Context: any. Result: NULL when it is over. Source: include/linux/pid.h */
export function task_pid(task: Ref<task_struct>): Ref<pid> | null;
