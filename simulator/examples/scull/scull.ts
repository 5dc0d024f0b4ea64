// A memory device: what is written to /dev/scull0 and /dev/scull1 can be read again, at any position.
import { cdev, cdev_add, cdev_del, cdev_init } from "linux/cdev";
import { type class_, class_create, class_destroy, device_create, device_destroy } from "linux/device";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EFAULT, ENOMEM, ENOSPC, ERESTARTSYS } from "linux/errno";
import {
  alloc_chrdev_region,
  type file,
  file_operations,
  fixed_size_llseek,
  type inode,
  MAJOR,
  MKDEV,
  O_ACCMODE,
  O_RDONLY,
  O_TRUNC,
  unregister_chrdev_region,
} from "linux/fs";
import { min } from "linux/kernel";
import {
  INIT_LIST_HEAD,
  list_add_tail,
  list_del,
  list_for_each_entry,
  list_for_each_entry_safe,
  list_head,
} from "linux/list";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { mutex, mutex_init, mutex_lock_interruptible, mutex_unlock } from "linux/mutex";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import {
  addr,
  array,
  cast,
  container_of,
  dev_t,
  type int,
  type loff_t,
  ptr,
  type Ref,
  type size_t,
  type ssize_t,
  struct,
  type UserPtr,
  u8,
  u32,
} from "linux/types";
import { clear_user, copy_from_user, copy_to_user } from "linux/uaccess";

const SCULL_DEVS = 2;
/** Bytes of a quantum, quanta of a set, and bytes of a device: small, so that a few writes need several sets. */
const QUANTUM = 64;
const QSET = 4;
const SCULL_MAX = 4096;

const quantum = array(u8, QUANTUM);
/** Quanta that were never written are NULL: a hole reads as zeroes. */
const scull_qset = struct("scull_qset", { node: list_head, data: array(ptr(quantum), QSET) });

const scull_dev = struct("scull_dev", {
  cdev: cdev,
  /** Guards all below. It is a mutex, since copying to and from users may sleep. */
  lock: mutex,
  qsets: list_head,
  size: u32,
});

const scull = struct("scull", { first: dev_t, devs: array(scull_dev, SCULL_DEVS) })({});
let scull_class: Ref<class_>;

/** Empties a device. The caller holds its lock, or nobody else knows it any more. */
function scull_trim(d: Ref<typeof scull_dev>): void {
  for (const set of list_for_each_entry_safe(d.qsets, scull_qset, "node")) {
    for (let i = 0; i < QSET; i++) kfree(set.data[i]);
    list_del(set.node);
    kfree(set);
  }
  d.size = 0;
}

/** The set with this number, or NULL where there is none yet. */
function scull_find(d: Ref<typeof scull_dev>, number: u32): Ref<typeof scull_qset> | null {
  let i = 0;
  for (const set of list_for_each_entry(d.qsets, scull_qset, "node")) {
    if (i === number) return set;
    i++;
  }
  return null;
}

/** The set with this number; it and those before it are made where they are missing. NULL: no memory. */
function scull_follow(d: Ref<typeof scull_dev>, number: u32): Ref<typeof scull_qset> | null {
  let found = scull_find(d, number);
  while (!found) {
    const set = kzalloc(scull_qset, GFP_KERNEL);
    if (!set) return null;
    list_add_tail(set.node, d.qsets);
    found = scull_find(d, number);
  }
  return found;
}

function scull_open(inode: Ref<inode>, file: Ref<file>): int {
  const d = container_of(inode.i_cdev, scull_dev, "cdev");
  file.private_data = d;

  if ((file.f_flags & O_ACCMODE) !== O_RDONLY && file.f_flags & O_TRUNC) {
    if (mutex_lock_interruptible(d.lock)) return -ERESTARTSYS;
    scull_trim(d);
    mutex_unlock(d.lock);
  }
  return 0;
}

/** Reads up to the end of a quantum, as read() may: who wants more calls again. */
function scull_read(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const d = cast(scull_dev, file.private_data);
  let retval: ssize_t = 0;

  if (mutex_lock_interruptible(d.lock)) return -ERESTARTSYS;
  out: {
    if (ppos.value >= d.size) break out;

    const at = ppos.value % QUANTUM;
    const index = Math.trunc(ppos.value / QUANTUM);
    const bytes = min(min(count, d.size - ppos.value), QUANTUM - at);
    const data = scull_find(d, Math.trunc(index / QSET))?.data[index % QSET] ?? null;
    const left = data ? copy_to_user(buf, addr(data, at), bytes) : clear_user(buf, bytes);
    if (left) {
      retval = -EFAULT;
      break out;
    }
    ppos.value += bytes;
    retval = bytes;
  }
  mutex_unlock(d.lock);
  return retval;
}

/** Writes up to the end of a quantum. */
function scull_write(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const d = cast(scull_dev, file.private_data);
  let retval: ssize_t = -ENOMEM;

  if (mutex_lock_interruptible(d.lock)) return -ERESTARTSYS;
  out: {
    if (ppos.value >= SCULL_MAX) {
      retval = -ENOSPC;
      break out;
    }

    const at = ppos.value % QUANTUM;
    const index = Math.trunc(ppos.value / QUANTUM);
    const set = scull_follow(d, Math.trunc(index / QSET));
    if (!set) break out;
    let data = set.data[index % QSET];
    if (!data) {
      // Cleared: what lies before and behind what is written can be read too.
      data = kzalloc(quantum, GFP_KERNEL);
      if (!data) break out;
      set.data[index % QSET] = data;
    }

    const bytes = min(count, QUANTUM - at);
    if (copy_from_user(addr(data, at), buf, bytes)) {
      retval = -EFAULT;
      break out;
    }
    ppos.value += bytes;
    if (ppos.value > d.size) d.size = ppos.value;
    retval = bytes;
  }
  mutex_unlock(d.lock);
  return retval;
}

/** SEEK_END counts from the end of what may be written. */
function scull_llseek(file: Ref<file>, offset: loff_t, whence: int): loff_t {
  return fixed_size_llseek(file, offset, whence, SCULL_MAX);
}

const scull_fops = file_operations({
  owner: THIS_MODULE,
  open: scull_open,
  read: scull_read,
  write: scull_write,
  llseek: scull_llseek,
});

function scull_devt(index: int): dev_t {
  return MKDEV(MAJOR(scull.first), index);
}

/** Makes one device live, last its node: from then on user space finds it. */
function scull_add(index: int): int {
  const d = scull.devs[index];
  mutex_init(d.lock);
  INIT_LIST_HEAD(d.qsets);
  cdev_init(d.cdev, scull_fops);
  d.cdev.owner = THIS_MODULE;

  const err = cdev_add(d.cdev, scull_devt(index), 1);
  if (err) return err;

  const device = device_create(scull_class, null, scull_devt(index), null, "scull%d", index);
  if (IS_ERR(device)) {
    cdev_del(d.cdev);
    return PTR_ERR(device);
  }
  return 0;
}

function scull_del(index: int): void {
  const d = scull.devs[index];
  device_destroy(scull_class, scull_devt(index));
  cdev_del(d.cdev);
  // Nobody has it open: that would keep the module.
  scull_trim(d);
}

function scull_init(): int {
  let added = 0;
  let err = alloc_chrdev_region(addr(scull, "first"), 0, SCULL_DEVS, "scull");
  if (err) return err;

  err_region: {
    const made = class_create("scull");
    if (IS_ERR(made)) {
      err = PTR_ERR(made);
      break err_region;
    }
    scull_class = made;

    err_devices: {
      for (; added < SCULL_DEVS; added++) {
        err = scull_add(added);
        if (err) break err_devices;
      }
      return 0;
    }
    while (added-- > 0) scull_del(added);
    class_destroy(scull_class);
  }
  unregister_chrdev_region(scull.first, SCULL_DEVS);
  return err;
}

function scull_exit(): void {
  for (let i = SCULL_DEVS - 1; i >= 0; i--) scull_del(i);
  class_destroy(scull_class);
  unregister_chrdev_region(scull.first, SCULL_DEVS);
}

module_init(scull_init);
module_exit(scull_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("Memory as character devices");
