// KUnit: spinlocks, raw spinlocks, rwlocks and mutexes.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_NE,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { completion } from "linux/completion";
import { udelay } from "linux/delay";
import {
  CLOCK_MONOTONIC,
  HRTIMER_MODE_REL,
  HRTIMER_NORESTART,
  hrtimer,
  hrtimer_init,
  type hrtimer_restart_t,
  hrtimer_start,
} from "linux/hrtimer";
import { irqs_disabled } from "linux/irqflags";
import { ns_to_ktime } from "linux/ktime";
import { MODULE_LICENSE } from "linux/module";
import {
  DEFINE_MUTEX,
  mutex,
  mutex_init,
  mutex_is_locked,
  mutex_lock,
  mutex_lock_io,
  mutex_lock_killable,
  mutex_lock_nested,
  mutex_trylock,
  mutex_unlock,
} from "linux/mutex";
import { preempt_count } from "linux/preempt";
import {
  DEFINE_RAW_SPINLOCK,
  DEFINE_RWLOCK,
  DEFINE_SPINLOCK,
  lockdep_assert_held,
  lockdep_assert_held_read,
  lockdep_assert_held_write,
  lockdep_assert_not_held,
  lockdep_is_held,
  raw_spin_is_locked,
  raw_spin_lock,
  raw_spin_lock_bh,
  raw_spin_lock_init,
  raw_spin_lock_irq,
  raw_spin_lock_irqsave,
  raw_spin_lock_nested,
  raw_spin_trylock,
  raw_spin_trylock_bh,
  raw_spin_trylock_irq,
  raw_spin_unlock,
  raw_spin_unlock_bh,
  raw_spin_unlock_irq,
  raw_spin_unlock_irqrestore,
  raw_spinlock_t,
  read_lock,
  read_lock_bh,
  read_lock_irq,
  read_lock_irqsave,
  read_trylock,
  read_unlock,
  read_unlock_bh,
  read_unlock_irq,
  read_unlock_irqrestore,
  rwlock_init,
  rwlock_t,
  spin_is_contended,
  spin_is_locked,
  spin_lock,
  spin_lock_init,
  spin_lock_irqsave_nested,
  spin_lock_nested,
  spin_trylock_bh,
  spin_trylock_irq,
  spin_unlock,
  spin_unlock_bh,
  spin_unlock_irq,
  spin_unlock_irqrestore,
  spinlock_t,
  write_lock,
  write_lock_bh,
  write_lock_irq,
  write_lock_irqsave,
  write_trylock,
  write_unlock,
  write_unlock_bh,
  write_unlock_irq,
  write_unlock_irqrestore,
} from "linux/spinlock";
import { type int, type Ref, struct, u32 } from "linux/types";

const spin = DEFINE_SPINLOCK("spin");
const raw = DEFINE_RAW_SPINLOCK("raw");
const rw = DEFINE_RWLOCK("rw");
const held = DEFINE_MUTEX("held");
const device = struct("locked", {
  spin: spinlock_t,
  raw: raw_spinlock_t,
  rw: rwlock_t,
  mutex: mutex,
  done: completion,
  timer: hrtimer,
  got: u32,
});
const d = device({});
const e = device({});

/** Asks from an interrupt, on top of the test. */
function fromInterrupt(ask: () => number): number {
  question = ask;
  hrtimer_init(d.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
  d.timer.function = answer;
  d.got = 99;
  hrtimer_start(d.timer, ns_to_ktime(1000n), HRTIMER_MODE_REL);
  for (let i = 0; i < 1000 && d.got === 99; i++) udelay(10);
  return d.got;
}
let question: () => number = () => 0;

function answer(it: Ref<hrtimer>): hrtimer_restart_t {
  d.got = it ? question() : 0;
  return HRTIMER_NORESTART;
}

function locks_init(test: Ref<kunit>): int {
  spin_lock_init(d.spin);
  raw_spin_lock_init(d.raw);
  rwlock_init(d.rw);
  mutex_init(d.mutex);
  mutex_init(e.mutex);
  spin_lock_init(e.spin);
  raw_spin_lock_init(e.raw);
  return test ? 0 : -22;
}

function locks_test_raw(test: Ref<kunit>): void {
  raw_spin_lock(raw);
  KUNIT_EXPECT_EQ(test, raw_spin_is_locked(raw), 1);
  KUNIT_EXPECT_EQ(test, preempt_count(), 1);
  KUNIT_EXPECT_EQ(test, raw_spin_trylock(raw), 0);
  raw_spin_unlock(raw);
  KUNIT_EXPECT_EQ(test, raw_spin_is_locked(raw), 0);
  raw_spin_lock_irq(d.raw);
  KUNIT_EXPECT_NE(test, irqs_disabled(), 0);
  raw_spin_unlock_irq(d.raw);
  KUNIT_EXPECT_EQ(test, irqs_disabled(), 0);
  raw_spin_lock_bh(d.raw);
  KUNIT_EXPECT_EQ(test, preempt_count(), 0x200);
  raw_spin_unlock_bh(d.raw);
  KUNIT_EXPECT_EQ(test, preempt_count(), 0);
  const flags = raw_spin_lock_irqsave(raw);
  KUNIT_EXPECT_NE(test, irqs_disabled(), 0);
  raw_spin_lock_nested(d.raw, 1);
  KUNIT_EXPECT_EQ(test, raw_spin_is_locked(d.raw), 1);
  raw_spin_unlock(d.raw);
  raw_spin_unlock_irqrestore(raw, flags);
  KUNIT_EXPECT_EQ(test, irqs_disabled(), 0);
}

function locks_test_try(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, raw_spin_trylock(raw), 1);
  raw_spin_unlock(raw);
  KUNIT_EXPECT_EQ(test, raw_spin_trylock_irq(raw), 1);
  KUNIT_EXPECT_NE(test, irqs_disabled(), 0);
  raw_spin_unlock_irq(raw);
  KUNIT_EXPECT_EQ(test, raw_spin_trylock_bh(raw), 1);
  KUNIT_EXPECT_EQ(test, preempt_count(), 0x200);
  raw_spin_unlock_bh(raw);
  KUNIT_EXPECT_EQ(test, spin_trylock_irq(spin), 1);
  KUNIT_EXPECT_NE(test, irqs_disabled(), 0);
  KUNIT_EXPECT_EQ(test, spin_is_contended(spin), 0);
  spin_unlock_irq(spin);
  KUNIT_EXPECT_EQ(test, spin_trylock_bh(spin), 1);
  KUNIT_EXPECT_EQ(test, preempt_count(), 0x200);
  spin_unlock_bh(spin);
}

function locks_test_nested(test: Ref<kunit>): void {
  spin_lock(d.spin);
  spin_lock_nested(e.spin, 1);
  KUNIT_EXPECT_EQ(test, spin_is_locked(e.spin), 1);
  spin_unlock(e.spin);
  const flags = spin_lock_irqsave_nested(e.spin, 1);
  KUNIT_EXPECT_EQ(test, spin_is_locked(e.spin), 1);
  KUNIT_EXPECT_NE(test, irqs_disabled(), 0);
  spin_unlock_irqrestore(e.spin, flags);
  spin_unlock(d.spin);
  mutex_lock(d.mutex);
  mutex_lock_nested(e.mutex, 1);
  KUNIT_EXPECT_TRUE(test, mutex_is_locked(e.mutex));
  mutex_unlock(e.mutex);
  mutex_unlock(d.mutex);
}

function locks_test_mutex(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, mutex_lock_killable(held), 0);
  KUNIT_EXPECT_TRUE(test, mutex_is_locked(held));
  mutex_unlock(held);
  mutex_lock_io(held);
  KUNIT_EXPECT_EQ(test, mutex_trylock(held), 0);
  KUNIT_EXPECT_NE(test, lockdep_is_held(held), 0);
  lockdep_assert_held(held);
  lockdep_assert_held_write(held);
  mutex_unlock(held);
  lockdep_assert_not_held(held);
  KUNIT_EXPECT_EQ(test, mutex_trylock(held), 1);
  mutex_unlock(held);
}

function locks_test_readers(test: Ref<kunit>): void {
  read_lock(rw);
  lockdep_assert_held_read(rw);
  KUNIT_EXPECT_EQ(test, preempt_count(), 1);
  // Another reader comes in, a writer does not.
  KUNIT_EXPECT_EQ(test, fromInterrupt(readersTurn), 1);
  KUNIT_EXPECT_EQ(test, fromInterrupt(writersTurn), 0);
  read_unlock(rw);
  KUNIT_EXPECT_EQ(test, fromInterrupt(writersTurn), 1);
  KUNIT_EXPECT_EQ(test, read_trylock(rw), 1);
  KUNIT_EXPECT_EQ(test, write_trylock(rw), 0);
  read_unlock(rw);
  KUNIT_EXPECT_EQ(test, write_trylock(rw), 1);
  KUNIT_EXPECT_EQ(test, read_trylock(rw), 0);
  write_unlock(rw);
  KUNIT_EXPECT_EQ(test, preempt_count(), 0);
}

function readersTurn(): number {
  if (!read_trylock(rw)) return 0;
  read_unlock(rw);
  return 1;
}

function writersTurn(): number {
  if (!write_trylock(rw)) return 0;
  write_unlock(rw);
  return 1;
}

function locks_test_rwlock_forms(test: Ref<kunit>): void {
  read_lock_irq(d.rw);
  KUNIT_EXPECT_NE(test, irqs_disabled(), 0);
  read_unlock_irq(d.rw);
  KUNIT_EXPECT_EQ(test, irqs_disabled(), 0);
  read_lock_bh(d.rw);
  KUNIT_EXPECT_EQ(test, preempt_count(), 0x200);
  read_unlock_bh(d.rw);
  KUNIT_EXPECT_EQ(test, preempt_count(), 0);
  const flags = read_lock_irqsave(d.rw);
  KUNIT_EXPECT_NE(test, irqs_disabled(), 0);
  read_unlock_irqrestore(d.rw, flags);
  KUNIT_EXPECT_EQ(test, irqs_disabled(), 0);
  write_lock(d.rw);
  KUNIT_EXPECT_EQ(test, read_trylock(d.rw), 0);
  write_unlock(d.rw);
  write_lock_irq(d.rw);
  KUNIT_EXPECT_NE(test, irqs_disabled(), 0);
  write_unlock_irq(d.rw);
  KUNIT_EXPECT_EQ(test, irqs_disabled(), 0);
  write_lock_bh(d.rw);
  KUNIT_EXPECT_EQ(test, preempt_count(), 0x200);
  write_unlock_bh(d.rw);
  const saved = write_lock_irqsave(d.rw);
  KUNIT_EXPECT_EQ(test, preempt_count(), 1);
  write_unlock_irqrestore(d.rw, saved);
  KUNIT_EXPECT_EQ(test, preempt_count(), 0);
  KUNIT_EXPECT_EQ(test, irqs_disabled(), 0);
}

kunit_test_suite(
  kunit_suite({
    name: "locks",
    init: locks_init,
    test_cases: [
      KUNIT_CASE(locks_test_raw),
      KUNIT_CASE(locks_test_try),
      KUNIT_CASE(locks_test_nested),
      KUNIT_CASE(locks_test_mutex),
      KUNIT_CASE(locks_test_readers),
      KUNIT_CASE(locks_test_rwlock_forms),
    ],
  }),
);

MODULE_LICENSE("GPL");
