// Claims of addresses on the bus.
import type { CString, Ref, Struct, ulong } from "./types.d.ts";

/** `struct resource`, a range of addresses. Source: include/linux/ioport.h */
export type resource = Struct<"resource", { start: ulong; end: ulong; flags: ulong; readonly name: CString }>;
/** `struct resource`, a range of addresses. Source: include/linux/ioport.h */
export const resource: resource;
export const IORESOURCE_IO: ulong;
export const IORESOURCE_MEM: ulong;
export const IORESOURCE_IRQ: ulong;

/** Claims ports. Context: process, may sleep. Result: NULL when somebody has it. Source: include/linux/ioport.h */
export function request_region(start: ulong, n: ulong, name: string): Ref<resource> | null;
/** Gives ports back. Context: process. Source: include/linux/ioport.h */
export function release_region(start: ulong, n: ulong): void;
/** Claims I/O memory. Context: process, may sleep. Result: NULL when somebody has it. Source: include/linux/ioport.h */
export function request_mem_region(start: ulong, n: ulong, name: string): Ref<resource> | null;
/** Gives I/O memory back. Context: process. Source: include/linux/ioport.h */
export function release_mem_region(start: ulong, n: ulong): void;
/** How many bytes a resource has. Context: any. Source: include/linux/ioport.h */
export function resource_size(res: Ref<resource>): ulong;
