// The aliases of a module, by which user space finds it for a device: made of the tables of ids that it has.
// Source: scripts/mod/file2alias.c
import type { LinearMemory } from "../engine/memory.ts";
import { i2c_device_id } from "./i2c-layouts.ts";
import { of_device_id, offsetOf, pci_device_id } from "./layouts.ts";
import { platform_device_id } from "./model-layouts.ts";
import { textAt } from "./text.ts";

/** A table that nothing ends is longer. */
const MOST = 256;
const PCI_ANY_ID = 0xffffffff;

/** Of MODULE_DEVICE_TABLE(): none for a bus that is not known. */
export function aliasesOf(memory: LinearMemory, bus: string, table: number): readonly string[] {
  const entries = (size: number, isEnd: (at: number) => boolean): readonly number[] => {
    const all: number[] = [];
    for (let at = table; at !== 0 && !isEnd(at) && all.length < MOST; at += size) all.push(at);
    return all;
  };
  const isUnnamed = (at: number): boolean => memory.peek(at, 1) === 0;
  if (bus === "of") {
    const compatible = offsetOf(of_device_id, "compatible");
    return entries(of_device_id.size, (at) => isUnnamed(at + compatible)).flatMap((at) => {
      const alias = `of:N*T*C${textAt(memory, at + compatible)}`;
      return [`${alias}C*`, alias];
    });
  }
  if (bus === "i2c" || bus === "platform") {
    const { size } = bus === "i2c" ? i2c_device_id : platform_device_id;
    return entries(size, isUnnamed).map((at) => `${bus}:${textAt(memory, at)}`);
  }
  if (bus !== "pci") return [];
  const word = (at: number, member: string): string => {
    const value = memory.peek(at + offsetOf(pci_device_id, member), 4);
    return value === PCI_ANY_ID ? "*" : value.toString(16).toUpperCase().padStart(8, "0");
  };
  return entries(pci_device_id.size, (at) => memory.peek(at, 4) === 0).map(
    (at) =>
      `pci:v${word(at, "vendor")}d${word(at, "device")}sv${word(at, "subvendor")}sd${word(at, "subdevice")}bc*sc*i*`,
  );
}
