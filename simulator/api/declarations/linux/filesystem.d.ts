// Structs of which file systems are built; nothing mounts one here. Drivers import them from linux/fs.
import type { dentry, file, inode } from "./fs.d.ts";
import type { module } from "./module.d.ts";
import type { seq_file } from "./seq_file.d.ts";
import type {
  CString,
  dev_t,
  InitialisedBy,
  int,
  loff_t,
  Pointer,
  Ref,
  Struct,
  sector_t,
  u8,
  u32,
  uint,
  ulong,
} from "./types.d.ts";

export interface SuperOperationsInit {
  alloc_inode?: (sb: Ref<super_block>) => Ref<inode> | null;
  destroy_inode?: (inode: Ref<inode>) => void;
  free_inode?: (inode: Ref<inode>) => void;
  dirty_inode?: (inode: Ref<inode>, flags: int) => void;
  write_inode?: (inode: Ref<inode>, wbc: Ref<unknown>) => int;
  drop_inode?: (inode: Ref<inode>) => int;
  evict_inode?: (inode: Ref<inode>) => void;
  put_super?: (sb: Ref<super_block>) => void;
  sync_fs?: (sb: Ref<super_block>, wait: int) => int;
  statfs?: (dentry: Ref<dentry>, buf: Ref<unknown>) => int;
  show_options?: (m: Ref<seq_file>, root: Ref<dentry>) => int;
}

/** `struct super_operations`, what can be done with a mounted file system. Nothing looks into it here. Source: include/linux/fs.h */
export type super_operations = Struct<"super_operations", InitialisedBy<SuperOperationsInit>>;
/** `struct super_operations`, what can be done with a mounted file system. Nothing looks into it here. Source: include/linux/fs.h */
export const super_operations: super_operations;

export interface SuperBlockMembers {
  s_blocksize: ulong;
  s_blocksize_bits: u8;
  s_maxbytes: loff_t;
  s_magic: ulong;
  s_flags: ulong;
  s_time_gran: uint;
  s_op: Ref<super_operations> | null;
  s_root: Pointer<unknown> | null;
  s_fs_info: Pointer<unknown> | null;
}

/** `struct super_block`, a mounted file system. Nothing looks into it here. Source: include/linux/fs.h */
export type super_block = Struct<"super_block", SuperBlockMembers>;
/** `struct super_block`, a mounted file system. Nothing looks into it here. Source: include/linux/fs.h */
export const super_block: super_block;

export interface FileSystemTypeInit {
  name: CString;
  fs_flags?: int;
  mount?: (type: Ref<file_system_type>, flags: int, dev: CString, data: Ref<unknown>) => Pointer<unknown> | null;
  kill_sb?: (sb: Ref<super_block>) => void;
  owner?: Ref<module>;
}

/** `struct file_system_type`, a kind of file system. Nothing looks into it here. Source: include/linux/fs.h */
export type file_system_type = Struct<"file_system_type", InitialisedBy<FileSystemTypeInit>>;
/** `struct file_system_type`, a kind of file system. Nothing looks into it here. Source: include/linux/fs.h */
export const file_system_type: file_system_type;

export interface InodeOperationsInit {
  lookup?: (dir: Ref<inode>, dentry: Ref<dentry>, flags: uint) => Pointer<unknown> | null;
  permission?: (idmap: Ref<unknown>, inode: Ref<inode>, mask: int) => int;
  create?: (idmap: Ref<unknown>, dir: Ref<inode>, dentry: Ref<dentry>, mode: uint, excl: boolean) => int;
  link?: (old: Ref<dentry>, dir: Ref<inode>, dentry: Ref<dentry>) => int;
  unlink?: (dir: Ref<inode>, dentry: Ref<dentry>) => int;
  symlink?: (idmap: Ref<unknown>, dir: Ref<inode>, dentry: Ref<dentry>, name: CString) => int;
  mkdir?: (idmap: Ref<unknown>, dir: Ref<inode>, dentry: Ref<dentry>, mode: uint) => int;
  rmdir?: (dir: Ref<inode>, dentry: Ref<dentry>) => int;
  mknod?: (idmap: Ref<unknown>, dir: Ref<inode>, dentry: Ref<dentry>, mode: uint, dev: dev_t) => int;
  rename?: (
    idmap: Ref<unknown>,
    dir: Ref<inode>,
    dentry: Ref<dentry>,
    to: Ref<inode>,
    name: Ref<dentry>,
    flags: uint,
  ) => int;
  setattr?: (idmap: Ref<unknown>, dentry: Ref<dentry>, attr: Ref<unknown>) => int;
  getattr?: (idmap: Ref<unknown>, path: Ref<unknown>, stat: Ref<unknown>, mask: u32, flags: uint) => int;
}

/** `struct inode_operations`, what can be done with a name or a directory. Nothing looks into it here. Source: include/linux/fs.h */
export type inode_operations = Struct<"inode_operations", InitialisedBy<InodeOperationsInit>>;
/** `struct inode_operations`, what can be done with a name or a directory. Nothing looks into it here. Source: include/linux/fs.h */
export const inode_operations: inode_operations;

export interface AddressSpaceOperationsInit {
  writepage?: (page: Ref<unknown>, wbc: Ref<unknown>) => int;
  read_folio?: (file: Ref<file>, folio: Ref<unknown>) => int;
  writepages?: (mapping: Ref<unknown>, wbc: Ref<unknown>) => int;
  dirty_folio?: (mapping: Ref<unknown>, folio: Ref<unknown>) => boolean;
  readahead?: (control: Ref<unknown>) => void;
  write_begin?: (
    file: Ref<file>,
    mapping: Ref<unknown>,
    pos: loff_t,
    len: uint,
    folio: Ref<unknown>,
    data: Ref<unknown>,
  ) => int;
  write_end?: (
    file: Ref<file>,
    mapping: Ref<unknown>,
    pos: loff_t,
    len: uint,
    copied: uint,
    folio: Ref<unknown>,
    data: Ref<unknown>,
  ) => int;
  bmap?: (mapping: Ref<unknown>, block: sector_t) => sector_t;
}

/** `struct address_space_operations`, how pages of a file are read and written. Nothing looks into it here. Source: include/linux/fs.h */
export type address_space_operations = Struct<"address_space_operations", InitialisedBy<AddressSpaceOperationsInit>>;
/** `struct address_space_operations`, how pages of a file are read and written. Nothing looks into it here. Source: include/linux/fs.h */
export const address_space_operations: address_space_operations;
