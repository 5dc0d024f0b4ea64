// Which CPUs there are.
import type { Ref, uint } from "./types.d.ts";

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
/** All CPUs that run: `for (const cpu of for_each_online_cpu())`. Context: any. Source: include/linux/cpumask.h */
export function for_each_online_cpu(): Iterable<uint>;
/** All CPUs that there may be: `for (const cpu of for_each_possible_cpu())`. Context: any. Source: include/linux/cpumask.h */
export function for_each_possible_cpu(): Iterable<uint>;
/** All CPUs that there are: `for (const cpu of for_each_present_cpu())`. Context: any. Source: include/linux/cpumask.h */
export function for_each_present_cpu(): Iterable<uint>;
/** A mask with one CPU. Context: any. Source: include/linux/cpumask.h */
export function cpumask_of(cpu: uint): Ref<unknown>;
