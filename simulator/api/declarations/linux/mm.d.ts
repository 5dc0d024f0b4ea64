// Pages and their addresses.
import type { file } from "./fs.d.ts";
import type { InitialisedBy, int, Pointer, Ref, Struct, uint, ulong } from "./types.d.ts";

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
/** Whether a frame number is that of memory with a struct page; that of device memory is not. Context: any. Source: include/linux/mmzone.h */
export function pfn_valid(pfn: ulong): boolean;
/** The page behind an address of vmalloc. Context: any. Result: NULL where nothing is mapped. Source: mm/vmalloc.c */
export function vmalloc_to_page(addr: Pointer<unknown>): Ref<page> | null;
/** The frame number of the page behind an address of vmalloc. Context: any. Source: mm/vmalloc.c */
export function vmalloc_to_pfn(addr: Pointer<unknown>): ulong;

/** How the pages of an area are mapped: a struct in C. */
export type pgprot_t = number;

export interface MmStructMembers {
  readonly mm_users: int;
  readonly mm_count: int;
  /** How many areas it has. */
  readonly map_count: int;
  readonly task_size: ulong;
  readonly mmap_base: ulong;
}

/** `struct mm_struct`, the memory of a process. Source: include/linux/mm_types.h */
export type mm_struct = Struct<"mm_struct", MmStructMembers>;
/** `struct mm_struct`, the memory of a process. Source: include/linux/mm_types.h */
export const mm_struct: mm_struct;

export interface VmAreaMembers {
  readonly vm_start: ulong;
  /** The first address behind it. */
  readonly vm_end: ulong;
  readonly vm_mm: Ref<mm_struct>;
  vm_page_prot: pgprot_t;
  /** VM_READ and others; vm_flags_set and its kin change them. */
  readonly vm_flags: ulong;
  get vm_ops(): Ref<vm_operations_struct>;
  set vm_ops(ops: Pointer<vm_operations_struct>);
  /** Where in the file it begins, in pages. */
  readonly vm_pgoff: ulong;
  readonly vm_file: Ref<file>;
  /** The driver's own. It reads as never NULL. */
  get vm_private_data(): Ref<unknown>;
  set vm_private_data(data: Pointer<unknown> | null);
}

/** `struct vm_area_struct`, a part of a process's memory: what it mapped. Source: include/linux/mm_types.h */
export type vm_area_struct = Struct<"vm_area_struct", VmAreaMembers>;
/** `struct vm_area_struct`, a part of a process's memory: what it mapped. Source: include/linux/mm_types.h */
export const vm_area_struct: vm_area_struct;

export interface VmFaultMembers {
  readonly vma: Ref<vm_area_struct>;
  /** Of the page that is missing, within the file. */
  readonly pgoff: ulong;
  /** The address of that page. */
  readonly address: ulong;
  /** FAULT_FLAG_WRITE and others. */
  readonly flags: uint;
  /** What the handler gives, with a reference: get_page. */
  get page(): Ref<page> | null;
  set page(page: Pointer<page>);
}

/** `struct vm_fault`, a page that is touched and not there. Source: include/linux/mm.h */
export type vm_fault = Struct<"vm_fault", VmFaultMembers>;
/** `struct vm_fault`, a page that is touched and not there. Source: include/linux/mm.h */
export const vm_fault: vm_fault;

export interface VmOperations {
  /** There is one area more, split from another; mmap itself does not call it. */
  open?: (vma: Ref<vm_area_struct>) => void;
  /** An area is gone. */
  close?: (vma: Ref<vm_area_struct>) => void;
  /** A page is touched that is not there. Process context, may sleep. Result: 0 with `vmf.page`, or VM_FAULT_…. */
  fault?: (vmf: Ref<vm_fault>) => uint;
}

/** `struct vm_operations_struct`, what a driver does for areas that show its file. Source: include/linux/mm.h */
export type vm_operations_struct = Struct<"vm_operations_struct", InitialisedBy<VmOperations>>;
/** `struct vm_operations_struct`, what a driver does for areas that show its file. Source: include/linux/mm.h */
export const vm_operations_struct: vm_operations_struct;

/** Pages can be read. */
export const VM_READ: ulong;
/** Pages can be written. */
export const VM_WRITE: ulong;
export const VM_EXEC: ulong;
/** Others see what is written. */
export const VM_SHARED: ulong;
export const VM_MAYREAD: ulong;
/** mprotect() may make it writable. */
export const VM_MAYWRITE: ulong;
export const VM_MAYEXEC: ulong;
export const VM_MAYSHARE: ulong;
/** Its pages are frames without a struct page. */
export const VM_PFNMAP: ulong;
export const VM_LOCKED: ulong;
/** It shows a device. */
export const VM_IO: ulong;
/** A child of fork() does not get it. */
export const VM_DONTCOPY: ulong;
/** mremap() cannot make it longer. */
export const VM_DONTEXPAND: ulong;
/** It is no part of a core dump. */
export const VM_DONTDUMP: ulong;
/** It has pages with and without a struct page. */
export const VM_MIXEDMAP: ulong;
/** There is no memory. */
export const VM_FAULT_OOM: uint;
/** There is nothing: the process gets SIGBUS. */
export const VM_FAULT_SIGBUS: uint;
export const VM_FAULT_MAJOR: uint;
/** The process gets SIGSEGV. */
export const VM_FAULT_SIGSEGV: uint;
/** The handler has mapped the page itself. */
export const VM_FAULT_NOPAGE: uint;
/** The page that it gives is locked. */
export const VM_FAULT_LOCKED: uint;
export const VM_FAULT_RETRY: uint;
/** The page is written. */
export const FAULT_FLAG_WRITE: uint;
/** The process itself touches it. */
export const FAULT_FLAG_USER: uint;

/**
 * Maps frames into an area, all at once: of pages that the driver keeps, or of a device.
 *
 * Context: mmap of a file, may sleep. Result: 0, or a negative errno. Source: mm/memory.c
 */
export function remap_pfn_range(vma: Ref<vm_area_struct>, addr: ulong, pfn: ulong, size: ulong, prot: pgprot_t): int;
/** The same for frames of a device. Context: mmap of a file, may sleep. Result: 0, or a negative errno. Source: include/linux/mm.h */
export function io_remap_pfn_range(vma: Ref<vm_area_struct>, addr: ulong, pfn: ulong, size: ulong, prot: pgprot_t): int;
/** Maps a device's memory into an area, as `vm_pgoff` says. Context: mmap of a file, may sleep. Result: 0, or -EINVAL when the area is larger. Source: mm/memory.c */
export function vm_iomap_memory(vma: Ref<vm_area_struct>, start: ulong, len: ulong): int;
/** Maps a page, and holds it until it is unmapped. Context: mmap of a file, or a fault handler; may sleep. Result: 0, or a negative errno. Source: mm/memory.c */
export function vm_insert_page(vma: Ref<vm_area_struct>, addr: ulong, page: Ref<page>): int;
/** Maps a frame. Context: a fault handler, may sleep. Result: what the handler returns. Source: mm/memory.c */
export function vmf_insert_pfn(vma: Ref<vm_area_struct>, addr: ulong, pfn: ulong): uint;
/** Maps what vmalloc_user allocated, from page `pgoff` of it on, into a whole area. Context: mmap of a file, may sleep. Result: 0, or a negative errno. Source: mm/vmalloc.c */
export function remap_vmalloc_range(vma: Ref<vm_area_struct>, addr: Pointer<unknown>, pgoff: ulong): int;
/** Sets flags of an area. Context: mmap of a file, may sleep. Source: include/linux/mm.h */
export function vm_flags_set(vma: Ref<vm_area_struct>, flags: ulong): void;
/** Clears flags of an area. Context: mmap of a file, may sleep. Source: include/linux/mm.h */
export function vm_flags_clear(vma: Ref<vm_area_struct>, flags: ulong): void;
/** Sets some flags of an area and clears others. Context: mmap of a file, may sleep. Source: include/linux/mm.h */
export function vm_flags_mod(vma: Ref<vm_area_struct>, set: ulong, clear: ulong): void;
/** How pages of an area with these flags are mapped. Context: any. Source: include/linux/pgtable.h */
export function vm_get_page_prot(flags: ulong): pgprot_t;
/** The same without caches. Context: any. Source: arch/arm/include/asm/pgtable.h */
export function pgprot_noncached(prot: pgprot_t): pgprot_t;
/** The same without caches, writes gathered. Context: any. Source: arch/arm/include/asm/pgtable.h */
export function pgprot_writecombine(prot: pgprot_t): pgprot_t;
/** The number of a protection. Context: any. Source: arch/arm/include/asm/pgtable-2level-types.h */
export function pgprot_val(prot: pgprot_t): ulong;
/** The first area that ends behind an address; it may begin behind it too. Context: process, with mmap_lock. Result: NULL when there is none. Source: mm/mmap.c */
export function find_vma(mm: Ref<mm_struct>, addr: ulong): Ref<vm_area_struct> | null;
/** The area of an address. Context: process, with mmap_lock. Result: NULL when there is none. Source: include/linux/mm.h */
export function vma_lookup(mm: Ref<mm_struct>, addr: ulong): Ref<vm_area_struct> | null;
