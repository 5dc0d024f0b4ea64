// Comments that allow findings: what they govern, and that the action's comment works once a reason is written.
import { describe, expect, test } from "vitest";
import { type Checked, checkText, defaultOptions } from "../../server/features/check.ts";
import { allowance } from "../../server/features/suppressions.ts";
import { createChecker } from "../checker.ts";

const checker = await createChecker();
const check = (text: string): Checked => checkText(checker, "/drivers/a.c", text);
const driver = (body: string, before = ""): string => `#include <linux/delay.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);

${before}static void wait_a_little(int n)
{
	spin_lock(&lock);
${body}	spin_unlock(&lock);
}
`;
const said = (text: string): readonly string[] => check(text).findings.map(({ rule }) => rule);
const allow = "/* driverlab: allow sleep-in-atomic -- it never runs */";

describe("a comment", () => {
  test("allows what stands on its line", () => {
    expect(said(driver("\tmsleep(1);\n"))).toEqual(["sleep-in-atomic"]);
    expect(said(driver(`\tmsleep(1); ${allow}\n`))).toEqual([]);
    expect(said(driver(`\t${allow} msleep(1);\n`))).toEqual([]);
  });

  test("alone on its line allows the statement after it, and no other", () => {
    expect(said(driver(`\t${allow}\n\n\t/* and so on */\n\tmsleep(1);\n`))).toEqual([]);
    expect(said(driver(`\t${allow}\n\tif (n)\n\t\tmsleep(1);\n`))).toEqual([]);
    expect(said(driver(`\t${allow}\n\tn++;\n\tmsleep(1);\n`))).toEqual(["unused-suppression", "sleep-in-atomic"]);
    expect(said(driver(`\t${allow}\n\tif (n) {\n\t\tmsleep(1);\n\t}\n`))).toContain("sleep-in-atomic");
  });

  test("before a function does not allow what is in it", () => {
    expect(said(driver("\tmsleep(1);\n", `${allow}\n`))).toEqual(["unused-suppression", "sleep-in-atomic"]);
  });

  test("may have several lines, and stack with others", () => {
    const long = "/* driverlab: allow sleep-in-atomic,\n\t * missing-unlock -- this\n\t * never runs */";
    expect(check(driver(`\t${long}\n\tmsleep(1);\n`)).allowed?.[0]?.reason).toBe("this never runs");
    const other = "// driverlab: allow double-lock -- no more";
    expect(said(driver(`\t${allow}\n\t${other}\n\tmsleep(1);\n`))).toEqual(["unused-suppression"]);
  });

  test("in a string is none", () => {
    expect(said(driver(`\tpr_info("${allow}\\n"); msleep(1);\n`))).toEqual(["sleep-in-atomic"]);
  });

  test("is not called unused where the file was not understood", () => {
    expect(said(driver(`\t${allow}\n\tif (n) ) {\n`))).not.toContain("unused-suppression");
  });
});

test("a rule for learners is silent for others, and a comment that allows it is not called unused", () => {
  const text = driver('\tprintk("hello\\n");\n');
  const learner = { ...defaultOptions, profile: "learner" } as const;
  const rulesOf = (of: string, options = defaultOptions) =>
    checkText(checker, "/drivers/a.c", of, options).findings.map(({ rule }) => rule);
  expect(rulesOf(text)).toEqual([]);
  expect(rulesOf(text, learner)).toEqual(["printk-without-level"]);
  const allowed = text.replace(
    "\tprintk",
    "\t/* driverlab: allow printk-without-level -- the default will do */\n\tprintk",
  );
  expect(rulesOf(allowed)).toEqual([]);
  expect(rulesOf(allowed, learner)).toEqual([]);
});

test("the action's comment suppresses nothing until a reason is written", () => {
  for (const body of ["\tmsleep(1);\n", "\tn = n ||\n\t\tmsleep_interruptible(\n\t\t\tn);\n"]) {
    const text = driver(body);
    const [finding] = check(text).findings;
    const { start, text: comment } = allowance(text, finding!)!;
    const offered = text.slice(0, start) + comment + text.slice(start);
    expect(said(offered)).toEqual(["unused-suppression", "sleep-in-atomic"]);
    expect(said(offered.replace("-- */", "-- it never runs */"))).toEqual([]);
  }
});
