// Copying between the kernel and user space.
import type { int, Layout, long, Pointer, UserPtr, ulong } from "./types.d.ts";

/**
 * Copies to user space.
 *
 * Context: process, may sleep (the page may have to come from disk). Result: bytes that could NOT be copied; drivers
 * turn anything but 0 into -EFAULT. Source: include/linux/uaccess.h
 */
export function copy_to_user(to: UserPtr, from: Pointer<unknown>, n: ulong): ulong;

/**
 * Copies from user space; what could not be copied is cleared.
 *
 * Context: process, may sleep. Result: bytes that could NOT be copied. Source: include/linux/uaccess.h
 */
export function copy_from_user(to: Pointer<unknown>, from: UserPtr, n: ulong): ulong;

/**
 * What copy_to_user is made of: without access_ok, and nothing says that it may sleep.
 *
 * Context: process, may sleep. Result: bytes that could NOT be copied. Source: include/asm-generic/uaccess.h
 */
export function raw_copy_to_user(to: UserPtr, from: Pointer<unknown>, n: ulong): ulong;
/**
 * What copy_from_user is made of: what could not be copied is left as it was.
 *
 * Context: process, may sleep. Result: bytes that could NOT be copied. Source: include/asm-generic/uaccess.h
 */
export function raw_copy_from_user(to: Pointer<unknown>, from: UserPtr, n: ulong): ulong;
/** Clears user memory. Context: process, may sleep. Result: bytes that could NOT be cleared. Source: include/asm-generic/uaccess.h */
export function clear_user(to: UserPtr, n: ulong): ulong;

/**
 * Copies a string up to its NUL, at most `count` bytes; without a NUL in them, `count` bytes and none at the end.
 *
 * Context: process, may sleep. Result: its length without the NUL, or -EFAULT. Source: lib/strncpy_from_user.c
 */
export function strncpy_from_user(dst: Pointer<unknown>, src: UserPtr, count: long): long;

/** The length of a string with its NUL. Context: process, may sleep. Result: 0 when it is not all there; more than `count` when it is longer. Source: lib/strnlen_user.c */
export function strnlen_user(str: UserPtr, count: long): long;
/** Whether a range lies in user space at all, mapped or not; the copying functions ask it themselves. Context: process. Source: include/asm-generic/access_ok.h */
export function access_ok(addr: UserPtr, size: ulong): boolean;

/**
 * Reads a scalar from user space into `*x`, whose type says how many bytes; C's macro assigns to `x` itself.
 *
 * Context: process, may sleep. Result: 0, or -EFAULT with `*x` cleared. Source: include/linux/uaccess.h
 */
export function get_user(x: Pointer<unknown>, ptr: UserPtr): int;
/** The same where access_ok has said yes. Context: process, may sleep. Result: 0, or -EFAULT. Source: include/linux/uaccess.h */
export function __get_user(x: Pointer<unknown>, ptr: UserPtr): int;
/**
 * Writes a scalar of the type, or of 32 bits, to user space; in C the type is the pointer's.
 *
 * Context: process, may sleep. Result: 0, or -EFAULT. Source: include/linux/uaccess.h
 */
export function put_user(x: number | bigint, ptr: UserPtr, type?: Layout): int;
/** The same where access_ok has said yes. Context: process, may sleep. Result: 0, or -EFAULT. Source: include/linux/uaccess.h */
export function __put_user(x: number | bigint, ptr: UserPtr, type?: Layout): int;

/** Copies without fetching absent pages. Context: any, with page faults off. Result: bytes that could NOT be copied. Source: include/linux/uaccess.h */
export function __copy_to_user_inatomic(to: UserPtr, from: Pointer<unknown>, n: ulong): ulong;
/** The same from user space. Context: any, with page faults off. Result: bytes that could NOT be copied. Source: include/linux/uaccess.h */
export function __copy_from_user_inatomic(to: Pointer<unknown>, from: UserPtr, n: ulong): ulong;
/** Absent user pages are not fetched until pagefault_enable. Context: any. Source: include/linux/uaccess.h */
export function pagefault_disable(): void;
/** Undoes one pagefault_disable. Context: any. Source: include/linux/uaccess.h */
export function pagefault_enable(): void;
