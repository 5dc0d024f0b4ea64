// What the clocks show.
import type { ktime_t } from "./ktime.d.ts";
import type { timespec64 } from "./time64.d.ts";
import type { Ref, s64, u64 } from "./types.d.ts";

/** The time since boot. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get(): ktime_t;
/** The time since boot in nanoseconds. Context: any. Source: include/linux/timekeeping.h */
export function ktime_get_ns(): u64;
/** The time since 1970. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get_real(): ktime_t;
/** The time since 1970 in nanoseconds. Context: any. Source: include/linux/timekeeping.h */
export function ktime_get_real_ns(): u64;
/** The time since boot, suspend included. Context: any. Source: kernel/time/timekeeping.c */
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
/** The time since boot, suspend included as seconds and nanoseconds. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get_boottime_ts64(ts: Ref<timespec64>): void;
/** The time since boot, by the hardware alone as seconds and nanoseconds. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get_raw_ts64(ts: Ref<timespec64>): void;
/** Whole seconds since boot. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get_seconds(): s64;
/** Whole seconds since boot, suspend included. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get_boottime_seconds(): s64;
/** Whole seconds since 1970. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get_real_seconds(): s64;
/** The time since boot at the last tick. Context: any. Source: include/linux/timekeeping.h */
export function ktime_get_coarse(): ktime_t;
/** The time since boot at the last tick as seconds and nanoseconds. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get_coarse_ts64(ts: Ref<timespec64>): void;
/** The time since 1970 at the last tick as seconds and nanoseconds. Context: any. Source: kernel/time/timekeeping.c */
export function ktime_get_coarse_real_ts64(ts: Ref<timespec64>): void;
