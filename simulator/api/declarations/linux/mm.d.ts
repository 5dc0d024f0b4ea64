// Pages and their addresses.
import type { int, Pointer, Ref, Struct, ulong } from "./types.d.ts";

/** `struct page`, what the kernel knows of a page of memory. Source: include/linux/mm_types.h */
export type page = Struct<
  "page",
  { flags: ulong; index: ulong; private: ulong; readonly virtual: Ref<unknown> | null }
>;
/** `struct page`, what the kernel knows of a page of memory. Source: include/linux/mm_types.h */
export const page: page;

/** 4096. */
export const PAGE_SIZE: ulong;
/** 12. */
export const PAGE_SHIFT: int;
export const PAGE_MASK: ulong;
/** Where the linear map begins: the address of physical address 0. */
export const PAGE_OFFSET: ulong;

/** A length rounded up to whole pages. Context: any. Source: include/linux/mm.h */
export function PAGE_ALIGN(addr: ulong): ulong;
/** The place of an address within its page. Context: any. Source: include/linux/mm.h */
export function offset_in_page(p: Pointer<unknown>): ulong;
/** The address of a page in the linear map. Context: any. Source: include/linux/mm.h */
export function page_address(page: Ref<page>): Ref<unknown>;
/** The page of an address in the linear map, such as one from kmalloc; of nothing else. Context: any. Source: arch/arm/include/asm/memory.h */
export function virt_to_page(addr: Pointer<unknown>): Ref<page>;
/** The frame number of a page. Context: any. Source: include/asm-generic/memory_model.h */
export function page_to_pfn(page: Ref<page>): ulong;
/** The page of a frame number. Context: any. Source: include/asm-generic/memory_model.h */
export function pfn_to_page(pfn: ulong): Ref<page>;
/** The physical address of an address in the linear map; drivers give devices what dma_map_single gives. Context: any. Source: arch/arm/include/asm/memory.h */
export function virt_to_phys(addr: Pointer<unknown>): ulong;
/** The same. Context: any. Source: arch/arm/include/asm/memory.h */
export function __pa(addr: Pointer<unknown>): ulong;
/** The address of a physical address of memory. Context: any. Source: arch/arm/include/asm/memory.h */
export function phys_to_virt(phys: ulong): Ref<unknown>;
/** The same. Context: any. Source: arch/arm/include/asm/memory.h */
export function __va(phys: ulong): Ref<unknown>;
/** Whether an address lies in the linear map. Context: any. Source: arch/arm/include/asm/memory.h */
export function virt_addr_valid(addr: Pointer<unknown>): boolean;
/** Whether vmalloc allocated an address. Context: any. Source: include/linux/mm.h */
export function is_vmalloc_addr(addr: Pointer<unknown>): boolean;
/** Takes a reference to a page. Context: any. Source: include/linux/mm.h */
export function get_page(page: Ref<page>): void;
/** Gives a reference to a page back; the last one frees it. Context: any. Source: include/linux/mm.h */
export function put_page(page: Ref<page>): void;
/** How many references there are to a page. Context: any. Source: include/linux/page_ref.h */
export function page_count(page: Ref<page>): int;
/** Says that the kernel must leave a page alone, such as one that user space has mapped. Context: any. Source: include/linux/page-flags.h */
export function SetPageReserved(page: Ref<page>): void;
/** Undoes SetPageReserved. Context: any. Source: include/linux/page-flags.h */
export function ClearPageReserved(page: Ref<page>): void;
/** Maps a page; new code uses kmap_local_page. Context: process, may sleep. Source: include/linux/highmem-internal.h */
export function kmap(page: Ref<page>): Ref<unknown>;
/** Unmaps what kmap mapped. Context: process, may sleep. Source: include/linux/highmem-internal.h */
export function kunmap(page: Ref<page>): void;
