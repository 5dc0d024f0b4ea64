// Devices whose models are programs: what drivers see of them, stepping into them, and what is said of broken ones.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadDriver } from "../../../simulator/control/load.ts";
import { Session } from "../../../simulator/control/session.ts";
import { travel } from "../../../simulator/control/stop.ts";
import { framesOf } from "../../../simulator/engine/task.ts";
import { createMachine } from "../../../simulator/machine.ts";
import { linesOf, load, run } from "../drivers.ts";
import { compile, errorsIn as compileText } from "../type-check.ts";

const folder = join(import.meta.dirname, "programs").replaceAll("\\", "/");
const counting = load(join(folder, "counting.ts"));
const model = `${folder}/counter.ts`;

test("models and their drivers type-check as in an editor", () => expect(compile(folder)).toEqual([]));

describe("a driver", () => {
  test("has no problems, and gets what the model gives", () => {
    expect(counting.problems).toEqual([]);
    const { machine, end } = run(counting);
    expect([end, ...linesOf(machine)]).toEqual([
      "idle",
      "counting: loading out-of-tree module taints kernel.",
      "counted to 0, with 2 reads",
    ]);
    expect(machine.reports).toEqual([]);
  });

  test("finds the device where the machine put it, by its name and its registers", () => {
    const { machine } = run(counting);
    const [slot] = machine.kernel.hardware.platform;
    expect(slot).toMatchObject({ name: "a000000.counter", start: 0x0a000000, irqs: [48], bytes: 0x100 });
    const status = slot!.device.registers.find(({ name }) => name === "STATUS")!;
    expect([slot!.device.held(status), status.fields]).toEqual([
      0n,
      [{ name: "DONE", high: 0, low: 0, values: { 0: "no", 1: "yes" } }],
    ]);
  });

  test("runs the same to the byte, under any schedule", () => {
    for (const seed of [1, 2, 3]) {
      const log = () => run(load(join(folder, "counting.ts")), { seed, cpus: 4 }).machine.log.map(({ text }) => text);
      expect(log()).toEqual(log());
    }
  });
});

test("the model in the README runs as it stands there", () => {
  const readme = readFileSync(join(import.meta.dirname, "../../../simulator/devices/README.md"), "utf8");
  const written = /```ts\n(.*?)```/s.exec(readme)![1]!;
  const driver = `// devices: ./counter.ts
import { msleep } from "linux/delay";
import { ioremap, readl, writel } from "linux/io";
import { module_init } from "linux/module";
import { pr_info } from "linux/printk";

module_init(() => {
  const regs = ioremap(0x0a000000, 0x100);
  if (!regs) return -12;
  writel(7, regs);
  writel(1, regs.add(4));
  pr_info("%u\\n", readl(regs.add(8)));
  msleep(1);
  pr_info("%u\\n", readl(regs.add(8)));
  writel(1, regs.add(8));
  pr_info("%u\\n", readl(regs.add(8)));
  return 0;
});
`;
  const files = new Map([
    ["/d/driver.ts", driver],
    ["/d/counter.ts", written],
  ]);
  const { machine } = run(loadDriver({ read: (path) => files.get(path) }, "/d/driver.ts")!);
  expect(linesOf(machine).filter((line) => /^\d$/.test(line))).toEqual(["0", "1", "0"]);
  expect(compileText(written)).toEqual([]);
});

test("a model on the PCI bus moves words and sends messages", () => {
  const text = `import { after, cancel, dma_read, dma_write, get, get64, now, send_msi, set, set64 } from "driverlab/device";
import type { int, u32, u64 } from "linux/types";

export const name = "mover";
export const pci = { vendor: 0x1234, device: 0x0001, msiVectors: 2 };
export const registers = [
  { name: "FROM", offset: 0 },
  { name: "TO", offset: 4 },
  { name: "WORD", offset: 8 },
  { name: "ERRORS", offset: 12 },
  { name: "STAMP", offset: 16, bits: 64, access: "read-only" },
];

function written(error: int): void {
  if (error) set("ERRORS", get("ERRORS") + 1);
  set64("STAMP", now());
  send_msi(1);
}

export function write(offset: u32, bytes: u32, value: u64): void {
  const word = Number(value);
  if (offset === 0) set("FROM", word);
  if (offset !== 4) return;
  set("TO", word);
  // The second of the two never comes.
  after(1000, () =>
    dma_read(get("FROM"), (found: u32, error: int) => {
      set("WORD", found);
      if (error) set("ERRORS", 100);
      dma_write(get("TO"), found + 1, written);
    }),
  );
  cancel(after(2000, () => set("ERRORS", 1000)));
}
`;
  const files = new Map([
    ["/d/driver.ts", "// devices: ./mover.ts\n"],
    ["/d/mover.ts", text],
  ]);
  const loaded = loadDriver({ read: (path) => files.get(path) }, "/d/driver.ts")!;
  expect(loaded.problems).toEqual([]);
  const { kernel, engine, memory } = createMachine(loaded.recipe);
  const [slot] = kernel.pci.all;
  const { device, address } = slot!;
  expect([slot!.bars, device.pci.msiVectors, device.mmio]).toEqual([
    [{ start: 0xfebff000, bytes: 4096 }],
    2,
    undefined,
  ]);
  const value = (name: string): bigint => device.held(device.registers.find((one) => one.name === name)!);
  const moved = (to: number): unknown => {
    device.write(0, 4, 0x01000000n);
    device.write(4, 4, BigInt(to));
    engine.clock.advance(5_000);
    return ["WORD", "ERRORS"].map((name) => Number(value(name)));
  };
  memory.poke(0x10000000, 4, 41);
  expect(moved(0x01000004)).toEqual([-1 >>> 0, 101]);
  kernel.pci.setMaster(address, true);
  device.reset();
  expect(kernel.pci.allocVectors(address, 2, 2, 2)).toBe(2);
  expect([moved(0x01000004), memory.peek(0x10000004, 4), value("STAMP")]).toEqual([[41, 0], 42, 6000n]);
  expect(kernel.irqs.all.filter(({ asserted }) => asserted).map(({ irq }) => irq)).toEqual([25]);
  expect(moved(0x70000000)).toEqual([41, 1]);
});

test("what the views show of a register is what the model says", () => {
  const text = `export const name = "mirror";
export const mmio = {};
export const registers = [{ name: "A", offset: 0, reset: 5 }];
export function peek(offset: u32, bytes: u32): u32 {
  return get("A") * 2;
}
import { get } from "driverlab/device";
import type { u32 } from "linux/types";
`;
  const files = new Map([
    ["/d/driver.ts", "// devices: ./mirror.ts\n"],
    ["/d/mirror.ts", text],
  ]);
  const load = (): ReturnType<typeof loadDriver> => loadDriver({ read: (path) => files.get(path) }, "/d/driver.ts");
  const device = createMachine(load()!.recipe).kernel.hardware.find("mirror")!;
  expect([device.held(device.registers[0]!), device.peek(0, 4), device.read(0, 4)]).toEqual([10n, 10n, 5n]);
  files.set(
    "/d/mirror.ts",
    text.replace('return get("A") * 2;', 'set("A", 1); return 0;').replace("{ get }", "{ get, set }"),
  );
  const told: string[] = [];
  const bad = createMachine(load()!.recipe, { onDevice: (line) => told.push(line.text) }).kernel.hardware.find(
    "mirror",
  )!;
  expect([bad.peek(0, 4), bad.read(0, 4)]).toEqual([0xffffffffn, 5n]);
  expect(told[0]).toContain("peek() of the model failed: peek() must leave the device as it is");
});

test("an access is one thing for all other CPUs, and a device that is gone runs no model", () => {
  const crowd = load(join(folder, "crowd.ts"));
  expect(crowd.problems).toEqual([]);
  for (const seed of [1, 2, 3, 4, 5]) {
    for (const cpus of [1, 2, 4]) {
      const { machine, end } = run(crowd, { seed, cpus });
      const lines = linesOf(machine).filter((line) => line.includes("read"));
      expect({ seed, cpus, end, lines }).toEqual({ seed, cpus, end: "idle", lines: ["20 reads", "read gives -1"] });
    }
  }
});

describe("stepping", () => {
  function session(line: number): Session {
    const made = new Session({ ...counting.recipe, seed: 1 });
    made.setBreakpoints(model, [{ line }]);
    made.start();
    return made;
  }
  const stack = (made: Session): string[] =>
    framesOf(made.at.task!).map(({ frame }) => `${frame.fn}:${frame.site.line}`);

  test("stops in the model, with the driver below it", () => {
    const made = session(lineOf("const value = plain_read"));
    expect(travel(made.continue()).reason.kind).toBe("breakpoint");
    expect(stack(made)).toEqual([
      `read:${lineOf("const value = plain_read")}`,
      `counter_irq:${inDriver("readl(dev.regs.add(STATUS))")}`,
    ]);
    expect(framesOf(made.at.task!)[0]!.frame.evaluate("offset").value).toBe("8");
    travel(made.step(made.at.task!, "over"));
    expect(stack(made)[0]).toBe(`read:${lineOf("const value = plain_read") + 1}`);
    travel(made.step(made.at.task!, "out"));
    expect(stack(made)[0]).toBe(`counter_irq:${inDriver("writel(1, dev.regs.add(ACK))")}`);
  });

  test("leads from the driver into the model, and back in time", () => {
    const made = new Session({ ...counting.recipe, seed: 1 });
    const line = inDriver("writel(20");
    made.setBreakpoints(counting.driver, [{ line }]);
    made.start();
    travel(made.continue());
    expect(stack(made)).toEqual([`counting_init:${line}`]);
    travel(made.step(made.at.task!, "in"));
    expect(stack(made)).toEqual([`write:${lineOf("  plain_write(offset")}`, `counting_init:${line}`]);
    travel(made.stepBack(made.at.task!));
    expect(stack(made)).toEqual([`counting_init:${line}`]);
  });
});

function lineIn(path: string, text: string): number {
  return readFileSync(path, "utf8").split(text)[0]!.split("\n").length;
}

const lineOf = (text: string): number => lineIn(model, text);
const inDriver = (text: string): number => lineIn(counting.driver, text);

describe("a model that is broken is told of with its place:", () => {
  const good = readFileSync(model, "utf8");
  const told = (text: string): string[] => {
    const read = (path: string): string | undefined =>
      path === model ? text : existsSync(path) ? readFileSync(path, "utf8") : undefined;
    const { problems } = loadDriver({ read }, `${folder}/counting.ts`)!;
    return problems.map(({ file, line, message }) => `${file.slice(folder.length + 1)}:${line} ${message}`);
  };

  test.each([
    ["export const name", "const nom", 'counter.ts:1 a device model exports its name: export const name = "counter"'],
    ["export const registers", "const regs", "counter.ts:1 a device model exports its registers:"],
    ["export const mmio", "const other", "counter.ts:1 a device model exports either mmio or pci:"],
    ['"ACK", offset: 0x0c', '"ACK", offset: 0x04', "counter.ts:1 ACK does not lie behind CTRL"],
    ['"ACK", offset: 0x0c', '"ACK"', "counter.ts:1 register ACK needs an offset"],
    ['access: "write-only"', 'access: "wo"', "counter.ts:1 access of ACK is one of read-only, write-only,"],
    ["high: 0, low: 0 }] },", "high: 40, low: 0 }] },", "counter.ts:1 CTRL.RUN has no place in 32 bits"],
    ['"oneToClear"', '"w1c"', "counter.ts:1 modifiedWriteValues of ACK is one of oneToClear,"],
    [
      "high: 0, low: 0 }] },",
      'high: 0, low: 0, readAction: "pop" }] },',
      "counter.ts:1 readAction of CTRL.RUN is one of",
    ],
    ['"ACK", offset: 0x0c', '"ACK", reset: 1.5, offset: 0x0c', "counter.ts:1 reset of ACK is a whole number"],
    ["bytes: 0x100 }", "bytes: 1e12 }", "counter.ts:1 a device has at most 1048576 bytes of addresses"],
    ['name: "COUNT", ', 'name: "COUNT", span: 2 ** 40, ', "counter.ts:1 a device has at most 1048576 bytes"],
    ["bytes: 0x100 }", 'irqs: ["a", "b", "c", "d", "e"] }', "counter.ts:1 a device has at most 4 interrupts"],
    ["const DONE = 1;", "const DONE = 1;\nget('COUNT');", "counter.ts:12 functions of driverlab/device cannot be"],
    ["const DONE = 1;", "const DONE = null.x;", "counter.ts:11 BUG: kernel NULL pointer dereference"],
    ["driverlab/device", "linux/slab", "counter.ts:2 no header 'linux/slab'"],
    ["device_log, get", "device_log, got, get", "nothing"],
    ['device_log("stopped")', "globalThis.x", "counter.ts:47 'globalThis' is not available:"],
  ])("%s → %s", (from, to, message) => {
    expect(good).toContain(from);
    expect(told(good.replace(from, to))[0] ?? "nothing").toContain(message);
  });

  test("and so is one that is not there", () => {
    const read = (path: string): string | undefined =>
      path === model || !existsSync(path) ? undefined : readFileSync(path, "utf8");
    const loaded = loadDriver({ read }, `${folder}/counting.ts`);
    expect(loaded!.problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
      "1 there is no device ./counter.ts: no such file",
    ]);
    const named = loadDriver({ read }, `${folder}/counting.ts`, undefined, ["uart"]);
    expect(named!.problems[0]!.message).toContain("no such device: uart; there are at24,");
    const twice = loadDriver(
      { read: (path) => (path === model ? good.replace('"counter"', '"edu"') : read(path)) },
      `${folder}/counting.ts`,
      undefined,
      ["edu", model],
    );
    expect(twice!.problems.map(({ message }) => message)).toEqual(["two devices are called edu"]);
  });

  test("what goes wrong while it runs is an oops of who accesses it", () => {
    const text = good.replace("  plain_write(offset, bytes, value);", "  null.x;");
    const read = (path: string): string | undefined =>
      path === model ? text : existsSync(path) ? readFileSync(path, "utf8") : undefined;
    const { machine } = run(loadDriver({ read }, `${folder}/counting.ts`)!);
    expect(machine.reports.map(({ id, title }) => `${id} ${title}`)).toEqual([
      "oops BUG: kernel NULL pointer dereference, address: 00000000",
    ]);
  });
});
