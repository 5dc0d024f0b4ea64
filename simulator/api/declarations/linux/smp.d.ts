// CPUs among themselves.
import type { int, Pointer, uint } from "./types.d.ts";

/** How many CPUs run. Context: any. Source: include/linux/cpumask.h */
export function num_online_cpus(): uint;
/** How many CPUs there may be. Context: any. Source: include/linux/cpumask.h */
export function num_possible_cpus(): uint;
/** How many CPUs there are. Context: any. Source: include/linux/cpumask.h */
export function num_present_cpus(): uint;
/** One more than the highest number of a CPU: a variable in C, a call here. Context: any. Source: include/linux/cpumask.h */
export function nr_cpu_ids(): uint;
/** Whether a CPU runs. Context: any. Source: include/linux/cpumask.h */
export function cpu_online(cpu: uint): boolean;
/** Whether there may be such a CPU. Context: any. Source: include/linux/cpumask.h */
export function cpu_possible(cpu: uint): boolean;
/** Whether there is such a CPU. Context: any. Source: include/linux/cpumask.h */
export function cpu_present(cpu: uint): boolean;
/** The number of this CPU. It is of use only while the task cannot be moved. Context: any. Source: include/linux/smp.h */
export function smp_processor_id(): int;
/** smp_processor_id that does not ask whether the task can be moved. Context: any. Source: include/linux/smp.h */
export function raw_smp_processor_id(): int;
/** The number of this CPU, with preemption off until put_cpu. Context: any. Source: include/linux/smp.h */
export function get_cpu(): int;
/** Turns preemption on again. Context: any. Source: include/linux/smp.h */
export function put_cpu(): void;
/** Calls a function on every CPU, on the others in an interrupt; `wait` until they have. Context: process, interrupts on. Source: include/linux/smp.h */
export function on_each_cpu<P extends Pointer<unknown> | null>(func: (info: P) => void, info: P, wait: int): void;
/** on_each_cpu without this one. Context: process, interrupts on. Source: kernel/smp.c */
export function smp_call_function<P extends Pointer<unknown> | null>(func: (info: P) => void, info: P, wait: int): void;
/** Calls a function on a CPU. Context: process, interrupts on. Result: 0, or -ENXIO. Source: kernel/smp.c */
export function smp_call_function_single<P extends Pointer<unknown> | null>(
  cpuid: int,
  func: (info: P) => void,
  info: P,
  wait: int,
): int;
