// Time in nanoseconds.
import type { timespec64 } from "./time64.d.ts";
import type { int, Ref, s64, u64, ulong } from "./types.d.ts";

/** Nanoseconds. Source: include/linux/ktime.h */
export type ktime_t = bigint;

/** The time since boot. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get(): ktime_t;
/** The time since boot in nanoseconds. Context: any. Source: include/linux/timekeeping.h */
export function ktime_get_ns(): u64;
/** The time since 1970. Context: any. Source: include/linux/timekeeping.h */
export function ktime_get_real(): ktime_t;
/** The time since 1970 in nanoseconds. Context: any. Source: include/linux/timekeeping.h */
export function ktime_get_real_ns(): u64;
/** The time since boot, suspend included. Context: any. Source: include/linux/timekeeping.h */
export function ktime_get_boottime(): ktime_t;
/** The time since boot, suspend included in nanoseconds. Context: any. Source: include/linux/timekeeping.h */
export function ktime_get_boottime_ns(): u64;
/** The time since boot, by the hardware alone. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get_raw(): ktime_t;
/** The time since boot, by the hardware alone in nanoseconds. Context: any. Source: include/linux/timekeeping.h */
export function ktime_get_raw_ns(): u64;
/** The time since boot as seconds and nanoseconds. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get_ts64(ts: Ref<timespec64>): void;
/** The time since 1970 as seconds and nanoseconds. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get_real_ts64(ts: Ref<timespec64>): void;
/** The time since boot, suspend included as seconds and nanoseconds. Context: any. Source: include/linux/timekeeping.h */
export function ktime_get_boottime_ts64(ts: Ref<timespec64>): void;
/** The time since boot, by the hardware alone as seconds and nanoseconds. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get_raw_ts64(ts: Ref<timespec64>): void;
/** Whole seconds since boot. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get_seconds(): s64;
/** Whole seconds since boot, suspend included. Context: any. Source: include/linux/timekeeping.h */
export function ktime_get_boottime_seconds(): s64;
/** Whole seconds since 1970. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get_real_seconds(): s64;
/** The time since boot at the last tick. Context: any. Source: include/linux/timekeeping.h */
export function ktime_get_coarse(): ktime_t;
/** The time since boot at the last tick as seconds and nanoseconds. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get_coarse_ts64(ts: Ref<timespec64>): void;
/** The time since 1970 at the last tick as seconds and nanoseconds. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get_coarse_real_ts64(ts: Ref<timespec64>): void;
/** A time in nanoseconds. Context: any. Source: include/linux/ktime.h */
export function ktime_to_ns(kt: ktime_t): s64;
/** Nanoseconds as a time. Context: any. Source: include/linux/ktime.h */
export function ns_to_ktime(ns: u64): ktime_t;
/** A time so many nanoseconds later. Context: any. Source: include/linux/ktime.h */
export function ktime_add_ns(kt: ktime_t, count: u64): ktime_t;
/** A time so many nanoseconds earlier. Context: any. Source: include/linux/ktime.h */
export function ktime_sub_ns(kt: ktime_t, count: u64): ktime_t;
/** A time in microseconds. Context: any. Source: include/linux/ktime.h */
export function ktime_to_us(kt: ktime_t): s64;
/** A time so many microseconds later. Context: any. Source: include/linux/ktime.h */
export function ktime_add_us(kt: ktime_t, count: u64): ktime_t;
/** A time so many microseconds earlier. Context: any. Source: include/linux/ktime.h */
export function ktime_sub_us(kt: ktime_t, count: u64): ktime_t;
/** A time in milliseconds. Context: any. Source: include/linux/ktime.h */
export function ktime_to_ms(kt: ktime_t): s64;
/** Milliseconds as a time. Context: any. Source: include/linux/ktime.h */
export function ms_to_ktime(ms: u64): ktime_t;
/** A time so many milliseconds later. Context: any. Source: include/linux/ktime.h */
export function ktime_add_ms(kt: ktime_t, count: u64): ktime_t;
/** A time so many milliseconds earlier. Context: any. Source: include/linux/ktime.h */
export function ktime_sub_ms(kt: ktime_t, count: u64): ktime_t;
/** Seconds and nanoseconds as a time. Context: any. Source: include/linux/ktime.h */
export function ktime_set(secs: s64, nsecs: ulong): ktime_t;
/** The sum. Context: any. Source: include/linux/ktime.h */
export function ktime_add(a: ktime_t, b: ktime_t): ktime_t;
/** The difference. Context: any. Source: include/linux/ktime.h */
export function ktime_sub(a: ktime_t, b: ktime_t): ktime_t;
/** Below 0, 0 or above it, as `a` is before, at or after `b`. Context: any. Source: include/linux/ktime.h */
export function ktime_compare(a: ktime_t, b: ktime_t): int;
/** Whether `a` is after `b`. Context: any. Source: include/linux/ktime.h */
export function ktime_after(a: ktime_t, b: ktime_t): boolean;
/** Whether `a` is before `b`. Context: any. Source: include/linux/ktime.h */
export function ktime_before(a: ktime_t, b: ktime_t): boolean;
/** `later - earlier` in microseconds. Context: any. Source: include/linux/ktime.h */
export function ktime_us_delta(later: ktime_t, earlier: ktime_t): s64;
/** `later - earlier` in milliseconds. Context: any. Source: include/linux/ktime.h */
export function ktime_ms_delta(later: ktime_t, earlier: ktime_t): s64;
/** A time divided by a number. Context: any. Source: include/linux/ktime.h */
export function ktime_divns(kt: ktime_t, div: s64): s64;
