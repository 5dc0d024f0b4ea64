// Numbers from text, text from numbers, and the smaller of two.
import type { gfp_t } from "./gfp.d.ts";
import type { PrintkArgument } from "./printk.d.ts";
import type {
  ArrayOf,
  bool,
  CString,
  int,
  long,
  Pointer,
  Ref,
  s8,
  s16,
  s32,
  s64,
  size_t,
  UserPtr,
  u8,
  u16,
  u32,
  u64,
  uint,
  ulong,
} from "./types.d.ts";

/**
 * Reads an unsigned number, which may end with one newline. Base 0 understands 0x and 0.
 *
 * Context: any. Result: 0, -EINVAL when it is no number, -ERANGE when too large. Source: lib/kstrtox.c
 */
export function kstrtouint(s: CString, base: uint, res: Ref<typeof uint>): int;

/** The direction of I/O, see rq_data_dir() and bio_data_dir(). Source: include/linux/kernel.h */
export const READ: int;
/** The direction of I/O, see rq_data_dir() and bio_data_dir(). Source: include/linux/kernel.h */
export const WRITE: int;
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

/** Reads a signed number; as kstrtouint. Context: any. Result: 0, -EINVAL or -ERANGE. Source: lib/kstrtox.c */
export function kstrtol(s: CString, base: uint, res: Ref<typeof long>): int;
/** Reads a signed number from user space. Context: process, may sleep. Result: 0, -EINVAL, -ERANGE or -EFAULT. Source: lib/kstrtox.c */
export function kstrtol_from_user(s: UserPtr, count: size_t, base: uint, res: Ref<typeof long>): int;
/** Reads an unsigned number; as kstrtouint. Context: any. Result: 0, -EINVAL or -ERANGE. Source: lib/kstrtox.c */
export function kstrtoul(s: CString, base: uint, res: Ref<typeof ulong>): int;
/** Reads an unsigned number from user space. Context: process, may sleep. Result: 0, -EINVAL, -ERANGE or -EFAULT. Source: lib/kstrtox.c */
export function kstrtoul_from_user(s: UserPtr, count: size_t, base: uint, res: Ref<typeof ulong>): int;
/** Reads a signed number of 64 bits; as kstrtouint. Context: any. Result: 0, -EINVAL or -ERANGE. Source: lib/kstrtox.c */
export function kstrtoll(s: CString, base: uint, res: Ref<typeof s64>): int;
/** Reads a signed number of 64 bits from user space. Context: process, may sleep. Result: 0, -EINVAL, -ERANGE or -EFAULT. Source: lib/kstrtox.c */
export function kstrtoll_from_user(s: UserPtr, count: size_t, base: uint, res: Ref<typeof s64>): int;
/** Reads an unsigned number of 64 bits; as kstrtouint. Context: any. Result: 0, -EINVAL or -ERANGE. Source: lib/kstrtox.c */
export function kstrtoull(s: CString, base: uint, res: Ref<typeof u64>): int;
/** Reads an unsigned number of 64 bits from user space. Context: process, may sleep. Result: 0, -EINVAL, -ERANGE or -EFAULT. Source: lib/kstrtox.c */
export function kstrtoull_from_user(s: UserPtr, count: size_t, base: uint, res: Ref<typeof u64>): int;
/** Reads a signed number of 8 bits; as kstrtouint. Context: any. Result: 0, -EINVAL or -ERANGE. Source: lib/kstrtox.c */
export function kstrtos8(s: CString, base: uint, res: Ref<typeof s8>): int;
/** Reads a signed number of 8 bits from user space. Context: process, may sleep. Result: 0, -EINVAL, -ERANGE or -EFAULT. Source: lib/kstrtox.c */
export function kstrtos8_from_user(s: UserPtr, count: size_t, base: uint, res: Ref<typeof s8>): int;
/** Reads an unsigned number of 8 bits; as kstrtouint. Context: any. Result: 0, -EINVAL or -ERANGE. Source: lib/kstrtox.c */
export function kstrtou8(s: CString, base: uint, res: Ref<typeof u8>): int;
/** Reads an unsigned number of 8 bits from user space. Context: process, may sleep. Result: 0, -EINVAL, -ERANGE or -EFAULT. Source: lib/kstrtox.c */
export function kstrtou8_from_user(s: UserPtr, count: size_t, base: uint, res: Ref<typeof u8>): int;
/** Reads a signed number of 16 bits; as kstrtouint. Context: any. Result: 0, -EINVAL or -ERANGE. Source: lib/kstrtox.c */
export function kstrtos16(s: CString, base: uint, res: Ref<typeof s16>): int;
/** Reads a signed number of 16 bits from user space. Context: process, may sleep. Result: 0, -EINVAL, -ERANGE or -EFAULT. Source: lib/kstrtox.c */
export function kstrtos16_from_user(s: UserPtr, count: size_t, base: uint, res: Ref<typeof s16>): int;
/** Reads an unsigned number of 16 bits; as kstrtouint. Context: any. Result: 0, -EINVAL or -ERANGE. Source: lib/kstrtox.c */
export function kstrtou16(s: CString, base: uint, res: Ref<typeof u16>): int;
/** Reads an unsigned number of 16 bits from user space. Context: process, may sleep. Result: 0, -EINVAL, -ERANGE or -EFAULT. Source: lib/kstrtox.c */
export function kstrtou16_from_user(s: UserPtr, count: size_t, base: uint, res: Ref<typeof u16>): int;
/** Reads a signed number of 32 bits; as kstrtouint. Context: any. Result: 0, -EINVAL or -ERANGE. Source: include/linux/kstrtox.h */
export function kstrtos32(s: CString, base: uint, res: Ref<typeof s32>): int;
/** Reads a signed number of 32 bits from user space. Context: process, may sleep. Result: 0, -EINVAL, -ERANGE or -EFAULT. Source: include/linux/kstrtox.h */
export function kstrtos32_from_user(s: UserPtr, count: size_t, base: uint, res: Ref<typeof s32>): int;
/** Reads an unsigned number of 32 bits; as kstrtouint. Context: any. Result: 0, -EINVAL or -ERANGE. Source: include/linux/kstrtox.h */
export function kstrtou32(s: CString, base: uint, res: Ref<typeof u32>): int;
/** Reads an unsigned number of 32 bits from user space. Context: process, may sleep. Result: 0, -EINVAL, -ERANGE or -EFAULT. Source: include/linux/kstrtox.h */
export function kstrtou32_from_user(s: UserPtr, count: size_t, base: uint, res: Ref<typeof u32>): int;
/** Reads y, Y, 1 or on as true, their opposites as false. Context: any. Result: 0 or -EINVAL. Source: lib/kstrtox.c */
export function kstrtobool(s: CString, res: Ref<typeof bool>): int;
/** Reads values from a string as a format says. Context: any. Result: how many values were read. Source: lib/vsprintf.c */
export function sscanf(buf: CString, format: string, ...args: Pointer<unknown>[]): int;
/** Prints into a buffer that must be large enough; snprintf and sysfs_emit know how large it is. Context: any. Result: characters written. Source: lib/vsprintf.c */
export function sprintf(buf: Pointer<unknown>, format: string, ...args: PrintkArgument[]): int;
/** Prints into memory that it allocates. Context: as kmalloc. Result: NULL when there is no memory. Source: lib/kasprintf.c */
export function kasprintf(gfp: gfp_t, format: string, ...args: PrintkArgument[]): Ref<unknown> | null;
/** A number, but no less than `lo` and no more than `hi`. Context: any. Source: include/linux/minmax.h */
export function clamp(val: number, lo: number, hi: number): number;
/** The magnitude. Context: any. Source: include/linux/math.h */
export function abs(x: number): number;
/** A quotient, rounded up. Context: any. Source: include/linux/math.h */
export function DIV_ROUND_UP(n: number, d: number): number;
/** A quotient, rounded to the nearest. Context: any. Source: include/linux/math.h */
export function DIV_ROUND_CLOSEST(n: number, d: number): number;
/** A number, rounded up to a multiple of `y`. Context: any. Source: include/linux/math.h */
export function roundup(x: number, y: number): number;
/** A number, rounded down to a multiple of `y`. Context: any. Source: include/linux/math.h */
export function rounddown(x: number, y: number): number;
/** A number, rounded up to a multiple of a power of two. Context: any. Source: include/linux/align.h */
export function ALIGN(x: number, a: number): number;
/** Whether a number is a multiple of a power of two. Context: any. Source: include/linux/align.h */
export function IS_ALIGNED(x: number, a: number): boolean;
/** The bytes of 32 bits in reverse order. Context: any. Source: include/linux/swab.h */
export function swab32(x: u32): u32;
/** The upper half of 64 bits. Context: any. Source: include/linux/wordpart.h */
export function upper_32_bits(n: u64): u32;
/** The lower half of 64 bits. Context: any. Source: include/linux/wordpart.h */
export function lower_32_bits(n: u64): u32;
/** Says that the code here may sleep: in atomic context it is reported, whether it sleeps or not. Context: process. Source: include/linux/kernel.h */
export function might_sleep(): void;
/**
 * Ends the running task. Context: process, may sleep. Source: kernel/exit.c
 *
 * Differs from Linux: there it is no longer exported, since 5.17, and a module that calls it does not link; threads of the
 * kernel call kthread_exit.
 */
export function do_exit(error_code: int): never;
/** Writes the call stack to the log. Context: any. Source: lib/dump_stack.c */
export function dump_stack(): void;
/** Ends the machine: nothing runs any more. Context: any. Source: kernel/panic.c */
export function panic(format: string, ...args: PrintkArgument[]): never;
/** How many elements an array has; of a pointer it cannot be told. Context: any. Source: include/linux/array_size.h */
export function ARRAY_SIZE<T>(array: Ref<ArrayOf<T>>): size_t;
