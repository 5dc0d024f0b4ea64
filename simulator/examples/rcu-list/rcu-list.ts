// A phone book that is read far more often than it is written: a list under RCU, changed by ioctls of /dev/phonebook.
import { EFAULT, ENOENT, ENOMEM, ENOTTY } from "linux/errno";
import { type file, file_operations } from "linux/fs";
import { _IOC_DIR, _IOC_WRITE, _IOR, _IOW, _IOWR } from "linux/ioctl";
import { LIST_HEAD, list_for_each_entry, list_for_each_entry_safe, list_head } from "linux/list";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from "linux/mutex";
import { list_add_rcu, list_del_rcu, list_for_each_entry_rcu, list_replace_rcu } from "linux/rculist";
import {
  kfree_rcu,
  RCU_INIT_POINTER,
  rcu_assign_pointer,
  rcu_dereference,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
} from "linux/rcupdate";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import {
  type int,
  type long,
  on_stack,
  ptr,
  type Ref,
  sizeof,
  struct,
  u32,
  type uint,
  type ulong,
  user,
} from "linux/types";
import { copy_from_user, copy_to_user } from "linux/uaccess";

/** What user space gives and gets. */
const phone_entry = struct("phone_entry", { person: u32, number: u32 });

const PHONE_IOC_SET = _IOW(0x50, 1, phone_entry);
const PHONE_IOC_GET = _IOWR(0x50, 2, phone_entry);
const PHONE_IOC_DEL = _IOW(0x50, 3, phone_entry);
/** Who was entered last. */
const PHONE_IOC_LATEST = _IOR(0x50, 4, phone_entry);

/** An entry never changes once readers can find it: a new one takes its place. */
const phone = struct("phone", { node: list_head, rcu: rcu_head, person: u32, number: u32 });

const phones = LIST_HEAD("phones");
/** A single pointer under RCU, which may be NULL. */
const book = struct("book", { latest: ptr(phone) })({});
/** Writers exclude each other. Readers take no lock at all. */
const phones_lock = DEFINE_MUTEX("phones_lock");

/** Who has the lock may walk the list as if there were no RCU. */
function phone_find(person: u32): Ref<typeof phone> | null {
  for (const p of list_for_each_entry(phones, phone, "node")) {
    if (p.person === person) return p;
  }
  return null;
}

function phone_set(entry: Ref<typeof phone_entry>): long {
  const fresh = kzalloc(phone, GFP_KERNEL);
  if (!fresh) return -ENOMEM;
  fresh.person = entry.person;
  fresh.number = entry.number;

  mutex_lock(phones_lock);
  const old = phone_find(entry.person);
  if (old) list_replace_rcu(old.node, fresh.node);
  else list_add_rcu(fresh.node, phones);
  book.latest = rcu_assign_pointer(fresh);
  mutex_unlock(phones_lock);

  // Readers may still be at the old one: it is freed when they have left.
  if (old) kfree_rcu(old, "rcu");
  return 0;
}

function phone_get(entry: Ref<typeof phone_entry>): long {
  let err = -ENOENT;

  // What is needed is copied out: after rcu_read_unlock() the entry may be gone.
  rcu_read_lock();
  for (const p of list_for_each_entry_rcu(phones, phone, "node")) {
    if (p.person !== entry.person) continue;
    entry.number = p.number;
    err = 0;
    break;
  }
  rcu_read_unlock();
  return err;
}

function phone_latest(entry: Ref<typeof phone_entry>): long {
  let err = -ENOENT;

  rcu_read_lock();
  const p = rcu_dereference(book.latest);
  if (p) {
    entry.person = p.person;
    entry.number = p.number;
    err = 0;
  }
  rcu_read_unlock();
  return err;
}

function phone_del(entry: Ref<typeof phone_entry>): long {
  mutex_lock(phones_lock);
  const old = phone_find(entry.person);
  if (old) list_del_rcu(old.node);
  if (old && book.latest === old) book.latest = RCU_INIT_POINTER(null);
  mutex_unlock(phones_lock);

  if (!old) return -ENOENT;
  kfree_rcu(old, "rcu");
  return 0;
}

function phone_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  const entry = on_stack(phone_entry);
  let err: long;

  if (_IOC_DIR(cmd) & _IOC_WRITE && copy_from_user(entry, user(arg), sizeof(phone_entry))) return -EFAULT;

  switch (cmd) {
    case PHONE_IOC_SET:
      return phone_set(entry);
    case PHONE_IOC_DEL:
      return phone_del(entry);
    case PHONE_IOC_GET:
      err = phone_get(entry);
      break;
    case PHONE_IOC_LATEST:
      err = phone_latest(entry);
      break;
    default:
      return -ENOTTY;
  }
  if (err) return err;
  return copy_to_user(user(arg), entry, sizeof(phone_entry)) ? -EFAULT : 0;
}

const phone_fops = file_operations({ owner: THIS_MODULE, unlocked_ioctl: phone_ioctl });
const phone_misc = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "phonebook", fops: phone_fops });

function phone_init(): int {
  return misc_register(phone_misc);
}

function phone_exit(): void {
  misc_deregister(phone_misc);
  // No file is open, so that nobody reads, and nothing has to be waited for.
  for (const p of list_for_each_entry_safe(phones, phone, "node")) {
    list_del_rcu(p.node);
    kfree(p);
  }
}

module_init(phone_init);
module_exit(phone_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("A list under RCU");
