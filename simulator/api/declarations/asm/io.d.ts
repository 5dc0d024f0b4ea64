// Ports of a PC.
import type { Pointer, u8, u16, u32, ulong } from "../linux/types.d.ts";

/** Reads 8 bits of a port; all ones where nobody answers. Context: any. Source: include/asm-generic/io.h */
export function inb(port: u16): u8;
/** Writes 8 bits to a port. Context: any. Source: include/asm-generic/io.h */
export function outb(value: u8, port: u16): void;
/** Reads 8 bits of a port, and waits a little; all ones where nobody answers. Context: any. Source: include/asm-generic/io.h */
export function inb_p(port: u16): u8;
/** Writes 8 bits to a port, and waits a little. Context: any. Source: include/asm-generic/io.h */
export function outb_p(value: u8, port: u16): void;
/** Reads 8 bits of a port so many times, into memory. Context: any. Source: include/asm-generic/io.h */
export function insb(port: u16, addr: Pointer<unknown>, count: ulong): void;
/** Writes 8 bits to a port so many times, from memory. Context: any. Source: include/asm-generic/io.h */
export function outsb(port: u16, addr: Pointer<unknown>, count: ulong): void;
/** Reads 16 bits of a port; all ones where nobody answers. Context: any. Source: include/asm-generic/io.h */
export function inw(port: u16): u16;
/** Writes 16 bits to a port. Context: any. Source: include/asm-generic/io.h */
export function outw(value: u16, port: u16): void;
/** Reads 16 bits of a port, and waits a little; all ones where nobody answers. Context: any. Source: include/asm-generic/io.h */
export function inw_p(port: u16): u16;
/** Writes 16 bits to a port, and waits a little. Context: any. Source: include/asm-generic/io.h */
export function outw_p(value: u16, port: u16): void;
/** Reads 16 bits of a port so many times, into memory. Context: any. Source: include/asm-generic/io.h */
export function insw(port: u16, addr: Pointer<unknown>, count: ulong): void;
/** Writes 16 bits to a port so many times, from memory. Context: any. Source: include/asm-generic/io.h */
export function outsw(port: u16, addr: Pointer<unknown>, count: ulong): void;
/** Reads 32 bits of a port; all ones where nobody answers. Context: any. Source: include/asm-generic/io.h */
export function inl(port: u16): u32;
/** Writes 32 bits to a port. Context: any. Source: include/asm-generic/io.h */
export function outl(value: u32, port: u16): void;
/** Reads 32 bits of a port, and waits a little; all ones where nobody answers. Context: any. Source: include/asm-generic/io.h */
export function inl_p(port: u16): u32;
/** Writes 32 bits to a port, and waits a little. Context: any. Source: include/asm-generic/io.h */
export function outl_p(value: u32, port: u16): void;
/** Reads 32 bits of a port so many times, into memory. Context: any. Source: include/asm-generic/io.h */
export function insl(port: u16, addr: Pointer<unknown>, count: ulong): void;
/** Writes 32 bits to a port so many times, from memory. Context: any. Source: include/asm-generic/io.h */
export function outsl(port: u16, addr: Pointer<unknown>, count: ulong): void;
