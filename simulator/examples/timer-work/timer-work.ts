// A heart that beats: a timer in softirq context counts, and leaves what may sleep to a work item.
import { EINVAL, ENOMEM } from "linux/errno";
import { type file, file_operations, type inode, simple_read_from_buffer } from "linux/fs";
import { jiffies, msecs_to_jiffies } from "linux/jiffies";
import { scnprintf } from "linux/kernel";
import { INIT_LIST_HEAD, list_add_tail, list_del, list_for_each_entry_safe, list_head } from "linux/list";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import {
  MODULE_AUTHOR,
  MODULE_DESCRIPTION,
  MODULE_LICENSE,
  MODULE_PARM_DESC,
  module_exit,
  module_init,
  module_param,
  THIS_MODULE,
} from "linux/module";
import { mutex, mutex_init, mutex_lock, mutex_unlock } from "linux/mutex";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { spin_lock, spin_lock_bh, spin_lock_init, spin_unlock, spin_unlock_bh, spinlock_t } from "linux/spinlock";
import { from_timer, mod_timer, timer_list, timer_setup, timer_shutdown_sync } from "linux/timer";
import {
  array,
  cast,
  char,
  container_of,
  type int,
  type loff_t,
  on_stack,
  type Ref,
  type size_t,
  type ssize_t,
  struct,
  type UserPtr,
  u32,
  uint,
} from "linux/types";
import { cancel_work_sync, INIT_WORK, schedule_work, work_struct } from "linux/workqueue";

/** A note is made of each beat that this divides. */
const BEATS_A_NOTE = 5;

const period_ms = module_param("period_ms", uint, 100, 0o444);
MODULE_PARM_DESC("period_ms", "Milliseconds between two beats");

const note = struct("note", { node: list_head, beats: u32 });

const heart = struct("heart", {
  misc: miscdevice,
  timer: timer_list,
  work: work_struct,
  /** Guards `beats`, which the timer shares: a spinlock, taken with bottom halves off outside of it. */
  beats_lock: spinlock_t,
  beats: u32,
  /** Guards the notes, which only processes touch: a mutex. */
  notes_lock: mutex,
  notes: list_head,
  note_count: u32,
});
let the_heart: Ref<typeof heart> | null = null;

/** Softirq context: no sleeping here, so that the note is left to a work item. */
function heart_beat(t: Ref<timer_list>): void {
  const h = from_timer(heart, t, "timer");

  spin_lock(h.beats_lock);
  h.beats += 1;
  const is_due = h.beats % BEATS_A_NOTE === 0;
  spin_unlock(h.beats_lock);

  if (is_due) schedule_work(h.work);
  mod_timer(h.timer, jiffies() + msecs_to_jiffies(period_ms.value));
}

/** Process context: allocating with GFP_KERNEL and taking a mutex may sleep. */
function heart_note(work: Ref<work_struct>): void {
  const h = container_of(work, heart, "work");
  const n = kzalloc(note, GFP_KERNEL);
  if (!n) return;

  spin_lock_bh(h.beats_lock);
  n.beats = h.beats;
  spin_unlock_bh(h.beats_lock);

  mutex_lock(h.notes_lock);
  list_add_tail(n.node, h.notes);
  h.note_count += 1;
  mutex_unlock(h.notes_lock);
}

function heart_open(inode: Ref<inode>, file: Ref<file>): int {
  file.private_data = container_of(cast(miscdevice, file.private_data), heart, "misc");
  return 0;
}

function heart_read(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const h = cast(heart, file.private_data);
  const text = on_stack(array(char, 32));

  spin_lock_bh(h.beats_lock);
  const beats = h.beats;
  spin_unlock_bh(h.beats_lock);
  mutex_lock(h.notes_lock);
  const notes = h.note_count;
  mutex_unlock(h.notes_lock);

  const length = scnprintf(text, 32, "%u beats, %u notes\n", beats, notes);
  return simple_read_from_buffer(buf, count, ppos, text, length);
}

const heart_fops = file_operations({
  owner: THIS_MODULE,
  open: heart_open,
  read: heart_read,
});

/** Stops the heart. The timer goes first, since it schedules the work item. */
function heart_stop(h: Ref<typeof heart>): void {
  timer_shutdown_sync(h.timer);
  cancel_work_sync(h.work);
  for (const n of list_for_each_entry_safe(h.notes, note, "node")) {
    list_del(n.node);
    kfree(n);
  }
}

function heart_init(): int {
  if (period_ms.value === 0) return -EINVAL;

  const h = kzalloc(heart, GFP_KERNEL);
  if (!h) return -ENOMEM;
  spin_lock_init(h.beats_lock);
  mutex_init(h.notes_lock);
  INIT_LIST_HEAD(h.notes);
  INIT_WORK(h.work, heart_note);
  timer_setup(h.timer, heart_beat, 0);
  mod_timer(h.timer, jiffies() + msecs_to_jiffies(period_ms.value));

  h.misc.minor = MISC_DYNAMIC_MINOR;
  h.misc.name = "heart";
  h.misc.fops = heart_fops;
  const err = misc_register(h.misc);
  if (err) {
    heart_stop(h);
    kfree(h);
    return err;
  }
  the_heart = h;
  return 0;
}

function heart_exit(): void {
  const h = the_heart;
  if (!h) return;
  misc_deregister(h.misc);
  heart_stop(h);
  kfree(h);
}

module_init(heart_init);
module_exit(heart_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("A timer and a work item");
