// KUnit: what debugobjects finds in timers and works that are freed or set up anew while they are active.
import { KUNIT_CASE, KUNIT_EXPECT_EQ, type kunit, kunit_suite, kunit_test_suite } from "kunit/test";
import { msleep } from "linux/delay";
import { jiffies } from "linux/jiffies";
import { MODULE_LICENSE } from "linux/module";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { mod_timer, timer_delete, timer_delete_sync, timer_list, timer_setup } from "linux/timer";
import { type Ref, struct, u32 } from "linux/types";
import {
  cancel_work_sync,
  delayed_work,
  INIT_DELAYED_WORK,
  INIT_WORK,
  schedule_delayed_work,
  schedule_work,
  work_struct,
} from "linux/workqueue";

const ticker = struct("ticker", { count: u32, timer: timer_list, work: work_struct, later: delayed_work });

let fired = 0;

function tick(): void {
  fired += 1;
}

function work(): void {
  fired += 1;
}

function freed_timer(test: Ref<kunit>): void {
  const d = kzalloc(ticker, GFP_KERNEL);
  if (!d) return;
  timer_setup(d.timer, tick, 0);
  mod_timer(d.timer, jiffies() + 5);
  kfree(d); // reports: missing-cancel-on-remove
  msleep(20);
  KUNIT_EXPECT_EQ(test, fired, 0);
}

function freed_work(test: Ref<kunit>): void {
  const d = kzalloc(ticker, GFP_KERNEL);
  if (!d) return;
  INIT_DELAYED_WORK(d.later, work);
  schedule_delayed_work(d.later, 5);
  kfree(d); // reports: missing-cancel-on-remove
  msleep(20);
  KUNIT_EXPECT_EQ(test, fired, 0);
}

function initialised_anew(test: Ref<kunit>): void {
  const d = kzalloc(ticker, GFP_KERNEL);
  if (!d) return;
  timer_setup(d.timer, tick, 0);
  mod_timer(d.timer, jiffies() + 5);
  timer_setup(d.timer, tick, 0); // reports: missing-cancel-on-remove
  msleep(20);
  KUNIT_EXPECT_EQ(test, fired, 0);
  timer_delete_sync(d.timer);
  kfree(d);
}

function never_initialised(test: Ref<kunit>): void {
  const d = kzalloc(ticker, GFP_KERNEL);
  if (!d) return;
  timer_delete(d.timer); // reports: uninitialized-use
  cancel_work_sync(d.work); // reports: uninitialized-use
  kfree(d);
  // A timer that is deleted in time, and a work that has run, are no mistake.
  const other = kzalloc(ticker, GFP_KERNEL);
  if (!other) return;
  timer_setup(other.timer, tick, 0);
  mod_timer(other.timer, jiffies() + 2);
  INIT_WORK(other.work, work);
  schedule_work(other.work);
  msleep(10);
  KUNIT_EXPECT_EQ(test, fired, 2);
  timer_delete_sync(other.timer);
  cancel_work_sync(other.work);
  kfree(other);
}

kunit_test_suite(
  kunit_suite({
    name: "odebug",
    test_cases: [
      KUNIT_CASE(freed_timer),
      KUNIT_CASE(freed_work),
      KUNIT_CASE(initialised_anew),
      KUNIT_CASE(never_initialised),
    ],
  }),
);

MODULE_LICENSE("GPL");
