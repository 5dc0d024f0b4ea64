// The structs of clocks as drivers see them: those who use them, and those who provide them.
import { layOut, type MemberType } from "../engine/layout.ts";

const u32: MemberType = { kind: "scalar", scalar: "u32" };
const u8: MemberType = { kind: "scalar", scalar: "u8" };
const fn: MemberType = { kind: "pointer", to: "function" };
const anything: MemberType = { kind: "pointer", to: "void" };
const string: MemberType = { kind: "pointer", to: "s8" };

/** Opaque to drivers. */
export const clk = layOut("clk", [
  ["core", anything],
  ["dev_id", string],
  ["con_id", string],
]);

export const clk_ops = layOut(
  "clk_ops",
  [
    ...["prepare", "unprepare", "is_prepared", "enable", "disable", "is_enabled"],
    ...["recalc_rate", "round_rate", "set_rate"],
  ].map((name) => [name, fn] as const),
);

export const clk_parent_data = layOut("clk_parent_data", [
  ["hw", anything],
  ["fw_name", string],
  ["name", string],
]);

export const clk_init_data = layOut("clk_init_data", [
  ["name", string],
  ["ops", { kind: "pointer", to: clk_ops }],
  ["parent_data", { kind: "pointer", to: clk_parent_data }],
  ["num_parents", u8],
  ["flags", u32],
]);

export const clk_hw = layOut("clk_hw", [
  ["core", anything],
  ["init", { kind: "pointer", to: clk_init_data }],
]);
