// Registers of an x86.
import type { ulong } from "../linux/types.d.ts";

/**
 * The control register CR0. Context: any. Source: arch/x86/include/asm/special_insns.h
 *
 * Differs from Linux: this machine is no x86; the register reads as that of one with paging and write protection.
 */
export function read_cr0(): ulong;
/** Protected mode. */
export const X86_CR0_PE: ulong;
/** The kernel cannot write to pages that are read-only either. */
export const X86_CR0_WP: ulong;
/** Paging. */
export const X86_CR0_PG: ulong;
