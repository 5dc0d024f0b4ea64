// KUnit: linux/jiffies, linux/ktime, linux/timekeeping and linux/time64.
import { KUNIT_CASE, KUNIT_EXPECT_EQ, KUNIT_EXPECT_TRUE, type kunit, kunit_suite, kunit_test_suite } from "kunit/test";
import { mdelay, msleep, ndelay } from "linux/delay";
import {
  get_jiffies_64,
  HZ,
  INITIAL_JIFFIES,
  jiffies,
  jiffies_64,
  jiffies_delta_to_msecs,
  jiffies_to_msecs,
  jiffies_to_nsecs,
  jiffies_to_usecs,
  jiffies64_to_msecs,
  jiffies64_to_nsecs,
  MAX_JIFFY_OFFSET,
  msecs_to_jiffies,
  nsecs_to_jiffies,
  nsecs_to_jiffies64,
  time_after,
  time_after_eq,
  time_after64,
  time_before,
  time_before_eq,
  time_before64,
  time_in_range,
  time_in_range_open,
  time_is_after_eq_jiffies,
  time_is_after_jiffies,
  time_is_before_eq_jiffies,
  time_is_before_jiffies,
  usecs_to_jiffies,
} from "linux/jiffies";
import {
  ktime_add,
  ktime_add_ms,
  ktime_add_ns,
  ktime_add_us,
  ktime_after,
  ktime_before,
  ktime_compare,
  ktime_divns,
  ktime_get,
  ktime_get_boottime,
  ktime_get_boottime_ns,
  ktime_get_boottime_seconds,
  ktime_get_boottime_ts64,
  ktime_get_coarse,
  ktime_get_coarse_real_ts64,
  ktime_get_coarse_ts64,
  ktime_get_ns,
  ktime_get_raw,
  ktime_get_raw_ns,
  ktime_get_raw_ts64,
  ktime_get_real,
  ktime_get_real_ns,
  ktime_get_real_seconds,
  ktime_get_real_ts64,
  ktime_get_seconds,
  ktime_get_ts64,
  ktime_ms_delta,
  ktime_set,
  ktime_sub,
  ktime_sub_ms,
  ktime_sub_ns,
  ktime_sub_us,
  ktime_to_ms,
  ktime_to_ns,
  ktime_to_us,
  ktime_us_delta,
  ms_to_ktime,
  ns_to_ktime,
} from "linux/ktime";
import { MODULE_LICENSE } from "linux/module";
import {
  mktime64,
  time64_to_tm,
  timespec64,
  timespec64_compare,
  timespec64_equal,
  timespec64_to_ns,
  tm,
} from "linux/time64";
import { on_stack, type Ref } from "linux/types";

function jiffies_test_count(test: Ref<kunit>): void {
  const start = jiffies();
  KUNIT_EXPECT_TRUE(test, get_jiffies_64() < 0x100000000n && get_jiffies_64() >= BigInt(INITIAL_JIFFIES));
  KUNIT_EXPECT_EQ(test, jiffies_64(), get_jiffies_64());
  msleep(10);
  KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies(), start + 10));
  KUNIT_EXPECT_TRUE(test, time_is_before_jiffies(start));
  KUNIT_EXPECT_TRUE(test, time_is_before_eq_jiffies(start));
  KUNIT_EXPECT_TRUE(test, time_is_after_jiffies(jiffies() + 100));
  KUNIT_EXPECT_TRUE(test, time_is_after_eq_jiffies(jiffies() + 100));
}

function jiffies_test_convert(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, msecs_to_jiffies(25), (25 * HZ) / 1000);
  KUNIT_EXPECT_EQ(test, msecs_to_jiffies(-1), MAX_JIFFY_OFFSET);
  KUNIT_EXPECT_EQ(test, usecs_to_jiffies(1500), 2);
  KUNIT_EXPECT_EQ(test, nsecs_to_jiffies(2_999_999n), 2);
  KUNIT_EXPECT_EQ(test, nsecs_to_jiffies64(2_999_999n), 2n);
  KUNIT_EXPECT_EQ(test, jiffies_to_msecs(25), 25);
  KUNIT_EXPECT_EQ(test, jiffies_to_usecs(3), 3000);
  KUNIT_EXPECT_EQ(test, jiffies_to_nsecs(3), 3_000_000n);
  KUNIT_EXPECT_EQ(test, jiffies64_to_nsecs(3n), 3_000_000n);
  KUNIT_EXPECT_EQ(test, jiffies64_to_msecs(3n), 3n);
  KUNIT_EXPECT_EQ(test, jiffies_delta_to_msecs(-3), 0);
  KUNIT_EXPECT_EQ(test, jiffies_delta_to_msecs(3), 3);
}

function jiffies_test_compare(test: Ref<kunit>): void {
  // The counter wraps, and the comparisons know it.
  KUNIT_EXPECT_TRUE(test, time_after(5, 0xfffffff0));
  KUNIT_EXPECT_TRUE(test, time_before(0xfffffff0, 5));
  KUNIT_EXPECT_TRUE(test, time_after_eq(5, 5));
  KUNIT_EXPECT_TRUE(test, time_before_eq(5, 5));
  KUNIT_EXPECT_TRUE(test, time_in_range(5, 0xfffffff0, 5));
  KUNIT_EXPECT_EQ(test, time_in_range_open(5, 0xfffffff0, 5), false);
  KUNIT_EXPECT_TRUE(test, time_in_range_open(4, 0xfffffff0, 5));
  KUNIT_EXPECT_TRUE(test, time_after64(5n, 4n));
  KUNIT_EXPECT_TRUE(test, time_before64(4n, 5n));
}

function ktime_test_clocks(test: Ref<kunit>): void {
  const start = ktime_get();
  mdelay(3);
  ndelay(700);
  const end = ktime_get();
  KUNIT_EXPECT_EQ(test, ktime_ms_delta(end, start), 3n);
  KUNIT_EXPECT_TRUE(test, ktime_us_delta(end, start) >= 3000n);
  KUNIT_EXPECT_TRUE(test, ktime_get_ns() >= end);
  KUNIT_EXPECT_TRUE(test, ktime_get_boottime() >= end && ktime_get_boottime_ns() >= end);
  KUNIT_EXPECT_TRUE(test, ktime_get_raw() >= end && ktime_get_raw_ns() >= end);
  KUNIT_EXPECT_TRUE(test, ktime_get_coarse() > 0n && ktime_get_coarse() <= ktime_get());
  KUNIT_EXPECT_EQ(test, ktime_get_coarse() % 1_000_000n, 0n);
  msleep(1000);
  KUNIT_EXPECT_EQ(test, ktime_get_seconds(), 1n);
  KUNIT_EXPECT_EQ(test, ktime_get_boottime_seconds(), 1n);
  KUNIT_EXPECT_EQ(test, ktime_get_real_seconds(), mktime64(2025, 1, 1, 0, 0, 1));
  KUNIT_EXPECT_EQ(test, ktime_get_real() / 1_000_000_000n, ktime_get_real_seconds());
  KUNIT_EXPECT_EQ(test, ktime_get_real_ns() / 1_000_000_000n, ktime_get_real_seconds());
}

function ktime_test_arithmetic(test: Ref<kunit>): void {
  const t = ktime_set(1n, 500_000_000);
  KUNIT_EXPECT_EQ(test, t, 1_500_000_000n);
  KUNIT_EXPECT_EQ(test, ktime_to_ms(t), 1500n);
  KUNIT_EXPECT_EQ(test, ktime_to_us(t), 1_500_000n);
  KUNIT_EXPECT_EQ(test, ktime_to_ns(t), 1_500_000_000n);
  KUNIT_EXPECT_EQ(test, ktime_add(t, t), 3_000_000_000n);
  KUNIT_EXPECT_EQ(test, ktime_sub(t, ns_to_ktime(1n)), 1_499_999_999n);
  KUNIT_EXPECT_EQ(test, ktime_add_ns(t, 1n), 1_500_000_001n);
  KUNIT_EXPECT_EQ(test, ktime_add_us(t, 1n), 1_500_001_000n);
  KUNIT_EXPECT_EQ(test, ktime_add_ms(t, 1n), 1_501_000_000n);
  KUNIT_EXPECT_EQ(test, ktime_sub_ns(t, 1n), 1_499_999_999n);
  KUNIT_EXPECT_EQ(test, ktime_sub_us(t, 1n), 1_499_999_000n);
  KUNIT_EXPECT_EQ(test, ktime_sub_ms(t, 1n), 1_499_000_000n);
  KUNIT_EXPECT_EQ(test, ms_to_ktime(2n), 2_000_000n);
  KUNIT_EXPECT_EQ(test, ktime_compare(t, ktime_set(2n, 0)), -1);
  KUNIT_EXPECT_TRUE(test, ktime_after(t, ktime_set(1n, 0)));
  KUNIT_EXPECT_TRUE(test, ktime_before(t, ktime_set(2n, 0)));
  KUNIT_EXPECT_EQ(test, ktime_divns(t, 1000n), 1_500_000n);
}

function time64_test_timespec(test: Ref<kunit>): void {
  const a = on_stack(timespec64);
  const b = on_stack(timespec64);
  ktime_get_real_ts64(a);
  KUNIT_EXPECT_EQ(test, a.tv_sec, ktime_get_real_seconds());
  ktime_get_coarse_real_ts64(b);
  KUNIT_EXPECT_EQ(test, b.tv_sec, a.tv_sec);
  KUNIT_EXPECT_EQ(test, b.tv_nsec % 1_000_000, 0);
  ktime_get_ts64(a);
  KUNIT_EXPECT_TRUE(test, timespec64_to_ns(a) > 0n && timespec64_to_ns(a) <= ktime_get_ns());
  ktime_get_boottime_ts64(b);
  KUNIT_EXPECT_TRUE(test, timespec64_compare(a, b) < 0);
  KUNIT_EXPECT_EQ(test, timespec64_equal(a, b), 0);
  KUNIT_EXPECT_EQ(test, timespec64_equal(a, a), 1);
  ktime_get_raw_ts64(a);
  KUNIT_EXPECT_TRUE(test, timespec64_compare(a, b) > 0);
  ktime_get_coarse_ts64(b);
  KUNIT_EXPECT_TRUE(test, timespec64_to_ns(b) > 0n);
}

function time64_test_calendar(test: Ref<kunit>): void {
  const date = on_stack(tm);
  time64_to_tm(mktime64(2024, 2, 29, 23, 59, 58), 1, date);
  KUNIT_EXPECT_EQ(test, date.tm_year, 124);
  KUNIT_EXPECT_EQ(test, date.tm_mon, 1);
  KUNIT_EXPECT_EQ(test, date.tm_mday, 29);
  KUNIT_EXPECT_EQ(test, date.tm_sec, 59);
  KUNIT_EXPECT_EQ(test, date.tm_min, 59);
  KUNIT_EXPECT_EQ(test, date.tm_hour, 23);
  KUNIT_EXPECT_EQ(test, date.tm_wday, 4);
  KUNIT_EXPECT_EQ(test, date.tm_yday, 59);
}

kunit_test_suite(
  kunit_suite({
    name: "time",
    test_cases: [
      KUNIT_CASE(jiffies_test_count),
      KUNIT_CASE(jiffies_test_convert),
      KUNIT_CASE(jiffies_test_compare),
      KUNIT_CASE(ktime_test_clocks),
      KUNIT_CASE(ktime_test_arithmetic),
      KUNIT_CASE(time64_test_timespec),
      KUNIT_CASE(time64_test_calendar),
    ],
  }),
);

MODULE_LICENSE("GPL");
