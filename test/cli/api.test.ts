// `driverlab-check --api`, as a script calls it, and the choice of the kernel that is checked against.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiEntry } from "../../server/features/report-api.ts";

const program = join(import.meta.dirname, "../../dist/driverlab-check.js");

function check(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

function api(...args: string[]): ApiEntry[] {
  const { code, out, err } = check("--api", "--format", "json", ...args);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out);
}

beforeAll(() => {
  if (!existsSync(program)) throw new Error("dist/ is not built: npm run build");
});

describe("--api --format json", () => {
  test("has exactly the documented fields, for each name in turn", () => {
    const entries = api("mutex_lock", "no_such_function", "kmalloc");
    expect(entries.map(({ name }) => name)).toEqual(["mutex_lock", "no_such_function", "kmalloc"]);
    const fields = "name maySleep contexts returns mustCheck acquires releases releasedBy since until source";
    for (const entry of entries) expect(Object.keys(entry)).toEqual(fields.split(" "));
  });

  test("a name that nobody knows is no error", () => {
    expect(api("no_such_function")).toEqual([
      {
        name: "no_such_function",
        maySleep: "unknown",
        contexts: [],
        returns: null,
        mustCheck: false,
        acquires: [],
        releases: [],
        releasedBy: [],
        since: null,
        until: null,
        source: null,
      },
    ]);
  });

  test.each<[string, Partial<ApiEntry>]>([
    [
      "mutex_lock",
      { maySleep: "always", contexts: ["process"], acquires: ["mutex argument 0"], releasedBy: ["mutex_unlock"] },
    ],
    [
      "mutex_lock_interruptible",
      { acquires: ["mutex argument 0 when zero"], releasedBy: ["mutex_unlock"], mustCheck: true },
    ],
    [
      "spin_lock_irqsave",
      { maySleep: "never", acquires: ["spinlock argument 0 irqsave"], releasedBy: ["spin_unlock_irqrestore"] },
    ],
    ["spin_unlock_bh", { releases: ["spinlock argument 0 bh"], releasedBy: [] }],
    ["rcu_read_lock", { acquires: ["rcu"], releasedBy: ["rcu_read_unlock"] }],
    ["kmalloc", { maySleep: "flags", contexts: [], returns: "null-on-failure", acquires: ["memory return"] }],
    ["kfree", { contexts: ["process", "softirq", "hardirq", "atomic"], releases: ["memory argument 0"] }],
    ["clk_prepare_enable", { returns: "negative-errno", since: null, until: null }],
  ])("%s", (name, known) => {
    const [entry] = api(name);
    expect(entry).toMatchObject(known);
    expect(entry?.source).toMatch(/^[\w/.-]+(:\d+)?$/);
  });

  test("a name that the kernel chosen lacks is answered from one that has it", () => {
    expect(api("--kernel", "6.1", "pwmchip_alloc")[0]).toMatchObject({ maySleep: "always", until: null });
    expect(api("--kernel", "6.1", "pwmchip_alloc")[0]?.since).toMatch(/^6\.\d+$/);
    expect(api("pwm_apply_state")[0]?.until).toMatch(/^6\.\d+$/);
  });
});

describe("--api as text", () => {
  test("prints a card for each name", () => {
    const { code, out } = check("--api", "kmalloc", "no_such_function");
    expect(code).toBe(0);
    expect(out).toMatch(/kmalloc\(.*\n {4}May sleep if .*\n {4}On failure returns NULL\./);
    expect(out).toMatch(/\n\nno_such_function: not known\n$/);
    expect(out).not.toMatch(/[`*]{2}|`/);
  });

  test("says in a sentence what makes a function sleep, and nothing of errors where there are none", () => {
    const { out } = check("--api", "timer_delete_sync", "pm_runtime_get_sync", "virtio_reset_device");
    expect(out).toContain("May sleep: it spins until the timer function has returned; sleeps on PREEMPT_RT only.");
    expect(out).not.toMatch(/timer_delete_sync\([^)]*\)\n.*\n {4}On failure/);
    expect(out).toContain("May sleep, unless pm_runtime_irq_safe() was called for the device.");
    expect(out).toContain("May sleep as the transport's reset() does");
    expect(out).not.toMatch(/May sleep (sleeps|may|takes|spins)/);
  });

  test("misuse is told", () => {
    expect(check("--api")).toMatchObject({ code: 2, out: "" });
    expect(check("--api", "--format", "sarif", "kfree").err).toContain("--api prints text or json");
  });
});

describe("--kernel", () => {
  let folder = "";
  const driver = "drivers/box/box.c";
  // For 6.1, pwmchip_alloc() is some function of the driver's own, of which nothing is known.
  const text = `#include <linux/module.h>
#include <linux/pwm.h>

static DEFINE_SPINLOCK(box_lock);

void box_add(struct device *dev)
{
	spin_lock(&box_lock);
	pwmchip_alloc(dev, 1, 0);
	spin_unlock(&box_lock);
}
`;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "driverlab-kernel-"));
    mkdirSync(join(folder, "drivers/box"), { recursive: true });
    writeFileSync(join(folder, driver), text);
    writeFileSync(join(folder, "drivers/box/Makefile"), "obj-m += box.o\n");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const rules = (...args: string[]): string[] =>
    JSON.parse(check("--format", "json", ...args, join(folder, driver)).out).findings.map(
      (finding: { rule: string }) => finding.rule,
    );

  test("chooses the facts", () => {
    expect(rules("--kernel", "6.12")).toContain("sleep-in-atomic");
    expect(rules("--kernel", "v6.1.192")).not.toContain("sleep-in-atomic");
  });

  test("goes before the tree's own Makefile, which goes before the newest", () => {
    writeFileSync(join(folder, "Makefile"), "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\n");
    expect(rules()).not.toContain("sleep-in-atomic");
    expect(rules("--kernel", "6.12")).toContain("sleep-in-atomic");
  });

  test("is refused when it is no version", () => {
    const { code, err } = check("--kernel", "newest", driver);
    expect(code).toBe(2);
    expect(err).toContain("no such kernel version: newest; expected one such as 6.12");
  });
});
