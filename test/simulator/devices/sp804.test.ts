// ARM's dual timer: three ways to count down, and two timers on one interrupt.
import { beforeEach, describe, expect, test } from "vitest";
import { Sp804 } from "../../../simulator/devices/sp804.ts";
import { accessors, Bench } from "./bench.ts";

const LOAD = 0x00;
const VALUE = 0x04;
const CTRL = 0x08;
const INTCLR = 0x0c;
const RIS = 0x10;
const MIS = 0x14;
const BGLOAD = 0x18;
const SECOND = 0x20;

const ONESHOT = 0x01;
const SIZE32 = 0x02;
const BY_16 = 0x04;
const IE = 0x20;
const PERIODIC = 0x40;
const ENABLE = 0x80;

const TICK = 1_000;

let bench: Bench;
let timer: Sp804;
let io: ReturnType<typeof accessors>;

beforeEach(() => {
  bench = new Bench();
  timer = new Sp804(bench);
  io = accessors(timer, 4);
});

test("it stands still at first, and says who it is", () => {
  bench.pass(5 * TICK);
  expect([VALUE, CTRL, RIS, SECOND + CTRL].map(io.read)).toEqual([0xffff, 0x20, 0, 0x20]);
  expect([0xfe0, 0xfe4, 0xfe8, 0xff0].map(io.read)).toEqual([0x04, 0x18, 0x14, 0x0d]);
});

describe("a timer", () => {
  test("counts from what was loaded, and begins again when it is periodic", () => {
    io.write(LOAD, 10);
    io.write(CTRL, ENABLE | PERIODIC | SIZE32 | IE);
    bench.pass(4 * TICK);
    expect([io.read(VALUE), bench.level]).toEqual([6, false]);
    bench.pass(6 * TICK);
    expect([io.read(RIS), io.read(MIS), bench.level, io.read(VALUE)]).toEqual([1, 1, true, 10]);
    io.write(INTCLR, 0);
    bench.pass(10 * TICK);
    expect(bench.lines).toEqual([true, false, true]);
  });

  test("stops after one round when it is one-shot", () => {
    io.write(CTRL, ENABLE | ONESHOT | SIZE32 | IE);
    io.write(LOAD, 3);
    bench.pass(3 * TICK);
    io.write(INTCLR, 0);
    bench.pass(100 * TICK);
    expect([io.read(VALUE), io.read(RIS), bench.lines]).toEqual([0, 0, [true, false]]);
  });

  test("goes round through all of its bits when it runs free", () => {
    io.write(LOAD, 2);
    io.write(CTRL, ENABLE | SIZE32);
    bench.pass(3 * TICK);
    expect([io.read(VALUE), io.read(RIS), io.read(MIS), bench.level]).toEqual([0xfffffffe, 1, 0, false]);
    io.write(CTRL, ENABLE);
    expect(io.read(VALUE)).toBe(0xfffe);
  });

  test("goes more slowly with the prescaler, and goes on where it was", () => {
    io.write(LOAD, 100);
    io.write(CTRL, ENABLE | SIZE32 | PERIODIC);
    bench.pass(10 * TICK);
    io.write(CTRL, ENABLE | SIZE32 | PERIODIC | BY_16);
    bench.pass(32 * TICK);
    expect(io.read(VALUE)).toBe(88);
    io.write(CTRL, SIZE32 | PERIODIC);
    bench.pass(1000 * TICK);
    expect(io.read(VALUE)).toBe(88);
  });

  test("takes BGLOAD from the next round on", () => {
    io.write(LOAD, 10);
    io.write(CTRL, ENABLE | SIZE32 | PERIODIC);
    bench.pass(4 * TICK);
    io.write(BGLOAD, 50);
    expect([io.read(VALUE), io.read(LOAD), io.read(BGLOAD)]).toEqual([6, 50, 50]);
    bench.pass(7 * TICK);
    expect(io.read(VALUE)).toBe(49);
  });

  test("with a period of 0 interrupts once and stops", () => {
    io.write(LOAD, 0);
    io.write(CTRL, ENABLE | SIZE32 | PERIODIC | IE);
    io.write(LOAD, 0);
    bench.pass(10 * TICK);
    expect(bench.lines).toEqual([true]);
    expect(bench.messages).toEqual(["TIMER1LOAD is 0: the timer has no period and stops"]);
  });
});

test("the interrupt is up while either timer has one", () => {
  for (const base of [0, SECOND]) {
    io.write(base + LOAD, 2);
    io.write(base + CTRL, ENABLE | ONESHOT | SIZE32 | IE);
    bench.pass(3 * TICK);
  }
  io.write(INTCLR, 1);
  expect([io.read(RIS), io.read(SECOND + RIS), bench.level]).toEqual([0, 1, true]);
  io.write(SECOND + INTCLR, 1);
  expect(bench.lines).toEqual([true, false]);
});

test("power off stops both", () => {
  io.write(LOAD, 2);
  io.write(CTRL, ENABLE | PERIODIC | SIZE32 | IE);
  timer.reset();
  bench.pass(100 * TICK);
  expect([bench.lines, io.read(CTRL)]).toEqual([[], 0x20]);
});
