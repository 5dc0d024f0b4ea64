// GPIO lines by number, as older drivers use them.
import type { int, uint } from "./types.d.ts";

/** Takes a line. Context: process, may sleep. Result: 0, -EBUSY when somebody has it, -EPROBE_DEFER while its chip is not there. Source: drivers/gpio/gpiolib-legacy.c */
export function gpio_request(gpio: uint, label: string | null): int;
/** Gives a line back. Context: process, may sleep. Source: drivers/gpio/gpiolib-legacy.c */
export function gpio_free(gpio: uint): void;
/** Whether a number can be a line's. Context: any. Source: include/linux/gpio.h, as for the rest */
export function gpio_is_valid(number: int): boolean;
/** Makes a line an input. Context: as its chip's. Result: 0 or a negative errno. */
export function gpio_direction_input(gpio: uint): int;
/** Makes a line an output that begins with this value. Context: as its chip's. Result: 0 or a negative errno. */
export function gpio_direction_output(gpio: uint, value: int): int;
/** What is on a line. Context: any. Result: 0, 1, or a negative errno. */
export function gpio_get_value(gpio: uint): int;
/** Sets an output. Context: any. */
export function gpio_set_value(gpio: uint, value: int): void;
/** The interrupt of a line. Context: process. Result: its number, or a negative errno. */
export function gpio_to_irq(gpio: uint): int;
