// Integers that are changed in one step.
import type { int, Ref, Struct, s64 } from "./types.d.ts";

/** An integer that is changed in one step; a member type. Source: include/linux/types.h */
export type atomic_t = Struct<"atomic", object>;
/** An integer that is changed in one step; a member type. Source: include/linux/types.h */
export const atomic_t: atomic_t;
/** The same of the width of a long, which is 32 bits here. Source: include/linux/types.h */
export type atomic_long_t = atomic_t;
/** The same of the width of a long, which is 32 bits here. Source: include/linux/types.h */
export const atomic_long_t: atomic_t;
/** The same of 64 bits. Source: include/linux/types.h */
export type atomic64_t = Struct<"atomic64", object>;
/** The same of 64 bits. Source: include/linux/types.h */
export const atomic64_t: atomic64_t;

/** A value for a static atomic_t or one in a static struct: `{ users: ATOMIC_INIT(1) }`. At file scope. Source: include/linux/types.h */
export function ATOMIC_INIT(i: int): Ref<atomic_t>;

/** Reads. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_read(v: Ref<atomic_t>): int;
/** Writes. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_set(v: Ref<atomic_t>, i: int): void;
/** Adds. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_add(i: int, v: Ref<atomic_t>): void;
/** Adds. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_fetch_add(i: int, v: Ref<atomic_t>): int;
/** Adds. Context: any. Result: the new value. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_add_return(i: int, v: Ref<atomic_t>): int;
/** Subtracts. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_sub(i: int, v: Ref<atomic_t>): void;
/** Subtracts. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_fetch_sub(i: int, v: Ref<atomic_t>): int;
/** Subtracts. Context: any. Result: the new value. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_sub_return(i: int, v: Ref<atomic_t>): int;
/** Keeps the bits that `i` has. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_and(i: int, v: Ref<atomic_t>): void;
/** Keeps the bits that `i` has. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_fetch_and(i: int, v: Ref<atomic_t>): int;
/** Sets the bits that `i` has. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_or(i: int, v: Ref<atomic_t>): void;
/** Sets the bits that `i` has. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_fetch_or(i: int, v: Ref<atomic_t>): int;
/** Changes the bits that `i` has. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_xor(i: int, v: Ref<atomic_t>): void;
/** Changes the bits that `i` has. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_fetch_xor(i: int, v: Ref<atomic_t>): int;
/** Adds 1. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_inc(v: Ref<atomic_t>): void;
/** Adds 1. Context: any. Result: the new value. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_inc_return(v: Ref<atomic_t>): int;
/** Adds 1. Context: any. Result: whether it is 0 now. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_inc_and_test(v: Ref<atomic_t>): boolean;
/** Subtracts 1. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_dec(v: Ref<atomic_t>): void;
/** Subtracts 1. Context: any. Result: the new value. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_dec_return(v: Ref<atomic_t>): int;
/** Subtracts 1. Context: any. Result: whether it is 0 now. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_dec_and_test(v: Ref<atomic_t>): boolean;
/** Subtracts. Context: any. Result: whether it is 0 now. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_sub_and_test(i: int, v: Ref<atomic_t>): boolean;
/** Adds. Context: any. Result: whether it is negative now. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_add_negative(i: int, v: Ref<atomic_t>): boolean;
/** Adds `a` unless it is `u`. Context: any. Result: whether it was added. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_add_unless(v: Ref<atomic_t>, a: int, u: int): boolean;
/** Adds 1 unless it is 0. Context: any. Result: whether it was added. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_inc_not_zero(v: Ref<atomic_t>): boolean;
/** Subtracts 1 unless it would be negative. Context: any. Result: the new value; negative when nothing was done. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_dec_if_positive(v: Ref<atomic_t>): int;
/** Writes. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_xchg(v: Ref<atomic_t>, i: int): int;
/** Writes `i` where `old` stands. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_cmpxchg(v: Ref<atomic_t>, old: int, i: int): int;
/** Reads. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_read(v: Ref<atomic_long_t>): int;
/** Writes. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_set(v: Ref<atomic_long_t>, i: int): void;
/** Adds. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_add(i: int, v: Ref<atomic_long_t>): void;
/** Adds. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_fetch_add(i: int, v: Ref<atomic_long_t>): int;
/** Adds. Context: any. Result: the new value. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_add_return(i: int, v: Ref<atomic_long_t>): int;
/** Subtracts. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_sub(i: int, v: Ref<atomic_long_t>): void;
/** Subtracts. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_fetch_sub(i: int, v: Ref<atomic_long_t>): int;
/** Subtracts. Context: any. Result: the new value. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_sub_return(i: int, v: Ref<atomic_long_t>): int;
/** Keeps the bits that `i` has. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_and(i: int, v: Ref<atomic_long_t>): void;
/** Keeps the bits that `i` has. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_fetch_and(i: int, v: Ref<atomic_long_t>): int;
/** Sets the bits that `i` has. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_or(i: int, v: Ref<atomic_long_t>): void;
/** Sets the bits that `i` has. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_fetch_or(i: int, v: Ref<atomic_long_t>): int;
/** Changes the bits that `i` has. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_xor(i: int, v: Ref<atomic_long_t>): void;
/** Changes the bits that `i` has. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_fetch_xor(i: int, v: Ref<atomic_long_t>): int;
/** Adds 1. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_inc(v: Ref<atomic_long_t>): void;
/** Adds 1. Context: any. Result: the new value. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_inc_return(v: Ref<atomic_long_t>): int;
/** Adds 1. Context: any. Result: whether it is 0 now. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_inc_and_test(v: Ref<atomic_long_t>): boolean;
/** Subtracts 1. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_dec(v: Ref<atomic_long_t>): void;
/** Subtracts 1. Context: any. Result: the new value. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_dec_return(v: Ref<atomic_long_t>): int;
/** Subtracts 1. Context: any. Result: whether it is 0 now. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_dec_and_test(v: Ref<atomic_long_t>): boolean;
/** Subtracts. Context: any. Result: whether it is 0 now. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_sub_and_test(i: int, v: Ref<atomic_long_t>): boolean;
/** Adds. Context: any. Result: whether it is negative now. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_add_negative(i: int, v: Ref<atomic_long_t>): boolean;
/** Adds `a` unless it is `u`. Context: any. Result: whether it was added. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_add_unless(v: Ref<atomic_long_t>, a: int, u: int): boolean;
/** Adds 1 unless it is 0. Context: any. Result: whether it was added. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_inc_not_zero(v: Ref<atomic_long_t>): boolean;
/** Subtracts 1 unless it would be negative. Context: any. Result: the new value; negative when nothing was done. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_dec_if_positive(v: Ref<atomic_long_t>): int;
/** Writes. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_xchg(v: Ref<atomic_long_t>, i: int): int;
/** Writes `i` where `old` stands. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic_long_cmpxchg(v: Ref<atomic_long_t>, old: int, i: int): int;
/** Reads. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_read(v: Ref<atomic64_t>): s64;
/** Writes. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_set(v: Ref<atomic64_t>, i: s64): void;
/** Adds. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_add(i: s64, v: Ref<atomic64_t>): void;
/** Adds. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_fetch_add(i: s64, v: Ref<atomic64_t>): s64;
/** Adds. Context: any. Result: the new value. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_add_return(i: s64, v: Ref<atomic64_t>): s64;
/** Subtracts. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_sub(i: s64, v: Ref<atomic64_t>): void;
/** Subtracts. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_fetch_sub(i: s64, v: Ref<atomic64_t>): s64;
/** Subtracts. Context: any. Result: the new value. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_sub_return(i: s64, v: Ref<atomic64_t>): s64;
/** Keeps the bits that `i` has. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_and(i: s64, v: Ref<atomic64_t>): void;
/** Keeps the bits that `i` has. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_fetch_and(i: s64, v: Ref<atomic64_t>): s64;
/** Sets the bits that `i` has. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_or(i: s64, v: Ref<atomic64_t>): void;
/** Sets the bits that `i` has. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_fetch_or(i: s64, v: Ref<atomic64_t>): s64;
/** Changes the bits that `i` has. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_xor(i: s64, v: Ref<atomic64_t>): void;
/** Changes the bits that `i` has. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_fetch_xor(i: s64, v: Ref<atomic64_t>): s64;
/** Adds 1. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_inc(v: Ref<atomic64_t>): void;
/** Adds 1. Context: any. Result: the new value. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_inc_return(v: Ref<atomic64_t>): s64;
/** Adds 1. Context: any. Result: whether it is 0 now. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_inc_and_test(v: Ref<atomic64_t>): boolean;
/** Subtracts 1. Context: any. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_dec(v: Ref<atomic64_t>): void;
/** Subtracts 1. Context: any. Result: the new value. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_dec_return(v: Ref<atomic64_t>): s64;
/** Subtracts 1. Context: any. Result: whether it is 0 now. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_dec_and_test(v: Ref<atomic64_t>): boolean;
/** Subtracts. Context: any. Result: whether it is 0 now. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_sub_and_test(i: s64, v: Ref<atomic64_t>): boolean;
/** Adds. Context: any. Result: whether it is negative now. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_add_negative(i: s64, v: Ref<atomic64_t>): boolean;
/** Adds `a` unless it is `u`. Context: any. Result: whether it was added. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_add_unless(v: Ref<atomic64_t>, a: s64, u: s64): boolean;
/** Adds 1 unless it is 0. Context: any. Result: whether it was added. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_inc_not_zero(v: Ref<atomic64_t>): boolean;
/** Subtracts 1 unless it would be negative. Context: any. Result: the new value; negative when nothing was done. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_dec_if_positive(v: Ref<atomic64_t>): s64;
/** Writes. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_xchg(v: Ref<atomic64_t>, i: s64): s64;
/** Writes `i` where `old` stands. Context: any. Result: the value before. Source: include/linux/atomic/atomic-instrumented.h */
export function atomic64_cmpxchg(v: Ref<atomic64_t>, old: s64, i: s64): s64;
/** Orders all accesses before it against all behind it, those of devices too; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function mb(): void;
/** Orders reads before it against reads behind it, those of devices too; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function rmb(): void;
/** Orders writes before it against writes behind it, those of devices too; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function wmb(): void;
/** Orders all accesses before it against all behind it, as other CPUs see them; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function smp_mb(): void;
/** Orders reads, as other CPUs see them; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function smp_rmb(): void;
/** Orders writes, as other CPUs see them; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function smp_wmb(): void;
/** Keeps the compiler from moving accesses across it; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function barrier(): void;
/** Orders accesses before an atomic operation that orders nothing itself; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function smp_mb__before_atomic(): void;
/** Orders accesses behind an atomic operation that orders nothing itself; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function smp_mb__after_atomic(): void;
/** A value that is read before all that follows, and so sees what was done before its smp_store_release: `smp_load_acquire(d.ready)`. Context: any. Result: the value. Differs from Linux: C's macro takes the address. Source: include/asm-generic/barrier.h */
export function smp_load_acquire<T>(p: T): T;
/** The value to write once all is done that comes before: `d.ready = smp_store_release(1)`. Context: any. Result: the value. Differs from Linux: C's macro takes the address and writes. Source: include/asm-generic/barrier.h */
export function smp_store_release<T>(v: T): T;
