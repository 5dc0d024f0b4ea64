// KUnit tests of which some fail, each in another way.
import {
  KUNIT_ASSERT_NOT_ERR_OR_NULL,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_STREQ,
  KUNIT_EXPECT_TRUE,
  KUNIT_FAIL,
  type kunit,
  kunit_info,
  kunit_skip,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { ERR_PTR } from "linux/err";
import { ENOMEM } from "linux/errno";
import { MODULE_LICENSE } from "linux/module";
import { cast, type int, type Ref, struct, u32 } from "linux/types";

const thing = struct("thing", { value: u32 });

function passes(test: Ref<kunit>): void {
  kunit_info(test, "%d things\n", 3);
  KUNIT_EXPECT_EQ(test, 1 + 1, 2);
}

function compares(test: Ref<kunit>): void {
  const three = test.priv ? 4 : 3;
  KUNIT_EXPECT_EQ(test, 1 + 1, three);
  KUNIT_EXPECT_EQ(test, -1, three);
  KUNIT_EXPECT_TRUE(test, three > 3);
  KUNIT_EXPECT_STREQ(test, "edu", "udu");
  KUNIT_FAIL(test, "%d of a kind", three);
}

function stops(test: Ref<kunit>): void {
  KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ERR_PTR(-ENOMEM));
  KUNIT_EXPECT_TRUE(test, false);
}

function oopses(test: Ref<kunit>): void {
  // Nobody has set it.
  const it = cast(thing, test.priv as Ref<unknown>);
  it.value = 1;
}

function skips(test: Ref<kunit>): void {
  kunit_skip(test, "no %s", "hardware");
}

function init(test: Ref<kunit>): int {
  kunit_info(test, "initializing\n");
  return 0;
}

kunit_test_suite(
  kunit_suite({
    name: "failing",
    init,
    test_cases: [KUNIT_CASE(passes), KUNIT_CASE(compares), KUNIT_CASE(stops), KUNIT_CASE(oopses), KUNIT_CASE(skips)],
  }),
);

MODULE_LICENSE("GPL");
