// What a board tells of its GPIO lines: which devices have them under which names.
import type { InitialisedBy, Ref, Struct, u16, uint, ulong } from "../types.d.ts";

/** Members of `struct gpiod_lookup`. */
export interface GpiodLookupInit {
  /** The label of the chip. */
  key: string;
  chip_hwnum: u16;
  con_id?: string;
  idx?: uint;
  flags?: ulong;
}
/** `struct gpiod_lookup`, a line that a device has under a name. Source: include/linux/gpio/machine.h */
export type gpiod_lookup = Struct<"gpiod_lookup", InitialisedBy<GpiodLookupInit>>;
/** `struct gpiod_lookup`, a line that a device has under a name. Source: include/linux/gpio/machine.h */
export const gpiod_lookup: gpiod_lookup;

/** Members of `struct gpiod_lookup_table`. The empty entry that ends the table in C is added. */
export interface GpiodLookupTableInit {
  /** As dev_name gives it. */
  dev_id: string;
  table: readonly (GpiodLookupInit | Ref<gpiod_lookup>)[];
}
/** `struct gpiod_lookup_table`, the lines of a device. Source: include/linux/gpio/machine.h */
export type gpiod_lookup_table = Struct<"gpiod_lookup_table", InitialisedBy<GpiodLookupTableInit>>;
/** `struct gpiod_lookup_table`, the lines of a device. Source: include/linux/gpio/machine.h */
export const gpiod_lookup_table: gpiod_lookup_table;

export const GPIO_ACTIVE_HIGH: ulong;
export const GPIO_ACTIVE_LOW: ulong;
/** An entry: line `chip_hwnum` of the chip `key`, which the device calls `con_id`. At file scope. Source: include/linux/gpio/machine.h */
export function GPIO_LOOKUP(key: string, chip_hwnum: u16, con_id: string | null, flags: ulong): Ref<gpiod_lookup>;
/** GPIO_LOOKUP for the n-th line under a name, as gpiod_get_index wants it. At file scope. Source: include/linux/gpio/machine.h */
export function GPIO_LOOKUP_IDX(
  key: string,
  chip_hwnum: u16,
  con_id: string | null,
  idx: uint,
  flags: ulong,
): Ref<gpiod_lookup>;
/** Devices find lines by this table. Context: process, may sleep. Source: drivers/gpio/gpiolib.c */
export function gpiod_add_lookup_table(table: Ref<gpiod_lookup_table>): void;
/** They do not any more. Context: process, may sleep. Source: drivers/gpio/gpiolib.c */
export function gpiod_remove_lookup_table(table: Ref<gpiod_lookup_table>): void;
