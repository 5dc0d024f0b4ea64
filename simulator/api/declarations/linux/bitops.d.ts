// Single bits of words and of bitmaps.
import type { int, Pointer, Ref, u32, u64, uint, ulong } from "./types.d.ts";

/** 32. */
export const BITS_PER_LONG: uint;
/** 8. */
export const BITS_PER_BYTE: uint;

/** A number with one bit set. Context: any. Source: include/vdso/bits.h */
export function BIT(nr: uint): ulong;
/** The same of 64 bits. Context: any. Source: include/vdso/bits.h */
export function BIT_ULL(nr: uint): u64;
/** The bit of a place within its word of a bitmap. Context: any. Source: include/linux/bits.h */
export function BIT_MASK(nr: uint): ulong;
/** The word of a place in a bitmap. Context: any. Source: include/linux/bits.h */
export function BIT_WORD(nr: uint): uint;
/** Words of a bitmap of so many bits. Context: any. Source: include/linux/bitops.h */
export function BITS_TO_LONGS(nr: uint): uint;
/** A number with the bits from `l` to `h` set. Context: any. Source: include/linux/bits.h */
export function GENMASK(h: uint, l: uint): ulong;
/** Whether a bit is set. Context: any. Source: include/asm-generic/bitops/instrumented-non-atomic.h */
export function test_bit(nr: uint, addr: Pointer<unknown>): boolean;
/** Sets a bit, in one step. Context: any. Source: include/asm-generic/bitops/instrumented-atomic.h */
export function set_bit(nr: uint, addr: Pointer<unknown>): void;
/** Sets a bit, in one step. Context: any. Result: what it was before. Source: include/asm-generic/bitops/instrumented-atomic.h */
export function test_and_set_bit(nr: uint, addr: Pointer<unknown>): boolean;
/** Clears a bit, in one step. Context: any. Source: include/asm-generic/bitops/instrumented-atomic.h */
export function clear_bit(nr: uint, addr: Pointer<unknown>): void;
/** Clears a bit, in one step. Context: any. Result: what it was before. Source: include/asm-generic/bitops/instrumented-atomic.h */
export function test_and_clear_bit(nr: uint, addr: Pointer<unknown>): boolean;
/** Changes a bit, in one step. Context: any. Source: include/asm-generic/bitops/instrumented-atomic.h */
export function change_bit(nr: uint, addr: Pointer<unknown>): void;
/** Changes a bit, in one step. Context: any. Result: what it was before. Source: include/asm-generic/bitops/instrumented-atomic.h */
export function test_and_change_bit(nr: uint, addr: Pointer<unknown>): boolean;
/** Sets a bit, where nobody else changes the word. Context: any. Source: include/asm-generic/bitops/instrumented-non-atomic.h */
export function __set_bit(nr: uint, addr: Pointer<unknown>): void;
/** Sets a bit, where nobody else changes the word. Context: any. Result: what it was before. Source: include/asm-generic/bitops/instrumented-non-atomic.h */
export function __test_and_set_bit(nr: uint, addr: Pointer<unknown>): boolean;
/** Clears a bit, where nobody else changes the word. Context: any. Source: include/asm-generic/bitops/instrumented-non-atomic.h */
export function __clear_bit(nr: uint, addr: Pointer<unknown>): void;
/** Clears a bit, where nobody else changes the word. Context: any. Result: what it was before. Source: include/asm-generic/bitops/instrumented-non-atomic.h */
export function __test_and_clear_bit(nr: uint, addr: Pointer<unknown>): boolean;
/** Changes a bit, where nobody else changes the word. Context: any. Source: include/asm-generic/bitops/instrumented-non-atomic.h */
export function __change_bit(nr: uint, addr: Pointer<unknown>): void;
/** Changes a bit, where nobody else changes the word. Context: any. Result: what it was before. Source: include/asm-generic/bitops/instrumented-non-atomic.h */
export function __test_and_change_bit(nr: uint, addr: Pointer<unknown>): boolean;
/** Sets a bit that stands for a lock. Context: any. Result: what it was before. Source: include/asm-generic/bitops/instrumented-lock.h */
export function test_and_set_bit_lock(nr: uint, addr: Pointer<unknown>): boolean;
/** Clears a bit that stands for a lock. Context: any. Source: include/asm-generic/bitops/instrumented-lock.h */
export function clear_bit_unlock(nr: uint, addr: Pointer<unknown>): void;
/** The first bit that is set. Context: any. Result: `size` when there is none. Source: include/linux/find.h */
export function find_first_bit(addr: Pointer<unknown>, size: uint): uint;
/** The first bit that is clear. Context: any. Result: `size` when there is none. Source: include/linux/find.h */
export function find_first_zero_bit(addr: Pointer<unknown>, size: uint): uint;
/** The first set bit from `offset` on. Context: any. Result: `size` when there is none. Source: include/linux/find.h */
export function find_next_bit(addr: Pointer<unknown>, size: uint, offset: uint): uint;
/** The first clear bit from `offset` on. Context: any. Result: `size` when there is none. Source: include/linux/find.h */
export function find_next_zero_bit(addr: Pointer<unknown>, size: uint, offset: uint): uint;
/** The last bit that is set. Context: any. Result: `size` when there is none. Source: include/linux/find.h */
export function find_last_bit(addr: Pointer<unknown>, size: uint): uint;
/** A static bitmap of so many bits, all clear: `const used = DECLARE_BITMAP("used", 64)`. In a struct it is `array(ulong, BITS_TO_LONGS(64))`. At file scope. Source: include/linux/types.h */
export function DECLARE_BITMAP(name: string, bits: uint): Ref<unknown>;
/** Clears all bits. Context: any. Source: include/linux/bitmap.h */
export function bitmap_zero(dst: Pointer<unknown>, nbits: uint): void;
/** Sets all bits. Context: any. Source: include/linux/bitmap.h */
export function bitmap_fill(dst: Pointer<unknown>, nbits: uint): void;
/** Sets some bits. Context: any. Source: include/linux/bitmap.h */
export function bitmap_set(map: Pointer<unknown>, start: uint, nbits: uint): void;
/** Clears some bits. Context: any. Source: include/linux/bitmap.h */
export function bitmap_clear(map: Pointer<unknown>, start: uint, nbits: uint): void;
/** How many bits are set. Context: any. Source: include/linux/bitmap.h */
export function bitmap_weight(src: Pointer<unknown>, nbits: uint): uint;
/** Whether no bit is set. Context: any. Source: include/linux/bitmap.h */
export function bitmap_empty(src: Pointer<unknown>, nbits: uint): boolean;
/** Whether all bits are set. Context: any. Source: include/linux/bitmap.h */
export function bitmap_full(src: Pointer<unknown>, nbits: uint): boolean;
/** The place of the first set bit, counted from 1; 0 when there is none. Context: any. Source: arch/x86/include/asm/bitops.h */
export function ffs(x: int): int;
/** The place of the last set bit, counted from 1; 0 when there is none. Context: any. Source: arch/x86/include/asm/bitops.h */
export function fls(x: uint): int;
/** The place of the first set bit, counted from 0, of what is not 0. Context: any. Source: arch/x86/include/asm/bitops.h */
export function __ffs(x: ulong): uint;
/** The place of the last set bit, counted from 0, of what is not 0. Context: any. Source: arch/x86/include/asm/bitops.h */
export function __fls(x: ulong): uint;
/** How many of the lowest 8 bits are set. Context: any. Source: include/asm-generic/bitops/const_hweight.h */
export function hweight8(x: uint): uint;
/** How many of the lowest 16 bits are set. Context: any. Source: include/asm-generic/bitops/const_hweight.h */
export function hweight16(x: uint): uint;
/** How many bits are set. Context: any. Source: include/asm-generic/bitops/const_hweight.h */
export function hweight32(x: uint): uint;
/** A word turned to the left. Context: any. Source: include/linux/bitops.h */
export function rol32(word: u32, shift: uint): u32;
/** A word turned to the right. Context: any. Source: include/linux/bitops.h */
export function ror32(word: u32, shift: uint): u32;
/** A number whose sign is bit `index`, widened. Context: any. Source: include/linux/bitops.h */
export function sign_extend32(value: u32, index: int): int;
/** The logarithm to base 2, rounded down. Context: any. Source: include/linux/log2.h */
export function ilog2(n: u32): int;
/** Whether a number is a power of two. Context: any. Source: include/linux/log2.h */
export function is_power_of_2(n: ulong): boolean;
/** A number, rounded up to a power of two. Context: any. Source: include/linux/log2.h */
export function roundup_pow_of_two(n: ulong): ulong;
/** A number, rounded down to a power of two. Context: any. Source: include/linux/log2.h */
export function rounddown_pow_of_two(n: ulong): ulong;
