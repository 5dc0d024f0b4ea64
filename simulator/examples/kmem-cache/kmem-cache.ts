// Messages of one size from a cache of their own: each write to /dev/mailbox keeps one, each read gives the oldest.
import { EAGAIN, EFAULT, EMSGSIZE, ENOMEM } from "linux/errno";
import { type file, file_operations, type inode, nonseekable_open } from "linux/fs";
import {
  INIT_LIST_HEAD,
  LIST_HEAD,
  list_add_tail,
  list_del_init,
  list_first_entry_or_null,
  list_for_each_entry_safe,
  list_head,
} from "linux/list";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import {
  GFP_KERNEL,
  type kmem_cache,
  kmem_cache_alloc,
  kmem_cache_create,
  kmem_cache_destroy,
  kmem_cache_free,
  SLAB_HWCACHE_ALIGN,
} from "linux/slab";
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from "linux/spinlock";
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
  u32,
} from "linux/types";
import { copy_from_user, copy_to_user } from "linux/uaccess";

const TEXT_BYTES = 100;

const message = struct("message", { node: list_head, length: u32, text: array(char, TEXT_BYTES) });

const mailbox = LIST_HEAD("mailbox");
/** Guards the list; all that sleeps is done without it. */
const mailbox_lock = DEFINE_SPINLOCK("mailbox_lock");
let message_cache: Ref<kmem_cache> | null = null;

/** Runs once for each object when the cache gets memory, not at each allocation: who frees one leaves it like this. */
function message_ctor(object: Ref<unknown>): void {
  const m = cast(message, object);
  INIT_LIST_HEAD(m.node);
  m.length = 0;
}

function mailbox_write(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  if (count > TEXT_BYTES) return -EMSGSIZE;
  if (!message_cache) return -ENOMEM;

  const m = kmem_cache_alloc(message_cache, GFP_KERNEL, message);
  if (!m) return -ENOMEM;
  if (copy_from_user(m.text, buf, count)) {
    kmem_cache_free(message_cache, m);
    return -EFAULT;
  }
  m.length = count;

  spin_lock(mailbox_lock);
  list_add_tail(m.node, mailbox);
  spin_unlock(mailbox_lock);
  return count;
}

/** The oldest message, which is then the caller's alone; NULL: there is none. */
function mailbox_take(): Ref<typeof message> | null {
  spin_lock(mailbox_lock);
  const m = list_first_entry_or_null(mailbox, message, "node");
  if (m) list_del_init(m.node);
  spin_unlock(mailbox_lock);
  return m;
}

function mailbox_read(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const m = mailbox_take();
  if (!m || !message_cache) return -EAGAIN;

  const length = m.length;
  m.length = 0;
  let retval: ssize_t = length;
  if (count < length) retval = -EMSGSIZE;
  else if (copy_to_user(buf, m.text, length)) retval = -EFAULT;
  kmem_cache_free(message_cache, m);
  return retval;
}

function mailbox_open(inode: Ref<inode>, file: Ref<file>): int {
  return nonseekable_open(inode, file);
}

const mailbox_fops = file_operations({
  owner: THIS_MODULE,
  open: mailbox_open,
  read: mailbox_read,
  write: mailbox_write,
});
const mailbox_misc = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "mailbox", fops: mailbox_fops });

function mailbox_init(): int {
  message_cache = kmem_cache_create("message", message, 0, SLAB_HWCACHE_ALIGN, message_ctor);
  if (!message_cache) return -ENOMEM;

  const err = misc_register(mailbox_misc);
  if (err) kmem_cache_destroy(message_cache);
  return err;
}

function mailbox_exit(): void {
  misc_deregister(mailbox_misc);
  if (!message_cache) return;
  // A cache is empty when it is destroyed.
  for (const m of list_for_each_entry_safe(mailbox, message, "node")) {
    list_del_init(m.node);
    kmem_cache_free(message_cache, m);
  }
  kmem_cache_destroy(message_cache);
}

module_init(mailbox_init);
module_exit(mailbox_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("Messages from a slab cache");
