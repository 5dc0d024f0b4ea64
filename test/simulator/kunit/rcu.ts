// KUnit: RCU.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_NE,
  KUNIT_EXPECT_PTR_EQ,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { BUG } from "linux/bug";
import { msleep, udelay } from "linux/delay";
import { GFP_KERNEL } from "linux/gfp";
import { kthread_run } from "linux/kthread";
import { hlist_empty, hlist_head, hlist_node, INIT_HLIST_HEAD, INIT_LIST_HEAD, list_head } from "linux/list";
import { MODULE_LICENSE } from "linux/module";
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from "linux/mutex";
import { in_serving_softirq, preempt_count, preempt_disable, preempt_enable } from "linux/preempt";
import {
  hlist_add_head_rcu,
  hlist_del_init_rcu,
  hlist_del_rcu,
  hlist_for_each_entry_rcu,
  list_add_rcu,
  list_add_tail_rcu,
  list_del_rcu,
  list_first_or_null_rcu,
  list_for_each_entry_rcu,
  list_replace_rcu,
} from "linux/rculist";
import {
  call_rcu,
  kfree_rcu,
  kfree_rcu_mightsleep,
  RCU_INIT_POINTER,
  RCU_LOCKDEP_WARN,
  rcu_access_pointer,
  rcu_assign_pointer,
  rcu_barrier,
  rcu_dereference,
  rcu_dereference_bh,
  rcu_dereference_bh_check,
  rcu_dereference_check,
  rcu_dereference_protected,
  rcu_dereference_raw,
  rcu_dereference_sched,
  rcu_dereference_sched_check,
  rcu_head,
  rcu_read_lock,
  rcu_read_lock_any_held,
  rcu_read_lock_bh,
  rcu_read_lock_bh_held,
  rcu_read_lock_held,
  rcu_read_lock_sched,
  rcu_read_lock_sched_held,
  rcu_read_unlock,
  rcu_read_unlock_bh,
  rcu_read_unlock_sched,
  synchronize_rcu,
  synchronize_rcu_expedited,
} from "linux/rcupdate";
import { kfree, kzalloc } from "linux/slab";
import { lockdep_is_held } from "linux/spinlock";
import { container_of, type int, ptr, type Ref, struct, u32 } from "linux/types";

const item = struct("item", { value: u32, node: list_head, hash: hlist_node, rcu: rcu_head });
const holder = struct("holder", {
  list: list_head,
  hash: hlist_head,
  now: ptr(item),
  freed: u32,
  over: u32,
  depth: u32,
});
const h = holder({});
const held = DEFINE_MUTEX("held");

function create(value: number): Ref<typeof item> {
  const p = kzalloc(item, GFP_KERNEL);
  if (!p) BUG();
  p.value = value;
  return p;
}

function release(head: Ref<rcu_head>): void {
  h.freed += in_serving_softirq() ? 1 : 100;
  kfree(container_of(head, item, "rcu"));
}

function rcu_test_readers(test: Ref<kunit>): void {
  rcu_read_lock();
  rcu_read_lock();
  KUNIT_EXPECT_NE(test, rcu_read_lock_held(), 0);
  KUNIT_EXPECT_EQ(test, preempt_count(), 0);
  rcu_read_unlock();
  KUNIT_EXPECT_NE(test, rcu_read_lock_held(), 0);
  rcu_read_unlock();
  KUNIT_EXPECT_EQ(test, rcu_read_lock_held(), 0);
  rcu_read_lock_bh();
  KUNIT_EXPECT_EQ(test, preempt_count(), 0x200);
  KUNIT_EXPECT_NE(test, rcu_read_lock_bh_held(), 0);
  rcu_read_unlock_bh();
  rcu_read_lock_sched();
  KUNIT_EXPECT_EQ(test, preempt_count(), 1);
  KUNIT_EXPECT_NE(test, rcu_read_lock_sched_held(), 0);
  rcu_read_unlock_sched();
  KUNIT_EXPECT_EQ(test, preempt_count(), 0);
}

function rcu_test_pointers(test: Ref<kunit>): void {
  const first = create(1);
  h.now = RCU_INIT_POINTER(first);
  const second = create(2);
  mutex_lock(held);
  const old = rcu_dereference_protected(h.now, lockdep_is_held(held));
  h.now = rcu_assign_pointer(second);
  mutex_unlock(held);
  KUNIT_EXPECT_PTR_EQ(test, old, first);
  rcu_read_lock();
  KUNIT_EXPECT_EQ(test, rcu_dereference(h.now)?.value, 2);
  KUNIT_EXPECT_EQ(test, rcu_dereference_check(h.now, false)?.value, 2);
  rcu_read_unlock();
  rcu_read_lock_bh();
  KUNIT_EXPECT_EQ(test, rcu_dereference_bh(h.now)?.value, 2);
  KUNIT_EXPECT_EQ(test, rcu_dereference_bh_check(h.now, 0)?.value, 2);
  rcu_read_unlock_bh();
  rcu_read_lock_sched();
  KUNIT_EXPECT_EQ(test, rcu_dereference_sched(h.now)?.value, 2);
  KUNIT_EXPECT_EQ(test, rcu_dereference_sched_check(h.now, 0)?.value, 2);
  rcu_read_unlock_sched();
  KUNIT_EXPECT_PTR_EQ(test, rcu_dereference_raw(h.now), second);
  KUNIT_EXPECT_PTR_EQ(test, rcu_access_pointer(h.now), second);
  h.now = null;
  synchronize_rcu_expedited();
  kfree(first);
  kfree_rcu(second, "rcu");
}

/** A reader that stays until it is told. */
function reader(): int {
  rcu_read_lock();
  h.depth = 1;
  const p = rcu_dereference(h.now);
  while (h.over === 0) udelay(10);
  if (p) h.depth = p.value;
  rcu_read_unlock();
  return 0;
}

function rcu_test_grace(test: Ref<kunit>): void {
  h.over = 0;
  h.depth = 0;
  h.freed = 0;
  const p = create(42);
  h.now = rcu_assign_pointer(p);
  kthread_run(reader, null, "reader");
  while (h.depth === 0) msleep(1);
  h.now = rcu_assign_pointer(null);
  call_rcu(p.rcu, release);
  msleep(20);
  // The reader is still there.
  KUNIT_EXPECT_EQ(test, h.freed, 0);
  h.over = 1;
  synchronize_rcu();
  KUNIT_EXPECT_EQ(test, h.depth, 42);
  rcu_barrier();
  KUNIT_EXPECT_EQ(test, h.freed, 1);
  kfree_rcu_mightsleep(create(3));
  h.over = 0;
  h.depth = 0;
  kthread_run(reader, null, "reader");
  while (h.depth === 0) msleep(1);
  h.over = 1;
  synchronize_rcu_expedited();
  for (let i = 0; i < 3; i++) {
    const one = create(i);
    call_rcu(one.rcu, release);
  }
  rcu_barrier();
  KUNIT_EXPECT_EQ(test, h.freed, 4);
}

function sum(): number {
  let all = 0;
  rcu_read_lock();
  for (const p of list_for_each_entry_rcu(h.list, item, "node")) all = all * 10 + p.value;
  rcu_read_unlock();
  return all;
}

/** Walks the lists as who is no reader: a lock that keeps writers away is as good, and so is having the CPU. */
function rcu_test_outside(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, rcu_read_lock_any_held(), 0);
  let all = 0;
  for (const p of list_for_each_entry_rcu(h.list, item, "node")) all += p.value; // reports: rcu-misuse
  for (const p of hlist_for_each_entry_rcu(h.hash, item, "hash")) all += p.value; // reports: rcu-misuse
  mutex_lock(held);
  for (const p of list_for_each_entry_rcu(h.list, item, "node", lockdep_is_held(held))) all += p.value;
  mutex_unlock(held);
  preempt_disable();
  KUNIT_EXPECT_NE(test, rcu_read_lock_any_held(), 0);
  for (const p of hlist_for_each_entry_rcu(h.hash, item, "hash")) all += p.value;
  preempt_enable();
  KUNIT_EXPECT_EQ(test, all, 0);
  RCU_LOCKDEP_WARN(rcu_read_lock_held(), "a reader is here");
  RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "no reader is here"); // reports: rcu-misuse
}

function rcu_test_lists(test: Ref<kunit>): void {
  INIT_LIST_HEAD(h.list);
  const [a, b, c] = [create(1), create(2), create(3)];
  list_add_rcu(a.node, h.list);
  list_add_tail_rcu(b.node, h.list);
  KUNIT_EXPECT_EQ(test, sum(), 12);
  list_replace_rcu(b.node, c.node);
  KUNIT_EXPECT_EQ(test, sum(), 13);
  list_del_rcu(a.node);
  KUNIT_EXPECT_EQ(test, sum(), 3);
  // Who is at the entry finds on.
  KUNIT_EXPECT_PTR_EQ(test, a.node.next, c.node);
  rcu_read_lock();
  KUNIT_EXPECT_PTR_EQ(test, list_first_or_null_rcu(h.list, item, "node"), c);
  rcu_read_unlock();
  list_del_rcu(c.node);
  INIT_HLIST_HEAD(h.hash);
  hlist_add_head_rcu(a.hash, h.hash);
  hlist_add_head_rcu(b.hash, h.hash);
  let all = 0;
  rcu_read_lock();
  for (const p of hlist_for_each_entry_rcu(h.hash, item, "hash")) all = all * 10 + p.value;
  rcu_read_unlock();
  KUNIT_EXPECT_EQ(test, all, 21);
  hlist_del_rcu(b.hash);
  KUNIT_EXPECT_PTR_EQ(test, b.hash.next, a.hash);
  hlist_del_init_rcu(a.hash);
  KUNIT_EXPECT_NE(test, hlist_empty(h.hash), 0);
  for (const p of [a, b, c]) kfree_rcu(p, "rcu");
  rcu_barrier();
}

kunit_test_suite(
  kunit_suite({
    name: "rcu",
    test_cases: [
      KUNIT_CASE(rcu_test_readers),
      KUNIT_CASE(rcu_test_pointers),
      KUNIT_CASE(rcu_test_grace),
      KUNIT_CASE(rcu_test_lists),
      KUNIT_CASE(rcu_test_outside),
    ],
  }),
);

MODULE_LICENSE("GPL");
