// KUnit: contexts in which a task must not do what it does, and each beside how it is done.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_NOT_NULL,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { BUG } from "linux/bug";
import { msleep } from "linux/delay";
import { MODULE_LICENSE } from "linux/module";
import { mutex, mutex_init, mutex_lock, mutex_unlock } from "linux/mutex";
import { alloc_percpu, free_percpu, get_cpu_ptr, put_cpu_ptr, this_cpu_ptr } from "linux/percpu";
import { rcu_read_lock, rcu_read_unlock } from "linux/rcupdate";

import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { get_cpu, put_cpu, raw_smp_processor_id, smp_processor_id } from "linux/smp";
import { DEFINE_SPINLOCK, read_lock, read_unlock, rwlock_init, rwlock_t, spin_lock, spin_unlock } from "linux/spinlock";
import { cleanup_srcu_struct, init_srcu_struct, srcu_read_lock, srcu_read_unlock, srcu_struct } from "linux/srcu";
import type { Ref } from "linux/types";
import { struct, u32 } from "linux/types";

const spin = DEFINE_SPINLOCK("spin");
const locked = struct("locked", { rw: rwlock_t, mutex: mutex, srcu: srcu_struct, value: u32 });

function create(): Ref<typeof locked> {
  const p = kzalloc(locked, GFP_KERNEL);
  if (!p) BUG();
  return p;
}

function misuse_test_schedule(test: Ref<kunit>): void {
  spin_lock(spin);
  msleep(1); // reports: sleep-in-atomic
  spin_unlock(spin);
  msleep(1);
  rcu_read_lock();
  msleep(1);
  rcu_read_unlock();
  KUNIT_EXPECT_NOT_NULL(test, spin);
}

function misuse_test_processor(test: Ref<kunit>): void {
  const counters = alloc_percpu(struct("counter", { hits: u32 }));
  if (!counters) BUG();
  KUNIT_EXPECT_NOT_NULL(test, this_cpu_ptr(counters)); // reports: race-unsynchronised
  const cpu = smp_processor_id(); // reports: race-unsynchronised
  KUNIT_EXPECT_EQ(test, cpu < 8, true);
  const mine = get_cpu_ptr(counters);
  mine.hits += 1;
  KUNIT_EXPECT_EQ(test, smp_processor_id(), raw_smp_processor_id());
  put_cpu_ptr(counters);
  KUNIT_EXPECT_EQ(test, get_cpu(), smp_processor_id());
  put_cpu();
  free_percpu(counters);
}

function misuse_test_locks(test: Ref<kunit>): void {
  const p = create();
  read_lock(p.rw); // reports: uninitialized-use
  read_unlock(p.rw);
  mutex_lock(p.mutex); // reports: uninitialized-use
  mutex_unlock(p.mutex);
  const q = create();
  rwlock_init(q.rw);
  mutex_init(q.mutex);
  read_lock(q.rw);
  read_unlock(q.rw);
  mutex_lock(q.mutex);
  mutex_unlock(q.mutex);
  KUNIT_EXPECT_EQ(test, p.value, q.value);
  kfree(p);
  kfree(q);
}

/** A domain with a reader stays as it is. */
function misuse_test_srcu(test: Ref<kunit>): void {
  const p = create();
  KUNIT_EXPECT_EQ(test, init_srcu_struct(p.srcu), 0);
  const index = srcu_read_lock(p.srcu);
  cleanup_srcu_struct(p.srcu);
  srcu_read_unlock(p.srcu, index);
  cleanup_srcu_struct(p.srcu);
  kfree(p);
}

kunit_test_suite(
  kunit_suite({
    name: "atomic-misuse",
    test_cases: [
      KUNIT_CASE(misuse_test_schedule),
      KUNIT_CASE(misuse_test_processor),
      KUNIT_CASE(misuse_test_locks),
      KUNIT_CASE(misuse_test_srcu),
    ],
  }),
);

MODULE_LICENSE("GPL");
