// Kernel memory by the byte and by the struct.
import type { gfp_t } from "./gfp.d.ts";
import type { AnyStruct, ArrayOf, int, Layout, Pointer, Ref, Struct, size_t, uint } from "./types.d.ts";

export type { gfp_t } from "./gfp.d.ts";
export {
  __GFP_ACCOUNT,
  __GFP_COMP,
  __GFP_DIRECT_RECLAIM,
  __GFP_DMA,
  __GFP_DMA32,
  __GFP_FS,
  __GFP_HARDWALL,
  __GFP_HIGH,
  __GFP_HIGHMEM,
  __GFP_IO,
  __GFP_KSWAPD_RECLAIM,
  __GFP_NOFAIL,
  __GFP_NOMEMALLOC,
  __GFP_NORETRY,
  __GFP_NOWARN,
  __GFP_RETRY_MAYFAIL,
  __GFP_ZERO,
  GFP_ATOMIC,
  GFP_DMA,
  GFP_DMA32,
  GFP_HIGHUSER,
  GFP_KERNEL,
  GFP_KERNEL_ACCOUNT,
  GFP_NOFS,
  GFP_NOIO,
  GFP_NOWAIT,
  GFP_USER,
} from "./gfp.ts";

/**
 * Allocates memory whose content is undefined: for one `T`, or so many bytes.
 *
 * Context: any with GFP_ATOMIC or GFP_NOWAIT; otherwise process context with nothing held that forbids to sleep.
 * Result: NULL when there is no memory. Source: include/linux/slab.h, mm/slub.c
 */
export function kmalloc<T extends Layout>(layout: T, flags: gfp_t): Ref<T> | null;
export function kmalloc(size: size_t, flags: gfp_t): Ref<unknown> | null;

/**
 * Allocates cleared memory: for one `T`, or so many bytes.
 *
 * Context: as kmalloc. Result: NULL when there is no memory. Source: include/linux/slab.h
 */
export function kzalloc<T extends Layout>(layout: T, flags: gfp_t): Ref<T> | null;
export function kzalloc(size: size_t, flags: gfp_t): Ref<unknown> | null;

/**
 * Allocates a cleared array of `n` elements.
 *
 * Context: as kmalloc. Result: NULL when there is no memory or the size overflows. Source: include/linux/slab.h
 */
export function kcalloc<T extends Layout>(n: size_t, layout: T, flags: gfp_t): Ref<ArrayOf<T>> | null;
export function kcalloc(n: size_t, size: size_t, flags: gfp_t): Ref<unknown> | null;

/**
 * Allocates an array of `n` elements whose content is undefined.
 *
 * Context: as kmalloc. Result: NULL when there is no memory or the size overflows. Source: include/linux/slab.h
 */
export function kmalloc_array<T extends Layout>(n: size_t, layout: T, flags: gfp_t): Ref<ArrayOf<T>> | null;
export function kmalloc_array(n: size_t, size: size_t, flags: gfp_t): Ref<unknown> | null;

/**
 * Makes memory larger or smaller, moving it where it must; `object` may be NULL.
 *
 * Context: as kmalloc. Result: NULL when there is no memory, and the old memory is untouched. Source: mm/slab_common.c
 */
export function krealloc(object: Pointer<unknown> | null, size: size_t, flags: gfp_t): Ref<unknown> | null;

/** The bytes that were asked for. Context: any. Source: mm/slab_common.c */
export function ksize(object: Pointer<unknown>): size_t;

/**
 * Gives memory back. NULL is allowed and ignored.
 *
 * Context: any. Source: mm/slub.c
 */
export function kfree(object: Pointer<unknown> | null): void;
/** kfree for what must not stay readable in memory. Context: any. Source: mm/slab_common.c */
export function kfree_sensitive(object: Pointer<unknown> | null): void;
/** kmalloc on a node of memory, of which there is one here. Context: as kmalloc. Result: NULL when there is no memory. Source: mm/slub.c */
export function kmalloc_node<T extends Layout>(layout: T, flags: gfp_t, node: int): Ref<T> | null;
export function kmalloc_node(size: size_t, flags: gfp_t, node: int): Ref<unknown> | null;
/**
 * Memory from kmalloc where that is likely to work, else from vmalloc.
 *
 * Context: process, may sleep. Result: NULL when there is no memory. Source: mm/util.c
 */
export function kvmalloc<T extends Layout>(layout: T, flags: gfp_t): Ref<T> | null;
export function kvmalloc(size: size_t, flags: gfp_t): Ref<unknown> | null;
/** The same, cleared. Context: process, may sleep. Result: NULL when there is no memory. Source: include/linux/slab.h */
export function kvzalloc<T extends Layout>(layout: T, flags: gfp_t): Ref<T> | null;
export function kvzalloc(size: size_t, flags: gfp_t): Ref<unknown> | null;
/** Frees what kvmalloc allocated. Context: process, may sleep; any when it came from kmalloc. Source: mm/util.c */
export function kvfree(address: Pointer<unknown> | null): void;

/** `struct kmem_cache`, a cache of objects of one kind. Source: mm/slab.h */
export type kmem_cache = Struct<
  "kmem_cache",
  { readonly object_size: uint; readonly size: uint; readonly align: uint }
>;
/** `struct kmem_cache`, a cache of objects of one kind. Source: mm/slab.h */
export const kmem_cache: kmem_cache;
/** Objects begin at cache lines. */
export const SLAB_HWCACHE_ALIGN: uint;
/** Objects from memory below 16 MB. */
export const SLAB_CACHE_DMA: uint;
/** Linux panics where the cache cannot be made; here it always can. */
export const SLAB_PANIC: uint;
export const SLAB_ACCOUNT: uint;
export const SLAB_RECLAIM_ACCOUNT: uint;
/**
 * Makes a cache of objects of `size` bytes, or of a struct; `ctor` runs once for each object when its memory is cut, not
 * at each allocation.
 *
 * Context: process, may sleep. Result: NULL when there is no memory. Source: mm/slab_common.c
 */
export function kmem_cache_create(
  name: string,
  size: size_t | Layout,
  align: uint,
  flags: uint,
  ctor: ((object: Ref<unknown>) => void) | null,
): Ref<kmem_cache> | null;
/**
 * An object of a cache, as a `layout`; C needs no layout, since `void *` becomes any pointer.
 *
 * Context: as kmalloc. Result: NULL when there is no memory. Source: mm/slub.c
 */
export function kmem_cache_alloc<T extends AnyStruct>(cachep: Ref<kmem_cache>, flags: gfp_t, layout: T): Ref<T> | null;
/** The same, cleared. Context: as kmalloc. Result: NULL when there is no memory. Source: include/linux/slab.h */
export function kmem_cache_zalloc<T extends AnyStruct>(cachep: Ref<kmem_cache>, flags: gfp_t, layout: T): Ref<T> | null;
/** Gives an object back to the cache it came from. Context: any. Source: mm/slub.c */
export function kmem_cache_free(cachep: Ref<kmem_cache>, object: Pointer<unknown>): void;
/**
 * Removes a cache; all of its objects must be free, or it stays, with a report. NULL is ignored.
 *
 * Context: process, may sleep. Source: mm/slab_common.c
 */
export function kmem_cache_destroy(cachep: Ref<kmem_cache> | null): void;
/** Bytes of an object. Context: any. Source: mm/slab_common.c */
export function kmem_cache_size(cachep: Ref<kmem_cache>): uint;
