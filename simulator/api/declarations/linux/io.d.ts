// Device registers in memory.
import type { device } from "./device.d.ts";
import type { IoMem, Pointer, Ref, u8, u16, u32, u64, ulong } from "./types.d.ts";

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
/** readb without ordering against memory. Context: any. Source: include/asm-generic/io.h */
export function readb_relaxed(addr: IoMem): u8;
/** readw without ordering against memory. Context: any. Source: include/asm-generic/io.h */
export function readw_relaxed(addr: IoMem): u16;
/** readq without ordering against memory. Context: any. Source: include/asm-generic/io.h */
export function readq_relaxed(addr: IoMem): u64;
/** Reads 64 bits of a device, little endian. Context: any. Source: include/asm-generic/io.h */
export function readq(addr: IoMem): u64;
/** Writes 64 bits to a device, little endian. Context: any. Source: include/asm-generic/io.h */
export function writeq(value: u64, addr: IoMem): void;
/** writeb without ordering against memory. Context: any. Source: include/asm-generic/io.h */
export function writeb_relaxed(value: u8, addr: IoMem): void;
/** writew without ordering against memory. Context: any. Source: include/asm-generic/io.h */
export function writew_relaxed(value: u16, addr: IoMem): void;
/** writeq without ordering against memory. Context: any. Source: include/asm-generic/io.h */
export function writeq_relaxed(value: u64, addr: IoMem): void;
/** Maps device memory by its physical address. Context: process, may sleep. Result: NULL when it cannot be mapped. Source: include/asm-generic/io.h */
export function ioremap(offset: ulong, size: ulong): IoMem | null;
/** Unmaps what ioremap mapped. Context: process, may sleep. Source: include/asm-generic/io.h */
export function iounmap(addr: IoMem): void;
/** Copies from a device, a byte at a time. Context: any. Source: include/asm-generic/io.h */
export function memcpy_fromio(to: Pointer<unknown>, from: IoMem, count: ulong): void;
/** Copies to a device, a byte at a time. Context: any. Source: include/asm-generic/io.h */
export function memcpy_toio(to: IoMem, from: Pointer<unknown>, count: ulong): void;
/** Sets bytes of a device. Context: any. Source: include/asm-generic/io.h */
export function memset_io(addr: IoMem, value: u8, count: ulong): void;
/** ioremap, undone when the driver leaves. Context: process, may sleep. Result: NULL when it cannot be mapped. Source: lib/devres.c */
export function devm_ioremap(dev: Ref<device>, offset: ulong, size: ulong): IoMem | null;
/** Unmaps what devm_ioremap mapped. Context: process, may sleep. Source: lib/devres.c */
export function devm_iounmap(dev: Ref<device>, addr: IoMem): void;
