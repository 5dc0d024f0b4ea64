// KUnit: tests that run in the kernel, as functions of a module.
import type { CString, int, Pointer, Ref, Struct } from "../linux/types.d.ts";

export interface KUnitMembers {
  /** Free for the suite's `init` and its test cases. */
  priv: Ref<unknown> | null;
}

/** `struct kunit`, a running test case. Source: include/kunit/test.h */
export type kunit = Struct<"kunit", KUnitMembers>;
/** `struct kunit`, a running test case. Source: include/kunit/test.h */
export const kunit: kunit;

/** `struct kunit_case`, a test case in its suite; made by KUNIT_CASE. Source: include/kunit/test.h */
export type kunit_case = Struct<"kunit_case", object>;
/** `struct kunit_case`, a test case in its suite; made by KUNIT_CASE. Source: include/kunit/test.h */
export const kunit_case: kunit_case;

export interface KUnitSuiteInit {
  name: string;
  /** Runs before each test case, in its task; a negative errno fails it. */
  init?: (test: Ref<kunit>) => int;
  /** Runs after each test case. */
  exit?: (test: Ref<kunit>) => void;
  /** Runs before the first test case; a negative errno fails the suite. */
  suite_init?: (suite: Ref<kunit_suite>) => int;
  /** Runs after the last test case. */
  suite_exit?: (suite: Ref<kunit_suite>) => void;
  /** The empty entry that ends the table in C is added. */
  test_cases: readonly Ref<kunit_case>[];
}

/** `struct kunit_suite`, test cases that belong together. Source: include/kunit/test.h */
export type kunit_suite = Struct<"kunit_suite", import("../linux/types.d.ts").InitialisedBy<KUnitSuiteInit>>;
/** `struct kunit_suite`, test cases that belong together. Source: include/kunit/test.h */
export const kunit_suite: kunit_suite;

/** A test case, under the name of its function. At file scope. Source: include/kunit/test.h */
export function KUNIT_CASE(run_case: (test: Ref<kunit>) => void): Ref<kunit_case>;

/**
 * Runs the suite's test cases when the module is live, each in a task of its own, and writes the results to the log in
 * KTAP. At file scope. Source: include/kunit/test.h, lib/kunit/test.c
 */
export function kunit_test_suite(suite: Ref<kunit_suite>): void;

/** Ends the test case without a verdict, and says why. Context: process. Source: include/kunit/test.h */
export function kunit_skip(test: Ref<kunit>, format: string, ...args: PrintkArgument[]): void;
/** Writes to the log under the name of the test case. Context: any. Source: include/kunit/test.h */
export function kunit_info(test: Ref<kunit>, format: string, ...args: PrintkArgument[]): void;
/** Writes a warning under the name of the test case. Context: any. Source: include/kunit/test.h */
export function kunit_warn(test: Ref<kunit>, format: string, ...args: PrintkArgument[]): void;
/** Writes an error under the name of the test case. Context: any. Source: include/kunit/test.h */
export function kunit_err(test: Ref<kunit>, format: string, ...args: PrintkArgument[]): void;

type PrintkArgument = number | bigint | boolean | CString | null;
/** An integer of any width, a pointer or NULL. */
type Compared = number | bigint | boolean | Pointer<unknown> | object | null;

/** Fails the test case, which goes on. Context: any. Source: include/kunit/test.h */
export function KUNIT_FAIL(test: Ref<kunit>, format: string, ...args: PrintkArgument[]): void;

/** The test case expects that the condition is true, which goes on otherwise. Context: any. Source: include/kunit/test.h */
export function KUNIT_EXPECT_TRUE(test: Ref<kunit>, condition: Compared): void;

/** The test case expects that the condition is false, which goes on otherwise. Context: any. Source: include/kunit/test.h */
export function KUNIT_EXPECT_FALSE(test: Ref<kunit>, condition: Compared): void;

/** The test case expects that both are equal, which goes on otherwise. Context: any. Source: include/kunit/test.h */
export function KUNIT_EXPECT_EQ(test: Ref<kunit>, left: Compared, right: Compared): void;

/** The test case expects that both differ, which goes on otherwise. Context: any. Source: include/kunit/test.h */
export function KUNIT_EXPECT_NE(test: Ref<kunit>, left: Compared, right: Compared): void;

/** The test case expects that the left is less, which goes on otherwise. Context: any. Source: include/kunit/test.h */
export function KUNIT_EXPECT_LT(test: Ref<kunit>, left: Compared, right: Compared): void;

/** The test case expects that the left is not greater, which goes on otherwise. Context: any. Source: include/kunit/test.h */
export function KUNIT_EXPECT_LE(test: Ref<kunit>, left: Compared, right: Compared): void;

/** The test case expects that the left is greater, which goes on otherwise. Context: any. Source: include/kunit/test.h */
export function KUNIT_EXPECT_GT(test: Ref<kunit>, left: Compared, right: Compared): void;

/** The test case expects that the left is not less, which goes on otherwise. Context: any. Source: include/kunit/test.h */
export function KUNIT_EXPECT_GE(test: Ref<kunit>, left: Compared, right: Compared): void;

/** The test case expects that both point to the same, which goes on otherwise. Context: any. Source: include/kunit/test.h */
export function KUNIT_EXPECT_PTR_EQ(test: Ref<kunit>, left: Compared, right: Compared): void;

/** The test case expects that both point elsewhere, which goes on otherwise. Context: any. Source: include/kunit/test.h */
export function KUNIT_EXPECT_PTR_NE(test: Ref<kunit>, left: Compared, right: Compared): void;

/** The test case expects that the pointer is NULL, which goes on otherwise. Context: any. Source: include/kunit/test.h */
export function KUNIT_EXPECT_NULL(test: Ref<kunit>, pointer: Compared): void;

/** The test case expects that the pointer is not NULL, which goes on otherwise. Context: any. Source: include/kunit/test.h */
export function KUNIT_EXPECT_NOT_NULL(test: Ref<kunit>, pointer: Compared): void;

/** The test case expects that the pointer is neither NULL nor an error, which goes on otherwise. Context: any. Source: include/kunit/test.h */
export function KUNIT_EXPECT_NOT_ERR_OR_NULL(test: Ref<kunit>, pointer: Compared): void;

/** The test case expects that both strings are equal, which goes on otherwise. Context: any. Source: include/kunit/test.h */
export function KUNIT_EXPECT_STREQ(test: Ref<kunit>, left: CString, right: CString): void;

/** The test case expects that the strings differ, which goes on otherwise. Context: any. Source: include/kunit/test.h */
export function KUNIT_EXPECT_STRNEQ(test: Ref<kunit>, left: CString, right: CString): void;

/** The test case expects that the condition is true, which ends otherwise. Context: process. Source: include/kunit/test.h */
export function KUNIT_ASSERT_TRUE(test: Ref<kunit>, condition: Compared): void;

/** The test case expects that the condition is false, which ends otherwise. Context: process. Source: include/kunit/test.h */
export function KUNIT_ASSERT_FALSE(test: Ref<kunit>, condition: Compared): void;

/** The test case expects that both are equal, which ends otherwise. Context: process. Source: include/kunit/test.h */
export function KUNIT_ASSERT_EQ(test: Ref<kunit>, left: Compared, right: Compared): void;

/** The test case expects that both differ, which ends otherwise. Context: process. Source: include/kunit/test.h */
export function KUNIT_ASSERT_NE(test: Ref<kunit>, left: Compared, right: Compared): void;

/** The test case expects that the left is less, which ends otherwise. Context: process. Source: include/kunit/test.h */
export function KUNIT_ASSERT_LT(test: Ref<kunit>, left: Compared, right: Compared): void;

/** The test case expects that the left is not greater, which ends otherwise. Context: process. Source: include/kunit/test.h */
export function KUNIT_ASSERT_LE(test: Ref<kunit>, left: Compared, right: Compared): void;

/** The test case expects that the left is greater, which ends otherwise. Context: process. Source: include/kunit/test.h */
export function KUNIT_ASSERT_GT(test: Ref<kunit>, left: Compared, right: Compared): void;

/** The test case expects that the left is not less, which ends otherwise. Context: process. Source: include/kunit/test.h */
export function KUNIT_ASSERT_GE(test: Ref<kunit>, left: Compared, right: Compared): void;

/** The test case expects that both point to the same, which ends otherwise. Context: process. Source: include/kunit/test.h */
export function KUNIT_ASSERT_PTR_EQ(test: Ref<kunit>, left: Compared, right: Compared): void;

/** The test case expects that both point elsewhere, which ends otherwise. Context: process. Source: include/kunit/test.h */
export function KUNIT_ASSERT_PTR_NE(test: Ref<kunit>, left: Compared, right: Compared): void;

/** The test case expects that the pointer is NULL, which ends otherwise. Context: process. Source: include/kunit/test.h */
export function KUNIT_ASSERT_NULL(test: Ref<kunit>, pointer: Compared): void;

/** The test case expects that the pointer is not NULL, which ends otherwise. Context: process. Source: include/kunit/test.h */
export function KUNIT_ASSERT_NOT_NULL(test: Ref<kunit>, pointer: Compared): void;

/** The test case expects that the pointer is neither NULL nor an error, which ends otherwise. Context: process. Source: include/kunit/test.h */
export function KUNIT_ASSERT_NOT_ERR_OR_NULL(test: Ref<kunit>, pointer: Compared): void;

/** The test case expects that both strings are equal, which ends otherwise. Context: process. Source: include/kunit/test.h */
export function KUNIT_ASSERT_STREQ(test: Ref<kunit>, left: CString, right: CString): void;

/** The test case expects that the strings differ, which ends otherwise. Context: process. Source: include/kunit/test.h */
export function KUNIT_ASSERT_STRNEQ(test: Ref<kunit>, left: CString, right: CString): void;
