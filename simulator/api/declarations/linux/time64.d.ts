// Seconds and nanoseconds, and the calendar.
import type { int, long, Ref, Struct, s64, uint } from "./types.d.ts";

export interface Timespec64Members {
  tv_sec: s64;
  tv_nsec: long;
}

/** `struct timespec64`; a member type. Source: include/linux/time64.h */
export type timespec64 = Struct<"timespec64", Timespec64Members>;
/** `struct timespec64`; a member type. Source: include/linux/time64.h */
export const timespec64: timespec64;

export interface TmMembers {
  tm_sec: int;
  tm_min: int;
  tm_hour: int;
  /** From 1. */
  tm_mday: int;
  /** From 0. */
  tm_mon: int;
  /** Since 1900. */
  tm_year: long;
  /** 0 is Sunday. */
  tm_wday: int;
  /** From 0. */
  tm_yday: int;
}

/** `struct tm`; a member type. Source: include/linux/time.h */
export type tm = Struct<"tm", TmMembers>;
/** `struct tm`; a member type. Source: include/linux/time.h */
export const tm: tm;

export const MSEC_PER_SEC: long;
export const USEC_PER_MSEC: long;
export const NSEC_PER_USEC: long;
export const NSEC_PER_MSEC: long;
export const USEC_PER_SEC: long;
export const NSEC_PER_SEC: long;

/** Seconds and nanoseconds as nanoseconds. Context: any. Source: include/linux/time64.h */
export function timespec64_to_ns(ts: Ref<timespec64>): s64;
/** Below 0, 0 or above it, as `lhs` is before, at or after `rhs`. Context: any. Source: include/linux/time64.h */
export function timespec64_compare(lhs: Ref<timespec64>, rhs: Ref<timespec64>): int;
/** Not 0 when two times are the same. Context: any. Source: include/linux/time64.h */
export function timespec64_equal(a: Ref<timespec64>, b: Ref<timespec64>): int;
/** A date of the calendar as seconds since 1970. Context: any. Source: kernel/time/time.c */
export function mktime64(year: uint, mon: uint, day: uint, hour: uint, min: uint, sec: uint): s64;
/** Seconds since 1970, moved by `offset`, as a date of the calendar. Context: any. Source: kernel/time/timeconv.c */
export function time64_to_tm(totalsecs: s64, offset: int, result: Ref<tm>): void;
