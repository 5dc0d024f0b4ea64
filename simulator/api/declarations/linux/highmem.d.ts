// Reaching pages that the kernel may not have mapped.
import type { page } from "./mm.d.ts";
import type { Pointer, Ref } from "./types.d.ts";

/** Maps a page for the running task; what was mapped last is unmapped first. Context: any. Source: include/linux/highmem-internal.h */
export function kmap_local_page(page: Ref<page>): Ref<unknown>;
/** Unmaps what kmap_local_page mapped, by any address in it. Context: any. Source: include/linux/highmem-internal.h */
export function kunmap_local(addr: Pointer<unknown>): void;
/** The same with preemption and page faults off in between; new code uses kmap_local_page. Context: any. Source: include/linux/highmem-internal.h */
export function kmap_atomic(page: Ref<page>): Ref<unknown>;
/** Unmaps what kmap_atomic mapped. Context: any. Source: include/linux/highmem-internal.h */
export function kunmap_atomic(addr: Pointer<unknown>): void;
/** Clears a page. Context: any. Source: include/linux/highmem.h */
export function clear_highpage(page: Ref<page>): void;
