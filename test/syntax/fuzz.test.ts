// Whatever is left of a driver is read: no exception, a shadow of equal length, and everything said lies in the text.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createChecker, root } from "../checker.ts";
import { dice, mutated } from "./tokens.ts";

const { parser } = await createChecker();
const drivers = globSync("{test/rules,server/examples}/*.c", { cwd: root })
  .sort()
  .map((path) => [path, readFileSync(join(root, path), "utf8")] as const);

const rounds = 6;

test.each(drivers)("mutations of %s", (_, text) => {
  for (let seed = 1; seed <= rounds; seed++) {
    const broken = mutated(text, dice(seed));
    const { reading, problems, unit } = parser.parse("/drivers/a.c", broken);
    expect(reading.shadow.length, `seed ${seed}`).toBe(broken.length);
    for (const { start, end } of [...problems, ...unit.functions, ...unit.variables])
      expect(0 <= start && start <= end && end <= broken.length, `seed ${seed}: ${start} to ${end}`).toBe(true);
  }
});

test("the same seed breaks a text in the same way", () => {
  const [, text] = drivers[0]!;
  expect(mutated(text, dice(7))).toBe(mutated(text, dice(7)));
  expect(mutated(text, dice(7))).not.toBe(mutated(text, dice(8)));
});
