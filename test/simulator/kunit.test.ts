// Tests that run inside the simulated kernel: every case ends well under every schedule, and each run is repeatable.
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { announcedIn, driversIn, linesOf, load, reported, run } from "./drivers.ts";
import { compile } from "./type-check.ts";

const folder = join(import.meta.dirname, "kunit");
const schedules = [1, 2, 3, 4, 5].flatMap((seed) => [1, 2, 4].map((cpus) => ({ seed, cpus })));

const failing = join(import.meta.dirname, "failing");

test.each([folder, failing])("the tests type-check as drivers do: %s", (path) => expect(compile(path)).toEqual([]));

describe.each(driversIn(folder).map((path) => [basename(path), path] as const))("%s", (_, path) => {
  const loaded = load(path);

  test("has no problems", () => expect(loaded.problems).toEqual([]));

  test("every case ends well, and only what is announced is reported", () => {
    for (const schedule of schedules) {
      const { machine, end } = run(loaded, schedule);
      const bad = machine.tests.filter(({ status }) => status === "not ok").map(({ name }) => name);
      expect({ schedule, end, bad, lines: bad.length > 0 ? linesOf(machine) : [] }).toEqual({
        schedule,
        end: "idle",
        bad: [],
        lines: [],
      });
      expect(machine.tests.filter(({ status }) => status === "ok").length).toBeGreaterThan(0);
      expect(reported(machine), JSON.stringify(schedule)).toEqual(announcedIn(path));
    }
  });

  test("logs what it logged before", async () => {
    // Where things lie is no matter: it moves with everything that the kernel makes before.
    const lines = linesOf(run(loaded).machine).map((line) =>
      line
        .replace(/\b([0-9a-f]{8}|[0-9a-f]{16})\b/g, "ADDRESS")
        .replace(/^([ >]ADDRESS:)( [0-9a-f]{2}){16}$/, "$1 SHADOW")
        .replace(/^ +\^$/, "^"),
    );
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(join(folder, "logs", `${basename(path, ".ts")}.log`));
  });

  test("runs twice the same to the byte", () => {
    for (const schedule of schedules.slice(0, 3)) {
      const [one, other] = [run(loaded, schedule), run(load(path), schedule)];
      expect(one.machine.log.map(({ text }) => text)).toEqual(other.machine.log.map(({ text }) => text));
    }
  });
});

test("a case that fails says what was expected in KUnit's words", () => {
  const { machine } = run(load(join(failing, "kunit.ts")));
  expect(linesOf(machine)).toMatchInlineSnapshot(`
    [
      "KTAP version 1",
      "kunit: loading out-of-tree module taints kernel.",
      "KTAP version 1",
      "1..1",
      "    KTAP version 1",
      "    # Subtest: failing",
      "    # module: kunit",
      "    1..5",
      "    # passes: initializing",
      "    # passes: 3 things",
      "    ok 1 passes",
      "    # compares: initializing",
      "    # compares: EXPECTATION FAILED at kunit.ts:29",
      "    Expected 1 + 1 == three, but",
      "        1 + 1 == 2 (0x2)",
      "        three == 3 (0x3)",
      "    # compares: EXPECTATION FAILED at kunit.ts:30",
      "    Expected -1 == three, but",
      "        three == 3 (0x3)",
      "    # compares: EXPECTATION FAILED at kunit.ts:31",
      "    Expected three > 3 to be true, but is false",
      "    # compares: EXPECTATION FAILED at kunit.ts:32",
      "    Expected "edu" == "udu", but",
      "    # compares: EXPECTATION FAILED at kunit.ts:33",
      "3 of a kind",
      "    not ok 2 compares",
      "    # stops: initializing",
      "    # stops: ASSERTION FAILED at kunit.ts:37",
      "    Expected ERR_PTR(-ENOMEM) is not error, but is: -12",
      "    not ok 3 stops",
      "    # oopses: initializing",
      "BUG: kernel NULL pointer dereference, address: 00000000",
      "#PF: supervisor write access in kernel mode",
      "#PF: error_code(0x0002) - not-present page",
      "Oops: Oops: 0002 [#1] PREEMPT SMP KASAN",
      "CPU: 1 UID: 0 PID: 7 Comm: kunit_try_catch Tainted: G           O       6.12.0 #1",
      "Tainted: [O]=OOT_MODULE",
      "Hardware name: driverlab",
      "RIP: oopses (kunit.ts:44) kunit",
      "Call Trace:",
      " <TASK>",
      " oopses (kunit.ts:44) kunit",
      " </TASK>",
      "Modules linked in: kunit",
      "---[ end trace 0000000000000000 ]---",
      "    not ok 4 oopses",
      "    # skips: initializing",
      "    ok 5 skips # SKIP no hardware",
      "# failing: pass:1 fail:3 skip:1 total:5",
      "# Totals: pass:1 fail:3 skip:1 total:5",
      "not ok 1 failing",
      "# kunit.scenario.ts:5: expects: Expected insmod() == 1, but",
      "#   insmod() == 0 (0x0)",
      "# kunit.scenario.ts:6: expects: Expected "edu" == "udu", but",
      "not ok 1 expects",
      "# kunit.scenario.ts:10: stops: Expected 1 == 2, but",
      "not ok 2 stops",
      "# takes too long: Test terminated by timeout",
      "not ok 3 takes too long",
      "ok 4 is there after all of them",
      "# FAILED: 1 / 4 tests passed.",
      "# Totals: pass:1 fail:3 xfail:0 xpass:0 skip:0 error:0",
    ]
  `);
});

test("BUG() ends a task, and panic() the machine", () => {
  const { machine, end } = run(load(join(failing, "endings.ts")));
  expect(end).toBe("idle");
  const first = linesOf(machine).filter((line) =>
    /^(kernel BUG|Kernel panic|(not )?ok|not reached|---\[ end Kernel)/.test(line),
  );
  expect(first).toMatchInlineSnapshot(`
    [
      "ok 1 command",
      "kernel BUG at endings.ts:10!",
      "not ok 2 command",
      "kernel BUG at endings.ts:11!",
      "not ok 3 command",
      "Kernel panic - not syncing: command 3",
      "---[ end Kernel panic - not syncing: command 3 ]---",
    ]
  `);
});
