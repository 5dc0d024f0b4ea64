// What depends on how the machine is built: the size of its stacks, where it is preemptible.
import { join } from "node:path";
import { expect, test } from "vitest";
import { announcedIn, linesOf, load, reported, run } from "./drivers.ts";

const kunit = join(import.meta.dirname, "kunit");

test("stacks of 16 KB have room for what those of 8 KB do not, and end too", () => {
  const path = join(kunit, "endings.ts");
  const loaded = load(path);
  const small = announcedIn(path);
  const [recursion, frame] = small.filter((report) => report.endsWith(" large-stack"));
  const { machine } = run(loaded, { threadSize: 16384 });
  // The function that now gets so far reads what it never wrote.
  const missing = small.filter((report) => !reported(machine).includes(report));
  const more = reported(machine).filter((report) => !small.includes(report));
  expect({ missing, more }).toEqual({ missing: [frame], more: [expect.stringMatching(/ uninitialized-use$/)] });
  expect(reported(machine)).toContain(recursion);
  const hit = linesOf(machine).find((line) => line.startsWith("BUG: TASK stack guard page was hit"));
  const [, start, end] = /\(stack is (\w+)\.\.(\w+)\)/.exec(hit ?? "") ?? [];
  expect(Number.parseInt(end ?? "", 16) - Number.parseInt(start ?? "", 16)).toBe(16384);
});

test("without preemption who never lets others in keeps the CPU though it gives every lock back", () => {
  const path = join(kunit, "lockup.ts");
  const released = run(load(path), { preempt: "none" }).machine;
  const [given] = reported(released).filter((report) => !announcedIn(path).includes(report));
  expect(reported(released)).toHaveLength(announcedIn(path).length + 1);
  expect(given).toMatch(/ hung-task$/);
  expect(linesOf(released).filter((line) => line.includes("soft lockup"))).toHaveLength(3);
});
