// Devices in the machine: drivers that use them, scenarios that break them.
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createMachine } from "../../../simulator/machine.ts";
import { linesOf, load, run } from "../drivers.ts";

const folder = join(import.meta.dirname, "programs");

describe("an edu with MSI", () => {
  const loaded = load(join(folder, "messages.ts"));

  test("goes through everything that can go wrong, under any schedule", () => {
    expect(loaded.problems).toEqual([]);
    for (const seed of [1, 2, 3]) {
      for (const cpus of [1, 2]) {
        const { machine } = run(loaded, { seed, cpus });
        const lines = linesOf(machine);
        const end = lines.findIndex((line) => line.startsWith("Unhandled fault"));
        expect({ seed, cpus, lines: lines.slice(1, end) }).toEqual({
          seed,
          cpus,
          lines: [
            "irq 24",
            "5! = 120",
            "6! = 720, with 2 interrupts",
            "a spurious message: 3 interrupts",
            "DMA: 0",
            "slow DMA: 0",
            "busy for ever: -5",
            "mended: 0",
            "unplugged: -19",
            "nobody is told of 5040: IRQ_STATUS is 1",
          ],
        });
        expect(lines[end]).toMatch(/^Unhandled fault: external abort on non-linefetch \(0x008\) at 0xf08[0-9a-f]{5}$/);
        const hung = lines.findIndex((line) => line.startsWith("INFO: task lost:"));
        expect(lines.slice(hung - 2, hung)).toEqual(["the process ended with -14", "rmmod: -11"]);
        expect(machine.reports.map(({ id }) => id)).toEqual(["oops", "hung-task"]);
      }
    }
  });

  test("takes the time that DMA takes", () => {
    const { machine } = run(loaded);
    const at = (words: string): number => {
      const line = machine.log.find(({ text }) => text.includes(words))!.text;
      return Number(/^\[ *(\d+\.\d+)\]/.exec(line)![1]);
    };
    expect(at("] DMA:") - at("a spurious")).toBeCloseTo(0.1, 2);
    expect(at("slow DMA") - at("] DMA:")).toBeCloseTo(0.6, 2);
  });

  test("says in its log what was done to it", () => {
    const told: string[] = [];
    const { recipe } = loaded;
    createMachine(recipe, { onDevice: ({ text }) => told.push(text.replace(/^\[.*?\] /, "")) }).run(1e7);
    expect(told.slice(0, 3)).toEqual([
      "0000:00:04.0: fault injected: an interrupt that the device did not ask for",
      "0000:00:04.0: fault injected: DMA takes 500000000 ns longer",
      "0000:00:04.0: fault injected: bit 0 of STATUS reads as 1",
    ]);
  });
});

test("the machine says what is on its buses, for whoever makes devices of it", () => {
  const { hardware, pci } = createMachine({
    ...load(join(folder, "serial.ts")).recipe,
    devices: ["at24", "edu", "ns16550a"],
  }).kernel;
  expect(hardware.all.map(({ name }) => name)).toEqual(["designware-i2c", "edu", "ns16550a", "at24"]);
  expect(hardware.platform.map(({ name, start, irqs, device }) => [name, start, irqs, device.mmio.compatible])).toEqual(
    [
      ["9040000.designware-i2c", 0x09040000, [36], ["snps,designware-i2c"]],
      ["9000000.ns16550a", 0x09000000, [33], ["ns16550a"]],
    ],
  );
  expect(hardware.i2c.map(({ behind, address, device }) => [behind, address, device.i2c?.compatible])).toEqual([
    ["designware-i2c", 0x50, ["atmel,24c32"]],
  ]);
  expect(pci.all.map(({ name, device }) => [name, device.pci.class])).toEqual([["0000:00:04.0", 0x00ff00]]);
});

test("configuration space of a device that is gone is all ones", () => {
  const { kernel, memory } = createMachine(load(join(folder, "messages.ts")).recipe);
  const { address, device } = kernel.pci.all[0]!;
  const to = kernel.statics.global(4, 4, "word");
  const id = (): number => {
    kernel.pci.config.read(kernel.pci.at(address), 0, 4, to);
    return memory.peek(to, 4);
  };
  expect(id()).toBe(0x11e81234);
  device.faults!.inject({ kind: "removed" });
  expect(id()).toBe(0xffffffff);
});

test("a bus master reaches the memory of the machine, and nothing else", () => {
  const { kernel, memory } = createMachine(load(join(folder, "messages.ts")).recipe);
  const { dma } = kernel.hardware.ports({ name: () => "anybody", irq: () => {} });
  const word = Uint8Array.of(1, 2, 3, 4);
  const told: (string | undefined)[] = [];
  const done = (refusal?: string): void => void told.push(refusal);
  dma.write(0x01000000, word, done);
  expect(memory.peek(0x10000000, 4)).toBe(0x04030201);
  // Variables of modules and user memory lie outside of the linear map, and so do devices.
  for (const address of [0x11000000, 0x31000000, 0x09000000, 0xfffffffe]) dma.read(address, word, done);
  expect(told).toEqual([undefined, ...Array(4).fill("no memory there")]);
});

test("a serial line echoes at its own speed, and a button interrupts at both edges", () => {
  const loaded = load(join(folder, "serial.ts"));
  expect(loaded.problems).toEqual([]);
  for (const seed of [1, 2, 3]) {
    const { machine, end } = run(loaded, { seed });
    expect({ seed, end, lines: linesOf(machine).slice(1) }).toEqual({
      seed,
      end: "idle",
      // Each character takes 86.8 µs to come, and as much to go.
      lines: ["insmod: 0", "so far: HELLO, WOR", "then: LD", "the button is up", "6 edges"],
    });
    expect(machine.reports).toEqual([]);
  }
});
