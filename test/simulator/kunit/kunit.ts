// KUnit: what it expects, and the order in which a suite runs.
import {
  KUNIT_ASSERT_EQ,
  KUNIT_ASSERT_FALSE,
  KUNIT_ASSERT_GE,
  KUNIT_ASSERT_GT,
  KUNIT_ASSERT_LE,
  KUNIT_ASSERT_LT,
  KUNIT_ASSERT_NE,
  KUNIT_ASSERT_NOT_ERR_OR_NULL,
  KUNIT_ASSERT_NOT_NULL,
  KUNIT_ASSERT_NULL,
  KUNIT_ASSERT_PTR_EQ,
  KUNIT_ASSERT_PTR_NE,
  KUNIT_ASSERT_STREQ,
  KUNIT_ASSERT_STRNEQ,
  KUNIT_ASSERT_TRUE,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_GE,
  KUNIT_EXPECT_GT,
  KUNIT_EXPECT_LE,
  KUNIT_EXPECT_LT,
  KUNIT_EXPECT_NE,
  KUNIT_EXPECT_NOT_ERR_OR_NULL,
  KUNIT_EXPECT_NOT_NULL,
  KUNIT_EXPECT_NULL,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_PTR_NE,
  KUNIT_EXPECT_STREQ,
  KUNIT_EXPECT_STRNEQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_err,
  kunit_info,
  kunit_skip,
  kunit_suite,
  kunit_test_suite,
  kunit_warn,
} from "kunit/test";
import { MODULE_LICENSE } from "linux/module";
import type { int, Ref } from "linux/types";

let running = 0;

function expectations(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, 2, 1 + 1);
  KUNIT_EXPECT_EQ(test, 5n, 5);
  KUNIT_EXPECT_NE(test, -1, 1);
  KUNIT_EXPECT_LT(test, -2, -1);
  KUNIT_EXPECT_LE(test, 2, 2);
  KUNIT_EXPECT_GT(test, 3, 2);
  KUNIT_EXPECT_GE(test, 3, 3);
  KUNIT_EXPECT_TRUE(test, test.priv !== null);
  KUNIT_EXPECT_FALSE(test, test.priv === null);
  KUNIT_EXPECT_PTR_EQ(test, test.priv, suite);
  KUNIT_EXPECT_PTR_NE(test, test, suite);
  KUNIT_EXPECT_NULL(test, null);
  KUNIT_EXPECT_NOT_NULL(test, test);
  KUNIT_EXPECT_NOT_ERR_OR_NULL(test, test);
  KUNIT_EXPECT_STREQ(test, "edu", "edu");
  KUNIT_EXPECT_STRNEQ(test, "edu", "udu");
}

function assertions(test: Ref<kunit>): void {
  KUNIT_ASSERT_EQ(test, 2, 1 + 1);
  KUNIT_ASSERT_EQ(test, 5n, 5);
  KUNIT_ASSERT_NE(test, -1, 1);
  KUNIT_ASSERT_LT(test, -2, -1);
  KUNIT_ASSERT_LE(test, 2, 2);
  KUNIT_ASSERT_GT(test, 3, 2);
  KUNIT_ASSERT_GE(test, 3, 3);
  KUNIT_ASSERT_TRUE(test, test.priv !== null);
  KUNIT_ASSERT_FALSE(test, test.priv === null);
  KUNIT_ASSERT_PTR_EQ(test, test.priv, suite);
  KUNIT_ASSERT_PTR_NE(test, test, suite);
  KUNIT_ASSERT_NULL(test, null);
  KUNIT_ASSERT_NOT_NULL(test, test);
  KUNIT_ASSERT_NOT_ERR_OR_NULL(test, test);
  KUNIT_ASSERT_STREQ(test, "edu", "edu");
  KUNIT_ASSERT_STRNEQ(test, "edu", "udu");
}

function messages(test: Ref<kunit>): void {
  kunit_info(test, "%s\n", "info");
  kunit_warn(test, "%d\n", 2);
  kunit_err(test, "err\n");
  kunit_skip(test, "%d reasons", 1);
}

function init(test: Ref<kunit>): int {
  running += 1;
  test.priv = suite;
  return 0;
}

function exit(test: Ref<kunit>): void {
  running -= 1;
  KUNIT_EXPECT_EQ(test, running, 0);
}

const suite = kunit_suite({
  name: "kunit",
  init,
  exit,
  suite_init: () => running,
  suite_exit: () => {},
  test_cases: [KUNIT_CASE(expectations), KUNIT_CASE(assertions), KUNIT_CASE(messages)],
});
kunit_test_suite(suite);

MODULE_LICENSE("GPL");
