// Structs of a process's memory as drivers see them, with the members that drivers use.
import { layOut } from "../engine/layout.ts";
import { file } from "./layouts.ts";
import { page } from "./pages.ts";

const u32 = { kind: "scalar", scalar: "u32" } as const;
const s32 = { kind: "scalar", scalar: "s32" } as const;
const anything = { kind: "pointer", to: "void" } as const;
const fn = { kind: "pointer", to: "function" } as const;

export const mm_struct = layOut("mm_struct", [
  ["mm_users", s32],
  ["mm_count", s32],
  ["map_count", s32],
  ["total_vm", u32],
  ["task_size", u32],
  ["mmap_base", u32],
]);

export const vm_operations_struct = layOut("vm_operations_struct", [
  ["open", fn],
  ["close", fn],
  ["fault", fn],
]);

export const vm_area_struct = layOut("vm_area_struct", [
  ["vm_start", u32],
  ["vm_end", u32],
  ["vm_mm", { kind: "pointer", to: mm_struct }],
  ["vm_page_prot", u32],
  ["vm_flags", u32],
  ["vm_ops", { kind: "pointer", to: vm_operations_struct }],
  ["vm_pgoff", u32],
  ["vm_file", { kind: "pointer", to: file }],
  ["vm_private_data", anything],
]);

export const vm_fault = layOut("vm_fault", [
  ["vma", { kind: "pointer", to: vm_area_struct }],
  ["pgoff", u32],
  ["address", u32],
  ["flags", u32],
  ["page", { kind: "pointer", to: page }],
]);

/** include/linux/mm.h */
export const VM_FLAGS = {
  VM_READ: 0x1,
  VM_WRITE: 0x2,
  VM_EXEC: 0x4,
  VM_SHARED: 0x8,
  VM_MAYREAD: 0x10,
  VM_MAYWRITE: 0x20,
  VM_MAYEXEC: 0x40,
  VM_MAYSHARE: 0x80,
  VM_PFNMAP: 0x400,
  VM_LOCKED: 0x2000,
  VM_IO: 0x4000,
  VM_DONTCOPY: 0x20000,
  VM_DONTEXPAND: 0x40000,
  VM_DONTDUMP: 0x4000000,
  VM_MIXEDMAP: 0x10000000,
} as const;

/** include/linux/mm_types.h */
export const VM_FAULTS = {
  VM_FAULT_OOM: 0x1,
  VM_FAULT_SIGBUS: 0x2,
  VM_FAULT_MAJOR: 0x4,
  VM_FAULT_SIGSEGV: 0x40,
  VM_FAULT_NOPAGE: 0x100,
  VM_FAULT_LOCKED: 0x200,
  VM_FAULT_RETRY: 0x400,
} as const;

export const FAULT_FLAG_WRITE = 0x1;
export const FAULT_FLAG_USER = 0x40;

export const PROT = { PROT_NONE: 0, PROT_READ: 1, PROT_WRITE: 2, PROT_EXEC: 4 } as const;
export const MAP = { MAP_SHARED: 1, MAP_PRIVATE: 2 } as const;

/** pgprot_t, arch/arm/include/asm/pgtable-2level.h */
const L_PTE_PRESENT = 0x1;
const L_PTE_YOUNG = 0x2;
const L_PTE_RDONLY = 0x80;
const L_PTE_USER = 0x100;
const L_PTE_XN = 0x200;
const L_PTE_MT_MASK = 0x3c;
const L_PTE_MT_WRITEBACK = 0xc;
const L_PTE_MT_BUFFERABLE = 0x4;
const L_PTE_MT_UNCACHED = 0;

/** vm_get_page_prot(). */
export function protectionOf(flags: number): number {
  const base = L_PTE_PRESENT | L_PTE_YOUNG | L_PTE_USER | L_PTE_MT_WRITEBACK;
  const mayWrite = (flags & (VM_FLAGS.VM_WRITE | VM_FLAGS.VM_SHARED)) === (VM_FLAGS.VM_WRITE | VM_FLAGS.VM_SHARED);
  return base | (mayWrite ? 0 : L_PTE_RDONLY) | ((flags & VM_FLAGS.VM_EXEC) !== 0 ? 0 : L_PTE_XN);
}

/** pgprot_noncached() and pgprot_writecombine(). */
export function withMemoryType(prot: number, type: "noncached" | "writecombine"): number {
  return (prot & ~L_PTE_MT_MASK) | (type === "noncached" ? L_PTE_MT_UNCACHED : L_PTE_MT_BUFFERABLE);
}
