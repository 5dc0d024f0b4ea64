// A PCI driver with a character device, used by processes: probe to remove, open to close; and what goes wrong with it.
import { expect, test } from "vitest";
import { Doubler, doubled } from "./doubler.ts";
import { Bench, type Functions } from "./fake-driver.ts";

test("a PCI driver is probed, used by processes through its device node, and removed", () => {
  const bench = doubled(1);
  expect(bench.log).toEqual([
    "doubler: loading out-of-tree module taints kernel.",
    "doubler 0000:00:04.0: BAR 0: can't reserve [mem 0xfebff000-0xfebfffff]",
    "doubler 0000:00:04.0: ready at 0000:00:04.0",
    "twice 21 is 42",
    "released",
    "released",
    "later",
  ]);
  expect(bench.of("module-leak")).toEqual([]);
  expect(bench.of("oops").map(({ message }) => message)).toEqual([
    expect.stringMatching(/^BUG: unable to handle page fault for address: 4/),
  ]);
  expect(bench.of("oops")[0]!.stack.map(({ fn }) => fn)).toEqual(["unlocked_ioctl", "vfs_ioctl", "sys_ioctl"]);
  expect(
    bench
      .of("mmio")
      .filter(({ isWrite }) => isWrite)
      .map(({ register, value }) => [register, value]),
  ).toEqual([
    ["IN", 21n],
    ["ACK", 1n],
  ]);
  const sleepers = bench.of("might-sleep");
  expect(sleepers.filter(({ state }) => state.inAtomic)).toEqual([]);
  expect(sleepers.map(({ callee }) => callee)).toContain("_copy_to_user");
  expect(bench.kernel.chardevs.all).toEqual([]);
  expect(bench.kernel.irqs.all[0]).toMatchObject({ irq: 11, asserted: false, delivered: 1, names: [] });
});

test("a run is the same every time, to the event, in one piece or in many", () => {
  const told = (seed: number, piece?: number): string =>
    JSON.stringify(doubled(seed, piece).events, (_, value) => (typeof value === "bigint" ? `${value}n` : value));
  for (const seed of [1, 2, 3]) {
    const once = told(seed);
    expect(told(seed)).toBe(once);
    expect(told(seed, 1)).toBe(once);
    expect(told(seed, 7)).toBe(once);
  }
});

test("device memory is reached through its mapping only", () => {
  const bench = new Bench();
  const { start } = bench.kernel.pci.add((ports) => new Doubler(ports));
  bench.do(function* (k) {
    expect(yield* k.call("ioremap", 0x1000, 16)).toBe(0);
    const regs = yield* k.call("ioremap", start, 0x1000);
    expect(yield* k.call("readl", regs + 0x800)).toBe(0xffffffff);
    expect(yield* k.call("readb", regs + 4)).toBe(0xff);
    expect(yield* k.call("readw_relaxed", regs)).toBe(0xffff);
    expect(yield* k.call("readq", regs)).toBe(0xffffffffffffffffn);
    yield* k.call("writeq", 1n, regs + 16);
    yield* k.call("readl", regs + 0x1000);
    return 0;
  });
  expect(bench.of("mmio-out-of-range").map(({ offset, bytes, device }) => [offset, bytes, device])).toEqual([
    [0x800, 4, "doubler"],
    [4, 1, "doubler"],
    [0, 2, "doubler"],
    [0, 8, "doubler"],
    [16, 8, "doubler"],
    [0, 4, undefined],
  ]);
  expect(bench.of("oops")).toHaveLength(1);
  bench.do(function* (k) {
    const regs = yield* k.call("ioremap", start, 0x1000);
    k.memory.load(regs, 4, false);
    return 0;
  });
  expect(bench.of("oops")).toHaveLength(2);
});

test("a module that gives nothing back leaks everything by name, and its handler is gone", () => {
  const bench = new Bench();
  const leaky: Functions = {
    *file_scope(k) {
      yield* k.call("module_init", k.fn("init"));
      yield* k.call("module_exit", k.fn("exit"));
      return undefined;
    },
    *init(k) {
      yield* k.call("request_irq", 10, k.fn("exit"), 0, k.text("leaky"), 0);
      const devt = k.global(4);
      yield* k.call("alloc_chrdev_region", devt, 0, 1, k.text("leaky"));
      const cls = yield* k.call("class_create", k.text("leaky"));
      yield* k.call("device_create", cls, 0, k.memory.load(devt, 4, false), 0, k.text("leaky%d"), 0);
      return 0;
    },
    *exit(k) {
      yield* k.statement();
      return undefined;
    },
  };
  bench.kernel.modules.register("leaky", bench.program("leaky.ts", leaky), bench.symbols);
  bench.do(function* (k) {
    yield* k.call("insmod");
    yield* k.call("rmmod");
    bench.kernel.irqs.setLevel(10, "device", true);
    return 0;
  });
  expect(bench.log[1]).toBe("leaky: module license 'unspecified' taints kernel.");
  expect(bench.of("module-leak").map(({ what }) => what)).toEqual([
    "irq 10 (leaky)",
    "device numbers of leaky",
    "class leaky",
    "device leaky0",
  ]);
  expect(bench.of("oops")[0]!.message).toMatch(/^BUG: unable to handle page fault for address: 7f/);
});
