// debugfs.ts with one mistake: the files stay when the numbers are freed.
import {
  debugfs_create_bool,
  debugfs_create_dir,
  debugfs_create_file,
  debugfs_create_u32,
  type dentry,
} from "linux/debugfs";
import { ENOMEM } from "linux/errno";
import { type file, file_operations, type inode, simple_open } from "linux/fs";
import { kstrtouint_from_user } from "linux/kernel";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { type seq_file, seq_lseek, seq_printf, seq_read, single_open, single_release } from "linux/seq_file";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { spin_lock, spin_lock_init, spin_unlock, spinlock_t } from "linux/spinlock";
import {
  addr,
  array,
  bool,
  cast,
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

const BUCKETS = 4;

const traffic = struct("traffic", {
  /** Guards what follows. debugfs reads single numbers without it, which is good enough for a look. */
  lock: spinlock_t,
  enabled: bool,
  packets: u32,
  bytes: u32,
  /** Packets of less than 64, 256 and 1024 bytes, and larger ones. */
  sizes: array(u32, BUCKETS),
});

let the_traffic: Ref<typeof traffic> | null = null;
let dir: Ref<dentry> | null = null;

/** What the driver proper would call for each packet. */
function traffic_count(t: Ref<typeof traffic>, bytes: u32): void {
  spin_lock(t.lock);
  if (t.enabled) {
    t.packets += 1;
    t.bytes += bytes;
    let bucket = 0;
    for (let limit = 64; bucket < BUCKETS - 1 && bytes >= limit; limit *= 4) bucket++;
    t.sizes[bucket] += 1;
  }
  spin_unlock(t.lock);
}

/** A packet of this many bytes, to try it out. */
function inject_write(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const bytes = on_stack(u32);
  const err = kstrtouint_from_user(buf, count, 0, bytes);
  if (err) return err;
  traffic_count(cast(traffic, file.private_data), bytes.value);
  return count;
}

const inject_fops = file_operations({
  owner: THIS_MODULE,
  open: simple_open,
  write: inject_write,
});

function sizes_show(m: Ref<seq_file>, v: Ref<unknown>): int {
  const t = cast(traffic, m.private);
  const sizes = on_stack(array(u32, BUCKETS));

  // Copied under the lock, printed without it: the numbers belong together.
  spin_lock(t.lock);
  for (let i = 0; i < BUCKETS; i++) sizes[i] = t.sizes[i];
  spin_unlock(t.lock);

  seq_printf(m, "<64 %u\n<256 %u\n<1024 %u\nmore %u\n", sizes[0], sizes[1], sizes[2], sizes[3]);
  return 0;
}

function sizes_open(inode: Ref<inode>, file: Ref<file>): int {
  return single_open(file, sizes_show, inode.i_private);
}

const sizes_fops = file_operations({
  owner: THIS_MODULE,
  open: sizes_open,
  read: seq_read,
  llseek: seq_lseek,
  release: single_release,
});

function traffic_init(): int {
  const t = kzalloc(traffic, GFP_KERNEL);
  if (!t) return -ENOMEM;
  spin_lock_init(t.lock);
  t.enabled = true;
  the_traffic = t;

  // Nobody looks at errors of debugfs: without it the driver works as well.
  dir = debugfs_create_dir("traffic", null); // reports: missing-release
  debugfs_create_bool("enabled", 0o644, dir, addr(t, "enabled")); // reports: missing-release
  debugfs_create_u32("packets", 0o444, dir, addr(t, "packets")); // reports: missing-release
  debugfs_create_u32("bytes", 0o444, dir, addr(t, "bytes")); // reports: missing-release
  debugfs_create_file("sizes", 0o444, dir, t, sizes_fops); // reports: missing-release
  debugfs_create_file("inject", 0o200, dir, t, inject_fops); // reports: missing-release
  return 0;
}

function traffic_exit(): void {
  kfree(the_traffic);
}

module_init(traffic_init);
module_exit(traffic_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("Files in debugfs");
