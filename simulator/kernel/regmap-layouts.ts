// The structs of register maps as drivers see them.
import { layOut, type MemberType } from "../engine/layout.ts";
import { mutex, spinlock_t } from "./layouts.ts";

const u32: MemberType = { kind: "scalar", scalar: "u32" };
const s32: MemberType = { kind: "scalar", scalar: "s32" };
const bool: MemberType = { kind: "scalar", scalar: "bool" };
const fn: MemberType = { kind: "pointer", to: "function" };

/** Opaque to drivers: one of its locks is used. */
export const regmap = layOut("regmap", [
  ["mutex", { kind: "struct", layout: mutex }],
  ["spinlock", { kind: "struct", layout: spinlock_t }],
]);

export const regmap_range = layOut("regmap_range", [
  ["range_min", u32],
  ["range_max", u32],
]);

export const regmap_access_table = layOut("regmap_access_table", [
  ["yes_ranges", { kind: "pointer", to: regmap_range }],
  ["n_yes_ranges", u32],
  ["no_ranges", { kind: "pointer", to: regmap_range }],
  ["n_no_ranges", u32],
]);

export const reg_default = layOut("reg_default", [
  ["reg", u32],
  ["def", u32],
]);

export const reg_sequence = layOut("reg_sequence", [
  ["reg", u32],
  ["def", u32],
  ["delay_us", u32],
]);

export const reg_field = layOut("reg_field", [
  ["reg", u32],
  ["lsb", u32],
  ["msb", u32],
]);

/** Opaque to drivers. */
export const regmap_field = layOut("regmap_field", [
  ["regmap", { kind: "pointer", to: regmap }],
  ["mask", u32],
  ["shift", u32],
  ["reg", u32],
]);

export const regmap_config = layOut("regmap_config", [
  ["name", { kind: "pointer", to: "s8" }],
  ["reg_bits", s32],
  ["reg_stride", s32],
  ["val_bits", s32],
  ["writeable_reg", fn],
  ["readable_reg", fn],
  ["volatile_reg", fn],
  ["disable_locking", bool],
  ["fast_io", bool],
  ["max_register", u32],
  ["wr_table", { kind: "pointer", to: regmap_access_table }],
  ["rd_table", { kind: "pointer", to: regmap_access_table }],
  ["volatile_table", { kind: "pointer", to: regmap_access_table }],
  ["reg_defaults", { kind: "pointer", to: reg_default }],
  ["num_reg_defaults", u32],
  ["cache_type", u32],
]);
