// Time in ticks of the timer interrupt.
import type { u64, uint, ulong } from "./types.d.ts";

/** Ticks in a second. Source: include/asm-generic/param.h */
export const HZ: number;

/** The ticks so far, 32 bits that wrap: a variable in C, a call here. Context: any. Source: include/linux/jiffies.h */
export function jiffies(): ulong;
/** The ticks so far, 64 bits. Context: any. Source: kernel/time/jiffies.c */
export function get_jiffies_64(): u64;
/** Milliseconds as ticks, rounded up. Context: any. Source: include/linux/jiffies.h */
export function msecs_to_jiffies(m: uint): ulong;
/** Ticks as milliseconds. Context: any. Source: kernel/time/time.c */
export function jiffies_to_msecs(j: ulong): uint;
/** Whether `a` is later than `b`, though the counter wraps. Context: any. Source: include/linux/jiffies.h */
export function time_after(a: ulong, b: ulong): boolean;
/** Whether `a` is earlier than `b`, though the counter wraps. Context: any. Source: include/linux/jiffies.h */
export function time_before(a: ulong, b: ulong): boolean;
