// KUnit: linux/fpu, and fractions where there may be none.
import { irq_fpu_usable as usable_by_old_name } from "asm/fpu/api";
import { KUNIT_CASE, KUNIT_EXPECT_EQ, type kunit, kunit_suite, kunit_test_suite } from "kunit/test";
import { irq_fpu_usable, kernel_fpu_begin, kernel_fpu_end } from "linux/fpu";
import { MODULE_LICENSE } from "linux/module";
import { preempt_count } from "linux/preempt";
import { type Ref, struct, u32 } from "linux/types";

const sums = struct("sums", { mean: u32, count: u32 });
const d = sums({});

function outside(test: Ref<kunit>): void {
  d.count = 10;
  d.mean = d.count / 5;
  KUNIT_EXPECT_EQ(test, d.mean, 2);
  d.mean = d.count / 4; // reports: float-in-kernel
  KUNIT_EXPECT_EQ(test, d.mean, 2);
}

function inside(test: Ref<kunit>): void {
  const before = preempt_count();
  KUNIT_EXPECT_EQ(test, irq_fpu_usable(), true);
  KUNIT_EXPECT_EQ(test, usable_by_old_name(), true);
  kernel_fpu_begin();
  KUNIT_EXPECT_EQ(test, preempt_count(), before + 1);
  KUNIT_EXPECT_EQ(test, irq_fpu_usable(), false);
  d.mean = d.count / 4;
  kernel_fpu_end();
  KUNIT_EXPECT_EQ(test, preempt_count(), before);
  KUNIT_EXPECT_EQ(test, irq_fpu_usable(), true);
  d.mean = d.count / 3; // reports: float-in-kernel
}

kunit_test_suite(kunit_suite({ name: "fpu", test_cases: [KUNIT_CASE(outside), KUNIT_CASE(inside)] }));

MODULE_LICENSE("GPL");
