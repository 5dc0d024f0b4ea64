// The I2C controller and the EEPROM behind it, driven as i2c-designware-master.c drives it.
import { beforeEach, describe, expect, test } from "vitest";
import { At24 } from "../../../simulator/devices/at24.ts";
import { DesignwareI2c } from "../../../simulator/devices/designware-i2c.ts";
import { accessors, Bench } from "./bench.ts";

const CON = 0x00;
const TAR = 0x04;
const DATA_CMD = 0x10;
const INTR_STAT = 0x2c;
const INTR_MASK = 0x30;
const RAW_INTR_STAT = 0x34;
const RX_TL = 0x38;
const CLR_INTR = 0x40;
const CLR_TX_ABRT = 0x54;
const CLR_STOP_DET = 0x60;
const ENABLE = 0x6c;
const STATUS = 0x70;
const TXFLR = 0x74;
const RXFLR = 0x78;
const TX_ABRT_SOURCE = 0x80;
const ENABLE_STATUS = 0x9c;

const READ = 0x100;
const STOP = 0x200;
const RESTART = 0x400;

const RX_UNDER = 0x001;
const RX_FULL = 0x004;
const TX_OVER = 0x008;
const TX_EMPTY = 0x010;
const TX_ABRT = 0x040;
const STOP_DET = 0x200;

let bench: Bench;
let i2c: DesignwareI2c;
let eeprom: At24;
let io: ReturnType<typeof accessors>;

beforeEach(() => {
  bench = new Bench();
  i2c = new DesignwareI2c(bench);
  eeprom = new At24(bench);
  bench.attach(0x50, eeprom.target);
  io = accessors(i2c, 4);
});

function begin(address = 0x50): void {
  io.write(ENABLE, 0);
  io.write(CON, 0x63);
  io.write(TAR, address);
  io.write(INTR_MASK, 0);
  io.write(ENABLE, 1);
  io.read(CLR_INTR);
}

/** Queues commands as room permits, takes what comes, and gives it; an abort ends it. */
function transfer(...commands: number[]): number[] | "aborted" {
  begin();
  const taken: number[] = [];
  for (let round = 0; round < 1000; round++) {
    while (commands.length > 0 && io.read(TXFLR) < 16) io.write(DATA_CMD, commands.shift()!);
    bench.pass(50_000);
    while (io.read(RXFLR) > 0) taken.push(io.read(DATA_CMD) & 0xff);
    const raw = io.read(RAW_INTR_STAT);
    if (raw & TX_ABRT) return "aborted";
    if (raw & STOP_DET) return taken;
  }
  throw new Error("the transfer does not end");
}

const at = (position: number): number[] => [position >> 8, position & 0xff];
const last = (commands: number[]): number[] => [...commands.slice(0, -1), commands.at(-1)! | STOP];
const store = (position: number, ...bytes: number[]) => transfer(...last([...at(position), ...bytes]));
const fetch = (position: number, count: number) =>
  transfer(...last([...at(position), READ | RESTART, ...Array(count - 1).fill(READ)]));

describe("the controller", () => {
  test("says what it is, and what it can hold", () => {
    expect([0xf4, 0xfc].map(io.read)).toEqual([0x000f0f0a, 0x44570140]);
    expect([CON, STATUS, ENABLE_STATUS, TXFLR].map(io.read)).toEqual([0x7f, 0x06, 0, 0]);
  });

  test("has every register that i2c-designware of Linux accesses", () => {
    const accessed = [
      ...[0x00, 0x04, 0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x28, 0x2c, 0x30, 0x34, 0x38, 0x3c, 0x40, 0x44, 0x48, 0x4c],
      ...[0x50, 0x54, 0x58, 0x5c, 0x60, 0x64, 0x68, 0x6c, 0x70, 0x74, 0x78, 0x7c, 0x80, 0x9c, 0xcc, 0xf4, 0xf8, 0xfc],
    ];
    expect(accessed.filter((offset) => i2c.reaches(offset, 4, false) === undefined)).toEqual([]);
  });

  test("takes settings only while it is disabled", () => {
    begin();
    io.write(TAR, 0x22);
    expect([io.read(TAR), io.read(ENABLE_STATUS)]).toEqual([0x50, 1]);
    expect(bench.messages).toEqual(["write of 0x22 to IC_TAR ignored: the controller is enabled"]);
  });

  test("interrupts when commands run out, and when a transfer has ended", () => {
    begin();
    expect(bench.level).toBe(false);
    io.write(INTR_MASK, TX_EMPTY | STOP_DET | TX_ABRT);
    expect([bench.level, io.read(INTR_STAT)]).toEqual([true, TX_EMPTY]);
    io.write(INTR_MASK, STOP_DET | TX_ABRT);
    for (const command of last([0, 0, 0x11])) io.write(DATA_CMD, command);
    expect([io.read(TXFLR), io.read(STATUS) & 1, bench.level]).toEqual([3, 1, false]);
    // Four bytes of nine bits, with the address.
    bench.pass(4 * 78_300 - 1);
    expect(bench.level).toBe(false);
    bench.pass(1);
    expect([bench.level, io.read(STATUS), io.read(INTR_STAT)]).toEqual([true, 0x06, STOP_DET]);
    io.read(CLR_STOP_DET);
    expect(bench.level).toBe(false);
  });

  test("aborts where nobody answers: commands are thrown away, and those that follow too", () => {
    begin(0x22);
    io.write(INTR_MASK, TX_ABRT);
    for (const command of last([1, 2, 3])) io.write(DATA_CMD, command);
    bench.pass(1e6);
    expect([bench.level, io.read(TXFLR), io.read(RAW_INTR_STAT) & (TX_ABRT | STOP_DET)]).toEqual([
      true,
      0,
      TX_ABRT | STOP_DET,
    ]);
    io.write(DATA_CMD, 4 | STOP);
    expect(io.read(TXFLR)).toBe(0);
    expect([io.peek(TX_ABRT_SOURCE), io.read(TX_ABRT_SOURCE)]).toEqual([0x01000001, 0x01000001]);
    expect([io.peek(CLR_TX_ABRT), bench.level]).toEqual([0, true]);
    io.read(CLR_TX_ABRT);
    expect([io.read(TX_ABRT_SOURCE), bench.level]).toEqual([0, false]);
  });

  test("has bytes to take above a threshold, and says when there are none", () => {
    begin();
    io.write(RX_TL, 1);
    io.write(INTR_MASK, RX_FULL);
    io.write(DATA_CMD, READ);
    io.write(DATA_CMD, READ | STOP);
    bench.pass(2 * 78_300);
    expect([io.read(RXFLR), bench.level]).toEqual([1, false]);
    bench.pass(78_300);
    expect([io.read(RXFLR), bench.level]).toEqual([2, true]);
    expect([io.read(DATA_CMD), io.read(DATA_CMD), bench.level]).toEqual([0x8ff, 0xff, false]);
    io.read(DATA_CMD);
    expect(io.read(RAW_INTR_STAT) & RX_UNDER).toBe(RX_UNDER);
  });

  test("says when too many commands are queued, and forgets all when it is disabled", () => {
    begin();
    for (let index = 0; index < 17; index++) io.write(DATA_CMD, index);
    expect([io.read(TXFLR), io.read(RAW_INTR_STAT) & TX_OVER]).toEqual([16, TX_OVER]);
    io.write(ENABLE, 0);
    expect([io.read(TXFLR), io.read(STATUS)]).toEqual([0, 0x06]);
  });

  test("keeps the bus while no stop was asked for", () => {
    begin();
    io.write(DATA_CMD, 0);
    bench.pass(1e6);
    expect([io.read(RAW_INTR_STAT) & 0x2000, io.read(STATUS) & 0xa1]).toEqual([0x2000, 0xa1]);
    io.write(ENABLE, 3);
    expect([io.read(RAW_INTR_STAT) & TX_ABRT, io.read(TX_ABRT_SOURCE)]).toEqual([TX_ABRT, 0x10000]);
  });
});

describe("the EEPROM", () => {
  test("keeps what is written, and does not answer until it has", () => {
    expect(store(0x123, 1, 2, 3)).toEqual([]);
    expect(fetch(0x123, 1)).toBe("aborted");
    bench.pass(5_000_000);
    expect(fetch(0x123, 4)).toEqual([1, 2, 3, 0xff]);
    expect(eeprom.peek(0x123, 4)).toBe(0xff030201n);
  });

  test("goes round within a page", () => {
    store(0x3e, 1, 2, 3, 4);
    bench.pass(5_000_000);
    expect(fetch(0x3e, 2)).toEqual([1, 2]);
    expect(fetch(0x20, 2)).toEqual([3, 4]);
    expect(fetch(0x40, 1)).toEqual([0xff]);
  });

  test("says when a write is longer than a page", () => {
    store(0, ...Array(33).fill(7));
    expect(bench.messages).toEqual([
      "more than a page of 32 bytes in one write: it goes round to the start of the page",
    ]);
  });

  test("reads on from page to page, and from the end to the start", () => {
    store(0xfff, 9);
    bench.pass(5_000_000);
    store(0, 7);
    bench.pass(5_000_000);
    expect(fetch(0xffe, 20)).toEqual([0xff, 9, 7, ...Array(17).fill(0xff)]);
    // The next read without an address goes on.
    store(18, 5);
    bench.pass(5_000_000);
    fetch(17, 1);
    expect(transfer(READ | STOP)).toEqual([5]);
  });

  test("loses a page when power goes during the write", () => {
    store(0, 1);
    eeprom.reset();
    bench.pass(5_000_000);
    expect(fetch(0, 1)).toEqual([0xff]);
  });
});
