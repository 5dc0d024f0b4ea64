// Copying between the kernel and user space.
import type { long, Pointer, UserPtr, ulong } from "./types.d.ts";

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

/** Clears user memory. Context: process, may sleep. Result: bytes that could NOT be cleared. Source: include/asm-generic/uaccess.h */
export function clear_user(to: UserPtr, n: ulong): ulong;

/**
 * Copies a string up to its NUL, at most `count` bytes; without a NUL in them, `count` bytes and none at the end.
 *
 * Context: process, may sleep. Result: its length without the NUL, or -EFAULT. Source: lib/strncpy_from_user.c
 */
export function strncpy_from_user(dst: Pointer<unknown>, src: UserPtr, count: long): long;
