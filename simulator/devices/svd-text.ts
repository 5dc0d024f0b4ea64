// The registers of an SVD file for people to read, as a table of text.
import type { Field, Register } from "./device.ts";
import type { SvdDevice, SvdPeripheral } from "./svd.ts";

/** The peripherals of a chip, one a line. */
export function listOf(device: SvdDevice): string {
  const lines = device.names.map((name) => {
    const { baseAddress, registers, description } = device.peripheral(name)!;
    return `${name.padEnd(16)} ${hex(baseAddress, 8)} ${String(registers.length).padStart(4)} registers  ${description}`;
  });
  return `${[`${device.name}`, ...lines.map((line) => line.trimEnd())].join("\n")}\n`;
}

/** Registers and fields of a peripheral, with what of the file was not taken as it stands. */
export function tableOf(peripheral: SvdPeripheral): string {
  const { name, baseAddress, bytes, interrupts, registers, notes } = peripheral;
  const lines = [`${name} at ${hex(baseAddress, 8)}, ${hex(bytes, 1)} bytes`];
  for (const one of interrupts) lines.push(`interrupt ${one.number} ${one.name}`);
  for (const register of registers) {
    lines.push(registerLine(register));
    for (const field of [...(register.fields ?? [])].sort((a, b) => b.low - a.low)) lines.push(fieldLine(field));
  }
  for (const note of notes) lines.push(`note: ${note}`);
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

function registerLine(register: Register): string {
  const { name, offset, bits, access, reset, description } = register;
  const words = [access, register.modifiedWriteValues, register.readAction && `read:${register.readAction}`];
  if (register.alternate) words.push("alternate");
  const kind = words.filter((word) => word !== undefined).join(" ");
  return `${hex(offset, 3)} ${name.padEnd(20)} ${bits} ${kind} reset ${hex(reset, bits / 4)}  ${description ?? ""}`;
}

function fieldLine({ name, high, low, access, modifiedWriteValues, readAction, values, description }: Field): string {
  const bits = high === low ? `[${high}]` : `[${high}:${low}]`;
  const words = [access, modifiedWriteValues, readAction && `read:${readAction}`].filter((word) => word !== undefined);
  const meanings = Object.entries(values ?? {}).map(([value, meaning]) => `${value}=${meaning}`);
  const rest = [...words, ...meanings].join(" ");
  return `        ${bits.padEnd(8)} ${name.padEnd(16)} ${rest}${rest === "" || !description ? "" : "  "}${description ?? ""}`;
}

function hex(value: number | bigint, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}
