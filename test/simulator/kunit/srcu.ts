// KUnit: readers of SRCU, waiting for bits and variables, and accesses that order.
// checks: kcsan
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_NE,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { smp_load_acquire, smp_mb__after_atomic, smp_mb__before_atomic, smp_store_release } from "linux/atomic";
import { clear_bit, set_bit, test_bit } from "linux/bitops";
import { BUG } from "linux/bug";
import { READ_ONCE, WRITE_ONCE } from "linux/compiler";
import { msleep } from "linux/delay";
import { IS_ERR } from "linux/err";
import { EAGAIN, EINTR } from "linux/errno";
import { kthread_run } from "linux/kthread";
import { MODULE_LICENSE } from "linux/module";
import { in_serving_softirq, in_softirq, in_task } from "linux/preempt";
import { rcu_assign_pointer, rcu_head } from "linux/rcupdate";
import { TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE } from "linux/sched";
import { allow_signal, SIGINT, send_sig } from "linux/sched/signal";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import {
  call_srcu,
  cleanup_srcu_struct,
  DEFINE_SRCU,
  DEFINE_STATIC_SRCU,
  init_srcu_struct,
  srcu_barrier,
  srcu_dereference,
  srcu_dereference_check,
  srcu_read_lock,
  srcu_read_lock_held,
  srcu_read_unlock,
  srcu_struct,
  synchronize_srcu,
  synchronize_srcu_expedited,
} from "linux/srcu";
import { addr, container_of, type int, ptr, type Ref, struct, u32 } from "linux/types";
import {
  clear_and_wake_up_bit,
  wait_on_bit,
  wait_on_bit_lock,
  wait_on_bit_timeout,
  wait_var_event,
  wake_up_bit,
  wake_up_var,
} from "linux/wait_bit";

const item = struct("item", { rcu: rcu_head, value: u32 });
const home = struct("home", {
  srcu: srcu_struct,
  now: ptr(item),
  inside: u32,
  left: u32,
  freed: u32,
  context: u32,
  flags: u32,
  message: u32,
  ready: u32,
  result: u32,
});
const h = home({});
const shared = DEFINE_SRCU("shared");
const own = DEFINE_STATIC_SRCU("own");

function create(value: number): Ref<typeof item> {
  const p = kzalloc(item, GFP_KERNEL);
  if (!p) BUG();
  p.value = value;
  return p;
}

function release(head: Ref<rcu_head>): void {
  h.context = (in_task() ? 1 : 0) | (in_softirq() ? 2 : 0) | (in_serving_softirq() ? 4 : 0);
  h.freed = WRITE_ONCE(1);
  kfree(container_of(head, item, "rcu"));
}

/** A reader that sleeps. */
function reader(): int {
  const index = srcu_read_lock(h.srcu);
  h.inside = WRITE_ONCE(1);
  const p = srcu_dereference(h.now, h.srcu);
  msleep(20);
  h.left = WRITE_ONCE(p ? p.value : 99);
  srcu_read_unlock(h.srcu, index);
  return 0;
}

function srcu_test_grace(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, init_srcu_struct(h.srcu), 0);
  const old = create(7);
  h.now = rcu_assign_pointer(old);
  h.left = 0;
  h.inside = 0;
  kthread_run(reader, null, "reader");
  while (!READ_ONCE(h.inside)) msleep(1);
  h.now = rcu_assign_pointer(create(8));
  // Those that come later have the other index, and nobody waits for them.
  const index = srcu_read_lock(h.srcu);
  KUNIT_EXPECT_EQ(test, srcu_dereference_check(h.now, h.srcu, false)?.value, 8);
  srcu_read_unlock(h.srcu, index);
  synchronize_srcu(h.srcu);
  KUNIT_EXPECT_EQ(test, h.left, 7);
  kfree(old);
  const later = srcu_read_lock(h.srcu);
  KUNIT_EXPECT_NE(test, later, index);
  srcu_read_unlock(h.srcu, later);
  synchronize_srcu_expedited(h.srcu);
  const last = srcu_read_lock(h.srcu);
  KUNIT_EXPECT_EQ(test, last, index);
  srcu_read_unlock(h.srcu, last);
}

function srcu_test_call(test: Ref<kunit>): void {
  h.inside = 0;
  h.freed = 0;
  kthread_run(reader, null, "reader");
  while (!READ_ONCE(h.inside)) msleep(1);
  const p = h.now;
  h.now = null;
  if (p) call_srcu(h.srcu, p.rcu, release);
  msleep(5);
  KUNIT_EXPECT_EQ(test, READ_ONCE(h.freed), 0);
  srcu_barrier(h.srcu);
  KUNIT_EXPECT_EQ(test, READ_ONCE(h.freed), 1);
  // A worker, with bottom halves off.
  KUNIT_EXPECT_EQ(test, h.context, 3);
  cleanup_srcu_struct(h.srcu);
}

function srcu_test_held(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, srcu_read_lock_held(shared), 0);
  const index = srcu_read_lock(shared);
  KUNIT_EXPECT_NE(test, srcu_read_lock_held(shared), 0);
  KUNIT_EXPECT_EQ(test, srcu_read_lock_held(own), 0);
  // A domain of its own is nothing to this one.
  synchronize_srcu(own);
  srcu_read_unlock(shared, index);
  const p = create(1);
  KUNIT_EXPECT_PTR_EQ(test, srcu_dereference(p, shared), p); // reports: rcu-misuse
  srcu_read_unlock(shared, 0); // reports: unlock-not-held
  kfree(p);
}

function clearer(): int {
  msleep(5);
  h.message = 6;
  clear_and_wake_up_bit(3, addr(h, "flags"));
  return 0;
}

/** The same by hand. */
function clearer_by_hand(): int {
  msleep(5);
  h.message = 7;
  smp_mb__before_atomic();
  clear_bit(3, addr(h, "flags"));
  smp_mb__after_atomic();
  wake_up_bit(addr(h, "flags"), 3);
  return 0;
}

function srcu_test_bits(test: Ref<kunit>): void {
  const word = addr(h, "flags");
  KUNIT_EXPECT_EQ(test, wait_on_bit_lock(word, 3, TASK_UNINTERRUPTIBLE), 0);
  KUNIT_EXPECT_TRUE(test, test_bit(3, word));
  KUNIT_EXPECT_EQ(test, wait_on_bit_timeout(word, 3, TASK_UNINTERRUPTIBLE, 3), -EAGAIN);
  kthread_run(clearer, null, "clearer");
  KUNIT_EXPECT_EQ(test, wait_on_bit(word, 3, TASK_UNINTERRUPTIBLE), 0);
  KUNIT_EXPECT_EQ(test, h.message, 6);
  KUNIT_EXPECT_FALSE(test, test_bit(3, word));
  set_bit(3, word);
  kthread_run(clearer_by_hand, null, "clearer");
  KUNIT_EXPECT_EQ(test, wait_on_bit(word, 3, TASK_UNINTERRUPTIBLE), 0);
  KUNIT_EXPECT_EQ(test, h.message, 7);
  KUNIT_EXPECT_EQ(test, wait_on_bit_timeout(word, 3, TASK_UNINTERRUPTIBLE, 3), 0);
}

function interruptible(): int {
  allow_signal(SIGINT);
  h.result = WRITE_ONCE(wait_on_bit(addr(h, "flags"), 3, TASK_INTERRUPTIBLE) === -EINTR ? 1 : 2);
  wake_up_var(addr(h, "result"));
  return 0;
}

function srcu_test_signal(test: Ref<kunit>): void {
  const word = addr(h, "flags");
  h.result = 0;
  KUNIT_EXPECT_EQ(test, wait_on_bit_lock(word, 3, TASK_UNINTERRUPTIBLE), 0);
  const task = kthread_run(interruptible, null, "interruptible");
  if (IS_ERR(task)) BUG();
  msleep(2);
  // Its bit is still set.
  wake_up_bit(word, 3);
  msleep(2);
  KUNIT_EXPECT_EQ(test, READ_ONCE(h.result), 0);
  send_sig(SIGINT, task, 1);
  wait_var_event(addr(h, "result"), () => READ_ONCE(h.result) !== 0);
  KUNIT_EXPECT_EQ(test, READ_ONCE(h.result), 1);
  clear_and_wake_up_bit(3, word);
}

function sender(): int {
  h.message = 9;
  h.ready = smp_store_release(1);
  return 0;
}

/** The flag orders the message: plain accesses, and none of them races. */
function srcu_test_release(test: Ref<kunit>): void {
  h.ready = 0;
  kthread_run(sender, null, "sender");
  while (smp_load_acquire(h.ready) === 0) msleep(1);
  KUNIT_EXPECT_EQ(test, h.message, 9);
}

kunit_test_suite(
  kunit_suite({
    name: "srcu",
    test_cases: [
      KUNIT_CASE(srcu_test_grace),
      KUNIT_CASE(srcu_test_call),
      KUNIT_CASE(srcu_test_held),
      KUNIT_CASE(srcu_test_bits),
      KUNIT_CASE(srcu_test_signal),
      KUNIT_CASE(srcu_test_release),
    ],
  }),
);

MODULE_LICENSE("GPL");
