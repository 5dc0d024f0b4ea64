// What may go wrong with any device, without code in its model.
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { At24 } from "../../../simulator/devices/at24.ts";
import { type AccessBytes, BusError, type Device, type PciDevice } from "../../../simulator/devices/device.ts";
import { Edu } from "../../../simulator/devices/edu.ts";
import { withFaults } from "../../../simulator/devices/faults.ts";
import { chosen, devices } from "../../../simulator/devices/index.ts";
import { Ns16550a } from "../../../simulator/devices/ns16550a.ts";
import { accessors, Bench } from "./bench.ts";

const STATUS = 0x20;
const IRQ_STATUS = 0x24;
const IRQ_RAISE = 0x60;
const IRQ_ACK = 0x64;
const LIVENESS = 0x04;
const DMA_CMD = 0x98;

let bench: Bench;
let edu: PciDevice;
let io: ReturnType<typeof accessors>;

beforeEach(() => {
  bench = new Bench();
  edu = withFaults<PciDevice>((ports) => new Edu(ports), bench);
  io = accessors(edu, 4);
});

test("a sound device is as if nothing stood in between", () => {
  io.write(LIVENESS, 5);
  expect([io.read(LIVENESS), io.peek(LIVENESS), edu.name, edu.pci.vendor]).toEqual([
    0xfffffffa,
    0xfffffffa,
    "edu",
    0x1234,
  ]);
  io.write(IRQ_RAISE, 1);
  io.write(IRQ_ACK, 1);
  expect(bench.lines).toEqual([true, false]);
});

test("a stuck bit shows in reads and views, and the device is sound inside", () => {
  edu.faults!.inject({ kind: "stuck-bit", register: "IRQ_STATUS", bit: 8, level: 1 });
  edu.faults!.inject({ kind: "stuck-bit", register: "IRQ_STATUS", bit: 0, level: 0 });
  io.write(IRQ_RAISE, 3);
  const register = edu.registers.find(({ name }) => name === "IRQ_STATUS")!;
  expect([io.read(IRQ_STATUS), io.peek(IRQ_STATUS), edu.held(register)]).toEqual([0x102, 0x102, 0x102n]);
  io.write(IRQ_ACK, 3);
  expect([io.read(IRQ_STATUS), bench.level]).toEqual([0x100, false]);
  edu.faults!.clear();
  expect(io.read(IRQ_STATUS)).toBe(0);
  expect(() => edu.faults!.inject({ kind: "stuck-bit", register: "FOO", bit: 0, level: 0 })).toThrow(
    "edu has no register FOO",
  );
});

describe("an interrupt that gets lost", () => {
  test("is one assertion of the line; the next one arrives", () => {
    edu.faults!.inject({ kind: "lost-interrupt", count: 1 });
    io.write(IRQ_RAISE, 1);
    expect([io.read(IRQ_STATUS), bench.lines]).toEqual([1, []]);
    io.write(IRQ_ACK, 1);
    io.write(IRQ_RAISE, 1);
    expect(bench.lines).toEqual([true]);
  });

  test("is one message with MSI", () => {
    bench.msi.enabled = true;
    edu.faults!.inject({ kind: "lost-interrupt", count: 2 });
    for (let index = 0; index < 3; index++) io.write(IRQ_RAISE, 1);
    expect(bench.vectors).toEqual([0]);
  });
});

describe("writes that are posted", () => {
  test("reach the device later, all of them in their order", () => {
    edu.faults!.inject({ kind: "posted-writes", nanos: 2_000 });
    io.write(IRQ_RAISE, 1);
    io.write(IRQ_RAISE, 2);
    expect([bench.level, io.peek(IRQ_STATUS)]).toEqual([false, 0]);
    bench.pass(2_000);
    expect([bench.level, io.peek(IRQ_STATUS)]).toEqual([true, 3]);
  });

  test("are pushed by a read, lost with the device, and done when it is sound again", () => {
    edu.faults!.inject({ kind: "posted-writes", nanos: 2_000 });
    io.write(IRQ_RAISE, 1);
    expect([io.read(IRQ_STATUS), bench.level]).toEqual([1, true]);
    io.write(IRQ_ACK, 1);
    expect(bench.level).toBe(true);
    edu.faults!.clear();
    expect(bench.level).toBe(false);
    edu.faults!.inject({ kind: "posted-writes", nanos: 2_000 });
    io.write(IRQ_RAISE, 1);
    edu.reset();
    bench.pass(5_000);
    expect(bench.level).toBe(false);
    io.write(IRQ_RAISE, 1);
    edu.faults!.inject({ kind: "removed" });
    bench.pass(5_000);
    edu.faults!.clear();
    expect([bench.level, io.read(IRQ_STATUS)]).toEqual([false, 0]);
  });
});

describe("a spurious interrupt", () => {
  test("is there until somebody looks, or for a millisecond", () => {
    edu.faults!.inject({ kind: "spurious-interrupt" });
    expect([bench.level, io.peek(IRQ_STATUS), bench.level]).toEqual([true, 0, true]);
    io.read(IRQ_STATUS);
    expect(bench.level).toBe(false);
    edu.faults!.inject({ kind: "spurious-interrupt" });
    bench.pass(1_000_000);
    expect(bench.lines).toEqual([true, false, true, false]);
  });

  test("does not take with it what the device asserts", () => {
    io.write(IRQ_RAISE, 1);
    edu.faults!.inject({ kind: "spurious-interrupt" });
    io.read(IRQ_STATUS);
    expect(bench.lines).toEqual([true]);
  });

  test("is a message with MSI", () => {
    bench.msi.enabled = true;
    edu.faults!.inject({ kind: "spurious-interrupt" });
    expect([bench.vectors, bench.lines]).toEqual([[0], []]);
  });
});

describe("a device that is gone", () => {
  test("reads as all ones, takes nothing, and interrupts no more; put back it is as it was", () => {
    io.write(LIVENESS, 5);
    io.write(IRQ_RAISE, 1);
    edu.faults!.inject({ kind: "removed" });
    io.write(LIVENESS, 6);
    io.write(IRQ_ACK, 1);
    expect([io.read(LIVENESS), io.peek(LIVENESS), bench.lines]).toEqual([0xffffffff, 0xffffffff, [true, false]]);
    edu.faults!.clear();
    expect([io.read(LIVENESS), bench.lines]).toEqual([0xfffffffa, [true, false, true]]);
  });

  test("moves no data", () => {
    edu.write(0x88, 8, 0x40000n);
    edu.write(0x80, 8, 0x2000n);
    edu.write(0x90, 8, 4n);
    edu.write(DMA_CMD, 8, 5n);
    edu.faults!.inject({ kind: "removed" });
    bench.pass(100_000_000);
    expect([bench.lines, bench.messages.at(-1)]).toEqual([[], "DMA refused: 0x2000, 4 bytes: the device is gone"]);
  });

  test("does not answer on an I2C bus", () => {
    const eeprom = withFaults((ports) => new At24(ports), bench);
    expect(eeprom.target.start(false)).toBe(true);
    (eeprom as Device).faults!.inject({ kind: "removed" });
    expect([eeprom.target.start(false), eeprom.target.read()]).toEqual([false, 0xff]);
  });
});

test("accesses that nobody answers end in an error, so many of them", () => {
  edu.faults!.inject({ kind: "bus-error", count: 2 });
  expect(() => io.read(STATUS)).toThrow(BusError);
  expect(io.peek(STATUS)).toBe(0);
  expect(() => io.write(STATUS, 0x80)).toThrow(BusError);
  expect(io.read(STATUS)).toBe(0);
});

test("slow DMA ends later, and RUN stays until then", () => {
  edu.faults!.inject({ kind: "slow-dma", nanos: 1_000 });
  edu.write(0x88, 8, 0x40000n);
  edu.write(0x80, 8, 0x2000n);
  edu.write(0x90, 8, 4n);
  edu.write(DMA_CMD, 8, 5n);
  bench.pass(100_000_999);
  expect([io.read(DMA_CMD), bench.level]).toEqual([5, false]);
  bench.pass(1);
  expect([io.read(DMA_CMD), bench.level]).toEqual([4, true]);
});

test("the other end of a line stays reachable", () => {
  const uart = withFaults((ports) => new Ns16550a(ports), bench);
  expect([uart.mmio.compatible, uart.serial.take().length]).toEqual([["ns16550a"], 0]);
});

test("what goes wrong stands in the device's log", () => {
  edu.faults!.inject({ kind: "stuck-bit", register: "STATUS", bit: 0, level: 1 });
  edu.faults!.inject({ kind: "bus-error", count: 1 });
  expect(bench.messages).toEqual([
    "fault injected: bit 0 of STATUS reads as 1",
    "fault injected: the next access is not answered",
  ]);
});

test.each(devices.map(({ name }) => name))("looking at %s changes nothing", (name) => {
  const model = devices.find((one) => one.name === name)!;
  const offsets = model.create(new Bench()).registers.flatMap(({ offset }) => [offset, offset + 1]);
  if (offsets.length === 0) return;
  const step = fc.record({
    offset: fc.constantFrom(...offsets),
    bytes: fc.constantFrom<AccessBytes>(1, 4),
    value: fc.bigInt(0n, 0xffffffffn),
    nanos: fc.constantFrom(0, 1_000, 1_000_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const run = (look: boolean): unknown => {
        const ports = new Bench();
        const device = withFaults<Device>((own) => model.create(own), ports);
        const seen = steps.map(({ offset, bytes, value, nanos }) => {
          if (look) for (const at of offsets) device.peek(at, bytes);
          if (look) for (const register of device.registers) device.held(register);
          device.write(offset, bytes, value);
          ports.pass(nanos);
          expect(device.peek(offset, bytes)).toBe(device.read(offset, bytes));
          return device.read(offset, bytes);
        });
        return [seen, ports.lines, ports.messages];
      };
      expect(run(true)).toEqual(run(false));
    }),
    { numRuns: 50 },
  );
});

test("a device behind a controller brings it, and an unknown one is told", () => {
  expect(chosen(["at24", "edu"]).map(({ name }) => name)).toEqual(["designware-i2c", "at24", "edu"]);
  expect(() => chosen(["uart"])).toThrow("no such device: uart; there are at24, designware-i2c, edu,");
});

test("no two devices share addresses or interrupts", () => {
  const taken = devices.flatMap((model) => (model.bus === "mmio" ? [model.at] : []));
  expect(new Set(taken.map(({ irq }) => irq)).size).toBe(taken.length);
  expect(new Set(taken.map(({ start }) => start >> 16)).size).toBe(taken.length);
});
