// Counts of references that saturate rather than wrap.
import type { atomic_t } from "./atomic.d.ts";
import type { int, Ref, Struct, uint } from "./types.d.ts";

/** A count of references; a member type. Source: include/linux/refcount.h */
export type refcount_t = Struct<"refcount_struct", { readonly refs: Ref<atomic_t> }>;
/** A count of references; a member type. Source: include/linux/refcount.h */
export const refcount_t: refcount_t;
/** What a count that went wrong is from then on. */
export const REFCOUNT_SATURATED: int;

/** Sets the count. Context: any. Source: include/linux/refcount.h */
export function refcount_set(r: Ref<refcount_t>, n: int): void;
/** The count. Context: any. Source: include/linux/refcount.h */
export function refcount_read(r: Ref<refcount_t>): uint;
/** Takes a reference to what another reference keeps; from 0 it is reported as a use after free. Context: any. Source: include/linux/refcount.h */
export function refcount_inc(r: Ref<refcount_t>): void;
/** Takes several references. Context: any. Source: include/linux/refcount.h */
export function refcount_add(i: int, r: Ref<refcount_t>): void;
/** Takes a reference unless there is none left. Context: any. Result: whether there was one. Source: include/linux/refcount.h */
export function refcount_inc_not_zero(r: Ref<refcount_t>): boolean;
/** Gives a reference back. Context: any. Result: whether it was the last. Source: include/linux/refcount.h */
export function refcount_dec_and_test(r: Ref<refcount_t>): boolean;
/** Gives several references back. Context: any. Result: whether they were the last. Source: include/linux/refcount.h */
export function refcount_sub_and_test(i: int, r: Ref<refcount_t>): boolean;
/** Gives back a reference that is not the last. Context: any. Source: include/linux/refcount.h */
export function refcount_dec(r: Ref<refcount_t>): void;
