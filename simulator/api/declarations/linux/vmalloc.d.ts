// Memory that lies together in virtual addresses only.
import type { Layout, Pointer, Ref, ulong } from "./types.d.ts";

/** Allocates whole pages that lie together in virtual addresses only. Context: process, may sleep. Result: NULL when there is no memory. Source: mm/vmalloc.c */
export function vmalloc<T extends Layout>(layout: T): Ref<T> | null;
export function vmalloc(size: ulong): Ref<unknown> | null;
/** The same, cleared. Context: process, may sleep. Result: NULL when there is no memory. Source: mm/vmalloc.c */
export function vzalloc<T extends Layout>(layout: T): Ref<T> | null;
export function vzalloc(size: ulong): Ref<unknown> | null;
/** The same, cleared, so that it can be mapped into user space. Context: process, may sleep. Result: NULL when there is no memory. Source: mm/vmalloc.c */
export function vmalloc_user<T extends Layout>(layout: T): Ref<T> | null;
export function vmalloc_user(size: ulong): Ref<unknown> | null;
/** Frees what vmalloc allocated; NULL is ignored. Context: process, may sleep; an interrupt leaves the work to a worker. Source: mm/vmalloc.c */
export function vfree(addr: Pointer<unknown> | null): void;
