// Device registers in memory.
import type { IoMem, u8, u16, u32 } from "./types.d.ts";

/** Reads 8 bits of a device. Context: any. Source: include/asm-generic/io.h */
export function readb(addr: IoMem): u8;
/** Reads 16 bits of a device, little endian. Context: any. Source: include/asm-generic/io.h */
export function readw(addr: IoMem): u16;
/** Reads 32 bits of a device, little endian, before any later access to memory. Context: any. Source: include/asm-generic/io.h */
export function readl(addr: IoMem): u32;
/** Writes 8 bits to a device. Context: any. Source: include/asm-generic/io.h */
export function writeb(value: u8, addr: IoMem): void;
/** Writes 16 bits to a device, little endian. Context: any. Source: include/asm-generic/io.h */
export function writew(value: u16, addr: IoMem): void;
/** Writes 32 bits to a device, little endian, after all earlier accesses to memory. Context: any. Source: include/asm-generic/io.h */
export function writel(value: u32, addr: IoMem): void;

/** readl without ordering against memory. Context: any. Source: include/asm-generic/io.h */
export function readl_relaxed(addr: IoMem): u32;
/** writel without ordering against memory. Context: any. Source: include/asm-generic/io.h */
export function writel_relaxed(value: u32, addr: IoMem): void;

/** Reads 8 bits of what pci_iomap mapped. Context: any. Source: lib/iomap.c */
export function ioread8(addr: IoMem): u32;
/** Reads 16 bits of what pci_iomap mapped. Context: any. Source: lib/iomap.c */
export function ioread16(addr: IoMem): u32;
/** Reads 32 bits of what pci_iomap mapped. Context: any. Source: lib/iomap.c */
export function ioread32(addr: IoMem): u32;
/** Writes 8 bits to what pci_iomap mapped. Context: any. Source: lib/iomap.c */
export function iowrite8(value: u8, addr: IoMem): void;
/** Writes 16 bits to what pci_iomap mapped. Context: any. Source: lib/iomap.c */
export function iowrite16(value: u16, addr: IoMem): void;
/** Writes 32 bits to what pci_iomap mapped. Context: any. Source: lib/iomap.c */
export function iowrite32(value: u32, addr: IoMem): void;
