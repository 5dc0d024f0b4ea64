// The registers of devices for people: values and fields, read by peeking, with what changed since the last stop.
import type { Device, Field, Register } from "../devices/device.ts";
import type { DeviceRegisters, FieldValue, RegisterValue } from "../protocol.ts";
import { type BreaksOn, breaksOf } from "./own-breakpoints.ts";

/** `edu/IRQ_STATUS` → value. */
export type RegisterSnapshot = ReadonlyMap<string, bigint>;

export function snapshot(devices: readonly Device[]): RegisterSnapshot {
  const values = new Map<string, bigint>();
  for (const device of devices) {
    for (const register of device.registers) {
      if (register.access !== "write-only") values.set(keyOf(device, register), peek(device, register));
    }
  }
  return values;
}

export function describe(
  devices: readonly Device[],
  before: RegisterSnapshot,
  breaksOn: BreaksOn = [],
): DeviceRegisters[] {
  return devices.map((device) => ({
    name: device.name,
    registers: device.registers.map((register) => describeRegister(device, register, before, breaksOn)),
  }));
}

function keyOf(device: Device, register: Register): string {
  return `${device.name}/${register.name}`;
}

function peek(device: Device, register: Register): bigint {
  return BigInt.asUintN(register.bits, device.held(register));
}

function describeRegister(
  device: Device,
  register: Register,
  before: RegisterSnapshot,
  breaksOn: BreaksOn,
): RegisterValue {
  const { name, access, description, bits } = register;
  const writeEffect = register.modifiedWriteValues ?? sameEffect(register.fields);
  const offset = `0x${register.offset.toString(16).padStart(2, "0")}`;
  const named = { device: device.name, register: name };
  const readEffect = register.readAction ?? register.fields?.find(({ readAction }) => readAction)?.readAction;
  const shared = {
    ...{ name, offset, access, width: bits },
    ...(description === undefined ? {} : { description }),
    ...(writeEffect === undefined ? {} : { writeEffect }),
    ...(readEffect === undefined || access === "write-only" ? {} : { readEffect }),
    ...breaksOf(breaksOn, named),
  };
  // What such a register holds cannot be known by anybody who looks at the real device either.
  if (access === "write-only") return { ...shared, value: "write-only", changed: false, fields: [] };
  const value = peek(device, register);
  const earlier = before.get(keyOf(device, register)) ?? value;
  const fields = register.fields ?? [];
  return {
    ...shared,
    value: `0x${value.toString(16).padStart(bits / 4, "0")}`,
    changed: value !== earlier,
    fields: fields.map((field) => ({
      ...describeField(field, value, earlier),
      ...wordsOf(field, register),
      ...breaksOf(breaksOn, { ...named, field: field.name }),
    })),
  };
}

/** What a write does to all the fields of a register, if it does the same to each. */
function sameEffect(fields: readonly Field[] = []): string | undefined {
  const [first] = fields;
  const isSame = fields.every(({ modifiedWriteValues }) => modifiedWriteValues === first?.modifiedWriteValues);
  return isSame ? first?.modifiedWriteValues : undefined;
}

type FieldWords = Omit<FieldValue, "name" | "bits" | "value" | "meaning" | "changed" | "breaksOn">;

/** What a field does not say it has from its register. */
function wordsOf({ high, low, values, description, ...own }: Field, register: Register): FieldWords {
  const access = own.access ?? register.access;
  const writeEffect = own.modifiedWriteValues ?? register.modifiedWriteValues;
  const readEffect = own.readAction ?? register.readAction;
  return {
    access,
    width: high - low + 1,
    ...(writeEffect === undefined ? {} : { writeEffect }),
    ...(readEffect === undefined || access === "write-only" ? {} : { readEffect }),
    ...(values === undefined ? {} : { values }),
    ...(description === undefined ? {} : { description }),
  };
}

function describeField(
  field: Field,
  register: bigint,
  before: bigint,
): Pick<FieldValue, "name" | "bits" | "value" | "changed" | "meaning"> {
  const { name, high, low, values } = field;
  const value = part(field, register);
  const meaning = values?.[Number(value)];
  return {
    name,
    bits: high === low ? String(high) : `${high}:${low}`,
    value: high - low < 3 ? String(value) : `0x${value.toString(16)}`,
    changed: value !== part(field, before),
    ...(meaning === undefined ? {} : { meaning }),
  };
}

function part({ high, low }: Field, value: bigint): bigint {
  return BigInt.asUintN(high - low + 1, value >> BigInt(low));
}
