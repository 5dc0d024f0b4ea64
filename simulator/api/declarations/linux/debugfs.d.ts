// Files for whoever debugs a driver, in /sys/kernel/debug. Nobody needs to look at errors: what cannot be made is missing.
import type { file_operations } from "./fs.d.ts";
import type { Pointer, Ref, Struct, uint, ulong } from "./types.d.ts";

/** `struct dentry`; its members are the kernel's own. Source: include/linux/dcache.h */
export type dentry = Struct<"dentry", Record<never, never>>;
/** `struct dentry`; its members are the kernel's own. Source: include/linux/dcache.h */
export const dentry: dentry;

/** `struct debugfs_blob_wrapper`, bytes to be read. Source: include/linux/debugfs.h */
export type debugfs_blob_wrapper = Struct<"debugfs_blob_wrapper", { data: Pointer<unknown> | null; size: ulong }>;
/** `struct debugfs_blob_wrapper`, bytes to be read. Source: include/linux/debugfs.h */
export const debugfs_blob_wrapper: debugfs_blob_wrapper;

type Directory = Ref<dentry> | null;

/** Makes a directory below `parent`, NULL for the root. Context: process, may sleep. Result: its dentry, or an ERR_PTR, which the other functions take. Source: fs/debugfs/inode.c */
export function debugfs_create_dir(name: string, parent: Directory): Ref<dentry>;
/** Makes a file; `data` is found in `inode.i_private`. Context: process, may sleep. Result: as debugfs_create_dir. Source: fs/debugfs/inode.c */
export function debugfs_create_file(
  name: string,
  mode: uint,
  parent: Directory,
  data: Pointer<unknown> | null,
  fops: Ref<file_operations>,
): Ref<dentry>;
/** Makes a file that shows 8 bits as a decimal number, and sets them. Context: process, may sleep. Source: fs/debugfs/file.c */
export function debugfs_create_u8(name: string, mode: uint, parent: Directory, value: Pointer<unknown>): void;
/** Makes a file that shows 8 bits as a hexadecimal number, and sets them. Context: process, may sleep. Source: fs/debugfs/file.c */
export function debugfs_create_x8(name: string, mode: uint, parent: Directory, value: Pointer<unknown>): void;
/** Makes a file that shows 16 bits as a decimal number, and sets them. Context: process, may sleep. Source: fs/debugfs/file.c */
export function debugfs_create_u16(name: string, mode: uint, parent: Directory, value: Pointer<unknown>): void;
/** Makes a file that shows 16 bits as a hexadecimal number, and sets them. Context: process, may sleep. Source: fs/debugfs/file.c */
export function debugfs_create_x16(name: string, mode: uint, parent: Directory, value: Pointer<unknown>): void;
/** Makes a file that shows 32 bits as a decimal number, and sets them. Context: process, may sleep. Source: fs/debugfs/file.c */
export function debugfs_create_u32(name: string, mode: uint, parent: Directory, value: Pointer<unknown>): void;
/** Makes a file that shows 32 bits as a hexadecimal number, and sets them. Context: process, may sleep. Source: fs/debugfs/file.c */
export function debugfs_create_x32(name: string, mode: uint, parent: Directory, value: Pointer<unknown>): void;
/** Makes a file that shows 64 bits as a decimal number, and sets them. Context: process, may sleep. Source: fs/debugfs/file.c */
export function debugfs_create_u64(name: string, mode: uint, parent: Directory, value: Pointer<unknown>): void;
/** Makes a file that shows 64 bits as a hexadecimal number, and sets them. Context: process, may sleep. Source: fs/debugfs/file.c */
export function debugfs_create_x64(name: string, mode: uint, parent: Directory, value: Pointer<unknown>): void;
/** Makes a file that shows a bool as Y or N, and sets it. Context: process, may sleep. Source: fs/debugfs/file.c */
export function debugfs_create_bool(name: string, mode: uint, parent: Directory, value: Pointer<unknown>): void;
/** Makes a file that shows bytes. Context: process, may sleep. Result: as debugfs_create_dir. Source: fs/debugfs/file.c */
export function debugfs_create_blob(
  name: string,
  mode: uint,
  parent: Directory,
  blob: Ref<debugfs_blob_wrapper>,
): Ref<dentry>;
/** Removes a file, or a directory and all below it, once no call of its operations is under way; NULL and errors are fine. Context: process, may sleep. Source: fs/debugfs/inode.c */
export function debugfs_remove(dentry: Directory): void;
/** The old name of debugfs_remove. Context: process, may sleep. Source: include/linux/debugfs.h */
export function debugfs_remove_recursive(dentry: Directory): void;
/** Finds an entry. Context: process, may sleep. Result: NULL: there is none. Source: fs/debugfs/inode.c. Differs from Linux: it takes no reference. */
export function debugfs_lookup(name: string, parent: Directory): Ref<dentry> | null;
