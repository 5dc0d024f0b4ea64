// linux/proc_fs and linux/seq_file: entries of every kind, read piece by piece, written, and removed while they are open.
import { EFAULT, EINVAL, ENOENT } from "linux/errno";
import { type file, file_inode, type inode, simple_read_from_buffer } from "linux/fs";
import { INIT_LIST_HEAD, LIST_HEAD, list_add_tail, list_del, list_entry, list_head } from "linux/list";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from "linux/mutex";
import { pr_info } from "linux/printk";
import {
  pde_data,
  proc_create,
  proc_create_data,
  proc_create_seq,
  proc_create_seq_data,
  proc_create_seq_private,
  proc_create_single,
  proc_create_single_data,
  proc_dir_entry,
  proc_mkdir,
  proc_mkdir_data,
  proc_mkdir_mode,
  proc_ops,
  proc_remove,
  proc_set_size,
  proc_set_user,
  remove_proc_entry,
  remove_proc_subtree,
} from "linux/proc_fs";
import {
  __seq_open_private,
  seq_escape,
  seq_file,
  seq_has_overflowed,
  seq_list_next,
  seq_list_start,
  seq_list_start_head,
  seq_lseek,
  seq_open,
  seq_open_private,
  seq_operations,
  seq_pad,
  seq_printf,
  seq_putc,
  seq_puts,
  seq_read,
  seq_release,
  seq_release_private,
  seq_setwidth,
  seq_write,
  single_open,
  single_open_size,
  single_release,
} from "linux/seq_file";
import {
  addr,
  array,
  cast,
  type int,
  type loff_t,
  on_stack,
  ptr,
  type Ref,
  type ssize_t,
  struct,
  type UserPtr,
  u8,
  u32,
} from "linux/types";
import { copy_from_user } from "linux/uaccess";

const item = struct("item", { node: list_head, number: u32 });
const items = LIST_HEAD("items");
const items_lock = DEFINE_MUTEX("items_lock");
const own = struct("own", { dir: ptr(proc_dir_entry), size: u32, text: array(u8, 16), many: array(item, 4) });
const the = own({});

/** Records of a list: a heading, and a line for each of its entries. */
function list_start(m: Ref<seq_file>, pos: Ref<typeof loff_t>): Ref<list_head> | null {
  mutex_lock(items_lock);
  return seq_list_start_head(items, pos.value);
}

function plain_start(m: Ref<seq_file>, pos: Ref<typeof loff_t>): Ref<list_head> | null {
  mutex_lock(items_lock);
  return seq_list_start(items, pos.value);
}

function list_next(m: Ref<seq_file>, v: Ref<unknown>, pos: Ref<typeof loff_t>): Ref<list_head> | null {
  return seq_list_next(v, items, pos);
}

function list_stop(m: Ref<seq_file>, v: Ref<unknown>): void {
  mutex_unlock(items_lock);
}

function list_show(m: Ref<seq_file>, v: Ref<unknown>): int {
  const entry = cast(list_head, v);
  if (entry === items) {
    seq_setwidth(m, 8);
    seq_puts(m, "number");
    seq_pad(m, 0x0a);
    return 0;
  }
  const one = list_entry(entry, item, "node");
  // A record that returns SEQ_SKIP is left out.
  if (one.number === 3) return 1;
  seq_printf(m, "%u", one.number);
  seq_putc(m, 0x0a);
  return 0;
}

const list_ops = seq_operations({ start: list_start, next: list_next, stop: list_stop, show: list_show });
const plain_ops = seq_operations({ start: plain_start, next: list_next, stop: list_stop, show: list_show });

/** One record larger than a page: it is written again into a larger buffer. */
function long_show(m: Ref<seq_file>, v: Ref<unknown>): int {
  for (let i = 0; i < 1000; i++) {
    seq_printf(m, "%04d\n", i);
    if (seq_has_overflowed(m)) return 0;
  }
  return 0;
}

function text_show(m: Ref<seq_file>, v: Ref<unknown>): int {
  const it = cast(own, m.private);
  seq_write(m, it.text, it.size);
  seq_escape(m, "a b\n", " \n");
  return 0;
}

function text_open(inode: Ref<inode>, file: Ref<file>): int {
  return single_open(file, text_show, pde_data(inode));
}

function text_open_size(inode: Ref<inode>, file: Ref<file>): int {
  return single_open_size(file, text_show, pde_data(inode), 8192);
}

function text_write(file: Ref<file>, buf: UserPtr, count: number, ppos: Ref<typeof loff_t>): ssize_t {
  if (count > 16) return -EINVAL;
  if (copy_from_user(the.text, buf, count)) return -EFAULT;
  the.size = count;
  return count;
}

const text_ops = proc_ops({
  proc_open: text_open,
  proc_read: seq_read,
  proc_write: text_write,
  proc_lseek: seq_lseek,
  proc_release: single_release,
});
const sized_ops = proc_ops({ proc_open: text_open_size, proc_read: seq_read, proc_release: single_release });

function records_open(inode: Ref<inode>, file: Ref<file>): int {
  return seq_open(file, list_ops);
}

function private_open(inode: Ref<inode>, file: Ref<file>): int {
  return seq_open_private(file, list_ops, item);
}

function private_open_too(inode: Ref<inode>, file: Ref<file>): int {
  const mine = __seq_open_private(file, plain_ops, item);
  if (!mine) return -EINVAL;
  cast(item, mine).number = 1;
  return 0;
}

/** The file's own memory is gone with it. */
function released_release(inode: Ref<inode>, file: Ref<file>): int {
  const m = cast(seq_file, file.private_data);
  const err = seq_release(inode, file);
  if (m.private) return -EINVAL; // reports: use-after-free
  return err;
}

const released_ops = proc_ops({ proc_open: records_open, proc_read: seq_read, proc_release: released_release });
const records_ops = proc_ops({
  proc_open: records_open,
  proc_read: seq_read,
  proc_lseek: seq_lseek,
  proc_release: seq_release,
});
const private_ops = proc_ops({ proc_open: private_open, proc_read: seq_read, proc_release: seq_release_private });
const private_ops_too = proc_ops({
  proc_open: private_open_too,
  proc_read: seq_read,
  proc_release: seq_release_private,
});

/** What an entry of the driver's own operations reads as: its size, and where it is. */
function plain_read(file: Ref<file>, buf: UserPtr, count: number, ppos: Ref<typeof loff_t>): ssize_t {
  const bytes = on_stack(array(u8, 2));
  bytes[0] = 0x30 + file_inode(file).i_size;
  bytes[1] = 0x0a;
  return simple_read_from_buffer(buf, count, ppos, bytes, 2);
}

function plain_release(inode: Ref<inode>, file: Ref<file>): int {
  pr_info("procfs: released\n");
  return 0;
}

const plain_entry_ops = proc_ops({ proc_read: plain_read, proc_release: plain_release });
const remover_ops = proc_ops({ proc_write: remover_write });

/** Takes an entry away that may be open. */
function remover_write(file: Ref<file>, buf: UserPtr, count: number, ppos: Ref<typeof loff_t>): ssize_t {
  remove_proc_entry("plain", the.dir);
  return count;
}

function procfs_init(): int {
  for (let i = 0; i < 4; i++) {
    INIT_LIST_HEAD(the.many[i].node);
    the.many[i].number = i + 1;
    list_add_tail(the.many[i].node, items);
  }
  const dir = proc_mkdir("driver/kunit", null);
  if (!dir) return -EINVAL;
  the.dir = dir;
  proc_create_seq("list", 0, dir, list_ops);
  proc_create_seq_data("list_data", 0, dir, plain_ops, the);
  proc_create_seq_private("list_private", 0, dir, list_ops, item, the);
  proc_create_single("long", 0, dir, long_show);
  proc_create_single_data("text_single", 0, dir, text_show, the);
  proc_create_data("text", 0o644, dir, text_ops, the);
  proc_create_data("sized", 0, dir, sized_ops, the);
  proc_create("records", 0, dir, records_ops);
  proc_create("released", 0, dir, released_ops);
  proc_create("private", 0, dir, private_ops);
  proc_create("private_too", 0, dir, private_ops_too);
  const plain = proc_create("plain", 0, dir, plain_entry_ops);
  if (!plain) return -EINVAL;
  proc_set_size(plain, 7);
  proc_set_user(plain, 1000, 1000);
  proc_create("remover", 0o200, dir, remover_ops);
  proc_mkdir_mode("empty", 0o700, dir);
  proc_mkdir_data("with_data", 0o700, dir, the);
  const gone = proc_mkdir("gone", dir);
  proc_create_single("below", 0, gone, long_show);
  return 0;
}

function procfs_exit(): void {
  if (remove_proc_subtree("gone", the.dir) !== 0 || remove_proc_subtree("gone", the.dir) !== -ENOENT) {
    pr_info("procfs: subtree stays\n");
  }
  proc_remove(the.dir);
  for (let i = 0; i < 4; i++) list_del(addr(the.many[i], "node"));
}

module_init(procfs_init);
module_exit(procfs_exit);
MODULE_LICENSE("GPL");
