// A driver for the tests of the views: two mutexes taken in both orders, a lock that a timer takes too, buffers on a list of its own.

import { msleep } from "linux/delay";
import { EINVAL, ENOMEM } from "linux/errno";
import { type file, file_operations } from "linux/fs";
import { jiffies, msecs_to_jiffies } from "linux/jiffies";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { mutex, mutex_init, mutex_lock, mutex_unlock } from "linux/mutex";
import { GFP_ATOMIC, GFP_KERNEL, kfree, kmalloc, kzalloc } from "linux/slab";
import { spin_lock, spin_lock_bh, spin_lock_init, spin_unlock, spin_unlock_bh, spinlock_t } from "linux/spinlock";
import { from_timer, mod_timer, timer_list, timer_setup, timer_shutdown_sync } from "linux/timer";
import { type int, type long, type Ref, struct, u32, type uint, type ulong } from "linux/types";
import { INIT_WORK, schedule_work, work_struct } from "linux/workqueue";

const FIRST_THEN_SECOND = 1;
const SECOND_THEN_FIRST = 2;

const abba = struct("abba", {
  misc: miscdevice,
  timer: timer_list,
  work: work_struct,
  first: mutex,
  second: mutex,
  count_lock: spinlock_t,
  count: u32,
});
let the_abba: Ref<typeof abba> | null = null;

function abba_work(work: Ref<work_struct>): void {
  msleep(1);
}

function abba_tick(t: Ref<timer_list>): void {
  const d = from_timer(abba, t, "timer");
  spin_lock(d.count_lock);
  d.count += 1;
  spin_unlock(d.count_lock);
  kfree(kmalloc(40, GFP_ATOMIC));
  if (d.count < 20) mod_timer(d.timer, jiffies() + msecs_to_jiffies(50));
}

/** Each caller has one lock when it wants the other's. */
function abba_take(d: Ref<typeof abba>, one: Ref<mutex>, other: Ref<mutex>): void {
  mutex_lock(one);
  msleep(5);
  mutex_lock(other);
  d.count += 1;
  mutex_unlock(other);
  mutex_unlock(one);
}

function abba_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  const d = the_abba;
  if (!d) return -EINVAL;
  spin_lock_bh(d.count_lock);
  d.count += 1;
  spin_unlock_bh(d.count_lock);
  schedule_work(d.work);
  kmalloc(24, GFP_KERNEL);
  if (cmd === FIRST_THEN_SECOND) abba_take(d, d.first, d.second);
  else if (cmd === SECOND_THEN_FIRST) abba_take(d, d.second, d.first);
  else return -EINVAL;
  return 0;
}

const abba_fops = file_operations({ owner: THIS_MODULE, unlocked_ioctl: abba_ioctl });

function abba_init(): int {
  const d = kzalloc(abba, GFP_KERNEL);
  if (!d) return -ENOMEM;
  mutex_init(d.first);
  mutex_init(d.second);
  spin_lock_init(d.count_lock);
  INIT_WORK(d.work, abba_work);
  timer_setup(d.timer, abba_tick, 0);
  d.misc.minor = MISC_DYNAMIC_MINOR;
  d.misc.name = "abba";
  d.misc.fops = abba_fops;
  const err = misc_register(d.misc);
  if (err) {
    kfree(d);
    return err;
  }
  the_abba = d;
  mod_timer(d.timer, jiffies() + msecs_to_jiffies(10));
  return 0;
}

function abba_exit(): void {
  const d = the_abba;
  if (!d) return;
  timer_shutdown_sync(d.timer);
  misc_deregister(d.misc);
  kfree(d);
}

module_init(abba_init);
module_exit(abba_exit);
MODULE_LICENSE("GPL");
