// Kernel memory by the byte and by the struct.
import type { gfp_t } from "./gfp.d.ts";
import type { ArrayOf, Layout, Pointer, Ref, size_t } from "./types.d.ts";

export type { gfp_t } from "./gfp.d.ts";
export {
  __GFP_NOWARN,
  __GFP_ZERO,
  GFP_ATOMIC,
  GFP_DMA,
  GFP_KERNEL,
  GFP_NOFS,
  GFP_NOIO,
  GFP_NOWAIT,
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
