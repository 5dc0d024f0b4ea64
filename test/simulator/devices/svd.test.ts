// CMSIS-SVD files: everything that the schema has, what vendors make of it, and what is said of mistakes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { MmioDevice, Register } from "../../../simulator/devices/device.ts";
import { parseSvd, type SvdPeripheral } from "../../../simulator/devices/svd.ts";
import { svdModel } from "../../../simulator/devices/svd-device.ts";
import { listOf, tableOf } from "../../../simulator/devices/svd-text.ts";
import { Bench } from "./bench.ts";

const sample = readFileSync(join(import.meta.dirname, "sample.svd"), "utf8");
const chip = parseSvd(sample);

function peripheral(name: string): SvdPeripheral {
  const found = chip.peripheral(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function register(of: string, name: string): Register {
  const found = peripheral(of).registers.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${of}.${name}`);
  return found;
}

describe("a file", () => {
  test("has peripherals, also those that are repeated", () => {
    expect([chip.name, ...chip.names]).toEqual(["SAMPLE", "UART0", "UART1", "GPIO0", "GPIO1"]);
    expect(chip.peripheral("UART9")).toBeUndefined();
    expect(["UART0", "GPIO1"].map((name) => peripheral(name).baseAddress)).toEqual([0x40000000, 0x50001000]);
    expect(peripheral("UART0").description).toBe("A serial port with a long description");
  });

  test("prints as a table", async () => {
    const text = chip.names.map((name) => tableOf(peripheral(name))).join("\n");
    await expect(listOf(chip) + text).toMatchFileSnapshot("sample.svd.txt");
  });
});

describe("a register", () => {
  test("has size, access and reset value from what it stands in", () => {
    expect([register("UART0", "STATUS"), register("UART0", "CTRL")].map(({ bits, reset }) => [bits, reset])).toEqual([
      [16, 0n],
      [32, 0x11n],
    ]);
    expect(register("UART0", "DMA1.SRC")).toMatchObject({ bits: 64, access: "read-writeOnce", offset: 0x20 });
    expect(register("UART0", "DMA2.CH.LEN")).toMatchObject({ offset: 0x4c, bits: 16, reset: 1024n });
  });

  test("that is derived has all of its base that it does not say itself", () => {
    expect(register("UART0", "CTRL2")).toMatchObject({ offset: 0xc, bits: 32, reset: 0x22n, description: "Control" });
    expect(register("UART0", "CTRL2").fields).toEqual(register("UART0", "CTRL").fields);
    expect(register("GPIO0", "ISR").fields!.map(({ name }) => name)).toEqual(["OVERRUN", "SEEN"]);
    expect(register("UART0", "LAST1.SRC")).toMatchObject({ offset: 0x60, access: "read-only" });
  });

  test("is repeated with a step, under numbers, letters or whatever is listed", () => {
    const names = peripheral("UART0").registers.map(({ name, offset }) => `${name}@${offset.toString(16)}`);
    expect(names).toEqual([
      "CTRL@0",
      "STATUS@4",
      "TXD@8",
      "RXD@8",
      "CTRL2@c",
      "BAUD[0]@10",
      "BAUD[1]@12",
      "BAUD[2]@14",
      "BAUD[3]@16",
      "DMA1.SRC@20",
      "DMA1.CH.LEN@2c",
      "DMA2.SRC@40",
      "DMA2.CH.LEN@4c",
      "LAST1.SRC@60",
      "LAST1.CH.LEN@6c",
    ]);
    expect(register("UART0", "CTRL").fields!.slice(-3)).toEqual([
      { name: "PINA", low: 16, high: 17, description: "Drives pin A" },
      { name: "PINB", low: 18, high: 19, description: "Drives pin B" },
      { name: "PINC", low: 20, high: 21, description: "Drives pin C" },
    ]);
    expect(register("UART0", "BAUD[2]").description).toBe("Baud rate of channel 2");
  });

  test("of a derived peripheral is the base's, unless it has its own", () => {
    const { interrupts, bytes, registers } = peripheral("UART1");
    expect([interrupts.map(({ name }) => name), bytes]).toEqual([["UART0_RX", "UART0_TX", "UART1"], 0x100]);
    expect(registers.filter(({ name }) => ["CTRL", "EXTRA", "RXD"].includes(name))).toMatchObject([
      { name: "CTRL", bits: 8, fields: [] },
      { name: "RXD", readAction: "modifyExternal" },
      { name: "EXTRA", offset: 0xf0 },
    ]);
  });
});

test("a base may come later, and be derived itself", () => {
  const later = parseSvd(`<device><name>LATER</name><peripherals>
    <peripheral derivedFrom="TIM2"><name>TIM3</name><baseAddress>0x3000</baseAddress></peripheral>
    <peripheral derivedFrom="TIM1">
      <name>TIM2</name><baseAddress>0x2000</baseAddress><access>read-only</access>
    </peripheral>
    <peripheral>
      <name>TIM1</name><baseAddress>0x1000</baseAddress><size>16</size><resetValue>0xff</resetValue>
      <registers>
        <register>
          <dim>0x2</dim><dimIncrement>2</dimIncrement><name>CH%s</name><addressOffset>0</addressOffset>
          <fields><field>
            <name>E</name><bitRange>[3:0]</bitRange>
            <enumeratedValues>
              <enumeratedValue><name>half</name><value>0b1x10</value></enumeratedValue>
            </enumeratedValues>
          </field></fields>
        </register>
        <register><name>ALL</name><addressOffset>4</addressOffset><access>write-only</access>
          <fields><field derivedFrom="TIM1.CH1.E"><name>F</name><bitRange>[7:4]</bitRange></field></fields>
        </register>
      </registers>
    </peripheral>
  </peripherals></device>`);
  const all = (name: string) => later.peripheral(name)!.registers.map((one) => [one.name, one.bits, one.access]);
  const derived = [
    ["CH0", 16, "read-only"],
    ["CH1", 16, "read-only"],
    ["ALL", 16, "write-only"],
  ];
  expect([all("TIM2"), all("TIM3")]).toEqual([derived, derived]);
  const [field] = later.peripheral("TIM3")!.registers[2]!.fields!;
  expect(field).toEqual({ name: "F", high: 7, low: 4, values: { 10: "half", 14: "half" } });
});

describe("a field", () => {
  const fields = register("UART0", "CTRL").fields!;

  test("lies where any of three ways says", () => {
    expect(fields.slice(0, 3).map(({ name, high, low }) => [name, high, low])).toEqual([
      ["EN", 0, 0],
      ["MODE", 6, 4],
      ["LOOP", 8, 8],
    ]);
  });

  test("has names for its values, those for reading first, also those of others", () => {
    expect(fields.map(({ values }) => values).slice(0, 3)).toEqual([
      { 0: "OFF", 1: "ON" },
      { 0: "SLOW", 1: "SLOW", 2: "FAST" },
      { 0: "OFF", 1: "ON" },
    ]);
    expect(fields.find(({ name }) => name === "TURBO")!.values).toEqual({ 0: "SLOWER" });
    expect(register("UART0", "STATUS").fields![1]!.values).toEqual({ 0: "OFF", 1: "ON" });
  });
});

test("what vendors do against the rules is taken with a note", () => {
  expect(peripheral("GPIO0").notes).toEqual([
    "ODD at 0x5 is not aligned to its 32 bits and is left out",
    "NARROW has 24 bits and is taken for one of 32",
    "NARROW.WIDE reaches bit 32 of 32 and is left out",
    "PORT8 lies on PORT and is taken for another view of it",
  ]);
  expect(register("GPIO0", "NARROW").access).toBe("write-only");
});

describe("a device made of a peripheral", () => {
  const make = (name: string): MmioDevice => svdModel(peripheral(name), 48).create(new Bench());

  test("behaves as its access words say", () => {
    const uart = make("UART0");
    expect([uart.name, uart.mmio]).toEqual([
      "uart0",
      { compatible: ["svd,uart0"], bytes: 0x100, irqs: ["UART0_RX", "UART0_TX"] },
    ]);
    uart.write(0, 4, 0xffffffffn);
    expect(uart.read(0, 4)).toBe(0x3f0371n);
    uart.write(0x20, 8, 5n);
    uart.write(0x20, 8, 6n);
    expect(uart.read(0x20, 4)).toBe(5n);
    uart.write(8, 2, 7n);
    expect([uart.read(8, 2), uart.held(register("UART0", "TXD"))]).toEqual([0n, 7n]);
  });

  test("shows two views of the same register", () => {
    const gpio = make("GPIO1");
    expect([gpio.read(8, 4), gpio.read(8, 1)]).toEqual([0x12345678n, 0x78n]);
    gpio.write(8, 1, 0xffn);
    expect(gpio.read(8, 4)).toBe(0x123456ffn);
  });
});

describe("a mistake is told with its line and what to do:", () => {
  const wrap = (registers: string): string => `<device>
<peripherals>
<peripheral><name>P</name><baseAddress>0</baseAddress><registers>
${registers}
</registers></peripheral>
</peripherals>
</device>`;
  const told = (text: string): string => {
    try {
      parseSvd(text).peripheral("P");
    } catch (error) {
      return (error as Error).message;
    }
    return "nothing";
  };
  const reg = (more: string): string => wrap(`<register><name>A</name>${more}</register>`);

  test.each([
    ["<device>", "line 1: no well-formed XML: Missing end tag for element device"],
    ["<chip/>", "line 1: no CMSIS-SVD file: its outermost element is <device>"],
    ["<device/>", "line 1: a <device> needs <peripherals> with at least one <peripheral>"],
    [reg(""), "line 4: <register> A needs <addressOffset>"],
    [reg("<addressOffset>4x</addressOffset>"), "line 4: <addressOffset> is a number such as 12, 0x1F or #0110, not 4x"],
    [
      reg("<addressOffset>4</addressOffset>\n<access>rw</access>"),
      "line 5: <access> is one of read-only, write-only, read-write, writeOnce, read-writeOnce, not rw",
    ],
    [
      reg("<addressOffset>4</addressOffset><size>128</size>"),
      "line 4: A has 128 bits: give it a <size> of 8, 16, 32 or 64",
    ],
    [
      reg("<addressOffset>4</addressOffset><fields><field><name>F</name></field></fields>"),
      "line 4: field F needs a <bitRange>, <lsb> and <msb>, or a <bitOffset>",
    ],
    [
      reg("<addressOffset>4</addressOffset><fields><field><name>F</name><bitRange>3-1</bitRange></field></fields>"),
      "line 4: <bitRange> is [high:low], not 3-1",
    ],
    [wrap("<register><addressOffset>0</addressOffset></register>"), "line 4: a <register> needs a <name>"],
    [
      wrap('<register derivedFrom="B"><name>A</name><addressOffset>0</addressOffset></register>'),
      "line 4: register A is derived from B, which is not there",
    ],
    [
      wrap('<register derivedFrom="B"><name>A</name></register>\n<register derivedFrom="A"><name>B</name></register>'),
      "line 4: register A is derived from itself",
    ],
    [
      wrap("<register><name>A%s</name><addressOffset>0</addressOffset></register>"),
      "line 4: A%s needs a <dim> that says how often it is there",
    ],
    [
      wrap(`<cluster><name>C</name><addressOffset>0</addressOffset><dim>1000</dim><dimIncrement>4000</dimIncrement>
<register><name>R</name><addressOffset>0</addressOffset><dim>1000</dim><dimIncrement>4</dimIncrement></register>
</cluster>`),
      "line 5: more than 100000 registers: correct <dim>",
    ],
    [
      reg("<dim>3</dim><dimIncrement>4</dimIncrement><dimIndex>A,B</dimIndex><addressOffset>0</addressOffset>"),
      "line 4: <dimIndex> of A has 2 values, but <dim> is 3: make them equal",
    ],
  ])("%#", (text, message) => expect(told(text)).toBe(message));
});
