// Pointers that may be error numbers.
import type { ErrPtr, int, long } from "./types.d.ts";

export type { ErrPtr } from "./types.d.ts";

/** Whether a result is an error. Context: any. Source: include/linux/err.h */
export function IS_ERR<T>(p: T | ErrPtr): p is ErrPtr;

/** Whether a result is an error or NULL. Context: any. Source: include/linux/err.h */
export function IS_ERR_OR_NULL<T>(p: T | ErrPtr | null): p is ErrPtr | null;

/** The negative errno in an error pointer. Context: any. Source: include/linux/err.h */
export function PTR_ERR(p: ErrPtr): long;

/** The negative errno when `p` is an error, else 0. Context: any. Source: include/linux/err.h */
export function PTR_ERR_OR_ZERO(p: unknown): int;

/** An error pointer, as a pointer to something else. Context: any. Source: include/linux/err.h */
export function ERR_CAST(ptr: ErrPtr): ErrPtr;

/** An error pointer of a negative errno. Context: any. Source: include/linux/err.h */
export function ERR_PTR(error: long): ErrPtr;
