// ARM's PrimeCell GPIO, after ARM DDI 0190B and hw/gpio/pl061.c (commit 019fbfa4) of QEMU.
import type { DevicePorts, MmioDevice, MmioIdentity, Pins, Register } from "./device.ts";
import { primeCellId, RegisterDevice } from "./register-device.ts";
import { RegisterMap } from "./registers.ts";

const DATA: Register = {
  name: "DATA",
  offset: 0x000,
  bits: 8,
  access: "read-write",
  reset: 0,
  span: 0x400,
  description: "The pins. Address bits 9 to 2 say which of them an access is about.",
};

const byte = (name: string, offset: number, description: string): Register => ({
  name,
  offset,
  bits: 8,
  access: "read-write",
  reset: 0,
  description,
});

const DIR = byte("DIR", 0x400, "1: the pin is an output.");
const IS = byte("IS", 0x404, "1: a level interrupts, 0: an edge.");
const IBE = byte("IBE", 0x408, "1: both edges interrupt.");
const IEV = byte("IEV", 0x40c, "1: the rising edge or the high level interrupts.");
const IE = byte("IE", 0x410, "1: the pin interrupts.");
const AFSEL = byte("AFSEL", 0x420, "1: the pin is not this block's.");

const RIS: Register = {
  name: "RIS",
  offset: 0x414,
  bits: 8,
  access: "read-only",
  reset: 0,
  description: "Interrupts before IE.",
};

const MIS: Register = {
  name: "MIS",
  offset: 0x418,
  bits: 8,
  access: "read-only",
  reset: 0,
  description: "Interrupts that reach the output.",
};

const IC: Register = {
  name: "IC",
  offset: 0x41c,
  bits: 8,
  access: "write-only",
  modifiedWriteValues: "oneToClear",
  reset: 0,
  description: "Clears edges that were seen; a level stays for as long as it is there.",
};

const map = new RegisterMap(
  [DATA, DIR, IS, IBE, IEV, IE, RIS, MIS, IC, AFSEL, ...primeCellId([0x61, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1])],
  { widths: [2, 4] },
);

const PINS = 8;

/** Unlike in QEMU, a level that goes away takes its interrupt with it, as in the manual. */
export class Pl061 extends RegisterDevice implements MmioDevice {
  readonly name = "pl061";
  readonly mmio: MmioIdentity = { compatible: ["arm,pl061", "arm,primecell"], bytes: 0x1000, irqs: ["irq"] };
  readonly pins: Pins;
  /** What the board drives onto the pins; on those that are outputs it is not seen. */
  private outside = 0;
  /** Edges that were seen. */
  private edges = 0;

  constructor(ports: DevicePorts) {
    super(map, ports);
    this.pins = {
      count: PINS,
      drive: (pin, level) => this.drive(1 << pin, level),
      level: (pin) => (this.levels & (1 << pin)) !== 0,
    };
  }

  protected override valueOf(register: Register, offset: number | undefined): bigint {
    switch (register) {
      case DATA:
        return BigInt(this.levels & (offset === undefined ? 0xff : maskOf(offset)));
      case RIS:
        return BigInt(this.raw);
      case MIS:
        return BigInt(this.raw & this.get(IE));
      default:
        return super.valueOf(register, offset);
    }
  }

  protected override onWrite(register: Register, value: bigint, before: bigint, offset: number): void {
    if (register === DATA) {
      const reached = maskOf(offset) & this.get(DIR);
      this.set(DATA, (Number(before) & ~reached) | (Number(value) & reached));
    } else if (register === DIR) {
      const previous = (this.get(DATA) & Number(before)) | (this.outside & ~Number(before));
      this.watch(previous);
    } else if (register === IC) this.edges &= ~Number(value);
    this.line((this.raw & this.get(IE)) !== 0);
  }

  protected override onReset(): void {
    this.edges = 0;
  }

  /** What is on the pins, whoever drives them. */
  private get levels(): number {
    const outputs = this.get(DIR);
    return ((this.get(DATA) & outputs) | (this.outside & ~outputs)) & 0xff;
  }

  private get raw(): number {
    const levels = ~(this.levels ^ this.get(IEV)) & this.get(IS) & 0xff;
    return this.edges | levels;
  }

  private drive(pin: number, level: boolean): void {
    if (this.get(DIR) & pin) this.ports.log(`pin ${Math.log2(pin)} is an output and is driven from outside too`);
    const before = this.levels;
    this.outside = level ? this.outside | pin : this.outside & ~pin;
    this.watch(before);
    this.line((this.raw & this.get(IE)) !== 0);
  }

  /** Notes edges of inputs; `before`: what was on the pins. */
  private watch(before: number): void {
    const now = this.levels;
    const changed = (before ^ now) & ~this.get(DIR) & ~this.get(IS);
    const selected = ~(now ^ this.get(IEV));
    this.edges |= changed & (this.get(IBE) | selected);
  }
}

/** Which pins an access of DATA is about. */
function maskOf(offset: number): number {
  return (offset >> 2) & 0xff;
}
