// Statistics that many processes keep at once: one number alone is an atomic, numbers that belong together have a lock.
// checks: kcsan
import { atomic_inc, atomic_read, atomic_set, atomic_t } from "linux/atomic";
import { type file, file_operations, simple_read_from_buffer } from "linux/fs";
import { scnprintf } from "linux/kernel";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { spin_lock, spin_lock_init, spin_unlock, spinlock_t } from "linux/spinlock";
import {
  array,
  char,
  type int,
  type loff_t,
  on_stack,
  type Ref,
  type size_t,
  type ssize_t,
  struct,
  type UserPtr,
  u32,
} from "linux/types";

const stats = struct("stats", {
  /** Counted by whoever writes. */
  writes: atomic_t,
  /** Guards `bytes` and `longest`: who reads both wants them to be of the same moment. */
  lock: spinlock_t,
  bytes: u32,
  longest: u32,
})({});

/** Takes everything, and keeps nothing but the numbers. */
function stats_write(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  atomic_inc(stats.writes);

  spin_lock(stats.lock);
  stats.bytes += count;
  if (count > stats.longest) stats.longest = count;
  spin_unlock(stats.lock);
  return count;
}

function stats_read(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const text = on_stack(array(char, 64));
  const writes = atomic_read(stats.writes);

  spin_lock(stats.lock);
  const bytes = stats.bytes;
  const longest = stats.longest;
  spin_unlock(stats.lock);

  const length = scnprintf(text, 64, "%u writes, %u bytes, at most %u\n", writes, bytes, longest);
  return simple_read_from_buffer(buf, count, ppos, text, length);
}

const stats_fops = file_operations({ owner: THIS_MODULE, read: stats_read, write: stats_write });
const stats_misc = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "stats", fops: stats_fops });

function stats_init(): int {
  atomic_set(stats.writes, 0);
  spin_lock_init(stats.lock);
  return misc_register(stats_misc);
}

function stats_exit(): void {
  misc_deregister(stats_misc);
}

module_init(stats_init);
module_exit(stats_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("Statistics without a data race");
