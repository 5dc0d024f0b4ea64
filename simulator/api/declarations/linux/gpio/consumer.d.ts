// GPIO lines by descriptor.
import type { int, Ref, Struct, uint } from "../types.d.ts";

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
/** What is on a line. Context: any. Result: 0, 1, or a negative errno. */
export function gpiod_get_value(desc: Ref<gpio_desc>): int;
/** Sets an output. Context: any. */
export function gpiod_set_value(desc: Ref<gpio_desc>, value: int): void;
/** The interrupt of a line. Context: process. Result: its number, or a negative errno. */
export function gpiod_to_irq(desc: Ref<gpio_desc>): int;
