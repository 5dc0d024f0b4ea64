// The examples, a folder each: the sound driver passes its tests under every schedule, its broken twin is caught.
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { announcedIn, linesOf, load, reported, run } from "./drivers.ts";
import { examples } from "./type-check.ts";

const schedules = [
  { seed: 1, cpus: 1 },
  { seed: 2, cpus: 2 },
  { seed: 3, cpus: 4 },
  { seed: 4, cpus: 2 },
];
const TWIN = "-broken.ts";

const drivers = globSync("*/*.ts", { cwd: examples })
  .filter((path) => !path.endsWith(".scenario.ts"))
  .sort()
  .map((path) => join(examples, path));
const sound = drivers.filter((path) => !path.endsWith(TWIN));

/** Without its first line, and without what a twin's line says of its report. */
function codeOf(path: string): string[] {
  const [, ...lines] = readFileSync(path, "utf8").split("\n");
  return lines.map((line) => line.replace(/ \/\/ reports: .*$/, ""));
}

/** Lines of one that are not in the other, in order: what is left when the common ones are taken out. */
function linesApart(a: readonly string[], b: readonly string[]): number {
  const best = Array.from({ length: b.length + 1 }, () => 0);
  for (const line of a) {
    let diagonal = 0;
    for (let at = 1; at <= b.length; at++) {
      const above = best[at]!;
      best[at] = line === b[at - 1] ? diagonal + 1 : Math.max(above, best[at - 1]!);
      diagonal = above;
    }
  }
  return a.length + b.length - 2 * best[b.length]!;
}

test("the page lists each of them, and what catches its twin", () => {
  const rows = readFileSync(join(examples, "README.md"), "utf8").split("\n");
  for (const path of sound) {
    const link = relative(examples, path).replaceAll("\\", "/");
    const row = rows.find((line) => line.startsWith("| [") && line.includes(`](${link})`)) ?? "";
    const ids = announcedIn(path.replace(/\.ts$/, TWIN)).map((one) => one.split(" ")[1]!);
    expect(ids, link).toContain(/`([a-z-]+)` \|$/.exec(row)?.[1]);
  }
});

test("each example has a scenario and a broken twin, and nothing in it is `any`", () => {
  const missing = drivers.filter((path) => !existsSync(path.replace(/\.ts$/, ".scenario.ts")));
  const single = sound.filter((path) => !drivers.includes(path.replace(/\.ts$/, TWIN)));
  expect([...missing, ...single]).toEqual([]);
  expect(drivers.length).toBe(2 * sound.length);
  const untyped = globSync("**/*.ts", { cwd: examples }).filter((path) =>
    /(:|<|\bas) any\b|@ts-/.test(readFileSync(join(examples, path), "utf8")),
  );
  expect(untyped).toEqual([]);
});

describe.each(sound.map((path) => [basename(path), path] as const))("%s", (name, path) => {
  const loaded = load(path);

  test("passes its tests under every schedule, and nothing is reported", () => {
    expect(loaded.problems).toEqual([]);
    for (const schedule of schedules) {
      const { machine, end } = run(loaded, schedule);
      const bad = machine.tests.filter(({ status }) => status !== "ok").map((one) => one.name);
      const { all } = machine.kernel.modules;
      expect({
        schedule,
        end,
        bad,
        reports: reported(machine),
        modules: all,
        passed: machine.tests.length > 0,
      }).toEqual({
        schedule,
        end: "idle",
        bad: [],
        reports: [],
        modules: [],
        passed: true,
      });
    }
  });

  test("has no data race", () => {
    const { machine } = run(loaded, { seed: 3, cpus: 4, kcsan: true });
    expect(reported(machine)).toEqual([]);
  });

  test("logs the same twice, to the byte", () => {
    const [one, other] = [run(loaded, schedules[1]), run(load(path), schedules[1])];
    expect(linesOf(one.machine)).toEqual(linesOf(other.machine));
    expect(one.machine.log).toEqual(other.machine.log);
  });

  test("has a twin with one mistake, which is caught under every schedule", () => {
    const twin = path.replace(/\.ts$/, TWIN);
    const broken = load(twin);
    expect(broken.problems).toEqual([]);
    expect(readFileSync(twin, "utf8")).toMatch(new RegExp(`^// ${name} with one mistake: [a-z].*\\.\\n`));
    const apart = linesApart(codeOf(path), codeOf(twin));
    expect(apart).toBeGreaterThan(0);
    expect(apart).toBeLessThanOrEqual(10);
    expect(announcedIn(twin).length).toBeGreaterThan(0);
    for (const schedule of schedules) {
      const { machine, end } = run(broken, schedule);
      expect({ schedule, end, reports: reported(machine) }).toEqual({
        schedule,
        end: "idle",
        reports: announcedIn(twin),
      });
    }
  });
});
