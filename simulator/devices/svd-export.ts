// Registers of devices as a CMSIS-SVD file, after the CMSIS-SVD schema 1.3.9, for the register views of other debuggers.
import type { AccessWords, Field, Register } from "./device.ts";
import { isSplit } from "./svd.ts";

/** Registers that lie at addresses of the bus. */
export interface PlacedRegisters {
  readonly name: string;
  readonly registers: readonly (Register & { readonly address: number })[];
}

/** The text of a file with these peripherals, each of which has at least one register. */
export function svdOf(chip: string, peripherals: readonly PlacedRegisters[]): string {
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<device schemaVersion="1.3" xmlns:xs="http://www.w3.org/2001/XMLSchema-instance">',
    ...elements({ name: chip, version: "1.0", description: `Devices of a simulated machine: ${chip}` }),
    ...elements({ addressUnitBits: 8, width: 32 }),
    ...within("peripherals", peripherals.flatMap(peripheralOf)),
    "</device>",
  ];
  return `${lines.join("\n")}\n`;
}

function peripheralOf({ name, registers }: PlacedRegisters): readonly string[] {
  const base = Math.min(...registers.map(({ address }) => address));
  const size = Math.max(...registers.map(({ address, bits }) => address + bits / 8)) - base;
  const placed = registers.map((one) => ({ ...one, offset: one.address - base }));
  return within("peripheral", [
    ...elements({ name, baseAddress: hex(base) }),
    ...within("addressBlock", elements({ offset: 0, size: hex(size), usage: "registers" })),
    ...within(
      "registers",
      placed.flatMap((one, index) => registerOf(one, placed.slice(0, index))),
    ),
  ]);
}

function registerOf(register: Register, before: readonly Register[]): readonly string[] {
  const { name, offset, bits, access, reset, fields = [], when } = register;
  const under = before.find(
    (one) => one.offset < offset + bits / 8 && offset < one.offset + one.bits / 8 && !isSplit(one, register),
  );
  return within("register", [
    ...elements({
      name,
      description: [register.description, when && `There while ${when}.`].filter(Boolean).join(" ") || undefined,
      alternateRegister: under?.name,
      ...{ addressOffset: hex(offset), size: bits, access, resetValue: hex(BigInt.asUintN(bits, BigInt(reset))) },
      ...effectsOf(register),
    }),
    ...(fields.length === 0 ? [] : within("fields", fields.flatMap(fieldOf))),
  ]);
}

function fieldOf(field: Field): readonly string[] {
  const { name, description, high, low, access, values = {} } = field;
  const named = Object.entries(values).flatMap(([value, meaning]) =>
    within("enumeratedValue", elements({ name: meaning, value })),
  );
  return within("field", [
    ...elements({ name, description, bitRange: `[${high}:${low}]`, access, ...effectsOf(field) }),
    ...(named.length === 0 ? [] : within("enumeratedValues", named)),
  ]);
}

function effectsOf({ modifiedWriteValues, readAction }: AccessWords) {
  return { modifiedWriteValues, readAction };
}

function elements(texts: Readonly<Record<string, string | number | undefined>>): readonly string[] {
  return Object.entries(texts).flatMap(([tag, text]) =>
    text === undefined ? [] : [`<${tag}>${escaped(text)}</${tag}>`],
  );
}

function within(tag: string, lines: readonly string[]): readonly string[] {
  return [`<${tag}>`, ...lines.map((line) => `  ${line}`), `</${tag}>`];
}

function escaped(text: string | number): string {
  return String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
