// The example drivers: they type-check as in an editor, have a scenario each, and leave out no kind of mistake.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compile, examples } from "./type-check.ts";

const files = globSync("*.ts", { cwd: examples }).sort();

test("type-check", () => expect(compile(examples)).toEqual([]));

test("have a scenario each", () => {
  const drivers = files.filter((path) => !path.endsWith(".scenario.ts")).map((path) => path.replace(/\.ts$/, ""));
  expect(drivers.flatMap((name) => [`${name}.scenario.ts`, `${name}.ts`]).sort()).toEqual(files);
});

test("make one mistake of each kind, and only where they say so", () => {
  const announced = (path: string): string[] =>
    [...readFileSync(join(examples, path), "utf8").matchAll(/\/\/ reports: ([\w-]+)$/gm)].map((match) => match[1]!);
  expect([...new Set(announced("mistakes.ts"))].sort()).toEqual([
    "double-free",
    "double-lock",
    "missing-release",
    "mmio-out-of-range",
    "out-of-bounds",
    "sleep-in-atomic",
    "unlock-not-held",
    "use-after-free",
  ]);
  for (const path of files.filter((one) => one !== "mistakes.ts")) expect.soft(announced(path), path).toEqual([]);
});
