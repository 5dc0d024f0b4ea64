// Clocks that drivers provide: with functions of their own, of a fixed rate, with a gate or a divider.
import type { device } from "./device.d.ts";
import type { spinlock_t } from "./spinlock.d.ts";
import type { ErrPtr, InitialisedBy, IoMem, int, long, Ref, Struct, u8, ulong } from "./types.d.ts";

/** Members of `struct clk_ops` that drivers set. */
export interface ClkOpsInit {
  /** May sleep. */
  prepare?: (hw: Ref<clk_hw>) => int;
  unprepare?: (hw: Ref<clk_hw>) => void;
  is_prepared?: (hw: Ref<clk_hw>) => int;
  /** With a spinlock held: may not sleep. */
  enable?: (hw: Ref<clk_hw>) => int;
  disable?: (hw: Ref<clk_hw>) => void;
  is_enabled?: (hw: Ref<clk_hw>) => int;
  recalc_rate?: (hw: Ref<clk_hw>, parent_rate: ulong) => ulong;
  round_rate?: (hw: Ref<clk_hw>, rate: ulong, parent_rate: Ref<typeof ulong>) => long;
  set_rate?: (hw: Ref<clk_hw>, rate: ulong, parent_rate: ulong) => int;
}
/** `struct clk_ops`, what a clock does. Source: include/linux/clk-provider.h */
export type clk_ops = Struct<"clk_ops", InitialisedBy<ClkOpsInit>>;
/** `struct clk_ops`, what a clock does. Source: include/linux/clk-provider.h */
export const clk_ops: clk_ops;

/** Members of `struct clk_parent_data`: a clock, or its name. */
export interface ClkParentInit {
  hw?: Ref<clk_hw>;
  fw_name?: string;
  name?: string;
}
/** `struct clk_parent_data`. Source: include/linux/clk-provider.h */
export type clk_parent_data = Struct<"clk_parent_data", InitialisedBy<ClkParentInit>>;
/** `struct clk_parent_data`. Source: include/linux/clk-provider.h */
export const clk_parent_data: clk_parent_data;

/** Members of `struct clk_init_data` that drivers set. */
export interface ClkInit {
  name: string;
  ops: Ref<clk_ops>;
  parent_data?: readonly ClkParentInit[];
  num_parents?: u8;
  flags?: ulong;
}
/** `struct clk_init_data`, what clk_hw_register is told of a clock. Source: include/linux/clk-provider.h */
export type clk_init_data = Struct<"clk_init_data", InitialisedBy<ClkInit>>;
/** `struct clk_init_data`, what clk_hw_register is told of a clock. Source: include/linux/clk-provider.h */
export const clk_init_data: clk_init_data;

/** `struct clk_hw`, a clock as its provider has it. Source: include/linux/clk-provider.h */
export type clk_hw = Struct<"clk_hw", { init: Ref<clk_init_data> | null }>;
/** `struct clk_hw`, a clock as its provider has it. Source: include/linux/clk-provider.h */
export const clk_hw: clk_hw;

/** Setting the rate sets the parent's. */
export const CLK_SET_RATE_PARENT: ulong;
/** The bit stops the clock. */
export const CLK_GATE_SET_TO_DISABLE: u8;
/** The field is the divisor, not one less. */
export const CLK_DIVIDER_ONE_BASED: u8;
/** The divisor is 2 to the field. */
export const CLK_DIVIDER_POWER_OF_TWO: u8;

/** Makes a clock of a driver's, as `hw.init` describes it. Context: process, may sleep. Result: 0 or a negative errno. Source: drivers/clk/clk.c */
export function clk_hw_register(dev: Ref<device> | null, hw: Ref<clk_hw>): int;
/** Removes a clock of clk_hw_register. Context: process, may sleep. Source: drivers/clk/clk.c */
export function clk_hw_unregister(hw: Ref<clk_hw>): void;
/** clk_hw_register, undone when the driver leaves. Context: process, may sleep. Result: 0 or a negative errno. Source: drivers/clk/clk.c */
export function devm_clk_hw_register(dev: Ref<device>, hw: Ref<clk_hw>): int;
/** A clock's name. Context: any. Source: drivers/clk/clk.c */
export function clk_hw_get_name(hw: Ref<clk_hw>): string;
/** The rate that was last calculated, in hertz. Context: any. Source: drivers/clk/clk.c */
export function clk_hw_get_rate(hw: Ref<clk_hw>): ulong;
/** Whether a clock runs. Context: any. Source: drivers/clk/clk.c */
export function clk_hw_is_enabled(hw: Ref<clk_hw>): boolean;

/** A clock of a fixed rate in hertz. Context: process, may sleep. Result: an ERR_PTR of -EEXIST. Source: drivers/clk/clk-fixed-rate.c */
export function clk_hw_register_fixed_rate(
  dev: Ref<device> | null,
  name: string,
  parent_name: string | null,
  flags: ulong,
  fixed_rate: ulong,
): Ref<clk_hw> | ErrPtr;
/** A clock that a bit of a register lets run. Context: process, may sleep. Result: an ERR_PTR of -EEXIST. Source: drivers/clk/clk-gate.c */
export function clk_hw_register_gate(
  dev: Ref<device> | null,
  name: string,
  parent_name: string | null,
  flags: ulong,
  reg: IoMem,
  bit_idx: u8,
  clk_gate_flags: u8,
  lock: Ref<spinlock_t> | null,
): Ref<clk_hw> | ErrPtr;
/** A clock whose rate a field of a register divides. Context: process, may sleep. Result: an ERR_PTR of -EEXIST. Source: drivers/clk/clk-divider.c */
export function clk_hw_register_divider(
  dev: Ref<device> | null,
  name: string,
  parent_name: string | null,
  flags: ulong,
  reg: IoMem,
  shift: u8,
  width: u8,
  clk_divider_flags: u8,
  lock: Ref<spinlock_t> | null,
): Ref<clk_hw> | ErrPtr;
/** Removes a clock of clk_hw_register_fixed_rate. Context: process, may sleep. Source: drivers/clk/clk-fixed-rate.c */
export function clk_hw_unregister_fixed_rate(hw: Ref<clk_hw>): void;
/** Removes a clock of clk_hw_register_gate. Context: process, may sleep. Source: drivers/clk/clk-gate.c */
export function clk_hw_unregister_gate(hw: Ref<clk_hw>): void;
/** Removes a clock of clk_hw_register_divider. Context: process, may sleep. Source: drivers/clk/clk-divider.c */
export function clk_hw_unregister_divider(hw: Ref<clk_hw>): void;

/** Devices of the name `dev_id` find the clock as `con_id`; NULL stands for any. Context: process, may sleep. Result: 0, or -ENOMEM. Source: drivers/clk/clkdev.c */
export function clk_hw_register_clkdev(hw: Ref<clk_hw>, con_id: string | null, dev_id: string | null): int;
/** clk_hw_register_clkdev, undone when the driver leaves. Context: process, may sleep. Result: 0, or -ENOMEM. Source: drivers/clk/clkdev.c */
export function devm_clk_hw_register_clkdev(
  dev: Ref<device>,
  hw: Ref<clk_hw>,
  con_id: string | null,
  dev_id: string | null,
): int;
