// Bits and masks.
import type { u64, uint, ulong } from "./types.d.ts";

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
