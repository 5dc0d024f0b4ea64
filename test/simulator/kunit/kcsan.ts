// KUnit: accesses of two threads that nothing orders are found, and all that orders them is known.
// checks: kcsan
import { KUNIT_CASE, KUNIT_EXPECT_EQ, KUNIT_EXPECT_GE, type kunit, kunit_suite, kunit_test_suite } from "kunit/test";
import { atomic_inc_return, atomic_read, atomic_set, atomic_t } from "linux/atomic";
import { BUG } from "linux/bug";
import { data_race, READ_ONCE, WRITE_ONCE } from "linux/compiler";
import { complete, completion, init_completion, wait_for_completion } from "linux/completion";
import { msleep } from "linux/delay";
import { jiffies } from "linux/jiffies";
import { kthread_run } from "linux/kthread";
import { INIT_LIST_HEAD, list_add_tail, list_del, list_for_each_entry_safe, list_head } from "linux/list";
import { MODULE_LICENSE } from "linux/module";
import { mutex, mutex_init, mutex_lock, mutex_unlock } from "linux/mutex";
import { list_add_tail_rcu, list_for_each_entry_rcu } from "linux/rculist";
import { rcu_assign_pointer, rcu_dereference, rcu_read_lock, rcu_read_unlock } from "linux/rcupdate";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { spin_lock, spin_lock_bh, spin_lock_init, spin_unlock, spin_unlock_bh, spinlock_t } from "linux/spinlock";
import { mod_timer, timer_delete_sync, timer_list, timer_setup } from "linux/timer";
import { type int, ptr, type Ref, struct, u32 } from "linux/types";
import { flush_work, INIT_WORK, schedule_work, work_struct } from "linux/workqueue";

const item = struct("item", { node: list_head, value: u32 });
const shared = struct("shared", {
  lock: spinlock_t,
  soft: spinlock_t,
  mutex: mutex,
  ended: completion,
  hits: u32,
  guarded: u32,
  exclusive: u32,
  once: u32,
  guess: u32,
  both: atomic_t,
  ready: u32,
  message: u32,
  ticks: u32,
  counted: u32,
  done: u32,
  answer: u32,
  queue: list_head,
  locked: list_head,
  now: ptr(item),
  timer: timer_list,
  work: work_struct,
});

function create(): Ref<typeof shared> {
  const s = kzalloc(shared, GFP_KERNEL);
  if (!s) BUG();
  spin_lock_init(s.lock);
  spin_lock_init(s.soft);
  mutex_init(s.mutex);
  init_completion(s.ended);
  INIT_LIST_HEAD(s.queue);
  INIT_LIST_HEAD(s.locked);
  return s;
}

/** Two threads do the same, and it ends when both are done. */
function twice(s: Ref<typeof shared>, thread: (s: Ref<typeof shared>) => int): void {
  kthread_run(thread, s, "one");
  kthread_run(thread, s, "other");
  wait_for_completion(s.ended);
  wait_for_completion(s.ended);
}

function hit(s: Ref<typeof shared>): int {
  s.hits += 1; // reports: race-unsynchronised
  complete(s.ended);
  return 0;
}

function hit_under_locks(s: Ref<typeof shared>): int {
  spin_lock(s.lock);
  s.guarded += 1;
  spin_unlock(s.lock);
  mutex_lock(s.mutex);
  s.exclusive += 1;
  mutex_unlock(s.mutex);
  atomic_inc_return(s.both);
  complete(s.ended);
  return 0;
}

function kcsan_test_counter(test: Ref<kunit>): void {
  const s = create();
  twice(s, hit);
  KUNIT_EXPECT_GE(test, s.hits, 1);
  twice(s, hit_under_locks);
  KUNIT_EXPECT_EQ(test, s.guarded, 2);
  KUNIT_EXPECT_EQ(test, s.exclusive, 2);
  KUNIT_EXPECT_EQ(test, atomic_read(s.both), 2);
  kfree(s);
}

function mark(s: Ref<typeof shared>): int {
  s.once = WRITE_ONCE(READ_ONCE(s.once) + 1);
  // It says itself that it may race.
  s.guess = WRITE_ONCE(data_race(s.guess) + 1);
  complete(s.ended);
  return 0;
}

/** A plain write of a word is taken for one step, as KCSAN does; a plain read beside it is none. */
function write_word(s: Ref<typeof shared>): int {
  s.answer = s.answer + 7; // reports: race-unsynchronised
  complete(s.ended);
  return 0;
}

function kcsan_test_marked(test: Ref<kunit>): void {
  const s = create();
  twice(s, mark);
  KUNIT_EXPECT_GE(test, s.once, 1);
  KUNIT_EXPECT_GE(test, s.guess, 1);
  twice(s, write_word);
  KUNIT_EXPECT_GE(test, s.answer, 7);
  kfree(s);
}

function append(s: Ref<typeof shared>): int {
  const [one, other] = [kzalloc(item, GFP_KERNEL), kzalloc(item, GFP_KERNEL)];
  if (!one || !other) BUG();
  spin_lock(s.lock);
  list_add_tail(one.node, s.locked);
  spin_unlock(s.lock);
  list_add_tail(other.node, s.queue); // reports: race-unsynchronised
  complete(s.ended);
  return 0;
}

function kcsan_test_list(test: Ref<kunit>): void {
  const s = create();
  twice(s, append);
  let count = 0;
  for (const head of [s.locked, s.queue]) {
    for (const one of list_for_each_entry_safe(head, item, "node")) {
      list_del(one.node);
      kfree(one);
      count++;
    }
  }
  KUNIT_EXPECT_GE(test, count, 2);
  kfree(s);
}

function append_rcu(s: Ref<typeof shared>): int {
  const one = kzalloc(item, GFP_KERNEL);
  if (!one) BUG();
  one.value = 4;
  spin_lock(s.lock);
  list_add_tail_rcu(one.node, s.locked);
  spin_unlock(s.lock);
  complete(s.ended);
  return 0;
}

/** Readers of RCU walk a list while it grows. */
function kcsan_test_rcu_list(test: Ref<kunit>): void {
  const s = create();
  kthread_run(append_rcu, s, "append");
  for (let found = 0; found !== 4; ) {
    rcu_read_lock();
    for (const one of list_for_each_entry_rcu(s.locked, item, "node")) found = one.value;
    rcu_read_unlock();
    msleep(1);
  }
  wait_for_completion(s.ended);
  for (const one of list_for_each_entry_safe(s.locked, item, "node")) kfree(one);
  KUNIT_EXPECT_EQ(test, s.hits, 0);
  kfree(s);
}

function publish(s: Ref<typeof shared>): int {
  const p = kzalloc(item, GFP_KERNEL);
  if (!p) BUG();
  p.value = 5;
  s.now = rcu_assign_pointer(p);
  s.message = 5;
  s.ready = 1; // reports: race-unsynchronised
  complete(s.ended);
  return 0;
}

function kcsan_test_publish(test: Ref<kunit>): void {
  const s = create();
  kthread_run(publish, s, "publish");
  for (let value = 0; value !== 5; ) {
    rcu_read_lock();
    value = rcu_dereference(s.now)?.value ?? 0;
    rcu_read_unlock();
    msleep(1);
  }
  // Nothing says that the message comes before the flag.
  while (!s.ready) msleep(1);
  wait_for_completion(s.ended);
  KUNIT_EXPECT_EQ(test, s.message, 5);
  kfree(s.now);
  kfree(s);
}

function tick(timer: Ref<timer_list>): void {
  const s = ticking;
  if (!s || !timer) return;
  s.ticks += 1; // reports: race-unsynchronised
  spin_lock(s.soft);
  s.counted += 1;
  spin_unlock(s.soft);
}

let ticking: Ref<typeof shared> | null = null;

function kcsan_test_timer(test: Ref<kunit>): void {
  const s = create();
  ticking = s;
  timer_setup(s.timer, tick, 0);
  mod_timer(s.timer, jiffies() + 1);
  msleep(10);
  KUNIT_EXPECT_GE(test, s.ticks, 0);
  spin_lock_bh(s.soft);
  KUNIT_EXPECT_GE(test, s.counted, 0);
  spin_unlock_bh(s.soft);
  mod_timer(s.timer, jiffies() + 1);
  msleep(10);
  timer_delete_sync(s.timer);
  s.ticks += 1;
  KUNIT_EXPECT_GE(test, s.ticks, 1);
  kfree(s);
}

function work(it: Ref<work_struct>): void {
  const s = working;
  if (!s || !it) return;
  s.done += s.answer;
  atomic_set(s.both, 1);
}

let working: Ref<typeof shared> | null = null;

function kcsan_test_work(test: Ref<kunit>): void {
  const s = create();
  working = s;
  INIT_WORK(s.work, work);
  s.answer = 3;
  for (let i = 0; i < 3; i++) {
    schedule_work(s.work);
    flush_work(s.work);
    s.done += 1;
  }
  KUNIT_EXPECT_EQ(test, s.done, 12);
  KUNIT_EXPECT_EQ(test, atomic_read(s.both), 1);
  kfree(s);
}

kunit_test_suite(
  kunit_suite({
    name: "kcsan",
    test_cases: [
      KUNIT_CASE(kcsan_test_counter),
      KUNIT_CASE(kcsan_test_marked),
      KUNIT_CASE(kcsan_test_list),
      KUNIT_CASE(kcsan_test_rcu_list),
      KUNIT_CASE(kcsan_test_publish),
      KUNIT_CASE(kcsan_test_timer),
      KUNIT_CASE(kcsan_test_work),
    ],
  }),
);

MODULE_LICENSE("GPL");
