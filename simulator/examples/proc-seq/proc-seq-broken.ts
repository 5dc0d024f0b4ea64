// proc-seq.ts with one mistake: the loop that frees the list goes on from what it has freed.

import { IS_ERR, PTR_ERR } from "linux/err";
import { EINVAL, ENOMEM } from "linux/errno";
import type { file, inode } from "linux/fs";
import { LIST_HEAD, list_add_tail, list_del, list_entry, list_for_each_entry, list_head } from "linux/list";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE, module_exit, module_init } from "linux/module";
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from "linux/mutex";
import { proc_create, type proc_dir_entry, proc_ops, proc_remove } from "linux/proc_fs";
import {
  type seq_file,
  seq_list_next,
  seq_list_start,
  seq_lseek,
  seq_open,
  seq_operations,
  seq_printf,
  seq_read,
  seq_release,
} from "linux/seq_file";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { memdup_user_nul, strim, strscpy } from "linux/string";
import {
  array,
  cast,
  char,
  type int,
  type loff_t,
  type Ref,
  type size_t,
  type ssize_t,
  struct,
  type UserPtr,
} from "linux/types";

const NAME_BYTES = 32;

const bird = struct("bird", { node: list_head, name: array(char, NAME_BYTES) });
const birds = LIST_HEAD("birds");
/** Guards the list. */
const birds_lock = DEFINE_MUTEX("birds_lock");
let entry: Ref<proc_dir_entry> | null = null;

/** Begins to read at a line. The lock is held until birds_stop(), which is called whatever this returns. */
function birds_start(m: Ref<seq_file>, pos: Ref<loff_t>): Ref<list_head> | null {
  mutex_lock(birds_lock);
  return seq_list_start(birds, pos.value);
}

function birds_next(m: Ref<seq_file>, v: Ref<unknown>, pos: Ref<loff_t>): Ref<list_head> | null {
  return seq_list_next(v, birds, pos);
}

function birds_stop(m: Ref<seq_file>, v: Ref<unknown>): void {
  mutex_unlock(birds_lock);
}

function birds_show(m: Ref<seq_file>, v: Ref<unknown>): int {
  const b = list_entry(cast(list_head, v), bird, "node");
  seq_printf(m, "%s\n", b.name);
  return 0;
}

const birds_seq_ops = seq_operations({
  start: birds_start,
  next: birds_next,
  stop: birds_stop,
  show: birds_show,
});

function birds_open(inode: Ref<inode>, file: Ref<file>): int {
  return seq_open(file, birds_seq_ops);
}

/** Adds a bird. */
function birds_write(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  if (count >= NAME_BYTES) return -EINVAL;
  const text = memdup_user_nul(buf, count);
  if (IS_ERR(text)) return PTR_ERR(text);

  const b = kzalloc(bird, GFP_KERNEL);
  if (!b) {
    kfree(text);
    return -ENOMEM;
  }
  strscpy(b.name, strim(text), NAME_BYTES);
  kfree(text);

  mutex_lock(birds_lock);
  list_add_tail(b.node, birds);
  mutex_unlock(birds_lock);
  return count;
}

const birds_proc_ops = proc_ops({
  proc_open: birds_open,
  proc_read: seq_read,
  proc_write: birds_write,
  proc_lseek: seq_lseek,
  proc_release: seq_release,
});

function birds_init(): int {
  entry = proc_create("birds", 0o644, null, birds_proc_ops);
  return entry ? 0 : -ENOMEM;
}

function birds_exit(): void {
  // An open entry does not keep the module: this waits for who is inside, and nobody comes in any more.
  proc_remove(entry);
  for (const b of list_for_each_entry(birds, bird, "node")) {
    list_del(b.node); // reports: oops, user-pointer-deref
    kfree(b); // reports: use-after-free
  }
}

module_init(birds_init);
module_exit(birds_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("A list in /proc");
