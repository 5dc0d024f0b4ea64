// Flags that say how an allocation may find its memory, and whole pages.
import type { page } from "./mm.d.ts";
import type { Ref, uint, ulong } from "./types.d.ts";

/** Source: include/linux/gfp_types.h */
export type gfp_t = number;

/** May sleep: the normal choice in process context. */
export const GFP_KERNEL: gfp_t;
/** Never sleeps, and may use reserves: for interrupt handlers and under spinlocks. */
export const GFP_ATOMIC: gfp_t;
/** Never sleeps, and does not use reserves: failing must be harmless. */
export const GFP_NOWAIT: gfp_t;
/** May sleep but starts no I/O: for code on the path of block I/O. */
export const GFP_NOIO: gfp_t;
/** May sleep but does not enter file systems. */
export const GFP_NOFS: gfp_t;
/** Memory that ancient devices can reach. */
export const GFP_DMA: gfp_t;
/** Cleared memory; `kzalloc` adds it. */
export const __GFP_ZERO: gfp_t;
/** No warning when the allocation fails. */
export const __GFP_NOWARN: gfp_t;
/** The same for memory below 4 GB, which all of it is here. */
export const GFP_DMA32: gfp_t;
/** For user space, with its limits. */
export const GFP_USER: gfp_t;
/** The same, for pages that the kernel maps only when it needs them. */
export const GFP_HIGHUSER: gfp_t;
/** GFP_KERNEL, charged to the process's control group. */
export const GFP_KERNEL_ACCOUNT: gfp_t;
/** Memory below 16 MB. */
export const __GFP_DMA: gfp_t;
export const __GFP_DMA32: gfp_t;
/** Memory that the kernel need not have mapped. */
export const __GFP_HIGHMEM: gfp_t;
/** May use reserves. */
export const __GFP_HIGH: gfp_t;
/** May start I/O. */
export const __GFP_IO: gfp_t;
/** May enter file systems. */
export const __GFP_FS: gfp_t;
/** May sleep until reclaim has found memory. */
export const __GFP_DIRECT_RECLAIM: gfp_t;
/** Wakes kswapd when memory becomes short. */
export const __GFP_KSWAPD_RECLAIM: gfp_t;
/** Gives up after one round of reclaim. */
export const __GFP_NORETRY: gfp_t;
/** Tries hard, and fails rather than kills. */
export const __GFP_RETRY_MAYFAIL: gfp_t;
/** Waits for ever rather than fails. */
export const __GFP_NOFAIL: gfp_t;
/** Never touches reserves. */
export const __GFP_NOMEMALLOC: gfp_t;
/** Pages of one block belong together. */
export const __GFP_COMP: gfp_t;
export const __GFP_HARDWALL: gfp_t;
export const __GFP_ACCOUNT: gfp_t;

/** Allocates 2^order pages that lie together. Context: as kmalloc. Result: the first struct page; NULL when there is no memory. Source: mm/page_alloc.c */
export function alloc_pages(gfp: gfp_t, order: uint): Ref<page> | null;
/** Allocates a page. Context: as kmalloc. Result: its struct page; NULL when there is no memory. Source: include/linux/gfp.h */
export function alloc_page(gfp: gfp_t): Ref<page> | null;
/** Allocates 2^order pages that lie together. Context: as kmalloc. Result: their address; 0 when there is no memory. Source: mm/page_alloc.c */
export function __get_free_pages(gfp: gfp_t, order: uint): ulong;
/** Allocates a page. Context: as kmalloc. Result: its address; 0 when there is no memory. Source: include/linux/gfp.h */
export function __get_free_page(gfp: gfp_t): ulong;
/** Allocates a cleared page. Context: as kmalloc. Result: its address; 0 when there is no memory. Source: mm/page_alloc.c */
export function get_zeroed_page(gfp: gfp_t): ulong;
/** Frees 2^order pages by their address; 0 is ignored. Context: any. Source: mm/page_alloc.c */
export function free_pages(addr: ulong, order: uint): void;
/** Frees a page by its address; 0 is ignored. Context: any. Source: include/linux/gfp.h */
export function free_page(addr: ulong): void;
/** Frees 2^order pages by their struct page. Context: any. Source: mm/page_alloc.c */
export function __free_pages(page: Ref<page>, order: uint): void;
/** Frees a page by its struct page. Context: any. Source: include/linux/gfp.h */
export function __free_page(page: Ref<page>): void;
