// Objects that live as long as somebody has a reference.
import type { mutex } from "./mutex.d.ts";
import type { refcount_t } from "./refcount.d.ts";
import type { int, Ref, Struct, uint } from "./types.d.ts";

/** `struct kref`, the count inside an object; a member type. Source: include/linux/kref.h */
export type kref = Struct<"kref", { readonly refcount: Ref<refcount_t> }>;
/** `struct kref`, the count inside an object; a member type. Source: include/linux/kref.h */
export const kref: kref;

/** Begins with one reference. Context: any. Source: include/linux/kref.h */
export function kref_init(kref: Ref<kref>): void;
/** How many references there are. Context: any. Source: include/linux/kref.h */
export function kref_read(kref: Ref<kref>): uint;
/** Takes a reference; the caller must have one. Context: any. Source: include/linux/kref.h */
export function kref_get(kref: Ref<kref>): void;
/** Takes a reference unless there is none left. Context: any. Result: not 0 when there was one. Source: include/linux/kref.h */
export function kref_get_unless_zero(kref: Ref<kref>): int;
/** Gives a reference back; `release` frees the object when it was the last. Context: as `release` needs. Result: 1 when `release` was called. Source: include/linux/kref.h */
export function kref_put(kref: Ref<kref>, release: (kref: Ref<kref>) => void): int;
/** The same; `release` is called with the mutex held, and unlocks it. Context: process, may sleep. Result: 1 when `release` was called. Source: include/linux/kref.h */
export function kref_put_mutex(kref: Ref<kref>, release: (kref: Ref<kref>) => void, mutex: Ref<mutex>): int;
