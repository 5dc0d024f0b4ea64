// Structs of platform devices, their drivers, and GPIO chips.
import { type Layout, layOut, type MemberType } from "../engine/layout.ts";
import { device, device_driver, resource } from "./layouts.ts";

const u32: MemberType = { kind: "scalar", scalar: "u32" };
const s32: MemberType = { kind: "scalar", scalar: "s32" };
const u16: MemberType = { kind: "scalar", scalar: "u16" };
const fn: MemberType = { kind: "pointer", to: "function" };
const anything: MemberType = { kind: "pointer", to: "void" };
const string: MemberType = { kind: "pointer", to: "s8" };

function nested(layout: Layout): MemberType {
  return { kind: "struct", layout };
}

function text(length: number): MemberType {
  return { kind: "array", of: { kind: "scalar", scalar: "u8" }, length };
}

export const platform_device_id = layOut("platform_device_id", [
  ["name", text(24)],
  ["driver_data", u32],
]);

export const platform_device = layOut("platform_device", [
  ["name", string],
  ["id", s32],
  ["dev", nested(device)],
  ["num_resources", u32],
  ["resource", { kind: "pointer", to: resource }],
  ["id_entry", { kind: "pointer", to: platform_device_id }],
]);

export const platform_driver = layOut("platform_driver", [
  ["probe", fn],
  ["remove", fn],
  ["shutdown", fn],
  ["driver", nested(device_driver)],
  ["id_table", { kind: "pointer", to: platform_device_id }],
]);

export const gpio_chip = layOut("gpio_chip", [
  ["label", string],
  ["parent", { kind: "pointer", to: device }],
  ["owner", anything],
  ["request", fn],
  ["free", fn],
  ["get_direction", fn],
  ["direction_input", fn],
  ["direction_output", fn],
  ["get", fn],
  ["set", fn],
  ["to_irq", fn],
  ["base", s32],
  ["ngpio", u16],
  ["can_sleep", { kind: "scalar", scalar: "bool" }],
]);

/** Opaque to drivers. */
export const gpio_desc = layOut("gpio_desc", [["flags", u32]]);
