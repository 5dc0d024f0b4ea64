// A driver for the tests of the debug adapter: a timer, a work, an ioctl, a per-CPU counter, a long array, a parameter.
import { EINVAL, ENOMEM } from "linux/errno";
import { type file, file_operations } from "linux/fs";
import { jiffies, msecs_to_jiffies } from "linux/jiffies";
import { kernel_kobj, type kobj_attribute, type kobject } from "linux/kobject";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, MODULE_VERSION, module_exit, module_init, module_param, THIS_MODULE } from "linux/module";
import { DEFINE_PER_CPU, this_cpu_inc } from "linux/percpu";
import { pr_err, pr_info } from "linux/printk";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { spin_lock, spin_lock_bh, spin_lock_init, spin_unlock, spin_unlock_bh, spinlock_t } from "linux/spinlock";
import { __ATTR_RO, sysfs_create_file, sysfs_emit, sysfs_remove_file } from "linux/sysfs";
import { from_timer, mod_timer, timer_list, timer_setup, timer_shutdown_sync } from "linux/timer";
import {
  array,
  container_of,
  type int,
  type long,
  type Ref,
  type ssize_t,
  struct,
  u32,
  type uint,
  type ulong,
} from "linux/types";
import { cancel_work_sync, INIT_WORK, schedule_work, work_struct } from "linux/workqueue";

const period_ms = module_param("period_ms", u32, 10, 0o444);
const hits = DEFINE_PER_CPU(u32, "hits");

const beats = struct("beats", {
  misc: miscdevice,
  timer: timer_list,
  work: work_struct,
  lock: spinlock_t,
  count: u32,
  history: array(u32, 300),
});
let the_beats: Ref<typeof beats> | null = null;

function beats_double(n: u32): u32 {
  return n * 2;
}

function beats_half(n: u32): u32 {
  return n >>> 1;
}

function beats_tick(t: Ref<timer_list>): void {
  const b = from_timer(beats, t, "timer");
  spin_lock(b.lock);
  b.count += 1;
  b.history[b.count % 300] = beats_half(beats_double(b.count));
  spin_unlock(b.lock);
  this_cpu_inc(hits);
  schedule_work(b.work);
  if (b.count < 4) mod_timer(b.timer, jiffies() + msecs_to_jiffies(period_ms.value));
}

function beats_work(work: Ref<work_struct>): void {
  const b = container_of(work, beats, "work");
  spin_lock_bh(b.lock);
  const seen = b.count;
  spin_unlock_bh(b.lock);
  pr_info("beat %u\n", seen);
}

function beats_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  if (cmd !== 1) return -EINVAL;
  pr_err("set to %u\n", arg);
  return 0;
}

const beats_fops = file_operations({ owner: THIS_MODULE, unlocked_ioctl: beats_ioctl });

function count_show(kobj: Ref<kobject>, attr: Ref<kobj_attribute>, buf: Ref<unknown>): ssize_t {
  return sysfs_emit(buf, "%u\n", the_beats ? the_beats.count : 0);
}
const count_attr = __ATTR_RO("count", count_show);

function beats_init(): int {
  const b = kzalloc(beats, GFP_KERNEL);
  if (!b) return -ENOMEM;
  spin_lock_init(b.lock);
  INIT_WORK(b.work, beats_work);
  timer_setup(b.timer, beats_tick, 0);
  b.misc.minor = MISC_DYNAMIC_MINOR;
  b.misc.name = "beats";
  b.misc.fops = beats_fops;
  let err = misc_register(b.misc);
  if (err) {
    kfree(b);
    return err;
  }
  err = sysfs_create_file(kernel_kobj(), count_attr.attr);
  if (err) pr_err("no attribute: %d\n", err);
  the_beats = b;
  mod_timer(b.timer, jiffies() + msecs_to_jiffies(period_ms.value));
  return 0;
}

function beats_exit(): void {
  const b = the_beats;
  if (!b) return;
  sysfs_remove_file(kernel_kobj(), count_attr.attr);
  misc_deregister(b.misc);
  timer_shutdown_sync(b.timer);
  cancel_work_sync(b.work);
  the_beats = null;
  kfree(b);
}

module_init(beats_init);
module_exit(beats_exit);
MODULE_LICENSE("GPL");
MODULE_VERSION("1.2");
