// KUnit: linux/hrtimer.
import { KUNIT_CASE, KUNIT_EXPECT_EQ, KUNIT_EXPECT_TRUE, type kunit, kunit_suite, kunit_test_suite } from "kunit/test";
import { msleep, usleep_range } from "linux/delay";
import {
  CLOCK_MONOTONIC,
  CLOCK_REALTIME,
  HRTIMER_MODE_ABS,
  HRTIMER_MODE_REL,
  HRTIMER_MODE_REL_SOFT,
  HRTIMER_NORESTART,
  HRTIMER_RESTART,
  hrtimer,
  hrtimer_active,
  hrtimer_callback_running,
  hrtimer_cancel,
  hrtimer_forward,
  hrtimer_forward_now,
  hrtimer_get_expires,
  hrtimer_get_remaining,
  hrtimer_init,
  hrtimer_is_queued,
  hrtimer_restart,
  type hrtimer_restart_t,
  hrtimer_set_expires,
  hrtimer_start,
  hrtimer_start_expires,
  hrtimer_start_range_ns,
  hrtimer_try_to_cancel,
} from "linux/hrtimer";
import { irqs_disabled } from "linux/irqflags";
import { ktime_add_us, ktime_get, ktime_get_real, ktime_set, ms_to_ktime, ns_to_ktime } from "linux/ktime";
import { MODULE_LICENSE } from "linux/module";
import { in_hardirq, in_serving_softirq } from "linux/preempt";
import { container_of, type Ref, s64, struct, u32 } from "linux/types";

const pulse = struct("pulse", {
  count: u32,
  most: u32,
  overruns: u32,
  contexts: u32,
  ran: u32,
  tried: u32,
  at: s64,
  period: s64,
  timer: hrtimer,
});
const p = pulse({});

function beat(t: Ref<hrtimer>): hrtimer_restart_t {
  const d = container_of(t, pulse, "timer");
  d.count += 1;
  d.at = ktime_get();
  d.contexts = (in_hardirq() ? 1 : 0) | (in_serving_softirq() ? 2 : 0) | (irqs_disabled() ? 4 : 0);
  d.ran = hrtimer_callback_running(t);
  d.tried = hrtimer_try_to_cancel(t) === -1 ? 1 : 0;
  if (d.count >= d.most) return HRTIMER_NORESTART;
  d.overruns += Number(hrtimer_forward_now(t, d.period));
  return HRTIMER_RESTART;
}

function prepare(clock: number, mode: number, most: number): void {
  p.count = 0;
  p.most = most;
  p.overruns = 0;
  p.period = ns_to_ktime(200_000n);
  hrtimer_init(p.timer, clock, mode);
  p.timer.function = beat;
}

function hrtimer_test_once(test: Ref<kunit>): void {
  prepare(CLOCK_MONOTONIC, HRTIMER_MODE_REL, 1);
  KUNIT_EXPECT_EQ(test, hrtimer_active(p.timer), false);
  const start = ktime_get();
  hrtimer_start(p.timer, ns_to_ktime(150_000n), HRTIMER_MODE_REL);
  KUNIT_EXPECT_EQ(test, hrtimer_is_queued(p.timer), true);
  KUNIT_EXPECT_EQ(test, hrtimer_active(p.timer), true);
  KUNIT_EXPECT_TRUE(test, hrtimer_get_remaining(p.timer) > 0n);
  usleep_range(300, 400);
  KUNIT_EXPECT_EQ(test, p.count, 1);
  KUNIT_EXPECT_EQ(test, p.contexts, 5);
  KUNIT_EXPECT_EQ(test, p.ran, 1);
  KUNIT_EXPECT_EQ(test, p.tried, 1);
  KUNIT_EXPECT_TRUE(test, p.at - start >= 150_000n && p.at - start < 200_000n);
}

function hrtimer_test_periodic(test: Ref<kunit>): void {
  prepare(CLOCK_MONOTONIC, HRTIMER_MODE_REL, 10);
  hrtimer_start_range_ns(p.timer, p.period, 50n, HRTIMER_MODE_REL);
  msleep(1);
  KUNIT_EXPECT_TRUE(test, p.count === 4 || p.count === 5);
  msleep(3);
  KUNIT_EXPECT_EQ(test, p.count, 10);
  KUNIT_EXPECT_EQ(test, p.overruns, 9);
}

function hrtimer_test_cancel(test: Ref<kunit>): void {
  prepare(CLOCK_MONOTONIC, HRTIMER_MODE_REL, 1);
  hrtimer_start(p.timer, ms_to_ktime(1n), HRTIMER_MODE_REL);
  KUNIT_EXPECT_EQ(test, hrtimer_cancel(p.timer), 1);
  KUNIT_EXPECT_EQ(test, hrtimer_cancel(p.timer), 0);
  KUNIT_EXPECT_EQ(test, hrtimer_try_to_cancel(p.timer), 0);
  msleep(2);
  KUNIT_EXPECT_EQ(test, p.count, 0);
  hrtimer_restart(p.timer);
  usleep_range(100, 100);
  KUNIT_EXPECT_EQ(test, p.count, 1);
  hrtimer_set_expires(p.timer, ktime_add_us(ktime_get(), 100n));
  hrtimer_start_expires(p.timer, HRTIMER_MODE_ABS);
  KUNIT_EXPECT_EQ(test, hrtimer_try_to_cancel(p.timer), 1);
}

function hrtimer_test_clocks(test: Ref<kunit>): void {
  prepare(CLOCK_REALTIME, HRTIMER_MODE_ABS, 1);
  hrtimer_start(p.timer, ktime_add_us(ktime_get_real(), 100n), HRTIMER_MODE_ABS);
  usleep_range(200, 200);
  KUNIT_EXPECT_EQ(test, p.count, 1);
  prepare(CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT, 1);
  hrtimer_start(p.timer, ns_to_ktime(100_000n), HRTIMER_MODE_REL_SOFT);
  usleep_range(200, 200);
  KUNIT_EXPECT_EQ(test, p.contexts, 2);
}

function hrtimer_test_forward(test: Ref<kunit>): void {
  prepare(CLOCK_MONOTONIC, HRTIMER_MODE_ABS, 1);
  hrtimer_set_expires(p.timer, ktime_set(1n, 0));
  KUNIT_EXPECT_EQ(test, hrtimer_forward(p.timer, ktime_set(0n, 5), ms_to_ktime(100n)), 0n);
  KUNIT_EXPECT_EQ(test, hrtimer_forward(p.timer, ktime_set(1n, 250_000_000), ms_to_ktime(100n)), 3n);
  KUNIT_EXPECT_EQ(test, hrtimer_get_expires(p.timer), 1_300_000_000n);
}

kunit_test_suite(
  kunit_suite({
    name: "hrtimer",
    test_cases: [
      KUNIT_CASE(hrtimer_test_once),
      KUNIT_CASE(hrtimer_test_periodic),
      KUNIT_CASE(hrtimer_test_cancel),
      KUNIT_CASE(hrtimer_test_clocks),
      KUNIT_CASE(hrtimer_test_forward),
    ],
  }),
);

MODULE_LICENSE("GPL");
