// What is taken over from the last version of a file that a person types in: it must be what a first look would find.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Checker, checkText } from "../../server/features/check.ts";
import type { Finding } from "../../server/rules/rule.ts";
import { createChecker, root } from "../checker.ts";

const checker = await createChecker();

/** Remembers nothing of what other checkers have seen. */
const fresh = (): Checker => ({ ...checker, parser: { ...checker.parser }, hurries: true });
const find = (by: Checker, text: string): readonly Finding[] => checkText(by, "/drivers/typed.c", text).findings;
const fixture = (name: string): string => readFileSync(join(root, "test/rules", name), "utf8");

const typed = [
  "\t",
  "x",
  ";",
  "\n",
  "{",
  "}",
  "(",
  '"',
  "if (ret)\n\t\treturn ret;\n",
  "\tspin_unlock(&lock);\n",
  "/*",
  "#if 0\n",
];

/** The same numbers for the same seed: a linear congruential generator (Numerical Recipes). */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function edited(text: string, roll: (below: number) => number): string {
  const at = roll(text.length);
  const kind = roll(4);
  if (kind === 0) return text.slice(0, at) + text.slice(at + 1 + roll(12));
  const line = text.indexOf("\n", at) + 1;
  if (kind === 1) return text.slice(0, line) + text.slice(text.indexOf("\n", line) + 1);
  const more = typed[roll(typed.length)]!;
  return kind === 2 ? text.slice(0, line) + more + text.slice(line) : text.slice(0, at) + more + text.slice(at);
}

describe("after an edit, the findings are those of a first look", () => {
  const names = [
    "double-lock.c",
    "missing-release-on-error-path.c",
    "refcount-leak.c",
    "sleep-in-atomic.c",
    "unchecked-result.c",
  ];
  test.each(names.map((name, index) => [name, index + 1] as const))("%s", (name, seed) => {
    const roll = dice(seed);
    const typist = fresh();
    const original = fixture(name);
    let text = original;
    expect(find(typist, text)).toEqual(find(checker, text));
    for (let edit = 0; edit < 10; edit++) {
      const before = text;
      text = edited(text, roll);
      expect(find(typist, text)).toEqual(find(fresh(), text));
      // Broken code piles up and silences everything.
      if (edit % 3 === 2) text = before;
    }
    expect(find(typist, original)).toEqual(find(checker, original));
  });
});

test("what a callee does now is seen in its callers, which were not touched", () => {
  const typist = fresh();
  const body = (call: string): string => `#include <linux/spinlock.h>
#include <linux/delay.h>
static DEFINE_SPINLOCK(lock);
static void inner(void)
{
	${call};
}
static void outer(void)
{
	spin_lock(&lock);
	inner();
	spin_unlock(&lock);
}
static void other(void)
{
	spin_lock(&lock);
	msleep(1);
	spin_unlock(&lock);
}
`;
  for (const call of ["udelay(10)", "msleep(1)", "udelay(100)", "might_sleep()", "udelay(10)"]) {
    const findings = find(typist, body(call));
    expect(findings).toEqual(find(checker, body(call)));
    expect(findings.map((each) => each.function)).toContain("other");
    expect(findings).toHaveLength(/sleep/.test(call) ? 2 : 1);
  }
});

test("what a macro does now is seen where it is used", () => {
  const typist = fresh();
  const text = (body: string): string => `#include <linux/spinlock.h>
#include <linux/delay.h>
#define DONE(l) ${body}
static DEFINE_SPINLOCK(lock);
static void first(void)
{
}
static void user(void)
{
	spin_lock(&lock);
	DONE(&lock);
	msleep(1);
}
`;
  const sleeps = (body: string): number =>
    find(typist, text(body)).filter((each) => /msleep/.test(each.message)).length;
  expect(["spin_unlock(l)", "prefetchw((l))", "spin_unlock(l)"].map(sleeps)).toEqual([0, 1, 0]);
});

test("typing more than there is room for moves everything, and findings go along", () => {
  const typist = fresh();
  const text = fixture("sleep-in-atomic.c");
  find(typist, text);
  const at = text.indexOf("{\n") + 2;
  const longer = `${text.slice(0, at)}${"\tudelay(1);\n".repeat(60)}${text.slice(at)}`;
  expect(find(typist, longer)).toEqual(find(checker, longer));
});
