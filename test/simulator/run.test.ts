// The examples from end to end: what they log and report, the same to the byte however often they run.
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Loaded, loadDriver } from "../../simulator/control/load.ts";
import { createMachine, type Machine } from "../../simulator/machine.ts";

const examples = join(import.meta.dirname, "../../simulator/examples");
const files = { read: (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined) };
const seeds = [1, 2, 3];
const limit = 10_000_000;

function load(name: string): Loaded {
  const loaded = loadDriver(files, join(examples, name));
  if (loaded === undefined) throw new Error(`no example ${name}`);
  return loaded;
}

function run({ recipe }: Loaded, seed = 1, cpus = 2): Machine {
  const machine = createMachine({ ...recipe, seed, cpus });
  expect(machine.run(limit).kind, "how the run ends").toBe("idle");
  return machine;
}

const textOf = ({ log }: Machine): string => log.map(({ text }) => text).join("\n");
/** The log without its times. */
const linesOf = ({ log }: Machine): string[] => log.map(({ text }) => text.replace(/^\[ *\d+\.\d+\] /, ""));

/** `95 double-free` for `// reports: double-free` on line 95. */
function announced(name: string): string[] {
  const lines = readFileSync(join(examples, name), "utf8").split("\n");
  return lines.flatMap((line, index) => {
    const ids = /\/\/ reports: (.+)$/.exec(line)?.[1]?.split(/,\s*/) ?? [];
    return ids.map((id) => `${index + 1} ${id}`);
  });
}

function reported({ reports }: Machine): string[] {
  const found = reports.filter(({ id }) => id !== "oops");
  return found
    .map(({ id, site }) => `${site?.line} ${id}`)
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
}

describe.each(["edu.ts", "mistakes.ts"])("%s", (name) => {
  const loaded = load(name);

  test("has no problems, and its scenario is found beside it", () => {
    expect(loaded.problems).toEqual([]);
    expect(basename(loaded.scenario ?? "")).toBe(name.replace(".ts", ".scenario.ts"));
  });

  test.each([1, 2, 4])("runs twice the same to the byte under three seeds, with %d CPUs", (cpus) => {
    for (const seed of seeds) expect(textOf(run(loaded, seed, cpus))).toBe(textOf(run(load(name), seed, cpus)));
  });

  test("reports what it announces, under every seed", () => {
    for (const seed of seeds) {
      for (const cpus of [1, 2, 3]) expect(reported(run(loaded, seed, cpus))).toEqual(announced(name));
    }
  });

  test("runs without its scenario", () => {
    const { scenario: _, ...recipe } = loaded.recipe;
    const machine = run({ ...loaded, recipe });
    expect(machine.kernel.modules.all).toEqual([]);
  });
});

test("edu.ts logs what its scenario says", () => {
  for (const seed of seeds) {
    const machine = run(load("edu.ts"), seed);
    expect(machine.reports).toEqual([]);
    expect(linesOf(machine)).toEqual([
      "edu: loading out-of-tree module taints kernel.",
      "edu 0000:00:04.0: edu version 1.0",
      "insmod: 0",
      "5! = 120",
      "0! = 1",
      "12! = 479001600",
      "34! = 0",
      "liveness: 0",
      "liveness of 12345678 is edcba987",
      "raise: 0",
      "raise what the device raises: -22",
      "unknown ioctl: -25",
      "write what is no number: -22",
      "write from nowhere: -14",
      "ioctl to nowhere: -14",
      "3! = 6",
      "seek: 0",
      "read to nowhere: -14",
      "write while it computes: -16",
      "read without waiting: -11",
      "1000000! = 0",
      "edu 0000:00:04.0: interrupts raised by hand: 1",
      "rmmod: 0",
      "edu 0000:00:04.0: edu version 1.0",
      "insmod again: 0",
      "read before any write: -61",
      "7! = 5040",
      "rmmod: 0",
    ]);
  }
});

test("a driver without a scenario is loaded, used and unloaded", () => {
  const loaded = load("edu.ts");
  const { scenario: _, ...recipe } = loaded.recipe;
  expect(linesOf(run({ ...loaded, recipe }))).toEqual([
    "edu: loading out-of-tree module taints kernel.",
    "edu 0000:00:04.0: edu version 1.0",
    "exercise: open /dev/edu0: 0",
    "exercise: read /dev/edu0: -61",
    "exercise: write /dev/edu0: 2",
    "exercise: read /dev/edu0: 2",
    "exercise: close /dev/edu0: 0",
  ]);
});

test("the kernel log has times, and says where reports come from", () => {
  const text = textOf(run(load("mistakes.ts")));
  expect(text).toMatch(/^\[ {4}0\.\d{6}\] mistakes: loading out-of-tree module taints kernel\.\n/);
  expect(text).toMatch(/\] BUG: KASAN: slab-use-after-free in use_after_free \(mistakes\.ts:88\) mistakes\n/);
  expect(text).not.toContain(examples);
});
