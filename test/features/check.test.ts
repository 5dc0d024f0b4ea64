// Broken C is input: whatever happens to a driver's text, the check ends, and what it says stands inside the text.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkText } from "../../server/features/check.ts";
import { createChecker, root } from "../checker.ts";

const checker = await createChecker();
const drivers = globSync("{test/rules,server/examples}/*.c", { cwd: root })
  .sort()
  .map((path) => readFileSync(join(root, path), "utf8"));

/** What is typed, pasted or half deleted while a person works on a driver. */
const pieces = [
  ..."(){};[]\"'*&#,\\\n/",
  ...[
    "/*",
    "#if 0\n",
    "#else\n",
    "#endif\n",
    "if (",
    "return",
    "case 1:",
    "goto out;",
    "spin_lock(&x);",
    "guard(mutex)(&x);",
  ],
];
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(80),
  put: fc.constantFrom("", ...pieces),
});

function changed(text: string, changes: readonly { at: number; cut: number; put: string }[]): string {
  return changes.reduce((now, { at, cut, put }) => {
    const start = Math.floor(at * now.length);
    return now.slice(0, start) + put + now.slice(start + cut);
  }, text);
}

test("of a mutilated driver", () => {
  const inputs = fc.tuple(fc.constantFrom(...drivers), fc.array(change, { minLength: 1, maxLength: 4 }));
  fc.assert(
    fc.property(inputs, ([driver, changes]) => {
      const text = changed(driver, changes);
      const { findings } = checkText(checker, "/drivers/a.c", text);
      for (const { start, end } of findings.flatMap((finding) => [finding, ...finding.related])) {
        expect(0 <= start && start <= end && end <= text.length).toBe(true);
      }
    }),
    { numRuns: 400 },
  );
});

test("of the same text twice says the same", () => {
  for (const driver of drivers) {
    const said = () => JSON.stringify(checkText(checker, "/drivers/a.c", driver).findings);
    expect(said()).toBe(said());
  }
});
