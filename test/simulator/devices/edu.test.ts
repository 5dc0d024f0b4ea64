// QEMU's edu, register by register, against ports that remember what the device did to them.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { AccessBytes } from "../../../simulator/devices/device.ts";
import { Edu } from "../../../simulator/devices/edu.ts";
import { devices } from "../../../simulator/devices/index.ts";
import { mask, RegisterMap } from "../../../simulator/devices/registers.ts";
import { Bench } from "./bench.ts";

const ID = 0x00;
const LIVENESS = 0x04;
const FACTORIAL = 0x08;
const STATUS = 0x20;
const IRQ_STATUS = 0x24;
const IRQ_RAISE = 0x60;
const IRQ_ACK = 0x64;
const DMA_SRC = 0x80;
const DMA_DST = 0x88;
const DMA_COUNT = 0x90;
const DMA_CMD = 0x98;

let bench: Bench;
let edu: Edu;

beforeEach(() => {
  bench = new Bench();
  edu = new Edu(bench);
});

function readl(offset: number): number {
  return Number(edu.read(offset, 4));
}

function writel(value: number, offset: number): void {
  edu.write(offset, 4, BigInt(value));
}

function writeq(value: number, offset: number): void {
  edu.write(offset, 8, BigInt(value));
}

function startDma(from: number, to: number, bytes: number, command: number): void {
  writeq(from, DMA_SRC);
  writeq(to, DMA_DST);
  writeq(bytes, DMA_COUNT);
  writeq(command, DMA_CMD);
}

describe("the register map", () => {
  test("has what the data sheet has", () => {
    expect(
      edu.registers.map(({ offset, name, bits, access }) => `${offset.toString(16)} ${name} ${bits} ${access}`),
    ).toEqual([
      "0 ID 32 read-only",
      "4 LIVENESS 32 read-write",
      "8 FACTORIAL 32 read-write",
      "20 STATUS 32 read-write",
      "24 IRQ_STATUS 32 read-only",
      "60 IRQ_RAISE 32 write-only",
      "64 IRQ_ACK 32 write-only",
      "80 DMA_SRC 64 read-write",
      "88 DMA_DST 64 read-write",
      "90 DMA_COUNT 64 read-write",
      "98 DMA_CMD 64 read-write",
    ]);
  });

  test("says what the registers hold at first", () => {
    for (const register of edu.registers) {
      if (register.access === "write-only") continue;
      expect
        .soft(edu.peek(register.offset, (register.bits / 8) as AccessBytes), register.name)
        .toBe(BigInt(register.reset));
    }
  });

  test("gives masks, and no others", () => {
    const status = edu.registers.find(({ name }) => name === "STATUS")!;
    expect(mask(status, "IRQFACT")).toBe(0x80);
    expect(mask(edu.registers[0]!, "MAJOR")).toBe(0xff000000);
    expect(() => mask(status, "DONE")).toThrow("STATUS has no field DONE");
  });

  test("refuses to contradict itself", () => {
    const register = { name: "A", offset: 0, bits: 32, access: "read-write", reset: 0 } as const;
    expect(() => new RegisterMap([register, { ...register, name: "B" }])).toThrow("B does not lie behind A");
    expect(() => new RegisterMap([{ ...register, offset: 2 }])).toThrow("A is not aligned");
    expect(() => new RegisterMap([{ ...register, fields: [{ name: "F", high: 32, low: 0 }] }])).toThrow("no place");
  });
});

describe("accesses", () => {
  test.each([
    [ID, 1],
    [ID, 2],
    [ID, 8],
    [STATUS, 8],
    [DMA_SRC, 1],
    [DMA_SRC, 2],
    [0x10, 4],
    [0x01, 4],
    [0x84, 4],
    [0xffffc, 4],
  ] as const)("at %i of %i bytes meet no register", (offset, bytes) => {
    edu.write(offset, bytes, 0n);
    expect(edu.read(offset, bytes)).toBe((1n << BigInt(8 * bytes)) - 1n);
    expect(bench.messages).toEqual([
      `write of ${bytes} bytes at 0x${offset.toString(16)}: no such register`,
      `read of ${bytes} bytes at 0x${offset.toString(16)}: no such register`,
    ]);
  });

  test("of 32 and 64 bits meet a 64-bit register", () => {
    edu.write(DMA_SRC, 8, 0x123456789abcdefn);
    expect(edu.read(DMA_SRC, 8)).toBe(0x123456789abcdefn);
    expect(readl(DMA_SRC)).toBe(0x89abcdef);
    writel(0x1000, DMA_SRC);
    expect(edu.read(DMA_SRC, 8)).toBe(0x1000n);
  });

  test("against the grain do nothing but say so", () => {
    writel(1, ID);
    writel(1, IRQ_STATUS);
    expect([readl(ID), readl(IRQ_STATUS), readl(IRQ_RAISE)]).toEqual([0x010000ed, 0, 0xffffffff]);
    expect(bench.messages).toEqual([
      "write to ID, which is read-only",
      "write to IRQ_STATUS, which is read-only",
      "read of IRQ_RAISE, which is write-only",
    ]);
  });

  test("to LIVENESS come back as the complement", () => {
    writel(0x12345678, LIVENESS);
    expect(readl(LIVENESS)).toBe(0xedcba987);
  });
});

describe("the factorial", () => {
  test.each([
    [0, 1],
    [1, 1],
    [5, 120],
    [12, 479001600],
    [13, 1932053504],
    [33, 2147483648],
    [34, 0],
    [1000, 0],
  ])("of %i is %i, modulo 2^32, after a microsecond for each factor", (n, result) => {
    writel(n, FACTORIAL);
    bench.pass(1_000 * Math.max(n, 1) - 1);
    expect([readl(STATUS), readl(FACTORIAL)]).toEqual([1, n]);
    bench.pass(1);
    expect([readl(STATUS), readl(FACTORIAL)]).toEqual([0, result]);
    expect(bench.lines).toEqual([]);
  });

  test("is not disturbed by another one", () => {
    writel(5, FACTORIAL);
    writel(6, FACTORIAL);
    expect(bench.messages).toEqual(["write of 6 to FACTORIAL ignored: a factorial is being computed"]);
    bench.pass(6_000);
    expect(readl(FACTORIAL)).toBe(120);
  });

  test("interrupts at its end where that is asked for, even while it is computed", () => {
    writel(5, FACTORIAL);
    writel(0x80, STATUS);
    expect(readl(STATUS)).toBe(0x81);
    bench.pass(5_000);
    expect([readl(STATUS), readl(IRQ_STATUS), bench.lines]).toEqual([0x80, 1, [true]]);
  });

  test("cannot be started or stopped by STATUS", () => {
    writel(0xffffffff, STATUS);
    expect(readl(STATUS)).toBe(0x80);
    writel(3, FACTORIAL);
    writel(0, STATUS);
    expect(readl(STATUS)).toBe(1);
  });
});

describe("the interrupt line", () => {
  test("is up while any bit of IRQ_STATUS is set", () => {
    writel(0x80000003, IRQ_RAISE);
    writel(4, IRQ_RAISE);
    expect([readl(IRQ_STATUS), bench.lines]).toEqual([0x80000007, [true]]);
    writel(0x80000001, IRQ_ACK);
    expect([readl(IRQ_STATUS), bench.lines]).toEqual([6, [true]]);
    writel(6, IRQ_ACK);
    expect([readl(IRQ_STATUS), bench.lines]).toEqual([0, [true, false]]);
  });

  test("does not move for nothing", () => {
    writel(0, IRQ_RAISE);
    writel(1, IRQ_ACK);
    expect(bench.lines).toEqual([]);
  });
});

describe("MSI", () => {
  test("sends a message for each raise, and leaves the line alone", () => {
    bench.msi.enabled = true;
    writel(2, IRQ_RAISE);
    writel(4, IRQ_RAISE);
    writel(6, IRQ_ACK);
    expect([readl(IRQ_STATUS), bench.vectors, bench.lines]).toEqual([0, [0, 0], []]);
  });

  test("is sent for a factorial and for a transfer", () => {
    bench.msi.enabled = true;
    writel(0x80, STATUS);
    writel(3, FACTORIAL);
    bench.pass(3_000);
    startDma(0x40000, 0x2000, 4, 7);
    bench.pass(100_000_000);
    expect([readl(IRQ_STATUS), bench.vectors]).toEqual([0x101, [0, 0]]);
  });
});

test("power turned off and on forgets everything, also what was under way", () => {
  writel(5, FACTORIAL);
  writel(1, IRQ_RAISE);
  startDma(0x40000, 0x2000, 4, 7);
  edu.reset();
  bench.pass(200_000_000);
  expect([FACTORIAL, STATUS, IRQ_STATUS, DMA_SRC, DMA_CMD].map(readl)).toEqual([0, 0, 0, 0, 0]);
  expect(bench.lines).toEqual([true, false]);
});

describe("DMA", () => {
  test("there and back takes 100 ms each way and interrupts where that is asked for", () => {
    bench.part(0x2000, 4).set([1, 2, 3, 4]);
    startDma(0x2000, 0x40ffc, 4, 1);
    bench.pass(99_999_999);
    expect(readl(DMA_CMD)).toBe(1);
    bench.pass(1);
    expect([readl(DMA_CMD), readl(IRQ_STATUS)]).toEqual([0, 0]);
    startDma(0x40ffc, 0x3000, 4, 7);
    bench.pass(100_000_000);
    expect([readl(DMA_CMD), readl(IRQ_STATUS), bench.lines]).toEqual([6, 0x100, [true]]);
    expect([...bench.part(0x3000, 5)]).toEqual([1, 2, 3, 4, 0]);
    expect(bench.messages).toEqual([]);
  });

  test.each([
    ["before the buffer", 0x3ffff, 2],
    ["behind the buffer", 0x41000, 1],
    ["across its end", 0x40fff, 2],
    ["of more than it holds", 0x40000, 4097],
  ])("%s is refused and does not interrupt", (_, address, bytes) => {
    startDma(0x2000, address, bytes, 5);
    bench.pass(100_000_000);
    expect([readl(DMA_CMD), readl(IRQ_STATUS), bench.lines]).toEqual([4, 0, []]);
    expect(bench.messages).toEqual([
      `DMA refused: 0x${address.toString(16)}, ${bytes} bytes, is not in the buffer at 0x40000 to 0x40fff`,
    ]);
  });

  test("to where no memory is, is refused", () => {
    startDma(0x40000, 0x20, 8, 7);
    bench.pass(100_000_000);
    expect([readl(DMA_CMD), readl(IRQ_STATUS)]).toEqual([6, 0]);
    expect(bench.messages).toEqual(["DMA refused: 0x20, 8 bytes: no memory there"]);
  });

  test("reaches 28 bits of address, or as many as configured", () => {
    bench.part(0x2000, 1).set([9]);
    startDma(0x10002000, 0x40000, 1, 1);
    bench.pass(100_000_000);
    expect(bench.messages).toEqual(["DMA address 0x10002000 is beyond the device's reach and becomes 0x2000"]);
    edu = new Edu(bench, { dmaMask: 0xffn, dmaNanos: 1 });
    startDma(0x40000, 0x2000, 1, 3);
    bench.pass(1);
    expect(bench.messages.at(-1)).toBe("DMA refused: 0x0, 1 bytes: no memory there");
  });

  test("is not disturbed while it runs, and is not started without RUN", () => {
    writeq(6, DMA_CMD);
    expect(readl(DMA_CMD)).toBe(0);
    startDma(0x2000, 0x40000, 4, 1);
    startDma(1, 2, 3, 0);
    expect([DMA_SRC, DMA_DST, DMA_COUNT, DMA_CMD].map(readl)).toEqual([0x2000, 0x40000, 4, 1]);
    expect(bench.messages).toEqual(
      ["DMA_SRC", "DMA_DST", "DMA_COUNT", "DMA_CMD"].map((name) => `write to ${name} ignored: a transfer runs`),
    );
  });
});

test("looking changes nothing", () => {
  const offsets = [...new Edu(new Bench()).registers.map(({ offset }) => offset), 0x10, 0x84];
  const step = fc.record({
    offset: fc.constantFrom(...offsets),
    bytes: fc.constantFrom<AccessBytes>(1, 2, 4, 8),
    value: fc.bigInt(0n, 0xffffffffn),
    nanos: fc.constantFrom(0, 1_000, 100_000_000),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const run = (look: boolean): unknown => {
        const ports = new Bench();
        const device = new Edu(ports);
        const seen = steps.map(({ offset, bytes, value, nanos }) => {
          if (look) for (const at of offsets) device.peek(at, bytes);
          device.write(offset, bytes, value);
          ports.pass(nanos);
          expect(device.peek(offset, bytes)).toBe(device.read(offset, bytes));
          return device.read(offset, bytes);
        });
        return [seen, ports.lines, ports.messages];
      };
      expect(run(true)).toEqual(run(false));
    }),
  );
});

test("the devices are listed in order and open with what they follow", () => {
  const names = devices.map(({ name }) => name);
  expect(names).toEqual([...names].sort());
  for (const { name, create } of devices) {
    expect(create(new Bench()).name).toBe(name);
    const path = join(import.meta.dirname, "../../../simulator/devices", `${basename(name)}.ts`);
    expect(readFileSync(path, "utf8").split("\n")[0]).toMatch(/ after /);
  }
});
