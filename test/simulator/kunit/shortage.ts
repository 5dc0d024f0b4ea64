// KUnit: what the flags of an allocation mean when memory is short.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_GE,
  KUNIT_EXPECT_NOT_NULL,
  KUNIT_EXPECT_NULL,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { ktime_get, ktime_us_delta } from "linux/ktime";
import { MODULE_LICENSE } from "linux/module";
import { __GFP_NOWARN, GFP_ATOMIC, GFP_KERNEL, GFP_NOWAIT, kfree, kmalloc } from "linux/slab";
import type { Ref } from "linux/types";

/** The scenario left 300 KB, of which 256 are the reserve, and 64 to be reclaimed. */
function shortage(test: Ref<kunit>): void {
  KUNIT_EXPECT_NULL(test, kmalloc(64 << 10, GFP_NOWAIT));
  KUNIT_EXPECT_NULL(test, kmalloc(200 << 10, GFP_ATOMIC | __GFP_NOWARN));
  const reserve = kmalloc(64 << 10, GFP_ATOMIC);
  KUNIT_EXPECT_NOT_NULL(test, reserve);
  kfree(reserve);
  const before = ktime_get();
  const reclaimed = kmalloc(64 << 10, GFP_KERNEL);
  KUNIT_EXPECT_NOT_NULL(test, reclaimed);
  KUNIT_EXPECT_GE(test, ktime_us_delta(ktime_get(), before), 1000);
  kfree(reclaimed);
  KUNIT_EXPECT_NULL(test, kmalloc(1 << 20, GFP_KERNEL));
}

kunit_test_suite(kunit_suite({ name: "shortage", test_cases: [KUNIT_CASE(shortage)] }));

MODULE_LICENSE("GPL");
