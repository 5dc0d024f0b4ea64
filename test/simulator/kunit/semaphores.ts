// KUnit: semaphores and rw_semaphores.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { msleep } from "linux/delay";
import { ETIME } from "linux/errno";
import { jiffies } from "linux/jiffies";
import { kthread_run } from "linux/kthread";
import { MODULE_LICENSE } from "linux/module";
import {
  DEFINE_PERCPU_RWSEM,
  DEFINE_STATIC_PERCPU_RWSEM,
  percpu_down_read,
  percpu_down_read_trylock,
  percpu_down_write,
  percpu_free_rwsem,
  percpu_init_rwsem,
  percpu_is_read_locked,
  percpu_is_write_locked,
  percpu_rw_semaphore,
  percpu_up_read,
  percpu_up_write,
} from "linux/percpu-rwsem";
import {
  DECLARE_RWSEM,
  down_read,
  down_read_interruptible,
  down_read_killable,
  down_read_nested,
  down_read_trylock,
  down_write,
  down_write_killable,
  down_write_nested,
  down_write_trylock,
  downgrade_write,
  init_rwsem,
  rw_semaphore,
  rwsem_is_contended,
  rwsem_is_locked,
  up_read,
  up_write,
} from "linux/rwsem";
import {
  DEFINE_SEMAPHORE,
  down,
  down_interruptible,
  down_killable,
  down_timeout,
  down_trylock,
  sema_init,
  semaphore,
  up,
} from "linux/semaphore";
import { lockdep_assert_held_read } from "linux/spinlock";
import { from_timer, mod_timer, timer_delete_sync, timer_list, timer_setup } from "linux/timer";
import { type int, type Ref, struct, u32 } from "linux/types";

const slots = DEFINE_SEMAPHORE("slots", 2);
const sem = DECLARE_RWSEM("sem");
const device = struct("downed", {
  sem: semaphore,
  rwsem: rw_semaphore,
  inner: rw_semaphore,
  timer: timer_list,
  got: u32,
});
const d = device({});

function giveBack(timer: Ref<timer_list>): void {
  const it = from_timer(device, timer, "timer");
  it.got += 1;
  up(it.sem);
}

/** The timer gives the semaphore back, of which the test has the last. */
function upSoon(): void {
  timer_setup(d.timer, giveBack, 0);
  mod_timer(d.timer, jiffies() + 2);
}

function semaphores_test_count(test: Ref<kunit>): void {
  down(slots);
  KUNIT_EXPECT_EQ(test, slots.count, 1);
  KUNIT_EXPECT_EQ(test, down_trylock(slots), 0);
  KUNIT_EXPECT_EQ(test, down_trylock(slots), 1);
  KUNIT_EXPECT_EQ(test, down_timeout(slots, 3), -ETIME);
  up(slots);
  up(slots);
  KUNIT_EXPECT_EQ(test, slots.count, 2);
}

function semaphores_test_wait(test: Ref<kunit>): void {
  sema_init(d.sem, 3);
  KUNIT_EXPECT_EQ(test, d.sem.count, 3);
  sema_init(d.sem, 0);
  d.got = 0;
  upSoon();
  down(d.sem);
  KUNIT_EXPECT_EQ(test, d.got, 1);
  upSoon();
  KUNIT_EXPECT_EQ(test, down_interruptible(d.sem), 0);
  KUNIT_EXPECT_EQ(test, d.got, 2);
  upSoon();
  KUNIT_EXPECT_EQ(test, down_killable(d.sem), 0);
  KUNIT_EXPECT_EQ(test, d.got, 3);
  upSoon();
  KUNIT_EXPECT_EQ(test, down_timeout(d.sem, 100), 0);
  KUNIT_EXPECT_EQ(test, d.got, 4);
  timer_delete_sync(d.timer);
}

function semaphores_test_rwsem(test: Ref<kunit>): void {
  init_rwsem(d.rwsem);
  init_rwsem(d.inner);
  down_read(sem);
  KUNIT_EXPECT_EQ(test, rwsem_is_locked(sem), 1);
  KUNIT_EXPECT_EQ(test, down_write_trylock(sem), 0);
  lockdep_assert_held_read(sem);
  up_read(sem);
  KUNIT_EXPECT_EQ(test, rwsem_is_locked(sem), 0);
  down_write(d.rwsem);
  KUNIT_EXPECT_EQ(test, down_read_trylock(d.rwsem), 0);
  downgrade_write(d.rwsem);
  lockdep_assert_held_read(d.rwsem);
  KUNIT_EXPECT_EQ(test, down_write_trylock(d.rwsem), 0);
  KUNIT_EXPECT_EQ(test, rwsem_is_contended(d.rwsem), 0);
  up_read(d.rwsem);
  KUNIT_EXPECT_EQ(test, down_write_trylock(d.rwsem), 1);
  up_write(d.rwsem);
  KUNIT_EXPECT_EQ(test, down_read_trylock(d.rwsem), 1);
  up_read(d.rwsem);
  KUNIT_EXPECT_EQ(test, rwsem_is_locked(d.rwsem), 0);
}

function semaphores_test_rwsem_forms(test: Ref<kunit>): void {
  init_rwsem(d.rwsem);
  KUNIT_EXPECT_EQ(test, down_read_interruptible(d.rwsem), 0);
  KUNIT_EXPECT_EQ(test, rwsem_is_locked(d.rwsem), 1);
  up_read(d.rwsem);
  KUNIT_EXPECT_EQ(test, down_read_killable(d.rwsem), 0);
  KUNIT_EXPECT_EQ(test, rwsem_is_locked(d.rwsem), 1);
  up_read(d.rwsem);
  KUNIT_EXPECT_EQ(test, down_write_killable(d.rwsem), 0);
  KUNIT_EXPECT_EQ(test, rwsem_is_locked(d.rwsem), 1);
  init_rwsem(d.inner);
  down_read_nested(d.inner, 1);
  KUNIT_EXPECT_EQ(test, rwsem_is_locked(d.inner), 1);
  up_read(d.inner);
  down_write_nested(d.inner, 1);
  KUNIT_EXPECT_EQ(test, rwsem_is_locked(d.inner), 1);
  up_write(d.inner);
  up_write(d.rwsem);
  KUNIT_EXPECT_EQ(test, rwsem_is_locked(d.inner), 0);
}

const config = DEFINE_PERCPU_RWSEM("config");
const fixed = DEFINE_STATIC_PERCPU_RWSEM("fixed");
const owner = struct("owner", { sem: percpu_rw_semaphore, entered: u32 });
const the_owner = owner({});

function percpu_writer(): int {
  percpu_down_write(the_owner.sem);
  the_owner.entered += 1;
  percpu_up_write(the_owner.sem);
  return 0;
}

function semaphores_test_percpu(test: Ref<kunit>): void {
  for (const sem of [config, fixed]) {
    KUNIT_EXPECT_FALSE(test, percpu_is_read_locked(sem));
    percpu_down_read(sem);
    KUNIT_EXPECT_TRUE(test, percpu_down_read_trylock(sem));
    KUNIT_EXPECT_TRUE(test, percpu_is_read_locked(sem));
    KUNIT_EXPECT_FALSE(test, percpu_is_write_locked(sem));
    percpu_up_read(sem);
    percpu_up_read(sem);
    KUNIT_EXPECT_FALSE(test, percpu_is_read_locked(sem));
    percpu_down_write(sem);
    KUNIT_EXPECT_TRUE(test, percpu_is_write_locked(sem));
    KUNIT_EXPECT_FALSE(test, percpu_down_read_trylock(sem));
    percpu_up_write(sem);
    KUNIT_EXPECT_FALSE(test, percpu_is_write_locked(sem));
  }
  KUNIT_EXPECT_EQ(test, percpu_init_rwsem(the_owner.sem), 0);
  the_owner.entered = 0;
  percpu_down_read(the_owner.sem);
  kthread_run(percpu_writer, null, "writer");
  msleep(2);
  // The writer waits for the reader, and keeps new ones out.
  KUNIT_EXPECT_EQ(test, the_owner.entered, 0);
  percpu_up_read(the_owner.sem);
  msleep(2);
  KUNIT_EXPECT_EQ(test, the_owner.entered, 1);
  percpu_free_rwsem(the_owner.sem);
}

kunit_test_suite(
  kunit_suite({
    name: "semaphores",
    test_cases: [
      KUNIT_CASE(semaphores_test_count),
      KUNIT_CASE(semaphores_test_wait),
      KUNIT_CASE(semaphores_test_rwsem),
      KUNIT_CASE(semaphores_test_rwsem_forms),
      KUNIT_CASE(semaphores_test_percpu),
    ],
  }),
);

MODULE_LICENSE("GPL");
