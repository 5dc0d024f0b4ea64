// GPIO lines by descriptor.
import type { device } from "../device.d.ts";
import type { ErrPtr, int, Ref, Struct, uint } from "../types.d.ts";

/** `struct gpio_desc`, a line; opaque. Source: include/linux/gpio/consumer.h */
export type gpio_desc = Struct<"gpio_desc", object>;
/** `struct gpio_desc`, a line; opaque. Source: include/linux/gpio/consumer.h */
export const gpio_desc: gpio_desc;

/** The descriptor of a numbered line. Context: any. Result: NULL when there is no such line. Source: drivers/gpio/gpiolib.c, as for the rest */
export function gpio_to_desc(gpio: uint): Ref<gpio_desc> | null;
/** The number of a line. Context: any. Result: it, or a negative errno. */
export function desc_to_gpio(desc: Ref<gpio_desc>): int;
/** Makes a line an input. Context: as its chip's. Result: 0 or a negative errno. */
export function gpiod_direction_input(desc: Ref<gpio_desc>): int;
/** Makes a line an output that begins with this value. Context: as its chip's. Result: 0 or a negative errno. */
export function gpiod_direction_output(desc: Ref<gpio_desc>, value: int): int;
/** What a line means: 1 where it is active. Context: as its chip's. Result: 0, 1, or a negative errno. */
export function gpiod_get_value(desc: Ref<gpio_desc>): int;
/** Sets an output active or not. Context: as its chip's. */
export function gpiod_set_value(desc: Ref<gpio_desc>, value: int): void;
/** The interrupt of a line. Context: process. Result: its number, or a negative errno. */
export function gpiod_to_irq(desc: Ref<gpio_desc>): int;
/** gpiod_get_value of a line whose chip may sleep. Context: process, may sleep. Result: 0, 1, or a negative errno. */
export function gpiod_get_value_cansleep(desc: Ref<gpio_desc>): int;
/** gpiod_set_value of a line whose chip may sleep. Context: process, may sleep. */
export function gpiod_set_value_cansleep(desc: Ref<gpio_desc>, value: int): void;

/** The line stays as it is. */
export const GPIOD_ASIS: uint;
export const GPIOD_IN: uint;
/** An output, not active. */
export const GPIOD_OUT_LOW: uint;
/** An output, active. */
export const GPIOD_OUT_HIGH: uint;
/** The line that a device calls by a name, made what the flags say. Context: process, may sleep. Result: an ERR_PTR of -ENOENT, -EBUSY, or -EPROBE_DEFER while its chip is not there. Looked for in the device's node (`NAME-gpios`, `NAME-gpio`) first, then in the tables of gpiod_add_lookup_table. */
export function gpiod_get(dev: Ref<device>, con_id: string | null, flags: uint): Ref<gpio_desc> | ErrPtr;
/** gpiod_get, with NULL where there is no such line. Context: process, may sleep. Result: as gpiod_get. */
export function gpiod_get_optional(
  dev: Ref<device>,
  con_id: string | null,
  flags: uint,
): Ref<gpio_desc> | ErrPtr | null;
/** gpiod_get; the line goes with the driver. Context: process, may sleep. Result: as gpiod_get. Source: drivers/gpio/gpiolib-devres.c */
export function devm_gpiod_get(dev: Ref<device>, con_id: string | null, flags: uint): Ref<gpio_desc> | ErrPtr;
/** devm_gpiod_get, with NULL where there is no such line. Context: process, may sleep. Result: as gpiod_get. Source: drivers/gpio/gpiolib-devres.c */
export function devm_gpiod_get_optional(
  dev: Ref<device>,
  con_id: string | null,
  flags: uint,
): Ref<gpio_desc> | ErrPtr | null;
/** The n-th of the lines that a device has under a name. Context: process, may sleep. Result: as gpiod_get. */
export function gpiod_get_index(
  dev: Ref<device>,
  con_id: string | null,
  idx: uint,
  flags: uint,
): Ref<gpio_desc> | ErrPtr;
/** gpiod_get_index, with NULL where there is no such line. Context: process, may sleep. Result: as gpiod_get. */
export function gpiod_get_index_optional(
  dev: Ref<device>,
  con_id: string | null,
  idx: uint,
  flags: uint,
): Ref<gpio_desc> | ErrPtr | null;
/** gpiod_get_index; the line goes with the driver. Context: process, may sleep. Result: as gpiod_get. Source: drivers/gpio/gpiolib-devres.c */
export function devm_gpiod_get_index(
  dev: Ref<device>,
  con_id: string | null,
  idx: uint,
  flags: uint,
): Ref<gpio_desc> | ErrPtr;
/** devm_gpiod_get_index, with NULL where there is no such line. Context: process, may sleep. Result: as gpiod_get. Source: drivers/gpio/gpiolib-devres.c */
export function devm_gpiod_get_index_optional(
  dev: Ref<device>,
  con_id: string | null,
  idx: uint,
  flags: uint,
): Ref<gpio_desc> | ErrPtr | null;
/** How many lines a device has under a name. Context: process, may sleep. Result: it, or -ENOENT. */
export function gpiod_count(dev: Ref<device>, con_id: string | null): int;
/** Gives a line of gpiod_get back; NULL is fine. Context: process, may sleep. */
export function gpiod_put(desc: Ref<gpio_desc> | null): void;
/** Gives a line of devm_gpiod_get back now. Context: process, may sleep. Source: drivers/gpio/gpiolib-devres.c */
export function devm_gpiod_put(dev: Ref<device>, desc: Ref<gpio_desc>): void;
/** Whether a low line means 1. Context: any. Result: 1, or 0. */
export function gpiod_is_active_low(desc: Ref<gpio_desc>): int;
