// Entries in /proc.
import type { file, inode } from "./fs.d.ts";
import type { seq_file, seq_operations } from "./seq_file.d.ts";
import type {
  InitialisedBy,
  int,
  Layout,
  loff_t,
  long,
  Pointer,
  Ref,
  Struct,
  size_t,
  ssize_t,
  UserPtr,
  uint,
  ulong,
} from "./types.d.ts";

/** What can be done with an entry; all run in process context and may sleep. Source: include/linux/proc_fs.h */
export interface ProcOps {
  proc_flags?: uint;
  proc_open?: (inode: Ref<inode>, file: Ref<file>) => int;
  proc_read?: (file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<typeof loff_t>) => ssize_t;
  proc_write?: (file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<typeof loff_t>) => ssize_t;
  proc_lseek?: (file: Ref<file>, offset: loff_t, whence: int) => loff_t;
  /** The file is closed, or the entry is removed while it is open. */
  proc_release?: (inode: Ref<inode>, file: Ref<file>) => int;
  proc_ioctl?: (file: Ref<file>, cmd: uint, arg: ulong) => long;
}

/** `struct proc_ops`, the operations of an entry. Source: include/linux/proc_fs.h */
export type proc_ops = Struct<"proc_ops", InitialisedBy<ProcOps>>;
/** `struct proc_ops`, the operations of an entry. Source: include/linux/proc_fs.h */
export const proc_ops: proc_ops;

/** `struct proc_dir_entry`; its members are the kernel's own. Source: fs/proc/internal.h */
export type proc_dir_entry = Struct<"proc_dir_entry", Record<never, never>>;
/** `struct proc_dir_entry`; its members are the kernel's own. Source: fs/proc/internal.h */
export const proc_dir_entry: proc_dir_entry;

type Directory = Ref<proc_dir_entry> | null;
type Show = (m: Ref<seq_file>, v: Ref<unknown>) => int;

/**
 * Makes an entry below `parent`, NULL for /proc; mode 0 is 0444. It can be opened before this returns. Unlike a device
 * an open entry does not keep its module loaded: remove_proc_entry waits for who is inside.
 *
 * Context: process, may sleep. Result: NULL: there is one of this name, or no memory. Source: fs/proc/generic.c
 */
export function proc_create(name: string, mode: uint, parent: Directory, ops: Ref<proc_ops>): Directory;
/** proc_create with data that pde_data finds. Context: process, may sleep. Result: NULL as proc_create. Source: fs/proc/generic.c */
export function proc_create_data(
  name: string,
  mode: uint,
  parent: Directory,
  ops: Ref<proc_ops>,
  data: Pointer<unknown> | null,
): Directory;
/** Makes an entry that is read record by record. Context: process, may sleep. Result: NULL as proc_create. Source: include/linux/proc_fs.h */
export function proc_create_seq(name: string, mode: uint, parent: Directory, ops: Ref<seq_operations>): Directory;
/** proc_create_seq with data that pde_data finds. Context: process, may sleep. Result: NULL as proc_create. Source: include/linux/proc_fs.h */
export function proc_create_seq_data(
  name: string,
  mode: uint,
  parent: Directory,
  ops: Ref<seq_operations>,
  data: Pointer<unknown> | null,
): Directory;
/** proc_create_seq_data with memory of `state_size` bytes for each open file, in `private`. Context: process, may sleep. Result: NULL as proc_create. Source: fs/proc/generic.c */
export function proc_create_seq_private(
  name: string,
  mode: uint,
  parent: Directory,
  ops: Ref<seq_operations>,
  state_size: Layout | int,
  data: Pointer<unknown> | null,
): Directory;
/** Makes an entry that `show` writes. Context: process, may sleep. Result: NULL as proc_create. Source: include/linux/proc_fs.h */
export function proc_create_single(name: string, mode: uint, parent: Directory, show: Show): Directory;
/** proc_create_single with data that `show` finds in `private`. Context: process, may sleep. Result: NULL as proc_create. Source: fs/proc/generic.c */
export function proc_create_single_data(
  name: string,
  mode: uint,
  parent: Directory,
  show: Show,
  data: Pointer<unknown> | null,
): Directory;
/** Makes a directory. Context: process, may sleep. Result: NULL as proc_create. Source: fs/proc/generic.c */
export function proc_mkdir(name: string, parent: Directory): Directory;
/** proc_mkdir with a mode. Context: process, may sleep. Result: NULL as proc_create. Source: fs/proc/generic.c */
export function proc_mkdir_mode(name: string, mode: uint, parent: Directory): Directory;
/** proc_mkdir_mode with data. Context: process, may sleep. Result: NULL as proc_create. Source: fs/proc/generic.c */
export function proc_mkdir_data(name: string, mode: uint, parent: Directory, data: Pointer<unknown> | null): Directory;

/**
 * Removes an entry: waits for operations that are under way, and releases files that are open; theirs give -EIO from
 * then on. A directory must be empty.
 *
 * Context: process, may sleep. Source: fs/proc/generic.c
 */
export function remove_proc_entry(name: string, parent: Directory): void;
/** Removes an entry and all below it. Context: process, may sleep. Result: 0 or -ENOENT. Source: fs/proc/generic.c */
export function remove_proc_subtree(name: string, parent: Directory): int;
/** remove_proc_subtree by the entry itself; NULL is fine. Context: process, may sleep. Source: fs/proc/generic.c */
export function proc_remove(de: Directory): void;

/** The data of an entry, by an inode of it: `cast(edu_dev, pde_data(inode))`. It reads as never NULL. Context: any. Source: include/linux/proc_fs.h */
export function pde_data(inode: Ref<inode>): Ref<unknown>;
/** Says how large the entry's files are. Context: any. Source: fs/proc/generic.c */
export function proc_set_size(de: Ref<proc_dir_entry>, size: loff_t): void;
/** Says whose the entry is. Context: any. Source: fs/proc/generic.c. Differs from Linux: `uid` and `gid` are numbers, and nobody is refused. */
export function proc_set_user(de: Ref<proc_dir_entry>, uid: uint, gid: uint): void;
