// KUnit: wait queues and completions.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_GE,
  KUNIT_EXPECT_LT,
  KUNIT_EXPECT_NE,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import {
  complete,
  completion,
  completion_done,
  DECLARE_COMPLETION,
  DECLARE_COMPLETION_ONSTACK,
  init_completion,
  try_wait_for_completion,
  wait_for_completion_interruptible_timeout,
  wait_for_completion_io,
  wait_for_completion_io_timeout,
  wait_for_completion_killable,
  wait_for_completion_killable_timeout,
} from "linux/completion";
import { msleep } from "linux/delay";
import { ETIME } from "linux/errno";
import { jiffies } from "linux/jiffies";
import { kthread_run } from "linux/kthread";
import { MODULE_LICENSE } from "linux/module";
import {
  current,
  get_current_state,
  schedule,
  set_current_state,
  TASK_INTERRUPTIBLE,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
  wake_up_process,
} from "linux/sched";
import { GFP_KERNEL, kfree, kmalloc } from "linux/slab";
import { DEFINE_SPINLOCK, spin_is_locked, spin_lock_irq, spin_unlock_irq } from "linux/spinlock";
import { memset } from "linux/string";
import { mod_timer, timer_delete_sync, timer_list, timer_setup } from "linux/timer";
import { type int, type Ref, sizeof, struct, u32 } from "linux/types";
import {
  add_wait_queue,
  add_wait_queue_exclusive,
  DECLARE_WAIT_QUEUE_HEAD,
  DECLARE_WAIT_QUEUE_HEAD_ONSTACK,
  DECLARE_WAITQUEUE,
  DEFINE_WAIT,
  finish_wait,
  init_wait,
  init_waitqueue_entry,
  init_waitqueue_head,
  prepare_to_wait,
  prepare_to_wait_event,
  prepare_to_wait_exclusive,
  remove_wait_queue,
  wait_event_cmd,
  wait_event_exclusive_cmd,
  wait_event_hrtimeout,
  wait_event_idle,
  wait_event_idle_exclusive,
  wait_event_idle_timeout,
  wait_event_interruptible_exclusive,
  wait_event_interruptible_hrtimeout,
  wait_event_interruptible_lock_irq,
  wait_event_interruptible_lock_irq_cmd,
  wait_event_interruptible_lock_irq_timeout,
  wait_event_interruptible_timeout,
  wait_event_killable,
  wait_event_killable_exclusive,
  wait_event_killable_timeout,
  wait_event_lock_irq,
  wait_event_lock_irq_cmd,
  wait_event_lock_irq_timeout,
  wait_event_timeout,
  wait_queue_entry,
  wait_queue_head_t,
  waitqueue_active,
  wake_up,
  wake_up_all,
  wake_up_interruptible,
  wake_up_interruptible_all,
  wake_up_interruptible_nr,
  wake_up_interruptible_sync,
  wake_up_nr,
  wake_up_sync,
  wq_has_sleeper,
} from "linux/wait";

const queue = DECLARE_WAIT_QUEUE_HEAD("queue");
const done = DECLARE_COMPLETION("done");
const lock = DEFINE_SPINLOCK("lock");
const device = struct("waiting", {
  timer: timer_list,
  entry: wait_queue_entry,
  ready: u32,
  woken: u32,
  asleep: u32,
  times: u32,
});
const d = device({});
const fresh = struct("fresh", { queue: wait_queue_head_t, done: completion });

/** The timer says that it is ready, in some jiffies. */
function readySoon(wake: () => void): void {
  d.ready = 0;
  waker = wake;
  timer_setup(d.timer, ring, 0);
  mod_timer(d.timer, jiffies() + 3);
}
let waker: () => void = () => {};

function ring(timer: Ref<timer_list>): void {
  if (timer) d.ready = 1;
  waker();
}

function wakeAll(): void {
  wake_up(queue);
}

function wait_test_entries(test: Ref<kunit>): void {
  readySoon(wakeAll);
  const wait = DEFINE_WAIT("wait");
  while (d.ready === 0) {
    prepare_to_wait(queue, wait, TASK_UNINTERRUPTIBLE);
    KUNIT_EXPECT_NE(test, waitqueue_active(queue), 0);
    KUNIT_EXPECT_TRUE(test, wq_has_sleeper(queue));
    if (d.ready === 0) schedule();
  }
  finish_wait(queue, wait);
  KUNIT_EXPECT_EQ(test, waitqueue_active(queue), 0);
  KUNIT_EXPECT_EQ(test, get_current_state(), TASK_RUNNING);

  readySoon(wakeAll);
  const entry = DECLARE_WAITQUEUE("entry", current());
  add_wait_queue(queue, entry);
  KUNIT_EXPECT_NE(test, waitqueue_active(queue), 0);
  while (d.ready === 0) {
    set_current_state(TASK_INTERRUPTIBLE);
    if (d.ready === 0) schedule();
  }
  set_current_state(TASK_RUNNING);
  // It stays in the queue when it is woken.
  KUNIT_EXPECT_NE(test, waitqueue_active(queue), 0);
  remove_wait_queue(queue, entry);
  KUNIT_EXPECT_EQ(test, waitqueue_active(queue), 0);
  timer_delete_sync(d.timer);
}

function wait_test_entry_forms(test: Ref<kunit>): void {
  init_wait(d.entry);
  KUNIT_EXPECT_TRUE(test, prepare_to_wait_exclusive(queue, d.entry, TASK_INTERRUPTIBLE));
  KUNIT_EXPECT_EQ(test, d.entry.flags, 1);
  // Woken, it leaves the queue.
  wake_up_interruptible(queue);
  KUNIT_EXPECT_EQ(test, waitqueue_active(queue), 0);
  finish_wait(queue, d.entry);
  KUNIT_EXPECT_EQ(test, prepare_to_wait_event(queue, d.entry, TASK_INTERRUPTIBLE), 0);
  KUNIT_EXPECT_EQ(test, get_current_state(), TASK_INTERRUPTIBLE);
  finish_wait(queue, d.entry);
  init_waitqueue_entry(d.entry, current());
  KUNIT_EXPECT_EQ(test, d.entry.flags, 0);
  add_wait_queue_exclusive(queue, d.entry);
  KUNIT_EXPECT_EQ(test, d.entry.flags, 1);
  remove_wait_queue(queue, d.entry);
  KUNIT_EXPECT_EQ(test, waitqueue_active(queue), 0);
}

function wait_test_events(test: Ref<kunit>): void {
  const ready = (): boolean => d.ready !== 0;
  readySoon(wakeAll);
  KUNIT_EXPECT_EQ(test, wait_event_killable(queue, ready), 0);
  KUNIT_EXPECT_EQ(test, d.ready, 1);
  readySoon(wakeAll);
  KUNIT_EXPECT_EQ(test, wait_event_killable_timeout(queue, ready, 1), 0);
  KUNIT_EXPECT_GE(test, wait_event_killable_timeout(queue, ready, 50), 1);
  readySoon(wakeAll);
  wait_event_idle(queue, ready);
  KUNIT_EXPECT_EQ(test, d.ready, 1);
  readySoon(wakeAll);
  KUNIT_EXPECT_EQ(test, wait_event_idle_timeout(queue, ready, 1), 0);
  KUNIT_EXPECT_GE(test, wait_event_idle_timeout(queue, ready, 50), 1);
  readySoon(() => wake_up_interruptible_sync(queue));
  KUNIT_EXPECT_EQ(test, wait_event_interruptible_exclusive(queue, ready), 0);
  KUNIT_EXPECT_EQ(test, d.ready, 1);
  readySoon(() => wake_up_sync(queue));
  KUNIT_EXPECT_EQ(test, wait_event_killable_exclusive(queue, ready), 0);
  KUNIT_EXPECT_EQ(test, d.ready, 1);
  readySoon(wakeAll);
  wait_event_idle_exclusive(queue, ready);
  KUNIT_EXPECT_EQ(test, d.ready, 1);
  readySoon(wakeAll);
  KUNIT_EXPECT_EQ(test, wait_event_interruptible_timeout(queue, ready, 1), 0);
  KUNIT_EXPECT_GE(test, wait_event_interruptible_timeout(queue, ready, 50), 1);
  KUNIT_EXPECT_EQ(test, d.ready, 1);
  readySoon(wakeAll);
  KUNIT_EXPECT_EQ(test, wait_event_hrtimeout(queue, ready, 10000n), -ETIME);
  KUNIT_EXPECT_EQ(test, wait_event_interruptible_hrtimeout(queue, ready, 10000n), -ETIME);
  KUNIT_EXPECT_EQ(test, wait_event_interruptible_hrtimeout(queue, ready, 50000000n), 0);
  KUNIT_EXPECT_EQ(test, d.ready, 1);
}

/** Who is woken between the test of its condition and its sleep does not sleep: kthread_stop() relies on it. */
function wait_test_woken_early(test: Ref<kunit>): void {
  let looks = 0;
  const third = (): boolean => {
    looks += 1;
    if (looks === 2) wake_up_process(current());
    return looks === 3;
  };
  const began = jiffies();
  KUNIT_EXPECT_GE(test, wait_event_timeout(queue, third, 50), 1);
  KUNIT_EXPECT_LT(test, jiffies() - began, 5);
  KUNIT_EXPECT_EQ(test, looks, 3);
}

function wait_test_commands(test: Ref<kunit>): void {
  const ready = (): boolean => d.ready !== 0;
  const count = (): void => {
    d.times += 1;
  };
  d.times = 0;
  readySoon(wakeAll);
  wait_event_cmd(queue, ready, count, count);
  KUNIT_EXPECT_EQ(test, d.times, 2);
  readySoon(wakeAll);
  wait_event_exclusive_cmd(queue, ready, count, count);
  KUNIT_EXPECT_EQ(test, d.times, 4);
}

function wait_test_lock_irq(test: Ref<kunit>): void {
  const ready = (): boolean => spin_is_locked(lock) !== 0 && d.ready !== 0;
  const count = (): void => {
    d.times += spin_is_locked(lock) ? 10 : 1;
  };
  d.times = 0;
  readySoon(wakeAll);
  spin_lock_irq(lock);
  wait_event_lock_irq(queue, ready, lock);
  KUNIT_EXPECT_EQ(test, d.ready, 1);
  spin_unlock_irq(lock);
  readySoon(wakeAll);
  spin_lock_irq(lock);
  wait_event_lock_irq_cmd(queue, ready, lock, count);
  KUNIT_EXPECT_EQ(test, d.times, 1);
  KUNIT_EXPECT_EQ(
    test,
    wait_event_lock_irq_timeout(queue, () => false, lock, 2),
    0,
  );
  spin_unlock_irq(lock);
  readySoon(wakeAll);
  spin_lock_irq(lock);
  KUNIT_EXPECT_EQ(test, wait_event_interruptible_lock_irq(queue, ready, lock), 0);
  KUNIT_EXPECT_EQ(test, d.ready, 1);
  spin_unlock_irq(lock);
  readySoon(wakeAll);
  spin_lock_irq(lock);
  KUNIT_EXPECT_EQ(test, wait_event_interruptible_lock_irq_cmd(queue, ready, lock, count), 0);
  KUNIT_EXPECT_EQ(test, d.times, 2);
  KUNIT_EXPECT_GE(test, wait_event_interruptible_lock_irq_timeout(queue, ready, lock, 9), 1);
  spin_unlock_irq(lock);
}

function sleeper(): int {
  d.asleep += 1;
  wait_event_interruptible_exclusive(queue, () => d.ready !== 0);
  d.woken += 1;
  return 0;
}

/** Starts so many sleepers, and gives how many woke when `wake` was called. */
function wokenBy(wake: () => void): number {
  d.ready = 0;
  d.woken = 0;
  d.asleep = 0;
  for (let i = 0; i < 4; i++) kthread_run(sleeper, null, "sleeper");
  while (d.asleep < 4) msleep(1);
  msleep(2);
  d.ready = 1;
  wake();
  msleep(5);
  const woken = d.woken;
  for (let i = 0; i < 4; i++) wake_up(queue);
  msleep(5);
  return woken;
}

function wait_test_exclusive(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(
    test,
    wokenBy(() => wake_up(queue)),
    1,
  );
  KUNIT_EXPECT_EQ(
    test,
    wokenBy(() => wake_up_nr(queue, 2)),
    2,
  );
  KUNIT_EXPECT_EQ(
    test,
    wokenBy(() => wake_up_interruptible_nr(queue, 3)),
    3,
  );
  KUNIT_EXPECT_EQ(
    test,
    wokenBy(() => wake_up_all(queue)),
    4,
  );
  KUNIT_EXPECT_EQ(
    test,
    wokenBy(() => wake_up_interruptible_all(queue)),
    4,
  );
}

function onStack(test: Ref<kunit>): void {
  const own = DECLARE_WAIT_QUEUE_HEAD_ONSTACK("own");
  const mine = DECLARE_COMPLETION_ONSTACK("mine");
  KUNIT_EXPECT_EQ(test, waitqueue_active(own), 0);
  KUNIT_EXPECT_FALSE(test, completion_done(mine));
  readySoon(() => {
    wake_up(own);
    complete(mine);
  });
  wait_event_idle(own, () => d.ready !== 0);
  wait_for_completion_io(mine);
  KUNIT_EXPECT_FALSE(test, completion_done(mine));
}

/** Memory that held something else is made ready for use. */
function wait_test_init(test: Ref<kunit>): void {
  const it = kmalloc(fresh, GFP_KERNEL);
  if (!it) return;
  memset(it, 0xa5, sizeof(fresh));
  init_waitqueue_head(it.queue);
  KUNIT_EXPECT_EQ(test, waitqueue_active(it.queue), 0);
  // Who was in it is forgotten.
  init_waitqueue_entry(d.entry, current());
  add_wait_queue(it.queue, d.entry);
  init_waitqueue_head(it.queue);
  KUNIT_EXPECT_EQ(test, waitqueue_active(it.queue), 0);
  init_completion(it.done);
  KUNIT_EXPECT_FALSE(test, completion_done(it.done));
  complete(it.done);
  init_completion(it.done);
  KUNIT_EXPECT_FALSE(test, try_wait_for_completion(it.done));
  kfree(it);
}

function wait_test_completion(test: Ref<kunit>): void {
  KUNIT_EXPECT_FALSE(test, try_wait_for_completion(done));
  complete(done);
  KUNIT_EXPECT_TRUE(test, try_wait_for_completion(done));
  KUNIT_EXPECT_FALSE(test, try_wait_for_completion(done));
  const finish = (): void => complete(done);
  readySoon(finish);
  KUNIT_EXPECT_EQ(test, wait_for_completion_killable(done), 0);
  KUNIT_EXPECT_EQ(test, d.ready, 1);
  readySoon(finish);
  wait_for_completion_io(done);
  KUNIT_EXPECT_EQ(test, d.ready, 1);
  readySoon(finish);
  KUNIT_EXPECT_EQ(test, wait_for_completion_io_timeout(done, 1), 0);
  KUNIT_EXPECT_GE(test, wait_for_completion_io_timeout(done, 20), 1);
  readySoon(finish);
  KUNIT_EXPECT_EQ(test, wait_for_completion_interruptible_timeout(done, 1), 0);
  KUNIT_EXPECT_GE(test, wait_for_completion_interruptible_timeout(done, 20), 1);
  readySoon(finish);
  KUNIT_EXPECT_EQ(test, wait_for_completion_killable_timeout(done, 1), 0);
  KUNIT_EXPECT_GE(test, wait_for_completion_killable_timeout(done, 20), 1);
  onStack(test);
}

kunit_test_suite(
  kunit_suite({
    name: "wait",
    test_cases: [
      KUNIT_CASE(wait_test_entries),
      KUNIT_CASE(wait_test_entry_forms),
      KUNIT_CASE(wait_test_events),
      KUNIT_CASE(wait_test_woken_early),
      KUNIT_CASE(wait_test_commands),
      KUNIT_CASE(wait_test_lock_irq),
      KUNIT_CASE(wait_test_exclusive),
      KUNIT_CASE(wait_test_init),
      KUNIT_CASE(wait_test_completion),
    ],
  }),
);

MODULE_LICENSE("GPL");
