// ARM's GPIO block: data by address, edges and levels, and pins that somebody outside drives.
import { beforeEach, describe, expect, test } from "vitest";
import { Pl061 } from "../../../simulator/devices/pl061.ts";
import { accessors, Bench } from "./bench.ts";

const ALL = 0x3fc;
const DIR = 0x400;
const IS = 0x404;
const IBE = 0x408;
const IEV = 0x40c;
const IE = 0x410;
const RIS = 0x414;
const MIS = 0x418;
const IC = 0x41c;

/** Where only these pins are seen. */
const pins = (mask: number): number => mask << 2;

let bench: Bench;
let gpio: Pl061;
let io: ReturnType<typeof accessors>;

beforeEach(() => {
  bench = new Bench();
  gpio = new Pl061(bench);
  io = accessors(gpio, 1);
});

test("the address says which pins an access is about", () => {
  io.write(DIR, 0xff);
  io.write(pins(0x0f), 0xff);
  expect([io.read(ALL), io.read(pins(0x03)), io.read(pins(0xf0)), io.read(0)]).toEqual([0x0f, 0x03, 0, 0]);
  io.write(pins(0x81), 0x80);
  expect(io.read(ALL)).toBe(0x8e);
});

test("only outputs take data, and inputs show what is outside", () => {
  io.write(DIR, 0x0f);
  io.write(ALL, 0xff);
  expect(io.read(ALL)).toBe(0x0f);
  gpio.pins.drive(7, true);
  expect([io.read(ALL), gpio.pins.level(0), gpio.pins.level(7), gpio.pins.level(6)]).toEqual([0x8f, true, true, false]);
  gpio.pins.drive(0, false);
  expect([io.read(ALL), bench.messages]).toEqual([0x8f, ["pin 0 is an output and is driven from outside too"]]);
});

test("what is written before a pin is an output is lost", () => {
  io.write(ALL, 0xff);
  io.write(DIR, 0xff);
  expect(io.read(ALL)).toBe(0);
});

test("registers take words too, and are of 8 bits", () => {
  gpio.write(DIR, 4, 0x1234n);
  expect([gpio.read(DIR, 4), gpio.read(DIR, 2), gpio.read(DIR + 1, 1)]).toEqual([0x34n, 0x34n, 0xffn]);
});

test("it says who it is", () => {
  const id = [0xfe0, 0xfe4, 0xfe8, 0xfec, 0xff0, 0xff4, 0xff8, 0xffc].map(io.read);
  expect(id).toEqual([0x61, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1]);
});

describe("an edge", () => {
  const edges = (): number[] => {
    const seen = [];
    for (const level of [true, false]) {
      gpio.pins.drive(2, level);
      seen.push(io.read(RIS));
      io.write(IC, 0xff);
    }
    return seen;
  };

  test("that falls interrupts by default, one that rises with IEV, and both with IBE", () => {
    expect(edges()).toEqual([0, 4]);
    io.write(IEV, 4);
    expect(edges()).toEqual([4, 0]);
    io.write(IBE, 4);
    expect(edges()).toEqual([4, 4]);
  });

  test("stays until IC takes it back, and interrupts where IE lets it", () => {
    io.write(IEV, 1);
    gpio.pins.drive(0, true);
    expect([io.read(RIS), io.read(MIS), bench.level]).toEqual([1, 0, false]);
    io.write(IE, 1);
    expect([io.read(MIS), bench.level]).toEqual([1, true]);
    gpio.pins.drive(0, false);
    expect(bench.level).toBe(true);
    io.write(IC, 0xfe);
    expect(bench.level).toBe(true);
    io.write(IC, 1);
    expect([io.read(RIS), bench.level]).toEqual([0, false]);
  });

  test("of an output does not count", () => {
    io.write(DIR, 1);
    io.write(IBE, 1);
    io.write(ALL, 1);
    expect(io.read(RIS)).toBe(0);
  });

  test("that comes of a pin becoming an output does not count, one of its becoming an input does", () => {
    io.write(IBE, 1);
    gpio.pins.drive(0, true);
    io.write(IC, 1);
    io.write(DIR, 1);
    expect([io.read(ALL), io.read(RIS)]).toEqual([0, 0]);
    io.write(DIR, 0);
    expect([io.read(ALL), io.read(RIS)]).toEqual([1, 1]);
  });
});

test("a level interrupts for as long as it is there, whatever IC says", () => {
  io.write(IS, 2);
  io.write(IEV, 2);
  io.write(IE, 2);
  expect(bench.level).toBe(false);
  gpio.pins.drive(1, true);
  io.write(IC, 2);
  expect([io.read(MIS), bench.level]).toEqual([2, true]);
  gpio.pins.drive(1, false);
  expect([io.read(MIS), bench.lines]).toEqual([0, [true, false]]);
});
