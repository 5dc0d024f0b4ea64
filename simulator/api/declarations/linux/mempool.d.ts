// Objects set aside, so that an allocation which must not fail does not.
import type { gfp_t } from "./gfp.d.ts";
import type { kmem_cache } from "./slab.d.ts";
import type { AnyStruct, int, Pointer, Ref, Struct, size_t } from "./types.d.ts";

/** `mempool_t`, objects set aside. Source: include/linux/mempool.h */
export type mempool_t = Struct<"mempool", { readonly min_nr: int; readonly curr_nr: int }>;
/** `mempool_t`, objects set aside. Source: include/linux/mempool.h */
export const mempool_t: mempool_t;

/** Sets `min_nr` objects aside that the driver's functions make and free. Context: process, may sleep. Result: NULL when there is no memory. Source: mm/mempool.c */
export function mempool_create(
  min_nr: int,
  alloc: (flags: gfp_t, pool_data: Ref<unknown> | null) => Pointer<unknown> | null,
  free: (object: Ref<unknown>, pool_data: Ref<unknown> | null) => void,
  pool_data: Pointer<unknown> | null,
): Ref<mempool_t> | null;
/** Sets objects of a cache aside. Context: process, may sleep. Result: NULL when there is no memory. Source: include/linux/mempool.h */
export function mempool_create_slab_pool(min_nr: int, cache: Ref<kmem_cache>): Ref<mempool_t> | null;
/** Sets memory of one size aside. Context: process, may sleep. Result: NULL when there is no memory. Source: include/linux/mempool.h */
export function mempool_create_kmalloc_pool(min_nr: int, size: size_t): Ref<mempool_t> | null;
/**
 * An object as a `layout`: a new one, or one set aside when memory is short.
 *
 * Context: as kmalloc. Result: never NULL where it may sleep, since it waits for an object to come back. Source: mm/mempool.c
 */
export function mempool_alloc<T extends AnyStruct>(pool: Ref<mempool_t>, flags: gfp_t, layout: T): Ref<T> | null;
/** Gives an object back. Context: any. Source: mm/mempool.c */
export function mempool_free(element: Pointer<unknown>, pool: Ref<mempool_t>): void;
/** Removes a pool whose objects are all back; NULL is ignored. Context: process, may sleep. Source: mm/mempool.c */
export function mempool_destroy(pool: Ref<mempool_t> | null): void;
