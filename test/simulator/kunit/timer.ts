// KUnit: linux/timer.
import { KUNIT_CASE, KUNIT_EXPECT_EQ, KUNIT_EXPECT_NE, type kunit, kunit_suite, kunit_test_suite } from "kunit/test";
import { msleep } from "linux/delay";
import { irqs_disabled } from "linux/irqflags";
import { HZ, jiffies, msecs_to_jiffies, time_after_eq } from "linux/jiffies";
import { MODULE_LICENSE } from "linux/module";
import { in_hardirq, in_serving_softirq, in_task } from "linux/preempt";
import {
  add_timer,
  add_timer_on,
  DEFINE_TIMER,
  del_timer,
  del_timer_sync,
  from_timer,
  mod_timer,
  mod_timer_pending,
  round_jiffies,
  round_jiffies_relative,
  round_jiffies_up,
  round_jiffies_up_relative,
  TIMER_IRQSAFE,
  timer_delete,
  timer_delete_sync,
  timer_list,
  timer_pending,
  timer_reduce,
  timer_setup,
  timer_shutdown,
  timer_shutdown_sync,
} from "linux/timer";
import { on_stack, type Ref, struct, u32 } from "linux/types";

const ticker = struct("ticker", { count: u32, period: u32, last: u32, contexts: u32, timer: timer_list });

function tick(t: Ref<timer_list>): void {
  const d = from_timer(ticker, t, "timer");
  d.count += 1;
  d.last = jiffies();
  d.contexts =
    (in_serving_softirq() ? 1 : 0) | (in_hardirq() ? 2 : 0) | (in_task() ? 4 : 0) | (irqs_disabled() ? 8 : 0);
  if (d.period && d.count < 5) mod_timer(d.timer, jiffies() + d.period);
}

let fired = 0;
const static_timer = DEFINE_TIMER("static_timer", () => {
  fired += 1;
});

const shared = ticker({});

function timer_test_once(test: Ref<kunit>): void {
  const d = shared;
  d.count = 0;
  d.period = 0;
  timer_setup(d.timer, tick, 0);
  KUNIT_EXPECT_EQ(test, timer_pending(d.timer), 0);
  const due = jiffies() + msecs_to_jiffies(5);
  KUNIT_EXPECT_EQ(test, mod_timer(d.timer, due), 0);
  KUNIT_EXPECT_EQ(test, timer_pending(d.timer), 1);
  KUNIT_EXPECT_EQ(test, d.timer.expires, due);
  msleep(3);
  KUNIT_EXPECT_EQ(test, d.count, 0);
  msleep(4);
  KUNIT_EXPECT_EQ(test, d.count, 1);
  KUNIT_EXPECT_EQ(test, d.last, due);
  KUNIT_EXPECT_EQ(test, d.contexts, 1);
  KUNIT_EXPECT_EQ(test, timer_pending(d.timer), 0);
}

function timer_test_periodic(test: Ref<kunit>): void {
  const d = shared;
  d.count = 0;
  d.period = 2;
  timer_setup(d.timer, tick, TIMER_IRQSAFE);
  d.timer.expires = jiffies() + 2;
  add_timer(d.timer);
  msleep(7);
  KUNIT_EXPECT_EQ(test, d.count, 3);
  KUNIT_EXPECT_EQ(test, d.contexts, 9);
  msleep(20);
  KUNIT_EXPECT_EQ(test, d.count, 5);
}

function timer_test_delete(test: Ref<kunit>): void {
  const d = shared;
  d.count = 0;
  d.period = 0;
  timer_setup(d.timer, tick, 0);
  mod_timer(d.timer, jiffies() + 5);
  KUNIT_EXPECT_EQ(test, mod_timer(d.timer, jiffies() + 6), 1);
  KUNIT_EXPECT_EQ(test, timer_delete(d.timer), 1);
  KUNIT_EXPECT_EQ(test, timer_delete(d.timer), 0);
  KUNIT_EXPECT_EQ(test, mod_timer_pending(d.timer, jiffies() + 6), 0);
  mod_timer(d.timer, jiffies() + 5);
  KUNIT_EXPECT_EQ(test, mod_timer_pending(d.timer, jiffies() + 6), 1);
  KUNIT_EXPECT_EQ(test, del_timer(d.timer), 1);
  mod_timer(d.timer, jiffies() + 5);
  KUNIT_EXPECT_EQ(test, timer_delete_sync(d.timer), 1);
  mod_timer(d.timer, jiffies() + 5);
  KUNIT_EXPECT_EQ(test, del_timer_sync(d.timer), 1);
  msleep(10);
  KUNIT_EXPECT_EQ(test, d.count, 0);
}

function timer_test_shutdown(test: Ref<kunit>): void {
  const d = shared;
  d.count = 0;
  d.period = 1;
  timer_setup(d.timer, tick, 0);
  mod_timer(d.timer, jiffies() + 1);
  msleep(3);
  KUNIT_EXPECT_EQ(test, timer_shutdown_sync(d.timer), 1);
  const count = d.count;
  KUNIT_EXPECT_EQ(test, mod_timer(d.timer, jiffies() + 1), 0);
  KUNIT_EXPECT_EQ(test, timer_pending(d.timer), 0);
  msleep(5);
  KUNIT_EXPECT_EQ(test, d.count, count);
  timer_setup(d.timer, tick, 0);
  mod_timer(d.timer, jiffies() + 1);
  KUNIT_EXPECT_EQ(test, timer_shutdown(d.timer), 1);
  KUNIT_EXPECT_EQ(test, timer_shutdown(d.timer), 0);
  mod_timer(d.timer, jiffies() + 1);
  msleep(5);
  KUNIT_EXPECT_EQ(test, d.count, count);
}

function timer_test_reduce(test: Ref<kunit>): void {
  const d = shared;
  d.count = 0;
  d.period = 0;
  timer_setup(d.timer, tick, 0);
  const now = jiffies();
  KUNIT_EXPECT_EQ(test, timer_reduce(d.timer, now + 20), 0);
  KUNIT_EXPECT_EQ(test, timer_reduce(d.timer, now + 30), 1);
  KUNIT_EXPECT_EQ(test, d.timer.expires, now + 20);
  KUNIT_EXPECT_EQ(test, timer_reduce(d.timer, now + 5), 1);
  msleep(8);
  KUNIT_EXPECT_EQ(test, d.last, now + 5);
}

function timer_test_static(test: Ref<kunit>): void {
  static_timer.expires = jiffies() + 1;
  add_timer_on(static_timer, 0);
  KUNIT_EXPECT_EQ(test, timer_pending(static_timer), 1);
  msleep(4);
  KUNIT_EXPECT_EQ(test, fired, 1);
}

function timer_test_order(test: Ref<kunit>): void {
  // A time that is over is the next tick.
  const d = shared;
  d.count = 0;
  timer_setup(d.timer, tick, 0);
  mod_timer(d.timer, jiffies() - 100);
  msleep(3);
  KUNIT_EXPECT_EQ(test, d.count, 1);
}

function timer_test_round(test: Ref<kunit>): void {
  const now = jiffies();
  const up = round_jiffies_up(now + 5);
  KUNIT_EXPECT_EQ(test, time_after_eq(up, now + 5), true);
  KUNIT_EXPECT_NE(test, round_jiffies(now + HZ + 600), now + HZ + 600);
  KUNIT_EXPECT_NE(test, round_jiffies_relative(HZ + 600), 0);
  KUNIT_EXPECT_NE(test, round_jiffies_up_relative(HZ), 0);
}

function timer_test_stack(test: Ref<kunit>): void {
  const d = on_stack(ticker);
  d.count = 0;
  d.period = 0;
  timer_setup(d.timer, tick, 0);
  mod_timer(d.timer, jiffies() + 1);
  msleep(3);
  timer_delete_sync(d.timer);
  KUNIT_EXPECT_EQ(test, d.count, 1);
}

kunit_test_suite(
  kunit_suite({
    name: "timer",
    test_cases: [
      KUNIT_CASE(timer_test_once),
      KUNIT_CASE(timer_test_periodic),
      KUNIT_CASE(timer_test_delete),
      KUNIT_CASE(timer_test_shutdown),
      KUNIT_CASE(timer_test_reduce),
      KUNIT_CASE(timer_test_static),
      KUNIT_CASE(timer_test_order),
      KUNIT_CASE(timer_test_round),
      KUNIT_CASE(timer_test_stack),
    ],
  }),
);

MODULE_LICENSE("GPL");
