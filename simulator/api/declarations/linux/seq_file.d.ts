// Files that are written as a text, record by record, and that users read as they like.
import type { file, inode } from "./fs.d.ts";
import type { list_head } from "./list.d.ts";
import type {
  InitialisedBy,
  int,
  Layout,
  loff_t,
  Pointer,
  Ref,
  Struct,
  size_t,
  ssize_t,
  UserPtr,
  u8,
} from "./types.d.ts";

export interface SeqFileMembers {
  /** Bytes of the buffer, and how many of them are written. */
  readonly size: size_t;
  readonly count: size_t;
  /** The file that is read. */
  readonly file: Ref<file>;
  /** The driver's own: what single_open was given. It reads as never NULL. */
  get private(): Ref<unknown>;
  set private(data: Pointer<unknown> | null);
}

/** `struct seq_file`. Source: include/linux/seq_file.h */
export type seq_file = Struct<"seq_file", SeqFileMembers>;
/** `struct seq_file`. Source: include/linux/seq_file.h */
export const seq_file: seq_file;

/** How the records of a file are walked; all run in process context and may sleep. Source: include/linux/seq_file.h */
export interface SeqOperations {
  /** The record at `*pos`. Locks are taken here. Result: NULL at the end, or an ERR_PTR. */
  start: (m: Ref<seq_file>, pos: Ref<typeof loff_t>) => Pointer<unknown> | null;
  /** Ends each walk that start began, also where start gave NULL: locks are given back here. */
  stop: (m: Ref<seq_file>, v: Ref<unknown>) => void;
  /** The record after another; moves `*pos` on, at the end too. Result: NULL at the end. */
  next: (m: Ref<seq_file>, v: Ref<unknown>, pos: Ref<typeof loff_t>) => Pointer<unknown> | null;
  /** Writes a record. Result: 0, a negative errno, or SEQ_SKIP (1) to leave it out. */
  show: (m: Ref<seq_file>, v: Ref<unknown>) => int;
}

/** `struct seq_operations`. Source: include/linux/seq_file.h */
export type seq_operations = Struct<"seq_operations", InitialisedBy<SeqOperations>>;
/** `struct seq_operations`. Source: include/linux/seq_file.h */
export const seq_operations: seq_operations;

type Show = (m: Ref<seq_file>, v: Ref<unknown>) => int;
type Position = Ref<typeof loff_t>;

/** Begins a file of records in open: `private_data` becomes the seq_file. Context: process, may sleep. Result: 0 or a negative errno. Source: fs/seq_file.c */
export function seq_open(file: Ref<file>, op: Ref<seq_operations>): int;
/** seq_open with cleared memory of `psize` bytes in `private`. Context: process, may sleep. Result: 0 or -ENOMEM. Source: fs/seq_file.c */
export function seq_open_private(file: Ref<file>, op: Ref<seq_operations>, psize: Layout | int): int;
/** seq_open_private that gives that memory. Context: process, may sleep. Result: NULL: no memory. Source: fs/seq_file.c */
export function __seq_open_private(file: Ref<file>, op: Ref<seq_operations>, psize: Layout | int): Ref<unknown> | null;
/** The read operation. Context: process, may sleep. Result: bytes, 0 at the end, or a negative errno. Source: fs/seq_file.c */
export function seq_read(file: Ref<file>, buf: UserPtr, size: size_t, ppos: Position): ssize_t;
/** The llseek operation; SEEK_END is -EINVAL. Context: process, may sleep. Source: fs/seq_file.c */
export function seq_lseek(file: Ref<file>, offset: loff_t, whence: int): loff_t;
/** The release operation after seq_open. Context: process, may sleep. Result: 0. Source: fs/seq_file.c */
export function seq_release(inode: Ref<inode>, file: Ref<file>): int;
/** The release operation after seq_open_private: frees `private` too. Context: process, may sleep. Result: 0. Source: fs/seq_file.c */
export function seq_release_private(inode: Ref<inode>, file: Ref<file>): int;
/** Begins a file that `show` writes as one record; `data` is found in `private`. Context: process, may sleep. Result: 0 or a negative errno. Source: fs/seq_file.c */
export function single_open(file: Ref<file>, show: Show, data: Pointer<unknown> | null): int;
/** single_open with a buffer of `size` bytes from the beginning. Context: process, may sleep. Result: 0 or a negative errno. Source: fs/seq_file.c */
export function single_open_size(file: Ref<file>, show: Show, data: Pointer<unknown> | null, size: size_t): int;
/** The release operation after single_open; seq_release would leak. Context: process, may sleep. Result: 0. Source: fs/seq_file.c */
export function single_release(inode: Ref<inode>, file: Ref<file>): int;

/** Adds to the record, with the conversions of printk. A buffer that is full makes show run again with a larger one. Context: any. Source: fs/seq_file.c */
export function seq_printf(
  m: Ref<seq_file>,
  fmt: string,
  ...args: (number | bigint | boolean | Pointer<unknown> | string | null)[]
): void;
/** Adds a text. Context: any. Source: include/linux/seq_file.h */
export function seq_puts(m: Ref<seq_file>, s: string): void;
/** Adds a character: `seq_putc(m, 0x0a)`. Context: any. Source: fs/seq_file.c */
export function seq_putc(m: Ref<seq_file>, c: u8): void;
/** Adds bytes. Context: any. Result: 0, or -1 when the buffer is full. Source: fs/seq_file.c */
export function seq_write(m: Ref<seq_file>, data: Pointer<unknown>, len: size_t): int;
/** Adds a text with the characters of `esc` in octal. Context: any. Source: include/linux/seq_file.h */
export function seq_escape(m: Ref<seq_file>, s: string, esc: string): void;
/** Begins a column of `size` characters, which seq_pad ends. Context: any. Source: include/linux/seq_file.h */
export function seq_setwidth(m: Ref<seq_file>, size: size_t): void;
/** Fills a column up with blanks, and adds `c` unless it is 0. Context: any. Source: fs/seq_file.c */
export function seq_pad(m: Ref<seq_file>, c: u8): void;
/** Whether the record did not fit: show may then stop early. Context: any. Source: include/linux/seq_file.h */
export function seq_has_overflowed(m: Ref<seq_file>): boolean;

/** The entry at a position of a list, for start. Context: any, under the list's lock. Result: NULL past its end. Source: fs/seq_file.c */
export function seq_list_start(head: Ref<list_head>, pos: loff_t): Ref<list_head> | null;
/** The same with the head itself at position 0, for a heading. Context: any, under the list's lock. Result: NULL past its end. Source: fs/seq_file.c */
export function seq_list_start_head(head: Ref<list_head>, pos: loff_t): Ref<list_head> | null;
/** The entry after another, for next; moves `*ppos` on. Context: any, under the list's lock. Result: NULL at the end. Source: fs/seq_file.c */
export function seq_list_next(v: Ref<unknown>, head: Ref<list_head>, ppos: Position): Ref<list_head> | null;
