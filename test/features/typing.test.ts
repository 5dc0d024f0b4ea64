// What is taken over from the last version of a file that a person types in: it must be what a first look would find.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Checker, checkText } from "../../server/features/check.ts";
import { layOut, moved, Places, unpadded } from "../../server/features/layout.ts";
import type { Finding } from "../../server/rules/rule.ts";
import { createChecker, root } from "../checker.ts";

const checker = await createChecker();

/** Remembers nothing of what other checkers have seen. */
const fresh = (): Checker => ({ ...checker, parser: { ...checker.parser }, hurries: true });
const find = (by: Checker, text: string): readonly Finding[] => checkText(by, "/drivers/typed.c", text).findings;
const fixture = (name: string): string => readFileSync(join(root, "test/rules", name), "utf8");

const typed = [
  "\tmsleep(10);\n",
  "\treturn -ENOMEM;\n",
  "\tint more;\n",
  "#endif\n",
  "//",
  "\\\n",
  " ret",
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

/** An offset within a function, or anywhere. */
function place(text: string, roll: (below: number) => number): number {
  const bodies = [...text.matchAll(/^\w.*\)\n\{\n/gm)];
  const body = roll(4) === 0 ? undefined : bodies[roll(bodies.length)];
  if (body === undefined) return roll(text.length);
  const from = body.index + body[0].length;
  return from + roll(Math.max(1, text.indexOf("\n}", from) - from));
}

describe("key by key within functions, the findings are those of a first look", () => {
  const names = [
    "api-removed.c",
    "err-ptr-confusion.c",
    "init-exit-section.c",
    "irq-requested-before-ready.c",
    "missing-cancel-on-remove.c",
    "rcu-misuse.c",
    "uninitialized-use.c",
    "user-pointer-deref.c",
    "wait-without-timeout.c",
    "wrong-cleanup-order.c",
    "wrong-errno.c",
  ];
  test.each(names.map((name, index) => [name, index + 1] as const))(
    "%s",
    (name, seed) => {
      const roll = dice(seed);
      const typist = fresh();
      const original = fixture(name);
      find(typist, original);
      for (let line = 0; line < 2; line++) {
        const at = original.indexOf("\n", place(original, roll)) + 1;
        const words = typed[roll(typed.length)]!;
        for (let keys = 1; keys <= words.length; keys += 1 + roll(6)) {
          const text = original.slice(0, at) + words.slice(0, keys) + original.slice(at);
          expect(find(typist, text)).toEqual(find(fresh(), text));
        }
        const whole = `${original.slice(0, at)}\tudelay(1);\n${original.slice(at)}`;
        expect(find(typist, whole)).toEqual(find(checker, whole));
      }
      expect(find(typist, original)).toEqual(find(checker, original));
    },
    60_000,
  );
});

test("a statement that is typed before others moves nothing that their callers know", () => {
  const typist = fresh();
  const text = (typed: string): string => `#include <linux/spinlock.h>
#include <linux/delay.h>
static DEFINE_SPINLOCK(lock);
static void inner(void)
{
	int i;
${typed}
	msleep(1);
}
static void outer(void)
{
	spin_lock(&lock);
	inner();
	spin_unlock(&lock);
}
`;
  find(typist, text(""));
  const words = "\ti = 1;\n\tudelay(i);\n\tcpu_relax();\n\tcpu_relax();";
  let said = 0;
  for (let keys = 0; keys <= words.length; keys++) {
    const now = text(words.slice(0, keys));
    const [finding] = find(typist, now);
    // Nothing is said of a function while a statement of it is broken.
    if (finding !== undefined) expect(now.slice(finding.related.at(-1)!.start)).toMatch(/^msleep\(1\);/);
    said += finding === undefined ? 0 : 1;
    if (keys === words.length) expect(find(typist, now)).toEqual(find(checker, now));
  }
  expect(said).toBeGreaterThan(4);
});

test("what is said of a function holds none of the room in it", () => {
  const typist = fresh();
  for (const name of ["double-free.c", "missing-unlock.c", "sleep-in-atomic.c", "missing-release-on-error-path.c"]) {
    const text = fixture(name);
    expect(find(typist, text)).toEqual(find(checker, text));
  }
});

test("typing more than there is room for moves everything, and findings go along", () => {
  const typist = fresh();
  const text = fixture("sleep-in-atomic.c");
  find(typist, text);
  const at = text.indexOf("{\n") + 2;
  const longer = `${text.slice(0, at)}${"\tudelay(1);\n".repeat(60)}${text.slice(at)}`;
  expect(find(typist, longer)).toEqual(find(checker, longer));
});

test("a layout that an edit moved holds the text, and every other offset where it was", () => {
  const roll = dice(7);
  const lines = (text: string): number[] => [...text.matchAll(/;\n/g)].map(({ index }) => index + 1);
  const ends = (text: string): number[] => [...text.matchAll(/^\}\n/gm)].map(({ index }) => index + 1);
  let text = "int f(void)\n{\n\ta;\n\tb;\n\tc;\n}\nint g(void)\n{\n\td;\n\te;\n}\n".repeat(3);
  let layout = layOut(text, ends(text), lines(text));
  let kept = 0;
  for (let edit = 0; edit < 300; edit++) {
    const at = roll(text.length);
    const gone = roll(3) === 0 ? roll(8) : 0;
    const now = text.slice(0, at) + ["x", "x;\n", "\n", "", "yyyyyyyyyy"][roll(5)]! + text.slice(at + gone);
    const move = moved(layout, now);
    if (move === undefined) layout = layOut(now, ends(now), lines(now));
    else {
      kept++;
      // The last function is where it was, unless it was typed in.
      const last = text.lastIndexOf("int g");
      if (at < last - 40) {
        const [before, after] = [new Places(layout), new Places(move.layout)];
        const [was, is] = [last, now.lastIndexOf("int g")].map((start) => ({ start, end: start + 5 }));
        expect(after.inPadded(is!)).toEqual(before.inPadded(was!));
      }
      layout = move.layout;
    }
    text = now;
    expect(unpadded(layout.padded)).toBe(text);
    const places = new Places(layout);
    for (let offset = 0; offset < text.length; offset += 5) {
      const { start } = places.inPadded({ start: offset, end: offset });
      expect(places.inText(start)).toBe(offset);
      if (layout.padded[start] !== "\v") expect(layout.padded[start]).toBe(text[offset]);
    }
    if (text.length > 900) text = text.slice(0, 400);
    if (text.length === 400) layout = layOut(text, ends(text), lines(text));
  }
  expect(kept).toBeGreaterThan(100);
});
