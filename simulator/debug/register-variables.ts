// The registers of devices as variables: their fields, what may be written, and reads that have effects.
import type { Device, Field, Register } from "../devices/device.ts";
import { unchanging } from "../devices/registers.ts";
import type { Variable } from "../engine/interfaces.ts";
import type { FieldValue, RegisterValue } from "../protocol.ts";
import type { Debuggee } from "./debuggee.ts";
import { notEvaluated } from "./errors.ts";
import { describe } from "./registers.ts";
import type { Described } from "./variables.ts";

export function registerVariables(debuggee: Debuggee, devices: readonly Device[]): Described[] {
  const described = describe(devices, debuggee.registersBefore);
  return devices.map((device, index) => ({
    name: device.name,
    value: `${device.registers.length} registers`,
    type: "",
    set: (name, source) => setRegister(debuggee, device, name, source),
    children: () =>
      device.registers.map((register, at) => shown(debuggee, device, register, described[index]!.registers[at]!)),
  }));
}

function shown(debuggee: Debuggee, device: Device, register: Register, value: RegisterValue): Described {
  const address = debuggee.still.kernel.mmio.busAddressOf(device, register.offset);
  const isFixed = register.access === "read-only";
  const reads = register.readAction !== undefined && register.access !== "write-only";
  const fields = value.fields.map((field) => ({
    ...describedField(field, register),
    data: { kind: "register", device: device.name, register: register.name, field: field.name } as const,
  }));
  const children = reads ? [...fields, reading(debuggee, device, register)] : fields;
  return {
    name: value.name,
    value: value.value,
    type: "",
    ...(address === undefined ? {} : { address }),
    hint: {
      kind: "data",
      attributes: [...(isFixed ? ["readOnly"] : []), ...(reads ? ["hasSideEffects"] : [])],
    },
    data: { kind: "register", device: device.name, register: register.name },
    ...(children.length === 0 ? {} : { children: () => children }),
    set: (name, source) => setField(debuggee, device, register, name, source),
  };
}

function describedField({ name, bits, value, meaning }: FieldValue, { access }: Register): Described {
  return {
    name,
    value: meaning === undefined ? value : `${value} (${meaning})`,
    type: `[${bits}]`,
    hint: { kind: "data", attributes: access === "read-only" ? ["readOnly"] : [] },
  };
}

/** What is shown was only looked at. To read it as a driver does changes the device: it waits for a click, and is logged. */
function reading(debuggee: Debuggee, device: Device, { name }: Register): Described {
  return {
    name: "(read it)",
    value: "",
    type: "",
    hint: { kind: "virtual", attributes: ["hasSideEffects"], lazy: true },
    children: () => {
      const value = debuggee.act({ kind: "read", device: device.name, register: name })!;
      debuggee.changed();
      return [{ ...value, name: "(read it)" }];
    },
  };
}

export function setRegister(debuggee: Debuggee, device: Device, name: string, source: string): Variable {
  const register = device.registers.find((one) => one.name === name);
  if (register === undefined) throw notEvaluated(`${device.name} has no register ${name}.`);
  return write(debuggee, device, register, integer(source));
}

/** The rest of the register is written so that it stays as it is: bits that a 1 clears are written as 0. */
export function setField(
  debuggee: Debuggee,
  device: Device,
  register: Register,
  name: string,
  source: string,
): Variable {
  const field = register.fields?.find((one) => one.name === name);
  if (field === undefined) throw notEvaluated(`${register.name} has no field ${name}.`);
  const { high, low } = field;
  const mask = ((1n << BigInt(high - low + 1)) - 1n) << BigInt(low);
  const value = (numberIn(field, source) << BigInt(low)) & mask;
  const rest = unchanging(register, BigInt.asUintN(register.bits, device.held(register)));
  write(debuggee, device, register, (rest & ~mask) | value);
  const now = describe([device], new Map())[0]?.registers.find((one) => one.name === register.name);
  return describedField(now!.fields.find((one) => one.name === name)!, register);
}

function write(debuggee: Debuggee, device: Device, register: Register, value: bigint): Variable {
  debuggee.act({ kind: "register", device: device.name, register: register.name, value });
  const now = describe([device], new Map())[0]?.registers.find((one) => one.name === register.name);
  const address = debuggee.still.kernel.mmio.busAddressOf(device, register.offset);
  if (address !== undefined) debuggee.wrote(address, register.bits / 8);
  return { name: register.name, value: now?.value ?? "", type: "" };
}

/** A number, or what the data sheet calls one. */
function numberIn({ values = {} }: Field, source: string): bigint {
  const named = Object.entries(values).find(([, meaning]) => meaning === source.trim());
  return named === undefined ? integer(source) : BigInt(named[0]);
}

function integer(source: string): bigint {
  const text = source.trim().replaceAll("_", "");
  if (!/^(0x[0-9a-f]+|0b[01]+|0o[0-7]+|\d+)$/i.test(text)) throw notEvaluated(`“${source}” is no number.`);
  return BigInt(text);
}
