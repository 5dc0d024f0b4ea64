// Registers as data: which one an access meets, and which bits a field has.
import type { AccessBytes, Register } from "./device.ts";

/** What a bus gives when nobody answers. */
export function allOnes(bytes: AccessBytes): bigint {
  return (1n << BigInt(8 * bytes)) - 1n;
}

/** The part of a value that fits. */
export function truncate(value: bigint, bytes: AccessBytes): bigint {
  return value & allOnes(bytes);
}

/** The bits of a field, in place. */
export function mask(register: Register, field: string): number {
  const found = register.fields?.find((candidate) => candidate.name === field);
  if (found === undefined) throw new Error(`${register.name} has no field ${field}`);
  const ones = 2 ** (found.high - found.low + 1) - 1;
  return (ones << found.low) >>> 0;
}

/** The registers of a device by offset; a map that contradicts itself does not come to be. */
export class RegisterMap {
  readonly registers: readonly Register[];
  private readonly byOffset: ReadonlyMap<number, Register>;

  constructor(registers: readonly Register[]) {
    for (const register of registers) check(register);
    registers.reduce((previous, next) => {
      if (next.offset < previous.offset + previous.bits / 8) {
        throw new Error(`${next.name} does not lie behind ${previous.name}`);
      }
      return next;
    });
    this.registers = registers;
    this.byOffset = new Map(registers.map((register) => [register.offset, register]));
  }

  /** The register that begins at this offset. */
  at(offset: number): Register | undefined {
    return this.byOffset.get(offset);
  }
}

function check(register: Register): void {
  if (register.offset % (register.bits / 8) !== 0) throw new Error(`${register.name} is not aligned`);
  for (const { name, high, low } of register.fields ?? []) {
    if (low < 0 || high < low || high >= register.bits) {
      throw new Error(`${register.name}.${name} has no place in ${register.bits} bits`);
    }
  }
}
