// Flags that say how an allocation may find its memory.

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
