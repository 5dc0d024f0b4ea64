// Integers that are changed in one step.
import type { int, Ref, Struct } from "./types.d.ts";

/** An integer that is changed in one step; a member type. Source: include/linux/types.h */
export type atomic_t = Struct<"atomic", object>;
/** An integer that is changed in one step; a member type. Source: include/linux/types.h */
export const atomic_t: atomic_t;

/** Reads. Context: any. Source: include/linux/atomic/atomic-instrumented.h, as for all of these */
export function atomic_read(v: Ref<atomic_t>): int;
/** Writes. Context: any. */
export function atomic_set(v: Ref<atomic_t>, i: int): void;
/** Adds. Context: any. */
export function atomic_add(i: int, v: Ref<atomic_t>): void;
/** Subtracts. Context: any. */
export function atomic_sub(i: int, v: Ref<atomic_t>): void;
/** Adds 1. Context: any. */
export function atomic_inc(v: Ref<atomic_t>): void;
/** Subtracts 1. Context: any. */
export function atomic_dec(v: Ref<atomic_t>): void;
/** Adds. Context: any. Result: the new value. */
export function atomic_add_return(i: int, v: Ref<atomic_t>): int;
/** Adds 1. Context: any. Result: the new value. */
export function atomic_inc_return(v: Ref<atomic_t>): int;
/** Subtracts 1. Context: any. Result: the new value. */
export function atomic_dec_return(v: Ref<atomic_t>): int;
/** Subtracts 1. Context: any. Result: whether it is 0 now. */
export function atomic_dec_and_test(v: Ref<atomic_t>): boolean;
/** Writes. Context: any. Result: the value before. */
export function atomic_xchg(v: Ref<atomic_t>, i: int): int;
/** Writes `i` where `old` stands. Context: any. Result: the value before. */
export function atomic_cmpxchg(v: Ref<atomic_t>, old: int, i: int): int;
/** `*v -= i`. Context: any. Result: the new value. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_sub_return(i: int, v: Ref<atomic_t>): int;
