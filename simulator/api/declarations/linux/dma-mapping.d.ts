// Memory that devices reach.
import type { device } from "./device.d.ts";
import type { gfp_t } from "./gfp.d.ts";
import type { page } from "./mm.d.ts";
import type { int, Layout, Pointer, Ref, size_t, u32, u64, uint, ulong } from "./types.d.ts";

/** An address as a device sees it. 32 bits here. Source: include/linux/types.h */
export type dma_addr_t = u32;

/** The device reads and writes. */
export const DMA_BIDIRECTIONAL: uint;
/** The device reads. */
export const DMA_TO_DEVICE: uint;
/** The device writes. */
export const DMA_FROM_DEVICE: uint;
export const DMA_NONE: uint;
/** What a mapping that failed gives; ask dma_mapping_error rather than compare. */
export const DMA_MAPPING_ERROR: dma_addr_t;

/** The mask of a device with so many address bits. Context: any. Source: include/linux/dma-mapping.h */
export function DMA_BIT_MASK(n: uint): u64;
/** Says which addresses the device can reach, for mappings. Context: process. Result: 0, or -EIO when there is no memory that low. Source: kernel/dma/mapping.c */
export function dma_set_mask(dev: Ref<device>, mask: u64): int;
/** Says which addresses the device can reach, for coherent memory. Context: process. Result: 0, or -EIO when there is no memory that low. Source: kernel/dma/mapping.c */
export function dma_set_coherent_mask(dev: Ref<device>, mask: u64): int;
/** Says which addresses the device can reach, for both. Context: process. Result: 0, or -EIO when there is no memory that low. Source: kernel/dma/mapping.c */
export function dma_set_mask_and_coherent(dev: Ref<device>, mask: u64): int;
/** Which addresses the device can reach. Context: any. Source: include/linux/dma-mapping.h */
export function dma_get_mask(dev: Ref<device>): u64;
/**
 * Cleared memory that the CPU and the device see alike; where the device sees it goes to `*dma_handle`.
 *
 * Context: as kmalloc. Result: NULL when there is no memory. Source: kernel/dma/mapping.c
 */
export function dma_alloc_coherent<T extends Layout>(
  dev: Ref<device>,
  layout: T,
  dma_handle: Pointer<unknown>,
  gfp: gfp_t,
): Ref<T> | null;
export function dma_alloc_coherent(
  dev: Ref<device>,
  size: size_t,
  dma_handle: Pointer<unknown>,
  gfp: gfp_t,
): Ref<unknown> | null;
/** dma_alloc_coherent for as long as the driver has the device. Context: as kmalloc. Result: NULL when there is no memory. Source: include/linux/dma-mapping.h */
export function dmam_alloc_coherent<T extends Layout>(
  dev: Ref<device>,
  layout: T,
  dma_handle: Pointer<unknown>,
  gfp: gfp_t,
): Ref<T> | null;
export function dmam_alloc_coherent(
  dev: Ref<device>,
  size: size_t,
  dma_handle: Pointer<unknown>,
  gfp: gfp_t,
): Ref<unknown> | null;
/** Frees what dmam_alloc_coherent allocated before the driver leaves. Context: process, with interrupts on. Source: kernel/dma/mapping.c */
export function dmam_free_coherent(
  dev: Ref<device>,
  size: size_t | Layout,
  vaddr: Pointer<unknown>,
  dma_handle: dma_addr_t,
): void;
/** Frees what dma_alloc_coherent allocated, with the same size. Context: process, with interrupts on. Source: kernel/dma/mapping.c */
export function dma_free_coherent(
  dev: Ref<device>,
  size: size_t | Layout,
  cpu_addr: Pointer<unknown> | null,
  dma_handle: dma_addr_t,
): void;
/** Lends memory of kmalloc to the device; until it is unmapped, the CPU leaves it alone. Context: any. Result: where the device sees it; dma_mapping_error says whether it failed. Source: kernel/dma/mapping.c */
export function dma_map_single(dev: Ref<device>, ptr: Pointer<unknown>, size: size_t, dir: uint): dma_addr_t;
/** Takes it back, with the same size and direction. Context: any. Source: kernel/dma/mapping.c */
export function dma_unmap_single(dev: Ref<device>, addr: dma_addr_t, size: size_t, dir: uint): void;
/** dma_map_single for a part of a page. Context: any. Result: as dma_map_single. Source: kernel/dma/mapping.c */
export function dma_map_page(dev: Ref<device>, page: Ref<page>, offset: ulong, size: size_t, dir: uint): dma_addr_t;
/** Takes it back. Context: any. Source: kernel/dma/mapping.c */
export function dma_unmap_page(dev: Ref<device>, addr: dma_addr_t, size: size_t, dir: uint): void;
/** Whether a mapping failed; every mapping must be asked about. Context: any. Result: 0, or -ENOMEM. Source: include/linux/dma-mapping.h */
export function dma_mapping_error(dev: Ref<device>, dma_addr: dma_addr_t): int;
/** Lets the CPU at memory that stays mapped. Context: any. Source: kernel/dma/mapping.c */
export function dma_sync_single_for_cpu(dev: Ref<device>, addr: dma_addr_t, size: size_t, dir: uint): void;
/** Gives it to the device again. Context: any. Source: kernel/dma/mapping.c */
export function dma_sync_single_for_device(dev: Ref<device>, addr: dma_addr_t, size: size_t, dir: uint): void;
