// The memory of processes, held.
import type { mm_struct } from "../mm.d.ts";
import type { task_struct } from "../sched.d.ts";
import type { Ref } from "../types.d.ts";

/** The memory of a process, held until mmput. Context: any. Result: NULL for a thread of the kernel. Source: kernel/fork.c */
export function get_task_mm(task: Ref<task_struct>): Ref<mm_struct> | null;
/** Gives it back. Context: process, may sleep. Source: kernel/fork.c */
export function mmput(mm: Ref<mm_struct>): void;
