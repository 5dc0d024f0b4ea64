// Waiting for time to pass.
import type { uint, ulong } from "./types.d.ts";

/** Spins for microseconds. Context: any; keep it short. Source: include/asm-generic/delay.h */
export function udelay(usecs: ulong): void;
/** Spins for nanoseconds. Context: any. Source: include/asm-generic/delay.h */
export function ndelay(nsecs: ulong): void;
/** Spins for milliseconds; msleep is nearly always right instead. Context: any. Source: include/linux/delay.h */
export function mdelay(msecs: ulong): void;
/** Sleeps for at least so many milliseconds. Context: process, may sleep. Source: kernel/time/timer.c */
export function msleep(msecs: uint): void;
/** Sleeps until the time is up or a signal comes. Context: process, may sleep. Result: milliseconds left. Source: kernel/time/timer.c */
export function msleep_interruptible(msecs: uint): ulong;
/** Sleeps between `min` and `max` microseconds. Context: process, may sleep. Source: include/linux/delay.h */
export function usleep_range(min: ulong, max: ulong): void;
/** Sleeps for seconds. Context: process, may sleep. Source: include/linux/delay.h */
export function ssleep(seconds: uint): void;
/** Waits for microseconds in the way that suits their number. Context: process, may sleep. Source: include/linux/delay.h */
export function fsleep(usecs: ulong): void;
