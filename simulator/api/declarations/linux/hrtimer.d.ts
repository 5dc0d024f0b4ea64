// Timers in nanoseconds: a function that is called in the timer interrupt.
import type { ktime_t } from "./ktime.d.ts";
import type { int, Ref, Struct, u64, uint } from "./types.d.ts";

declare const restart: unique symbol;

/** What a timer's function says: HRTIMER_RESTART or HRTIMER_NORESTART. Source: include/linux/hrtimer_types.h */
export type hrtimer_restart_t = number & { readonly [restart]: true };
/** It is over. */
export const HRTIMER_NORESTART: hrtimer_restart_t;
/** It goes on: its time must have been moved forward. */
export const HRTIMER_RESTART: hrtimer_restart_t;

export interface HrTimerMembers {
  /** Set after hrtimer_init; runs in hardirq context. */
  function: ((timer: Ref<hrtimer>) => hrtimer_restart_t) | null;
}

/** `struct hrtimer`; a member type. Source: include/linux/hrtimer_types.h */
export type hrtimer = Struct<"hrtimer", HrTimerMembers>;
/** `struct hrtimer`; a member type. Source: include/linux/hrtimer_types.h */
export const hrtimer: hrtimer;

/** The time of day. */
export const CLOCK_REALTIME: int;
/** Time since boot. */
export const CLOCK_MONOTONIC: int;
/** Time since boot, suspend included. */
export const CLOCK_BOOTTIME: int;

/** A time of the clock. Source: include/linux/hrtimer.h, as for all modes */
export const HRTIMER_MODE_ABS: uint;
/** A span from now. */
export const HRTIMER_MODE_REL: uint;
/** On the CPU that starts it. */
export const HRTIMER_MODE_ABS_PINNED: uint;
export const HRTIMER_MODE_REL_PINNED: uint;
/** Its function runs in softirq context. */
export const HRTIMER_MODE_ABS_SOFT: uint;
export const HRTIMER_MODE_REL_SOFT: uint;
export const HRTIMER_MODE_ABS_PINNED_SOFT: uint;
export const HRTIMER_MODE_REL_PINNED_SOFT: uint;
/** Its function runs in hardirq context on PREEMPT_RT too. */
export const HRTIMER_MODE_ABS_HARD: uint;
export const HRTIMER_MODE_REL_HARD: uint;
export const HRTIMER_MODE_ABS_PINNED_HARD: uint;
export const HRTIMER_MODE_REL_PINNED_HARD: uint;

/** Makes a timer ready; set its `function` afterwards. Context: any. Source: kernel/time/hrtimer.c, as for all of these */
export function hrtimer_init(timer: Ref<hrtimer>, which_clock: int, mode: uint): void;
/** Starts a timer, anew if it was started. Context: any. */
export function hrtimer_start(timer: Ref<hrtimer>, tim: ktime_t, mode: uint): void;
/** hrtimer_start with leave to be late. Context: any. Differs from Linux: it never is. */
export function hrtimer_start_range_ns(timer: Ref<hrtimer>, tim: ktime_t, range_ns: u64, mode: uint): void;
/** Starts a timer for the time that it has. Context: any. */
export function hrtimer_start_expires(timer: Ref<hrtimer>, mode: uint): void;
/** Starts a timer for the time that it has. Context: any. */
export function hrtimer_restart(timer: Ref<hrtimer>): void;
/** Takes a timer back and waits until its function does not run; not from that function. Context: any. Result: 1 when it was active, else 0. */
export function hrtimer_cancel(timer: Ref<hrtimer>): int;
/** Takes a timer back. Context: any. Result: 1 when it was active, 0 when not, -1 while its function runs. */
export function hrtimer_try_to_cancel(timer: Ref<hrtimer>): int;
/** Whether a timer is started or its function runs. Context: any. */
export function hrtimer_active(timer: Ref<hrtimer>): boolean;
/** Whether a timer is started. Context: any. */
export function hrtimer_is_queued(timer: Ref<hrtimer>): boolean;
/** Whether its function runs. Context: any. */
export function hrtimer_callback_running(timer: Ref<hrtimer>): int;
/** Moves its time on by whole intervals until it is after `now`. Context: its function, or a timer that is not started. Result: how many. */
export function hrtimer_forward(timer: Ref<hrtimer>, now: ktime_t, interval: ktime_t): u64;
/** hrtimer_forward with the time of its clock. Context: its function, or a timer that is not started. */
export function hrtimer_forward_now(timer: Ref<hrtimer>, interval: ktime_t): u64;
/** The time for which it is. Context: any. */
export function hrtimer_get_expires(timer: Ref<hrtimer>): ktime_t;
/** Gives a timer that is not started another time. Context: any. */
export function hrtimer_set_expires(timer: Ref<hrtimer>, time: ktime_t): void;
/** The time that is left; negative when it is over. Context: any. */
export function hrtimer_get_remaining(timer: Ref<hrtimer>): ktime_t;
