// What every model with registers stands on: it does what the data says, so that models only code what is special.
import type { AccessBytes, Device, DevicePorts, Register } from "./device.ts";
import {
  afterRead,
  afterWrite,
  allOnes,
  asRead,
  isReadable,
  isWritable,
  type RegisterMap,
  reservedBits,
  truncate,
} from "./registers.ts";

export abstract class RegisterDevice implements Device {
  abstract readonly name: string;
  readonly registers: readonly Register[];
  protected readonly ports: DevicePorts;
  private readonly map: RegisterMap;
  private readonly values = new Map<Register, bigint>();
  /** Registers that can be written once, and were. */
  private readonly once = new Set<Register>();
  /** Interrupt outputs that are asserted. */
  private readonly asserted = new Set<string | undefined>();

  constructor(map: RegisterMap, ports: DevicePorts) {
    this.map = map;
    this.ports = ports;
    this.registers = map.registers;
    for (const register of map.registers) this.initialise(register);
  }

  read(offset: number, bytes: AccessBytes): bigint {
    const register = this.reaches(offset, bytes, false);
    if (register === undefined) {
      this.ports.log(`read of ${bytes} bytes at ${hex(offset)}: no such register`);
      return allOnes(bytes);
    }
    if (!isReadable(register.access)) {
      this.ports.log(`read of ${register.name}, which is write-only`);
      return allOnes(bytes);
    }
    const value = this.shown(register, offset, bytes);
    this.set(register, afterRead(register, this.getLong(register)));
    this.onRead(register, offset);
    return value;
  }

  peek(offset: number, bytes: AccessBytes): bigint {
    const register = this.reaches(offset, bytes, false);
    if (register === undefined || !isReadable(register.access)) return allOnes(bytes);
    return this.shown(register, offset, bytes);
  }

  write(offset: number, bytes: AccessBytes, value: bigint): void {
    const register = this.reaches(offset, bytes, true);
    if (register === undefined) {
      this.ports.log(`write of ${bytes} bytes at ${hex(offset)}: no such register`);
      return;
    }
    if (!isWritable(register.access)) {
      this.ports.log(`write to ${register.name}, which is read-only`);
      return;
    }
    const before = this.getLong(register);
    const whole = BigInt.asUintN(register.bits, this.composed(register, offset, bytes, value, before));
    if (!this.accepts(register, whole) || this.isWornOut(register)) return;
    const reserved = whole & reservedBits(register) & ~before;
    if (reserved !== 0n) this.ports.log(`write of ${hex(whole)} to ${register.name}: ${hex(reserved)} is reserved`);
    this.set(register, afterWrite(register, before, whole));
    this.onWrite(register, whole, before, offset);
  }

  reaches(offset: number, bytes: AccessBytes, isWrite: boolean): Register | undefined {
    return this.map.find(offset, bytes, isWrite, (register) => this.isThere(register));
  }

  held(register: Register): bigint {
    return this.valueOf(register, undefined);
  }

  reset(): void {
    for (const register of this.registers) this.initialise(register);
    this.once.clear();
    for (const output of [...this.asserted]) this.line(false, output);
    this.onReset();
  }

  /** What a register shows, where it is not just what is stored; without side effects. `offset`: how it was reached. */
  protected valueOf(register: Register, _offset: number | undefined): bigint {
    return this.getLong(register);
  }

  /** What reading does besides what the data says. */
  protected onRead(_register: Register, _offset: number): void {}

  /** Whether a write is taken at all now. */
  protected accepts(_register: Register, _value: bigint): boolean {
    return true;
  }

  /** What a write does besides what the data says, which has happened. `value` is what was written. */
  protected onWrite(_register: Register, _value: bigint, _before: bigint, _offset: number): void {}

  /** State besides the registers returns to what it was at first. */
  protected onReset(): void {}

  /** What is stored in a register of up to 32 bits. */
  protected get(register: Register): number {
    return Number(this.getLong(register));
  }

  protected getLong(register: Register): bigint {
    return BigInt.asUintN(register.bits, this.values.get(this.map.storageOf(register)) ?? 0n);
  }

  protected set(register: Register, value: number | bigint): void {
    const storage = this.map.storageOf(register);
    // A narrower view of a register leaves the rest of it alone.
    const rest = ((this.values.get(storage) ?? 0n) >> BigInt(register.bits)) << BigInt(register.bits);
    this.values.set(storage, rest | BigInt.asUintN(register.bits, BigInt(value)));
  }

  private initialise(register: Register): void {
    if (this.map.storageOf(register) === register) this.values.set(register, BigInt(register.reset));
  }

  /** Moves an interrupt output, if it is not there already. */
  protected line(level: boolean, output?: string): void {
    if (this.asserted.has(output) === level) return;
    if (level) this.asserted.add(output);
    else this.asserted.delete(output);
    this.ports.irq(level, output);
  }

  private isThere(register: Register): boolean {
    const condition = this.map.conditionOf(register);
    return condition === undefined || (this.getLong(condition.register) & condition.bits) === condition.value;
  }

  private shown(register: Register, offset: number, bytes: AccessBytes): bigint {
    const value = asRead(register, this.valueOf(register, offset));
    return truncate(value >> BigInt(8 * this.within(register, offset)), bytes);
  }

  /** Bytes of a 64-bit register below those that an access meets. */
  private within(register: Register, offset: number): number {
    return register.bits === 64 ? offset - register.offset : 0;
  }

  private composed(register: Register, offset: number, bytes: AccessBytes, value: bigint, before: bigint): bigint {
    const given = truncate(value, bytes);
    if (register.bits / 8 <= bytes || this.map.rules.lowerHalfOnly) return given;
    const shift = BigInt(8 * this.within(register, offset));
    return (before & ~(allOnes(bytes) << shift)) | (given << shift);
  }

  private isWornOut(register: Register): boolean {
    if (register.access !== "writeOnce" && register.access !== "read-writeOnce") return false;
    if (!this.once.has(register)) {
      this.once.add(register);
      return false;
    }
    this.ports.log(`write to ${register.name} ignored: it can be written once`);
    return true;
  }
}

export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

/** The eight identification registers at the end of the page of every PrimeCell of ARM. */
export function primeCellId(bytes: readonly number[]): Register[] {
  return bytes.map((reset, index) => ({
    name: index < 4 ? `PERIPH_ID${index}` : `PCELL_ID${index - 4}`,
    offset: 0xfe0 + 4 * index,
    bits: 8,
    access: "read-only",
    reset,
  }));
}
