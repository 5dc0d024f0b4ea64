// Files as a character device sees them.
import type { inode_operations, super_block } from "./filesystem.d.ts";
import type { vm_area_struct } from "./mm.d.ts";
import type { module } from "./module.d.ts";
import type { poll_table } from "./poll.d.ts";
import type { timespec64 } from "./time64.d.ts";
import type {
  CString,
  dev_t,
  InitialisedBy,
  int,
  loff_t,
  long,
  Pointer,
  Ref,
  Struct,
  size_t,
  ssize_t,
  UserPtr,
  u32,
  uint,
  ulong,
} from "./types.d.ts";
import type { iov_iter } from "./uio.d.ts";

/** `loff_t *`: `ppos.value` is the position. */
type Position = Ref<typeof loff_t>;

export interface InodeMembers {
  /** The type of the file, and who may do what with it. */
  i_mode: uint;
  i_ino: ulong;
  i_size: loff_t;
  /** Major and minor number of a device node. */
  readonly i_rdev: dev_t;
  /** The cdev of a character device that is open; NULL for other files, which drivers never see. */
  readonly i_cdev: Ref<cdev>;
  /** What a file system that makes inodes says of them; nothing looks at them here. */
  i_op: Ref<inode_operations> | null;
  i_fop: Ref<file_operations> | null;
  i_sb: Ref<super_block> | null;
  /** What the file was made with: of an entry in /proc and in debugfs its data. It reads as never NULL. */
  get i_private(): Ref<unknown>;
  set i_private(data: Pointer<unknown> | null);
}

/** `struct inode`, a file on disk, such as a device node. Source: include/linux/fs.h */
export type inode = Struct<"inode", InodeMembers>;
/** `struct inode`, a file on disk, such as a device node. Source: include/linux/fs.h */
export const inode: inode;

export interface FileMembers {
  /** O_NONBLOCK and the other flags of open. */
  f_flags: uint;
  /** FMODE_READ, FMODE_WRITE. */
  f_mode: uint;
  f_pos: loff_t;
  /**
   * The driver's own. At open it is NULL for a cdev and points to the miscdevice for a misc device; afterwards it is
   * what open stored, so it reads as never NULL. `cast(edu_dev, file.private_data)` gives it its type.
   */
  get private_data(): Ref<unknown>;
  set private_data(data: Pointer<unknown> | null);
}

/** `struct file`, an open file. Source: include/linux/fs.h */
export type file = Struct<"file", FileMembers>;
/** `struct file`, an open file. Source: include/linux/fs.h */
export const file: file;

/** What can be done with an open file; all run in process context and may sleep. Source: include/linux/fs.h */
export interface FileOperations {
  /** The module stays loaded while a file is open. */
  owner?: Ref<module>;
  open?: (inode: Ref<inode>, file: Ref<file>) => int;
  /** The last reference to the file is gone. The result is ignored. */
  release?: (inode: Ref<inode>, file: Ref<file>) => int;
  /** Result: bytes read, 0 at the end, or a negative errno. */
  read?: (file: Ref<file>, buf: UserPtr, count: size_t, ppos: Position) => ssize_t;
  /** Result: bytes written, or a negative errno. */
  write?: (file: Ref<file>, buf: UserPtr, count: size_t, ppos: Position) => ssize_t;
  /** The same as `read`, into one buffer or several; of files without `read`, and of readv. `iocb.ki_pos` is the position. */
  read_iter?: (iocb: Ref<kiocb>, to: Ref<iov_iter>) => ssize_t;
  /** The same as `write`. */
  write_iter?: (iocb: Ref<kiocb>, from: Ref<iov_iter>) => ssize_t;
  /** A process maps the file; `vma` says what of it, and where. Result: 0, or a negative errno. */
  mmap?: (file: Ref<file>, vma: Ref<vm_area_struct>) => int;
  llseek?: (file: Ref<file>, offset: loff_t, whence: int) => loff_t;
  /** `user(arg)` where the command's argument is a pointer; -ENOTTY for unknown commands. */
  unlocked_ioctl?: (file: Ref<file>, cmd: uint, arg: ulong) => long;
  /** The events that hold; poll_wait says what wakes the caller. */
  poll?: (file: Ref<file>, wait: Ref<poll_table>) => u32;
  /** O_ASYNC is set or cleared, the latter also before release: fasync_helper. */
  fasync?: (fd: int, file: Ref<file>, on: int) => int;
}

/** `struct file_operations`, what can be done with an open file. Source: include/linux/fs.h */
export type file_operations = Struct<"file_operations", InitialisedBy<FileOperations>>;
/** `struct file_operations`, what can be done with an open file. Source: include/linux/fs.h */
export const file_operations: file_operations;

/** A character device; see linux/cdev. */
export interface CdevMembers {
  owner: Ref<module> | null;
  ops: Ref<file_operations> | null;
  readonly dev: dev_t;
}

/** `struct cdev`, a character device; see linux/cdev. Source: include/linux/cdev.h */
export type cdev = Struct<"cdev", CdevMembers>;
/** `struct cdev`, a character device; see linux/cdev. Source: include/linux/cdev.h */
export const cdev: cdev;

/** Do not wait: return -EAGAIN instead. Source: include/uapi/asm-generic/fcntl.h */
export const O_NONBLOCK: uint;
export const O_RDONLY: uint;
export const O_WRONLY: uint;
export const O_RDWR: uint;
/** The bits that tell O_RDONLY, O_WRONLY and O_RDWR apart. */
export const O_ACCMODE: uint;
/** Open empties the file. Of a device the kernel leaves that to the driver, whose open sees the flag; later operations do not. */
export const O_TRUNC: uint;
export const FMODE_READ: uint;
export const FMODE_WRITE: uint;
export const SEEK_SET: int;
export const SEEK_CUR: int;
export const SEEK_END: int;

/** A device number of major and minor. Context: any. Source: include/linux/kdev_t.h */
export function MKDEV(major: uint, minor: uint): dev_t;
/** The major number. Context: any. Source: include/linux/kdev_t.h */
export function MAJOR(dev: dev_t): uint;
/** The minor number. Context: any. Source: include/linux/kdev_t.h */
export function MINOR(dev: dev_t): uint;
/** The minor number of a device node. Context: any. Source: include/linux/fs.h */
export function iminor(inode: Ref<inode>): uint;
/** The major number of a device node. Context: any. Source: include/linux/fs.h */
export function imajor(inode: Ref<inode>): uint;
/** The inode of an open file. Context: any. Source: include/linux/fs.h */
export function file_inode(file: Ref<file>): Ref<inode>;

/**
 * Reserves `count` device numbers with a major number of the kernel's choice, and stores the first in `*dev`.
 *
 * Context: process, may sleep. Result: 0 or a negative errno. Source: fs/char_dev.c
 */
export function alloc_chrdev_region(dev: Ref<typeof dev_t>, baseminor: uint, count: uint, name: string): int;
/** Reserves `count` given device numbers. Context: process, may sleep. Result: 0 or -EBUSY. Source: fs/char_dev.c */
export function register_chrdev_region(from: dev_t, count: uint, name: string): int;
/** Gives device numbers back. Context: process, may sleep. Source: fs/char_dev.c */
export function unregister_chrdev_region(from: dev_t, count: uint): void;

/**
 * Reserves 256 minor numbers and attaches the operations to them; with major 0 the kernel chooses one.
 *
 * Context: process, may sleep. Result: the chosen major number, 0 for a given one, or a negative errno.
 * Source: include/linux/fs.h
 */
export function register_chrdev(major: uint, name: string, fops: Ref<file_operations>): int;
/** Undoes register_chrdev. Context: process, may sleep. Source: include/linux/fs.h */
export function unregister_chrdev(major: uint, name: string): void;

/**
 * Copies to user space what of `from` lies at `*ppos`, and moves it on: the whole of most read operations.
 *
 * Context: process, may sleep. Result: bytes copied, 0 at the end, -EFAULT or -EINVAL. Source: fs/libfs.c
 */
export function simple_read_from_buffer(
  to: UserPtr,
  count: size_t,
  ppos: Position,
  from: Pointer<unknown>,
  available: size_t,
): ssize_t;

/** Copies from user space into `to` at `*ppos`, and moves it on. Context: process, may sleep. Result: as simple_read_from_buffer. Source: fs/libfs.c */
export function simple_write_to_buffer(
  to: Pointer<unknown>,
  available: size_t,
  ppos: Position,
  from: UserPtr,
  count: size_t,
): ssize_t;

/** Says in open that the file has no position. Context: process. Result: 0. Source: fs/open.c */
export function nonseekable_open(inode: Ref<inode>, file: Ref<file>): int;
/** An llseek that changes nothing and succeeds. Context: process. Source: fs/read_write.c */
export function noop_llseek(file: Ref<file>, offset: loff_t, whence: int): loff_t;
/** The usual llseek. Context: process, may sleep. Source: fs/read_write.c */
export function default_llseek(file: Ref<file>, offset: loff_t, whence: int): loff_t;

/** Says in open that the file is read and written as a stream. Context: process. Result: 0. Source: fs/open.c */
export function stream_open(inode: Ref<inode>, file: Ref<file>): int;
/** An open that makes `inode.i_private` the file's `private_data`. Context: process. Result: 0. Source: fs/libfs.c */
export function simple_open(inode: Ref<inode>, file: Ref<file>): int;
/** The llseek of a file whose inode has a size. Context: process. Result: the position or -EINVAL. Source: fs/read_write.c */
export function generic_file_llseek(file: Ref<file>, offset: loff_t, whence: int): loff_t;
/** The llseek of a file of `size` bytes, such as registers. Context: process. Result: the position or -EINVAL. Source: fs/read_write.c */
export function fixed_size_llseek(file: Ref<file>, offset: loff_t, whence: int, size: loff_t): loff_t;
/** The llseek of a file without an end. Context: process. Result: the position or -EINVAL. Source: fs/read_write.c */
export function no_seek_end_llseek(file: Ref<file>, offset: loff_t, whence: int): loff_t;
/** Writes a device number as `major:minor` and a newline. Context: any. Result: characters written. Source: include/linux/kdev_t.h */
export function print_dev_t(buffer: Pointer<unknown>, dev: dev_t): int;
/** Writes a device number as `major:minor`. Context: any. Result: the buffer. Source: include/linux/kdev_t.h */
export function format_dev_t(buffer: Pointer<unknown>, dev: dev_t): string;

/** `struct fasync_struct`, a file that is told: a driver has the head of their list, `ptr(fasync_struct)`. Source: include/linux/fs.h */
export type fasync_struct = Struct<"fasync_struct", Record<never, never>>;
/** `struct fasync_struct`, a file that is told: a driver has the head of their list, `ptr(fasync_struct)`. Source: include/linux/fs.h */
export const fasync_struct: fasync_struct;
/** O_ASYNC. */
export const FASYNC: uint;
/** There is something to read. */
export const POLL_IN: int;
/** There is room to write. */
export const POLL_OUT: int;
export const POLL_MSG: int;
export const POLL_ERR: int;
export const POLL_PRI: int;
export const POLL_HUP: int;
/**
 * The whole of most fasync operations: puts a file into the list at `addr(d, "async_queue")`, or takes it out.
 *
 * Context: process, may sleep. Result: 1 when that changed the list, 0 when not, or a negative errno. Source: fs/fcntl.c
 */
export function fasync_helper(fd: int, file: Ref<file>, on: int, fapp: Pointer<unknown>): int;
/** Sends a signal, SIGIO, to the owner of each file in a list. Context: any. Source: fs/fcntl.c */
export function kill_fasync(fp: Pointer<unknown>, sig: int, band: int): void;

export interface QstrMembers {
  readonly len: u32;
  readonly name: CString;
}

/** `struct qstr`, a name with its length; a member type. Source: include/linux/dcache.h */
export type qstr = Struct<"qstr", QstrMembers>;
/** `struct qstr`, a name with its length; a member type. Source: include/linux/dcache.h */
export const qstr: qstr;

export interface DentryMembers {
  readonly d_name: Ref<qstr>;
  readonly d_inode: Ref<inode>;
}

/** `struct dentry`, a name that leads to an inode. Source: include/linux/dcache.h */
export type dentry = Struct<"dentry", DentryMembers>;
/** `struct dentry`, a name that leads to an inode. Source: include/linux/dcache.h */
export const dentry: dentry;

/** The name under which a file was opened. Context: any. Source: include/linux/fs.h */
export function file_dentry(file: Ref<file>): Ref<dentry>;
/** A number for a new inode: another each time, never 0. Context: any. Source: fs/inode.c */
export function get_next_ino(): uint;
/** The time of day at the last tick, as inodes keep it. Context: any. Result: on the stack of the caller; C's is a struct by value. Source: fs/inode.c */
export function current_time(inode: Ref<inode>): Ref<timespec64>;

export interface KiocbMembers {
  readonly ki_filp: Ref<file>;
  /** The position: what was read or written is added to it. */
  ki_pos: loff_t;
  /** Who is told of the end; NULL where the caller waits for it, as always here. */
  readonly ki_complete: unknown;
  private: Ref<unknown> | null;
  /** IOCB_NOWAIT and others. */
  ki_flags: int;
}

/** `struct kiocb`, a read or a write that is under way. Source: include/linux/fs.h */
export type kiocb = Struct<"kiocb", KiocbMembers>;
/** `struct kiocb`, a read or a write that is under way. Source: include/linux/fs.h */
export const kiocb: kiocb;
/** Whether the caller waits for the end of the operation. Context: any. Source: include/linux/fs.h */
export function is_sync_kiocb(kiocb: Ref<kiocb>): boolean;
/** Do not wait: return -EAGAIN instead. */
export const IOCB_NOWAIT: int;
export const IOCB_APPEND: int;
export const IOCB_DIRECT: int;
/** What iov_iter_rw says of an iterator that is filled, as by read. Source: include/linux/kernel.h */
export const READ: int;
/** And of one that is read from, as by write. */
export const WRITE: int;

export {
  address_space_operations,
  file_system_type,
  inode_operations,
  super_block,
  super_operations,
} from "./filesystem.ts";

// Contract stubs, written by test/simulator/write-contracts.ts.
/** Hands an entry of a directory to its reader; false when there is no more room. Context: not known. Result: 1. Source: include/linux/fs.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function dir_emit(
  ctx: Pointer<unknown> | null,
  name: string,
  namelen: number,
  ino: number | bigint,
  type: number,
): boolean;
/** The mmap of a file whose pages are cached. Context: not known. Result: 0. Source: mm/filemap.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function generic_file_mmap(file: Pointer<unknown> | null, vma: Pointer<unknown> | null): number;
/** The read_iter of a file whose pages are cached. Context: process, may sleep. Result: 0. Source: mm/filemap.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function generic_file_read_iter(iocb: Pointer<unknown> | null, iter: Pointer<unknown> | null): number;
/** The write_iter of a file whose pages are cached. Context: process, may sleep. Result: 0. Source: mm/filemap.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function generic_file_write_iter(iocb: Pointer<unknown> | null, from: Pointer<unknown> | null): number;
/** The read of a directory: -EISDIR. Context: any. Result: 0. Source: fs/libfs.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function generic_read_dir(
  filp: Pointer<unknown> | null,
  buf: Pointer<unknown> | null,
  siz: number,
  ppos: Pointer<unknown> | null,
): number;
/** Whether an inode that nobody uses is thrown away. Context: any. Result: 1. Source: include/linux/fs.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function generic_drop_inode(inode: Pointer<unknown> | null): number;
/** The number of an inode's group. Context: any. Result: 0. Source: include/linux/fs.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function i_gid_read(inode: Pointer<unknown> | null): number;
/** Sets an inode's group by its number. Context: any. Source: include/linux/fs.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function i_gid_write(inode: Pointer<unknown> | null, gid: number): void;
/** The number of an inode's owner. Context: any. Result: 0. Source: include/linux/fs.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function i_uid_read(inode: Pointer<unknown> | null): number;
/** Sets an inode's owner by its number. Context: any. Source: include/linux/fs.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function i_uid_write(inode: Pointer<unknown> | null, uid: number): void;
/** Gives up an inode that iget_locked gave and that could not be read. Context: process, may sleep. Source: fs/bad_inode.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function iget_failed(inode: Pointer<unknown> | null): void;
/** The inode of a number, locked and to be filled in when I_NEW is set; NULL when there is no memory. Context: process, may sleep. Result: a cleared object. Source: fs/inode.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function iget_locked(sb: Pointer<unknown> | null, ino: number): Ref<unknown> | null;
/** Counts one more name of an inode. Context: any. Source: fs/inode.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function inc_nlink(inode: Pointer<unknown> | null): void;
/** Counts one name less, and marks the inode dirty. Context: not known. Source: include/linux/fs.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function inode_dec_link_count(inode: Pointer<unknown> | null): void;
/** Sets up what stays of an inode over its uses; in a constructor of a cache. Context: any. Source: fs/inode.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function inode_init_once(inode: Pointer<unknown> | null): void;
/** Gives a new inode owner, group and mode, as its directory wants. Context: any. Source: fs/inode.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function inode_init_owner(
  idmap: Pointer<unknown> | null,
  inode: Pointer<unknown> | null,
  dir: Pointer<unknown> | null,
  mode: number,
): void;
/** Makes an inode findable by its number. Context: any. Source: include/linux/fs.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function insert_inode_hash(inode: Pointer<unknown> | null): void;
/** Gives a reference to an inode back. Context: process, may sleep. Source: fs/inode.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function iput(inode: Pointer<unknown> | null): void;
/** Unmounts a file system that is on a disk. Context: process, may sleep. Source: fs/super.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function kill_block_super(sb: Pointer<unknown> | null): void;
/** Unmounts a file system that is nothing but names and inodes in memory. Context: process, may sleep. Source: fs/super.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function kill_litter_super(sb: Pointer<unknown> | null): void;
/** Says that an inode has to be written. Context: not known. Source: include/linux/fs.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function mark_inode_dirty(inode: Pointer<unknown> | null): void;
/** Mounts a file system that is on a disk. Context: process, may sleep. Result: a cleared object. Source: fs/super.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function mount_bdev(
  fs_type: Pointer<unknown> | null,
  flags: number,
  dev_name: string,
  data: Pointer<unknown> | null,
  fill_super: ((...args: never[]) => unknown) | null,
): Ref<unknown>;
/** Mounts a file system that is on no disk. Context: process, may sleep. Result: a cleared object. Source: fs/super.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function mount_nodev(
  fs_type: Pointer<unknown> | null,
  flags: number,
  data: Pointer<unknown> | null,
  fill_super: ((...args: never[]) => unknown) | null,
): Ref<unknown>;
/** Makes an inode of a file system; NULL when there is no memory. Context: process, may sleep. Result: a cleared object. Source: fs/inode.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function new_inode(sb: Pointer<unknown> | null): Ref<unknown> | null;
/** Makes a kind of file system known; -EBUSY when its name is taken. Context: any. Result: 0. Source: fs/filesystems.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function register_filesystem(fs: Pointer<unknown> | null): number;
/** The getattr of an inode that is what it says. Context: any. Result: 0. Source: fs/libfs.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function simple_getattr(
  idmap: Pointer<unknown> | null,
  path: Pointer<unknown> | null,
  stat: Pointer<unknown> | null,
  request_mask: number,
  query_flags: number,
): number;
/** The link of a file system in memory. Context: any. Result: 0. Source: fs/libfs.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function simple_link(
  old_dentry: Pointer<unknown> | null,
  dir: Pointer<unknown> | null,
  dentry: Pointer<unknown> | null,
): number;
/** The lookup of a file system whose names are all cached: there is nothing else. Context: any. Result: a cleared object. Source: fs/libfs.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function simple_lookup(
  dir: Pointer<unknown> | null,
  dentry: Pointer<unknown> | null,
  flags: number,
): Ref<unknown>;
/** The rename of a file system in memory. Context: process, may sleep. Result: 0. Source: fs/libfs.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function simple_rename(
  idmap: Pointer<unknown> | null,
  old_dir: Pointer<unknown> | null,
  old_dentry: Pointer<unknown> | null,
  new_dir: Pointer<unknown> | null,
  new_dentry: Pointer<unknown> | null,
  flags: number,
): number;
/** The rmdir of a file system in memory; -ENOTEMPTY. Context: process, may sleep. Result: 0. Source: fs/libfs.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function simple_rmdir(dir: Pointer<unknown> | null, dentry: Pointer<unknown> | null): number;
/** The statfs of a file system in memory. Context: any. Result: 0. Source: fs/libfs.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function simple_statfs(dentry: Pointer<unknown> | null, buf: Pointer<unknown> | null): number;
/** The unlink of a file system in memory. Context: process, may sleep. Result: 0. Source: fs/libfs.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function simple_unlink(dir: Pointer<unknown> | null, dentry: Pointer<unknown> | null): number;
/** Gets the cached page that a write goes to. Context: process, may sleep. Result: 0. Source: fs/libfs.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function simple_write_begin(
  file: Pointer<unknown> | null,
  mapping: Pointer<unknown> | null,
  pos: number | bigint,
  len: number,
  foliop: Pointer<unknown> | null,
  fsdata: Pointer<unknown> | null,
): number;
/** An inode that iget_locked gave is filled in: others may use it. Context: any. Source: fs/inode.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function unlock_new_inode(inode: Pointer<unknown> | null): void;
/** Makes a kind of file system unknown again. Context: process, may sleep. Result: 0. Source: fs/filesystems.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function unregister_filesystem(fs: Pointer<unknown> | null): number;
