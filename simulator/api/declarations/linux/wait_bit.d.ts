// Waiting until a bit of a word is clear, or until a variable has another value.
import type { int, Pointer, uint, ulong } from "./types.d.ts";

/** Waits until a bit is clear: `wait_on_bit(addr(d, "flags"), 0, TASK_UNINTERRUPTIBLE)`. Context: process, may sleep. Result: 0, or -EINTR after a signal. Source: include/linux/wait_bit.h */
export function wait_on_bit(word: Pointer<unknown>, bit: int, mode: uint): int;
/** The same for at most so many jiffies. Context: process, may sleep. Result: 0, -EINTR, or -EAGAIN when time is up. Source: include/linux/wait_bit.h */
export function wait_on_bit_timeout(word: Pointer<unknown>, bit: int, mode: uint, timeout: ulong): int;
/** Waits until a bit is clear, and sets it: a lock of one bit. Context: process, may sleep. Result: 0, or -EINTR after a signal. Source: include/linux/wait_bit.h */
export function wait_on_bit_lock(word: Pointer<unknown>, bit: int, mode: uint): int;
/** Wakes who waits for a bit that was cleared; a barrier must stand between the two. Context: any. Source: kernel/sched/wait_bit.c */
export function wake_up_bit(word: Pointer<unknown>, bit: int): void;
/** Clears a bit, so that all that was done before is seen, and wakes who waits for it. Context: any. Source: include/linux/wait_bit.h */
export function clear_and_wake_up_bit(bit: int, word: Pointer<unknown>): void;
/** Sleeps until the condition holds, which is asked again after each wake_up_var of the same address. Context: process, may sleep. Source: include/linux/wait_bit.h */
export function wait_var_event(variable: Pointer<unknown>, condition: () => boolean): void;
/** Lets all who wait for a variable ask their condition again. Context: any. Source: kernel/sched/wait_bit.c */
export function wake_up_var(variable: Pointer<unknown>): void;
