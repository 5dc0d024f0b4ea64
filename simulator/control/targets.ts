// What can be watched: ranges of memory, registers of devices and their fields, variables; and what their values are.
import type { Device, Field, Register } from "../devices/device.ts";
import type { Machine } from "../machine.ts";

export interface MemoryTarget {
  readonly kind: "memory";
  readonly address: number;
  readonly bytes: number;
  /** What a person calls it: `d.count`. */
  readonly name?: string;
}

export interface RegisterTarget {
  readonly kind: "register";
  readonly device: string;
  readonly register: string;
  readonly field?: string;
}

/** A variable that lies in no memory: a local of a call, or a global of a file. */
export interface VariableTarget {
  readonly kind: "variable";
  readonly name: string;
  /** Where it can be seen: in this function, or in all of the file where `depth` is undefined. */
  readonly file: string;
  readonly fn: string;
  /** Whose call it is, see tasks.ts, and how many frames of the task lie below; undefined for a global. */
  readonly task: number;
  readonly depth?: number;
}

export type Target = MemoryTarget | RegisterTarget | VariableTarget;

/** Which accesses count: `write` those that change the value, `read` reads, `readWrite` all, also without a change. */
export type AccessType = "read" | "write" | "readWrite";

/** `UART.LSR.THRE`, `edu.STATUS`; a device may be left out where only one has such a register. Undefined: no such thing. */
export function registerNamed(devices: readonly Device[], name: string): RegisterTarget | undefined {
  const words = name.split(".");
  for (const device of devices) {
    const own = sameName(device.name, words[0]!) ? words.slice(1) : words;
    const register = device.registers.find((one) => sameName(one.name, own[0] ?? ""));
    if (register === undefined || own.length > 2) continue;
    const target = { kind: "register", device: device.name, register: register.name } as const;
    if (own.length === 1) return target;
    const field = register.fields?.find((one) => sameName(one.name, own[1]!));
    if (field !== undefined) return { ...target, field: field.name };
  }
  return undefined;
}

/** People write `UART` for the ns16550a. */
function sameName(name: string, written: string): boolean {
  return name.toLowerCase() === written.toLowerCase() || (/^uart$/i.test(written) && /uart|16550|pl011/i.test(name));
}

/** What it is called in sentences. */
export function nameOf(target: Target): string {
  if (target.kind === "variable") return target.name;
  if (target.kind === "memory" && target.name !== undefined) return target.name;
  if (target.kind === "memory") return `${target.bytes} bytes at ${target.address.toString(16).padStart(8, "0")}`;
  return [target.device, target.register, target.field].filter((word) => word !== undefined).join(".");
}

interface Part {
  readonly device: Device;
  readonly register: Register;
  readonly field: Field | undefined;
}

export function partOf({ kernel }: Machine, { device, register, field }: RegisterTarget): Part | undefined {
  const found = kernel.hardware.find(device);
  const named = found?.registers.find(({ name }) => name === register);
  if (found === undefined || named === undefined) return undefined;
  return { device: found, register: named, field: named.fields?.find(({ name }) => name === field) };
}

/** The value of a register or field, by a look that has no effects. */
export function heldBy({ device, register, field }: Part): bigint {
  return cut(device.held(register), register, field);
}

/** The part of a register's value that is meant. */
export function cut(value: bigint, { bits }: Register, field: Field | undefined): bigint {
  if (field === undefined) return BigInt.asUintN(bits, value);
  return BigInt.asUintN(field.high - field.low + 1, value >> BigInt(field.low));
}

/** Bytes as a value for people: numbers up to eight bytes, in the order of the machine. */
export function shownBytes(bytes: Uint8Array): string {
  if (bytes.length !== 1 && bytes.length !== 2 && bytes.length !== 4 && bytes.length !== 8) {
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  }
  return shownNumber([...bytes].reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n));
}

/** Small numbers as people count, others as addresses and masks are written. */
export function shownNumber(value: bigint): string {
  return value < 4096n ? String(value) : `0x${value.toString(16)}`;
}
