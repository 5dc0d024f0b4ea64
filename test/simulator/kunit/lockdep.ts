// KUnit: what lockdep finds in a driver that takes its locks wrongly.
import { KUNIT_CASE, KUNIT_EXPECT_EQ, KUNIT_EXPECT_FALSE, type kunit, kunit_suite, kunit_test_suite } from "kunit/test";
import { BUG } from "linux/bug";
import { msleep } from "linux/delay";
import { GFP_KERNEL } from "linux/gfp";
import {
  CLOCK_MONOTONIC,
  HRTIMER_MODE_REL,
  HRTIMER_NORESTART,
  hrtimer,
  hrtimer_init,
  type hrtimer_restart_t,
  hrtimer_start,
} from "linux/hrtimer";
import { jiffies } from "linux/jiffies";
import { ns_to_ktime } from "linux/ktime";
import { MODULE_LICENSE } from "linux/module";
import {
  DEFINE_MUTEX,
  mutex,
  mutex_init,
  mutex_is_locked,
  mutex_lock,
  mutex_lock_nested,
  mutex_trylock,
  mutex_unlock,
} from "linux/mutex";
import {
  rcu_assign_pointer,
  rcu_dereference,
  rcu_dereference_protected,
  rcu_read_lock,
  rcu_read_lock_held,
  rcu_read_unlock,
} from "linux/rcupdate";
import { kfree, kzalloc } from "linux/slab";
import {
  DEFINE_RAW_SPINLOCK,
  DEFINE_RWLOCK,
  DEFINE_SPINLOCK,
  raw_spin_lock,
  raw_spin_unlock,
  read_lock,
  read_unlock,
  spin_is_locked,
  spin_lock,
  spin_lock_bh,
  spin_lock_irqsave,
  spin_trylock,
  spin_unlock,
  spin_unlock_bh,
  spin_unlock_irqrestore,
  spinlock_t,
  write_lock,
  write_unlock,
} from "linux/spinlock";
import { mod_timer, timer_delete_sync, timer_list, timer_setup } from "linux/timer";
import { ptr, type Ref, struct, u32 } from "linux/types";

const a = DEFINE_MUTEX("a");
const b = DEFINE_MUTEX("b");
const c = DEFINE_RWLOCK("c");
const first = DEFINE_SPINLOCK("first");
const second = DEFINE_SPINLOCK("second");
const inner = DEFINE_SPINLOCK("inner");
const outer = DEFINE_RAW_SPINLOCK("outer");
const shared = DEFINE_SPINLOCK("shared");
const safe = DEFINE_SPINLOCK("safe");
const unsafe = DEFINE_SPINLOCK("unsafe");
const early = DEFINE_SPINLOCK("early");
const late = DEFINE_SPINLOCK("late");
const part = struct("part", { lock: mutex, spin: spinlock_t, value: u32 });
const global = struct("global", { timer: hrtimer, soft: timer_list, came: u32, now: ptr(part) });
const g = global({});

function lockdep_test_order(test: Ref<kunit>): void {
  mutex_lock(a);
  mutex_lock(b);
  mutex_unlock(b);
  mutex_unlock(a);
  for (let i = 0; i < 2; i++) {
    mutex_lock(b);
    mutex_lock(a); // reports: lock-order-inversion
    mutex_unlock(a);
    mutex_unlock(b);
  }
  KUNIT_EXPECT_FALSE(test, mutex_is_locked(a));
}

/** By way of a third lock, and with a reader: read_lock() waits for a writer that waits. */
function lockdep_test_chain(test: Ref<kunit>): void {
  spin_lock(first);
  spin_lock(second);
  spin_unlock(second);
  spin_unlock(first);
  spin_lock(second);
  read_lock(c);
  read_unlock(c);
  spin_unlock(second);
  write_lock(c);
  // Who does not wait closes no circle.
  KUNIT_EXPECT_EQ(test, spin_trylock(second), 1);
  spin_unlock(second);
  spin_lock(first); // reports: lock-order-inversion
  spin_unlock(first);
  write_unlock(c);
}

function create(): Ref<typeof part> {
  const p = kzalloc(part, GFP_KERNEL);
  if (!p) BUG();
  mutex_init(p.lock);
  return p;
}

function lockdep_test_class(test: Ref<kunit>): void {
  const [p, q] = [create(), create()];
  mutex_lock(p.lock); // reports: missing-unlock
  mutex_lock_nested(q.lock, 1);
  mutex_unlock(q.lock);
  mutex_lock(q.lock); // reports: double-lock
  mutex_unlock(q.lock);
  KUNIT_EXPECT_EQ(test, p.value, 0);
  kfree(p); // reports: missing-unlock
  kfree(q);
}

function lockdep_test_kept(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, mutex_trylock(b), 1); // reports: missing-unlock
}

function lockdep_test_not_initialised(test: Ref<kunit>): void {
  const p = create();
  spin_lock(p.spin); // reports: uninitialized-use
  spin_unlock(p.spin);
  KUNIT_EXPECT_EQ(test, spin_is_locked(p.spin), 0);
  kfree(p);
}

function onHardirq(timer: Ref<hrtimer>): hrtimer_restart_t {
  spin_lock(shared); // reports: irq-unsafe-lock
  spin_unlock(shared);
  spin_lock(safe);
  g.came += timer ? 1 : 0;
  spin_unlock(safe);
  return HRTIMER_NORESTART;
}

function lockdep_test_hardirq(test: Ref<kunit>): void {
  spin_lock(shared);
  spin_unlock(shared);
  spin_lock(unsafe);
  spin_unlock(unsafe);
  hrtimer_init(g.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
  g.timer.function = onHardirq;
  hrtimer_start(g.timer, ns_to_ktime(1000n), HRTIMER_MODE_REL);
  msleep(1);
  KUNIT_EXPECT_EQ(test, g.came, 1);
  const flags = spin_lock_irqsave(safe);
  spin_lock(unsafe); // reports: irq-unsafe-lock
  spin_unlock(unsafe);
  spin_unlock_irqrestore(safe, flags);
}

function onSoftirq(timer: Ref<timer_list>): void {
  spin_lock(inner);
  g.came += timer ? 1 : 0;
  spin_unlock(inner);
}

function onSecondHardirq(timer: Ref<hrtimer>): hrtimer_restart_t {
  spin_lock(early); // reports: irq-unsafe-lock
  g.came += timer ? 1 : 0;
  spin_unlock(early);
  return HRTIMER_NORESTART;
}

/** The order is there before an interrupt takes the first of the two. */
function lockdep_test_inversion(test: Ref<kunit>): void {
  g.came = 0;
  const flags = spin_lock_irqsave(early);
  spin_lock(late);
  spin_unlock(late);
  spin_unlock_irqrestore(early, flags);
  spin_lock(late);
  spin_unlock(late);
  hrtimer_init(g.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
  g.timer.function = onSecondHardirq;
  hrtimer_start(g.timer, ns_to_ktime(1000n), HRTIMER_MODE_REL);
  msleep(1);
  KUNIT_EXPECT_EQ(test, g.came, 1);
}

function lockdep_test_softirq(test: Ref<kunit>): void {
  g.came = 0;
  spin_lock_bh(inner);
  spin_unlock_bh(inner);
  timer_setup(g.soft, onSoftirq, 0);
  mod_timer(g.soft, jiffies() + 1);
  msleep(5);
  timer_delete_sync(g.soft);
  KUNIT_EXPECT_EQ(test, g.came, 1);
  spin_lock(inner); // reports: irq-unsafe-lock
  spin_unlock(inner);
}

function lockdep_test_context(test: Ref<kunit>): void {
  raw_spin_lock(outer);
  spin_lock(first); // reports: sleep-in-atomic
  spin_unlock(first);
  raw_spin_unlock(outer);
  rcu_read_lock();
  mutex_lock(a); // reports: sleep-in-atomic
  mutex_unlock(a);
  rcu_read_unlock();
  KUNIT_EXPECT_EQ(test, rcu_read_lock_held(), 0);
}

function lockdep_test_rcu(test: Ref<kunit>): void {
  const p = create();
  g.now = rcu_assign_pointer(p);
  KUNIT_EXPECT_EQ(test, rcu_dereference(g.now)?.value, 0); // reports: rcu-misuse
  KUNIT_EXPECT_EQ(test, rcu_dereference_protected(g.now, mutex_is_locked(a))?.value, 0); // reports: rcu-misuse
  rcu_read_unlock(); // reports: unlock-not-held
  g.now = null;
  kfree(p);
}

kunit_test_suite(
  kunit_suite({
    name: "lockdep",
    test_cases: [
      KUNIT_CASE(lockdep_test_order),
      KUNIT_CASE(lockdep_test_chain),
      KUNIT_CASE(lockdep_test_class),
      KUNIT_CASE(lockdep_test_not_initialised),
      KUNIT_CASE(lockdep_test_hardirq),
      KUNIT_CASE(lockdep_test_inversion),
      KUNIT_CASE(lockdep_test_softirq),
      KUNIT_CASE(lockdep_test_context),
      KUNIT_CASE(lockdep_test_rcu),
      KUNIT_CASE(lockdep_test_kept),
    ],
  }),
);

MODULE_LICENSE("GPL");
