// Time in ticks of the timer interrupt.
import type { int, u64, uint, ulong } from "./types.d.ts";

/** Ticks in a second. Source: include/asm-generic/param.h */
export const HZ: number;
/** What the counter began with: it wraps five minutes after boot. Source: include/linux/jiffies.h */
export const INITIAL_JIFFIES: ulong;
/** The longest span; anything above is for ever. Source: include/linux/jiffies.h */
export const MAX_JIFFY_OFFSET: ulong;

/** The ticks so far, 32 bits that wrap: a variable in C, a call here. Context: any. Source: include/linux/jiffies.h */
export function jiffies(): ulong;
/** The ticks so far, 64 bits: a variable in C, a call here. Context: any. Source: include/linux/jiffies.h */
export function jiffies_64(): u64;
/** The ticks so far, 64 bits. Context: any. Source: kernel/time/jiffies.c */
export function get_jiffies_64(): u64;
/** Milliseconds as ticks, rounded up. Context: any. Source: include/linux/jiffies.h, as for the other conversions */
export function msecs_to_jiffies(m: uint): ulong;
/** Microseconds as ticks, rounded up. Context: any. */
export function usecs_to_jiffies(u: uint): ulong;
/** Nanoseconds as ticks, rounded down. Context: any. */
export function nsecs_to_jiffies(n: u64): ulong;
/** Nanoseconds as ticks, rounded down. Context: any. */
export function nsecs_to_jiffies64(n: u64): u64;
/** Ticks as milliseconds. Context: any. */
export function jiffies_to_msecs(j: ulong): uint;
/** Ticks as microseconds. Context: any. */
export function jiffies_to_usecs(j: ulong): uint;
/** Ticks as nanoseconds. Context: any. */
export function jiffies_to_nsecs(j: ulong): u64;
/** Ticks as nanoseconds. Context: any. */
export function jiffies64_to_nsecs(j: u64): u64;
/** Ticks as milliseconds. Context: any. */
export function jiffies64_to_msecs(j: u64): u64;
/** A difference of ticks as milliseconds, 0 when it is negative. Context: any. */
export function jiffies_delta_to_msecs(delta: int): uint;
/** Whether `a` is later than `b`, though the counter wraps. Context: any. Source: include/linux/jiffies.h, as for all comparisons */
export function time_after(a: ulong, b: ulong): boolean;
/** Whether `a` is earlier than `b`, though the counter wraps. Context: any. */
export function time_before(a: ulong, b: ulong): boolean;
/** Whether `a` is later than `b` or the same. Context: any. */
export function time_after_eq(a: ulong, b: ulong): boolean;
/** Whether `a` is earlier than `b` or the same. Context: any. */
export function time_before_eq(a: ulong, b: ulong): boolean;
/** Whether `a` lies from `b` to `c`. Context: any. */
export function time_in_range(a: ulong, b: ulong, c: ulong): boolean;
/** Whether `a` lies from `b` to before `c`. Context: any. */
export function time_in_range_open(a: ulong, b: ulong, c: ulong): boolean;
/** Whether `a` is later than `b`. Context: any. */
export function time_after64(a: u64, b: u64): boolean;
/** Whether `a` is earlier than `b`. Context: any. */
export function time_before64(a: u64, b: u64): boolean;
/** Whether `a` is over. Context: any. */
export function time_is_before_jiffies(a: ulong): boolean;
/** Whether `a` is still to come. Context: any. */
export function time_is_after_jiffies(a: ulong): boolean;
/** Whether `a` is over or now. Context: any. */
export function time_is_before_eq_jiffies(a: ulong): boolean;
/** Whether `a` is now or still to come. Context: any. */
export function time_is_after_eq_jiffies(a: ulong): boolean;
