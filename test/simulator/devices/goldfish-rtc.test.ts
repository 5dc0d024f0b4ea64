// The goldfish clock: halves that belong together, and an alarm.
import { beforeEach, expect, test } from "vitest";
import { GoldfishRtc } from "../../../simulator/devices/goldfish-rtc.ts";
import { accessors, Bench } from "./bench.ts";

const TIME_LOW = 0x00;
const TIME_HIGH = 0x04;
const ALARM_LOW = 0x08;
const ALARM_HIGH = 0x0c;
const IRQ_ENABLED = 0x10;
const CLEAR_ALARM = 0x14;
const ALARM_STATUS = 0x18;
const CLEAR_INTERRUPT = 0x1c;

let bench: Bench;
let rtc: GoldfishRtc;
let io: ReturnType<typeof accessors>;

beforeEach(() => {
  bench = new Bench();
  rtc = new GoldfishRtc(bench, { epochSeconds: 4 });
  io = accessors(rtc, 4);
});

function time(): number {
  const low = io.read(TIME_LOW);
  return io.read(TIME_HIGH) * 2 ** 32 + low;
}

function arm(nanos: number): void {
  io.write(ALARM_HIGH, Math.floor(nanos / 2 ** 32));
  io.write(ALARM_LOW, nanos % 2 ** 32);
}

test("the time goes on, in nanoseconds", () => {
  bench.pass(5);
  expect(time()).toBe(4_000_000_005);
});

test("reading the low half keeps the high half", () => {
  bench.pass(2 ** 32 - 4_000_000_000 - 1);
  const low = io.read(TIME_LOW);
  bench.pass(10);
  expect([low, io.read(TIME_HIGH), io.peek(TIME_LOW), io.peek(TIME_HIGH)]).toEqual([0xffffffff, 0, 9, 0]);
  expect(time()).toBe(2 ** 32 + 9);
});

test("the time is set in halves", () => {
  io.write(TIME_HIGH, 7);
  io.write(TIME_LOW, 100);
  bench.pass(1);
  expect(time()).toBe(7 * 2 ** 32 + 101);
});

test("the alarm rings when it is due, once, and interrupts where that is enabled", () => {
  arm(4_000_001_000);
  io.write(IRQ_ENABLED, 1);
  expect(io.read(ALARM_STATUS)).toBe(1);
  bench.pass(999);
  expect(bench.level).toBe(false);
  bench.pass(1);
  expect([io.read(ALARM_STATUS), bench.level]).toEqual([0, true]);
  io.write(CLEAR_INTERRUPT, 0);
  expect(bench.level).toBe(false);
  bench.pass(1e10);
  expect(bench.lines).toEqual([true, false]);
});

test("an alarm in the past rings at once, and one that was cleared never", () => {
  io.write(IRQ_ENABLED, 1);
  arm(3_999_999_999);
  expect([bench.level, io.read(ALARM_STATUS)]).toEqual([true, 0]);
  io.write(CLEAR_INTERRUPT, 1);
  arm(5_000_000_000);
  io.write(CLEAR_ALARM, 1);
  bench.pass(2e9);
  expect([bench.level, io.read(ALARM_STATUS)]).toEqual([false, 0]);
});

test("an interrupt stays pending while it is not enabled", () => {
  arm(0);
  expect(bench.level).toBe(false);
  io.write(IRQ_ENABLED, 1);
  expect(bench.level).toBe(true);
  rtc.reset();
  expect([bench.level, io.read(IRQ_ENABLED)]).toEqual([false, 0]);
});

test("only words are taken", () => {
  expect([rtc.read(TIME_LOW, 8), rtc.read(TIME_LOW, 2), rtc.read(0x20, 4)]).toEqual([
    0xffffffffffffffffn,
    0xffffn,
    0xffffffffn,
  ]);
});
