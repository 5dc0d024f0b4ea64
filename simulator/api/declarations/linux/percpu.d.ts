// Variables of which each CPU has its own.
import type { int, Layout, Ref } from "./types.d.ts";

declare const each: unique symbol;

/** A pointer to a variable of each CPU, `T __percpu *`: per_cpu_ptr and its kin make a reference of it. */
export interface PerCpu<out T> {
  readonly [each]: T;
}

/** A variable that each CPU has: `const hits = DEFINE_PER_CPU(u32, "hits")`. At file scope. Source: include/linux/percpu-defs.h */
export function DEFINE_PER_CPU<T extends Layout>(type: T, name: string): PerCpu<T>;
/** The same, allocated and cleared. Context: process, may sleep. Result: NULL when there is no memory. Source: include/linux/percpu.h */
export function alloc_percpu<T extends Layout>(type: T): PerCpu<T> | null;
/** Frees what alloc_percpu gave. Context: process. Source: mm/percpu.c */
export function free_percpu(ptr: PerCpu<unknown> | null): void;
/** The variable of a CPU. Context: any. Source: include/linux/percpu-defs.h */
export function per_cpu_ptr<T extends Layout>(ptr: PerCpu<T>, cpu: int): Ref<T>;
/** The variable of a CPU; in C it is the variable itself. Context: any. Source: include/linux/percpu-defs.h */
export function per_cpu<T extends Layout>(ptr: PerCpu<T>, cpu: int): Ref<T>;
/** The variable of this CPU, with preemption off already. Context: any. Source: include/linux/percpu-defs.h */
export function this_cpu_ptr<T extends Layout>(ptr: PerCpu<T>): Ref<T>;
/** this_cpu_ptr that does not ask whether preemption is off. Context: any. Source: include/linux/percpu-defs.h */
export function raw_cpu_ptr<T extends Layout>(ptr: PerCpu<T>): Ref<T>;
/** The variable of this CPU, with preemption off until put_cpu_ptr. Context: any. Source: include/linux/percpu-defs.h */
export function get_cpu_ptr<T extends Layout>(ptr: PerCpu<T>): Ref<T>;
/** Turns preemption on again. Context: any. Source: include/linux/percpu-defs.h */
export function put_cpu_ptr(ptr: PerCpu<unknown>): void;
/** The variable of this CPU, with preemption off until put_cpu_var; in C it is the variable itself. Context: any. Source: include/linux/percpu-defs.h */
export function get_cpu_var<T extends Layout>(ptr: PerCpu<T>): Ref<T>;
/** Turns preemption on again. Context: any. Source: include/linux/percpu-defs.h */
export function put_cpu_var(ptr: PerCpu<unknown>): void;
/** Reads the variable of this CPU. Context: any. Source: include/linux/percpu-defs.h. Differs from Linux: at most 32 bits. */
export function this_cpu_read(ptr: PerCpu<unknown>): int;
/** Writes the variable of this CPU. Context: any. Source: include/linux/percpu-defs.h */
export function this_cpu_write(ptr: PerCpu<unknown>, val: number | bigint): void;
/** Adds to the variable of this CPU. Context: any. Source: include/linux/percpu-defs.h */
export function this_cpu_add(ptr: PerCpu<unknown>, val: number | bigint): void;
/** Subtracts from the variable of this CPU. Context: any. Source: include/linux/percpu-defs.h */
export function this_cpu_sub(ptr: PerCpu<unknown>, val: number | bigint): void;
/** Adds to the variable of this CPU. Context: any. Result: the sum. Source: include/linux/percpu-defs.h. Differs from Linux: at most 32 bits. */
export function this_cpu_add_return(ptr: PerCpu<unknown>, val: number | bigint): int;
/** Sets bits of the variable of this CPU. Context: any. Source: include/linux/percpu-defs.h */
export function this_cpu_or(ptr: PerCpu<unknown>, val: number | bigint): void;
/** Keeps only these bits of the variable of this CPU. Context: any. Source: include/linux/percpu-defs.h */
export function this_cpu_and(ptr: PerCpu<unknown>, val: number | bigint): void;
/** Adds 1 to the variable of this CPU. Context: any. Source: include/linux/percpu-defs.h */
export function this_cpu_inc(ptr: PerCpu<unknown>): void;
/** Subtracts 1 from the variable of this CPU. Context: any. Source: include/linux/percpu-defs.h */
export function this_cpu_dec(ptr: PerCpu<unknown>): void;
