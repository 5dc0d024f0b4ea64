// Registers as data: which one an access meets, which bits a field has, and what plain reads and writes do to them.
import type { Access, AccessBytes, AccessWords, Field, ReadAction, Register, WriteEffect } from "./device.ts";

/** The words of CMSIS-SVD, for those who read registers from elsewhere. */
export const WORDS: Readonly<Record<"access" | "modifiedWriteValues" | "readAction", readonly string[]>> = {
  access: ["read-only", "write-only", "read-write", "writeOnce", "read-writeOnce"],
  modifiedWriteValues: [
    "oneToClear",
    "oneToSet",
    "oneToToggle",
    "zeroToClear",
    "zeroToSet",
    "zeroToToggle",
    "clear",
    "set",
    "modify",
  ],
  readAction: ["clear", "set", "modify", "modifyExternal"],
};

/** What a bus gives when nobody answers. */
export function allOnes(bytes: AccessBytes): bigint {
  return (1n << BigInt(8 * bytes)) - 1n;
}

/** The part of a value that fits. */
export function truncate(value: bigint, bytes: AccessBytes): bigint {
  return value & allOnes(bytes);
}

/** The bits of a field of a register of up to 32 bits, in place. */
export function mask(register: Register, field: string): number {
  const found = register.fields?.find((candidate) => candidate.name === field);
  if (found === undefined) throw new Error(`${register.name} has no field ${field}`);
  return Number(BigInt.asUintN(32, bitsOf(found)));
}

export function bitsOf({ high, low }: Field): bigint {
  return ((1n << BigInt(high - low + 1)) - 1n) << BigInt(low);
}

export function isReadable(access: Access): boolean {
  return access !== "write-only" && access !== "writeOnce";
}

export function isWritable(access: Access): boolean {
  return access !== "read-only";
}

/** What a register reads as: fields that cannot be read are 0. */
export function asRead(register: Register, held: bigint): bigint {
  let value = held;
  for (const field of register.fields ?? []) {
    if (!isReadable(field.access ?? register.access)) value &= ~bitsOf(field);
  }
  return value;
}

/** What a register holds after it was read. */
export function afterRead(register: Register, held: bigint): bigint {
  return byField(register, held, ({ access, readAction }) =>
    isReadable(access) ? read(readAction, held, ones(register)) : held,
  );
}

/** What a register holds after a write. Reserved bits, and what is read-only, stay. */
export function afterWrite(register: Register, held: bigint, value: bigint): bigint {
  return byField(register, held, ({ access, modifiedWriteValues }) =>
    isWritable(access) ? written(modifiedWriteValues, held, value, ones(register)) : held,
  );
}

/** What to write so that a register stays as it is, as far as one can. */
export function unchanging(register: Register, held: bigint): bigint {
  return byField(register, held, ({ modifiedWriteValues = "modify" }) => {
    if (modifiedWriteValues.startsWith("one")) return 0n;
    return modifiedWriteValues.startsWith("zero") ? ones(register) : held;
  });
}

/** Bits of a register with fields that belong to none. */
export function reservedBits(register: Register): bigint {
  if (register.fields === undefined || register.fields.length === 0) return 0n;
  return register.fields.reduce((left, field) => left & ~bitsOf(field), ones(register));
}

type Words = AccessWords & { readonly access: Access };

function byField(register: Register, held: bigint, apply: (words: Words) => bigint): bigint {
  if (register.fields === undefined || register.fields.length === 0) return apply(register);
  let after = held;
  for (const field of register.fields) {
    const bits = bitsOf(field);
    const words = {
      access: field.access ?? register.access,
      modifiedWriteValues: field.modifiedWriteValues ?? register.modifiedWriteValues,
      readAction: field.readAction ?? register.readAction,
    } as Words;
    after = (after & ~bits) | (apply(words) & bits);
  }
  return after;
}

function ones(register: Register): bigint {
  return (1n << BigInt(register.bits)) - 1n;
}

function read(action: ReadAction | undefined, held: bigint, all: bigint): bigint {
  if (action === "clear") return 0n;
  return action === "set" ? all : held;
}

function written(effect: WriteEffect | undefined, held: bigint, value: bigint, all: bigint): bigint {
  const zeros = ~value & all;
  switch (effect) {
    case "oneToClear":
      return held & ~value;
    case "oneToSet":
      return held | value;
    case "oneToToggle":
      return held ^ value;
    case "zeroToClear":
      return held & value;
    case "zeroToSet":
      return held | zeros;
    case "zeroToToggle":
      return held ^ zeros;
    case "clear":
      return 0n;
    case "set":
      return all;
    default:
      return value;
  }
}

/** How the hardware takes accesses, where it is not just in the width of each register. */
export interface AccessRules {
  /** Widths that it takes at each register besides its own; bits beyond the register read as 0. */
  readonly widths?: readonly AccessBytes[];
  /** A 32-bit write to a 64-bit register sets all of it, and its upper half cannot be reached by itself. */
  readonly lowerHalfOnly?: boolean;
  /** Registers lie 1 << regShift bytes apart; their offsets in the map do not show it. */
  readonly regShift?: number;
}

/** A field with the value that it must have: `LCR.DLAB=1`. */
export interface Condition {
  readonly register: Register;
  readonly bits: bigint;
  readonly value: bigint;
}

/** The registers of a device by offset; a map that contradicts itself does not come to be. */
export class RegisterMap {
  readonly registers: readonly Register[];
  readonly rules: AccessRules;
  private readonly byAddress = new Map<number, Register[]>();
  private readonly conditions = new Map<Register, Condition>();

  /** By ascending offset. */
  constructor(registers: readonly Register[], rules: AccessRules = {}) {
    for (const register of registers) check(register);
    this.registers = registers;
    this.rules = rules;
    for (const register of registers) {
      const { when } = register;
      if (when !== undefined) this.conditions.set(register, conditionOf(registers, register.name, when));
      this.place(register);
    }
  }

  /** When a banked register is there; undefined for one that always is. */
  conditionOf(register: Register): Condition | undefined {
    return this.conditions.get(register);
  }

  /** Where a register keeps its value: an alternate lies on the first register at its offset. */
  storageOf(register: Register): Register {
    if (!register.alternate) return register;
    const under = this.byAddress.get(register.offset)?.find(({ offset }) => offset === register.offset);
    return under ?? register;
  }

  /** The register that an access meets; where one is for reading and another for writing, the one that fits. */
  find(
    offset: number,
    bytes: AccessBytes,
    isWrite: boolean,
    isThere: (register: Register) => boolean,
  ): Register | undefined {
    const shift = this.rules.regShift ?? 0;
    if (offset & ((1 << shift) - 1)) return undefined;
    const at = offset >>> shift;
    const found = this.byAddress.get(at)?.filter((register) => this.takes(register, at, bytes) && isThere(register));
    return found?.find(({ access }) => (isWrite ? isWritable(access) : isReadable(access))) ?? found?.[0];
  }

  private takes(register: Register, at: number, bytes: AccessBytes): boolean {
    const { widths = [], lowerHalfOnly = false } = this.rules;
    const size = register.bits / 8;
    const start = register.span === undefined ? register.offset : at & ~3;
    if (at === start) return bytes === size || widths.includes(bytes) || (size === 8 && bytes === 4);
    return at === start + 4 && size === 8 && bytes === 4 && !lowerHalfOnly;
  }

  private place(register: Register): void {
    const end = register.offset + (register.span ?? register.bits / 8);
    for (let at = register.offset; at < end; at++) {
      const there = this.byAddress.get(at) ?? [];
      const other = there.find((one) => !this.mayShare(one, register));
      if (other !== undefined) throw new Error(`${register.name} does not lie behind ${other.name}`);
      there.push(register);
      this.byAddress.set(at, there);
    }
  }

  /** Two registers share an address when they never meet the same access, or are said to be alternatives. */
  private mayShare(one: Register, other: Register): boolean {
    if (one.alternate || other.alternate) return true;
    if (!isReadable(one.access) && !isWritable(other.access)) return true;
    if (!isWritable(one.access) && !isReadable(other.access)) return true;
    return one.when !== undefined && other.when !== undefined && one.when !== other.when;
  }
}

function conditionOf(registers: readonly Register[], name: string, when: string): Condition {
  const [, of, field, value] = /^(\w+)\.(\w+)=(\d+)$/.exec(when) ?? [];
  const register = registers.find((candidate) => candidate.name === of);
  const found = register?.fields?.find((candidate) => candidate.name === field);
  if (register === undefined || found === undefined) throw new Error(`${name} is there when ${when}: no such field`);
  return { register, bits: bitsOf(found), value: BigInt(value!) << BigInt(found.low) };
}

function check(register: Register): void {
  if (register.offset % (register.bits / 8) !== 0) throw new Error(`${register.name} is not aligned`);
  for (const { name, high, low } of register.fields ?? []) {
    if (low < 0 || high < low || high >= register.bits) {
      throw new Error(`${register.name}.${name} has no place in ${register.bits} bits`);
    }
  }
}
