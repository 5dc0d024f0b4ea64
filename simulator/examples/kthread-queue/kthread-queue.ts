// Producer and consumer: two kernel threads, a queue between them, and a wait queue for each of the two reasons to wait.
import { IS_ERR, PTR_ERR } from "linux/err";
import { type file, file_operations, simple_read_from_buffer } from "linux/fs";
import { scnprintf } from "linux/kernel";
import { kthread_run, kthread_should_stop, kthread_stop } from "linux/kthread";
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
import type { task_struct } from "linux/sched";
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
  uint,
} from "linux/types";
import { init_waitqueue_head, wait_event_interruptible, wait_queue_head_t, wake_up } from "linux/wait";

const QUEUE_LENGTH = 4;

const limit = module_param("limit", uint, 20, 0o444);
MODULE_PARM_DESC("limit", "How many numbers are produced");

const queue = struct("queue", {
  /** Guards the ring. Where both are taken, it is taken before `sum_lock`. */
  lock: spinlock_t,
  not_empty: wait_queue_head_t,
  not_full: wait_queue_head_t,
  items: array(u32, QUEUE_LENGTH),
  /** Numbers that were put in and taken out so far; what is between them is in the ring. */
  head: u32,
  tail: u32,
  /** Guards the sum. */
  sum_lock: spinlock_t,
  done: wait_queue_head_t,
  sum: u32,
  consumed: u32,
})({});

let producer: Ref<task_struct>;
let consumer: Ref<task_struct>;

function queue_put(value: u32): boolean {
  spin_lock(queue.lock);
  const has_room = queue.head - queue.tail < QUEUE_LENGTH;
  if (has_room) {
    queue.items[queue.head % QUEUE_LENGTH] = value;
    queue.head += 1;
  }
  spin_unlock(queue.lock);
  return has_room;
}

/** Takes a number out and adds it to the sum, so that each is in the one or in the other. */
function queue_take(): boolean {
  spin_lock(queue.lock);
  const has_item = queue.head !== queue.tail;
  if (has_item) {
    const value = queue.items[queue.tail % QUEUE_LENGTH];
    queue.tail += 1;
    spin_lock(queue.sum_lock);
    queue.sum += value;
    queue.consumed += 1;
    spin_unlock(queue.sum_lock);
  }
  spin_unlock(queue.lock);
  return has_item;
}

function producer_fn(data: null): int {
  for (let n = 1; n <= limit.value && !kthread_should_stop(); n++) {
    // A kernel thread gets no signals: interruptible only means that waiting is no sign of trouble.
    wait_event_interruptible(queue.not_full, () => kthread_should_stop() || queue_put(n));
    wake_up(queue.not_empty);
  }
  // A thread that is stopped must still be there.
  wait_event_interruptible(queue.not_full, () => kthread_should_stop());
  return 0;
}

function consumer_fn(data: null): int {
  while (!kthread_should_stop()) {
    wait_event_interruptible(queue.not_empty, () => kthread_should_stop() || queue_take());
    wake_up(queue.not_full);
    wake_up(queue.done);
  }
  return 0;
}

function is_done(): boolean {
  spin_lock(queue.sum_lock);
  const done = queue.consumed >= limit.value;
  spin_unlock(queue.sum_lock);
  return done;
}

/** Waits until all is consumed and gives the sum. */
function sum_read(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const text = on_stack(array(char, 32));
  const err = wait_event_interruptible(queue.done, is_done);
  if (err) return err;

  spin_lock(queue.lock);
  spin_lock(queue.sum_lock);
  const length = scnprintf(text, 32, "%u, %u left\n", queue.sum, queue.head - queue.tail);
  spin_unlock(queue.sum_lock);
  spin_unlock(queue.lock);
  return simple_read_from_buffer(buf, count, ppos, text, length);
}

const sum_fops = file_operations({ owner: THIS_MODULE, read: sum_read });
const sum_misc = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "sum", fops: sum_fops });

function queue_init(): int {
  let err: int;
  spin_lock_init(queue.lock);
  spin_lock_init(queue.sum_lock);
  init_waitqueue_head(queue.not_empty);
  init_waitqueue_head(queue.not_full);
  init_waitqueue_head(queue.done);

  const first = kthread_run(consumer_fn, null, "consumer");
  if (IS_ERR(first)) return PTR_ERR(first);
  consumer = first;

  err_consumer: {
    const second = kthread_run(producer_fn, null, "producer");
    if (IS_ERR(second)) {
      err = PTR_ERR(second);
      break err_consumer;
    }
    producer = second;

    err_producer: {
      err = misc_register(sum_misc);
      if (err) break err_producer;
      return 0;
    }
    kthread_stop(producer);
  }
  kthread_stop(consumer);
  return err;
}

function queue_exit(): void {
  misc_deregister(sum_misc);
  kthread_stop(producer);
  kthread_stop(consumer);
}

module_init(queue_init);
module_exit(queue_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("Producer and consumer");
