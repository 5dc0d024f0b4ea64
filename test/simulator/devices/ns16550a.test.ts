// The 16550A: banks, FIFOs, priorities, characters that take time, loopback, and the other end of the line.
import { beforeEach, describe, expect, test } from "vitest";
import { Ns16550a } from "../../../simulator/devices/ns16550a.ts";
import { accessors, Bench } from "./bench.ts";

const RBR = 0;
const THR = 0;
const IER = 1;
const IIR = 2;
const FCR = 2;
const LCR = 3;
const MCR = 4;
const LSR = 5;
const MSR = 6;
const SCR = 7;

/** 10 bits at 9600 baud: start, 8, stop. */
const CHARACTER = 1_041_667;

let bench: Bench;
let uart: Ns16550a;
let io: ReturnType<typeof accessors>;

beforeEach(() => {
  bench = new Bench();
  uart = new Ns16550a(bench);
  io = accessors(uart, 1);
  io.write(LCR, 0x03);
});

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));
const text = (received: Uint8Array): string => String.fromCharCode(...received);

describe("registers", () => {
  test("are as after power-on", () => {
    expect([IER, IIR, MCR, LSR, MSR, SCR].map(io.peek)).toEqual([0, 0x01, 0, 0x60, 0xb0, 0]);
  });

  test("are banked by DLAB, and keep what they hold meanwhile", () => {
    io.write(IER, 0x05);
    io.write(LCR, 0x83);
    expect([io.read(0), io.read(1)]).toEqual([12, 0]);
    io.write(0, 0x34);
    io.write(1, 0x12);
    expect([io.read(0), io.read(1)]).toEqual([0x34, 0x12]);
    io.write(LCR, 0x03);
    expect(io.read(IER)).toBe(0x05);
    const dll = uart.registers.find(({ name }) => name === "DLL")!;
    expect(uart.held(dll)).toBe(0x34n);
  });

  test("have reserved bits, which do not stick", () => {
    io.write(IER, 0xff);
    io.write(MCR, 0xe3);
    expect([io.read(IER), io.read(MCR)]).toEqual([0x0f, 0x03]);
    expect(bench.messages).toContain("write of 0xff to IER: 0xf0 is reserved");
  });

  test("are one byte wide, and lie 4 apart where that is asked for", () => {
    expect(uart.read(LSR, 4)).toBe(0xffffffffn);
    const soc = new Ns16550a(bench, { regShift: 2 });
    expect([soc.read(LSR << 2, 4), soc.read(LSR << 2, 1), soc.read(LSR, 1)]).toEqual([0x60n, 0x60n, 0xffn]);
    expect([soc.mmio.bytes, soc.mmio.regShift]).toEqual([0x20, 2]);
  });
});

describe("the transmitter", () => {
  test("takes the time of a character, and has room again as soon as it shifts", () => {
    io.write(THR, 0x41);
    expect(io.read(LSR)).toBe(0x20);
    io.write(THR, 0x42);
    expect(io.read(LSR)).toBe(0x00);
    bench.pass(CHARACTER - 1);
    expect(uart.serial.take()).toHaveLength(0);
    bench.pass(1);
    expect([text(uart.serial.take()), io.read(LSR)]).toEqual(["A", 0x20]);
    bench.pass(CHARACTER);
    expect([text(uart.serial.take()), io.read(LSR)]).toEqual(["B", 0x60]);
  });

  test("is as fast as the divisor says", () => {
    io.write(LCR, 0x83);
    io.write(0, 1);
    io.write(LCR, 0x03);
    io.write(THR, 0x41);
    bench.pass(86_806);
    expect(uart.serial.take()).toHaveLength(1);
    // Five bits, two stop bits, parity: 9 bits instead of 10, and the upper bits are gone.
    io.write(LCR, 0x0c);
    io.write(THR, 0xff);
    bench.pass(78_125);
    expect([...uart.serial.take()]).toEqual([0x1f]);
  });

  test("queues 16 characters in its FIFO, and loses one that is too many", () => {
    io.write(FCR, 0x01);
    for (let index = 0; index < 17; index++) io.write(THR, 0x61 + index);
    expect(bench.messages).toEqual([]);
    io.write(THR, 0x7a);
    expect(bench.messages).toEqual(["THR was written while it was full: a character is lost"]);
    bench.pass(20 * CHARACTER);
    expect(text(uart.serial.take())).toBe("acdefghijklmnopqz");
  });

  test("forgets what it has not begun to send when the FIFO is turned on or off", () => {
    io.write(FCR, 0x01);
    for (const letter of bytes("abc")) io.write(THR, letter);
    io.write(FCR, 0x00);
    expect(io.read(LSR)).toBe(0x20);
    bench.pass(5 * CHARACTER);
    expect(text(uart.serial.take())).toBe("a");
  });

  test("interrupts when it has room, once, and a read of IIR acknowledges that", () => {
    io.write(IER, 0x02);
    expect([bench.level, io.peek(IIR), io.read(IIR), io.read(IIR)]).toEqual([true, 0x02, 0x02, 0x01]);
    expect(bench.level).toBe(false);
    io.write(FCR, 0x01);
    io.write(THR, 1);
    io.write(THR, 2);
    io.write(THR, 3);
    expect(io.read(IIR)).toBe(0xc1);
    bench.pass(CHARACTER);
    expect(bench.level).toBe(false);
    bench.pass(CHARACTER);
    expect([bench.level, io.read(IIR)]).toEqual([true, 0xc2]);
  });
});

describe("the receiver", () => {
  test("gets characters one after the other at the speed of the line", () => {
    uart.serial.send(bytes("hi"));
    bench.pass(CHARACTER - 1);
    expect(io.read(LSR) & 1).toBe(0);
    bench.pass(1);
    expect([io.read(LSR) & 1, io.read(RBR), io.read(LSR) & 1]).toEqual([1, 0x68, 0]);
    bench.pass(CHARACTER);
    expect(io.read(RBR)).toBe(0x69);
  });

  test("loses the old character to a new one without a FIFO, and the new one with it", () => {
    uart.serial.send(bytes("ab"));
    bench.pass(2 * CHARACTER);
    expect([io.read(LSR), io.read(LSR), io.read(RBR)]).toEqual([0x63, 0x61, 0x62]);
    io.write(FCR, 0x01);
    uart.serial.send(bytes("0123456789abcdefX"));
    bench.pass(17 * CHARACTER);
    expect(io.read(LSR)).toBe(0x63);
    expect(String.fromCharCode(...Array.from({ length: 16 }, () => io.read(RBR)))).toBe("0123456789abcdef");
  });

  test("interrupts at the trigger level, and after four idle characters below it", () => {
    io.write(FCR, 0x81);
    io.write(IER, 0x01);
    uart.serial.send(bytes("12345678"));
    bench.pass(7 * CHARACTER);
    expect(bench.level).toBe(false);
    bench.pass(CHARACTER);
    expect([bench.level, io.read(IIR)]).toEqual([true, 0xc4]);
    io.read(RBR);
    expect(bench.level).toBe(false);
    bench.pass(4 * CHARACTER);
    expect([bench.level, io.read(IIR)]).toEqual([true, 0xcc]);
    io.read(RBR);
    expect([bench.level, io.read(IIR)]).toEqual([false, 0xc1]);
  });

  test("tells errors until LSR is read", () => {
    io.write(IER, 0x04);
    uart.serial.sendBad("parity", 0x55);
    bench.pass(CHARACTER);
    expect([io.read(IIR), io.peek(LSR), io.read(LSR), io.read(LSR), io.read(IIR)]).toEqual([
      0x06, 0x65, 0x65, 0x61, 0x01,
    ]);
    io.read(RBR);
    uart.serial.sendBad("break");
    bench.pass(CHARACTER);
    expect([io.read(LSR), io.read(RBR)]).toEqual([0x71, 0]);
  });

  test("forgets what it has when the FIFO is turned on or cleared", () => {
    uart.serial.send(bytes("a"));
    bench.pass(CHARACTER);
    io.write(FCR, 0x01);
    expect(io.read(LSR) & 1).toBe(0);
    uart.serial.send(bytes("b"));
    bench.pass(CHARACTER);
    io.write(FCR, 0x03);
    expect([io.read(LSR) & 1, io.read(RBR)]).toEqual([0, 0]);
  });
});

test("IIR tells the most important interrupt first", () => {
  io.write(FCR, 0x01);
  io.write(IER, 0x0f);
  uart.serial.signal("cts", false);
  uart.serial.sendBad("frame", 0x31);
  bench.pass(5 * CHARACTER);
  const seen = [io.read(IIR)];
  io.read(LSR);
  seen.push(io.read(IIR));
  io.read(RBR);
  seen.push(io.read(IIR), io.read(IIR));
  io.read(MSR);
  seen.push(io.read(IIR));
  expect(seen).toEqual([0xc6, 0xcc, 0xc2, 0xc0, 0xc1]);
});

test("modem inputs tell what changed; a ring counts when it ends", () => {
  io.write(IER, 0x08);
  uart.serial.signal("ri", true);
  expect([io.read(MSR), bench.level]).toEqual([0xf0, false]);
  uart.serial.signal("ri", false);
  uart.serial.signal("dsr", false);
  expect([bench.level, io.read(MSR), io.read(MSR), bench.level]).toEqual([true, 0x96, 0x90, false]);
});

test("in loopback it hears itself, and its outputs are its inputs", () => {
  io.write(MCR, 0x10);
  expect(io.read(MSR) & 0xf0).toBe(0);
  io.write(MCR, 0x1a);
  expect(io.read(MSR)).toBe(0x99);
  io.write(THR, 0x5a);
  uart.serial.send(bytes("x"));
  bench.pass(CHARACTER);
  expect([io.read(RBR), uart.serial.take().length]).toEqual([0x5a, 0]);
  io.write(MCR, 0x0b);
  expect(io.read(MSR) & 0xf0).toBe(0xb0);
});

test("looking at it takes nothing out of it", () => {
  io.write(IER, 0x02);
  uart.serial.send(bytes("a"));
  bench.pass(CHARACTER);
  const look = (): number[] => [0, 1, 2, 3, 4, 5, 6, 7].map(io.peek);
  expect(look()).toEqual(look());
  expect([io.read(IIR), io.read(RBR)]).toEqual([0x02, 0x61]);
});
