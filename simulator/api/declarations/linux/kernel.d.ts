// Numbers from text, text from numbers, and the smaller of two.
import type { PrintkArgument } from "./printk.d.ts";
import type { CString, int, Pointer, Ref, size_t, UserPtr, uint } from "./types.d.ts";

/**
 * Reads an unsigned number, which may end with one newline. Base 0 understands 0x and 0.
 *
 * Context: any. Result: 0, -EINVAL when it is no number, -ERANGE when too large. Source: lib/kstrtox.c
 */
export function kstrtouint(s: CString, base: uint, res: Ref<typeof uint>): int;

/** Reads a signed number; as kstrtouint. Context: any. Source: lib/kstrtox.c */
export function kstrtoint(s: CString, base: uint, res: Ref<typeof int>): int;

/**
 * Reads an unsigned number from user space.
 *
 * Context: process, may sleep. Result: as kstrtouint, or -EFAULT. Source: lib/kstrtox.c
 */
export function kstrtouint_from_user(s: UserPtr, count: size_t, base: uint, res: Ref<typeof uint>): int;

/** Reads a signed number from user space; as kstrtouint_from_user. Context: process, may sleep. Source: lib/kstrtox.c */
export function kstrtoint_from_user(s: UserPtr, count: size_t, base: uint, res: Ref<typeof int>): int;

/** Prints into a buffer, always with a NUL. Context: any. Result: characters that would have been written. Source: lib/vsprintf.c */
export function snprintf(buf: Pointer<unknown>, size: size_t, format: string, ...args: PrintkArgument[]): int;

/** Prints into a buffer, always with a NUL. Context: any. Result: characters written. Source: lib/vsprintf.c */
export function scnprintf(buf: Pointer<unknown>, size: size_t, format: string, ...args: PrintkArgument[]): int;

/** The smaller number. Context: any. Source: include/linux/minmax.h */
export function min(x: number, y: number): number;
/** The larger number. Context: any. Source: include/linux/minmax.h */
export function max(x: number, y: number): number;
