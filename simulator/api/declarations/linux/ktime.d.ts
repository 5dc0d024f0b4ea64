// Time in nanoseconds.
import type { s64, u64 } from "./types.d.ts";

/** Nanoseconds. Source: include/linux/ktime.h */
export type ktime_t = bigint;

/** The time since boot. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get(): ktime_t;
/** The time since boot in nanoseconds. Context: any. Source: include/linux/timekeeping.h */
export function ktime_get_ns(): u64;
/** A time in nanoseconds. Context: any. Source: include/linux/ktime.h */
export function ktime_to_ns(kt: ktime_t): s64;
/** A time in microseconds. Context: any. Source: include/linux/ktime.h */
export function ktime_to_us(kt: ktime_t): s64;
/** A time in milliseconds. Context: any. Source: include/linux/ktime.h */
export function ktime_to_ms(kt: ktime_t): s64;
/** `later - earlier` in microseconds. Context: any. Source: include/linux/ktime.h */
export function ktime_us_delta(later: ktime_t, earlier: ktime_t): s64;
