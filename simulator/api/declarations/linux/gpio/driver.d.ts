// Drivers of GPIO chips.
import type { device } from "../device.d.ts";
import type { AnyStruct, InitialisedBy, int, Pointer, Ref, Struct, u16, uint } from "../types.d.ts";

type Chip = Ref<gpio_chip>;

/** Members of `struct gpio_chip` that drivers set. */
export interface GpioChipInit {
  label?: string;
  parent?: Ref<device>;
  request?: (gc: Chip, offset: uint) => int;
  free?: (gc: Chip, offset: uint) => void;
  get_direction?: (gc: Chip, offset: uint) => int;
  direction_input?: (gc: Chip, offset: uint) => int;
  direction_output?: (gc: Chip, offset: uint, value: int) => int;
  get?: (gc: Chip, offset: uint) => int;
  set?: (gc: Chip, offset: uint, value: int) => void;
  to_irq?: (gc: Chip, offset: uint) => int;
  /** The number of the first line; -1: the kernel gives it. */
  base?: int;
  ngpio?: u16;
  can_sleep?: boolean;
}
/** `struct gpio_chip`, lines and what is done with them. Source: include/linux/gpio/driver.h */
export type gpio_chip = Struct<
  "gpio_chip",
  InitialisedBy<GpioChipInit> & { base: int; ngpio: u16; parent: Ref<device> | null }
>;
/** `struct gpio_chip`, lines and what is done with them. Source: include/linux/gpio/driver.h */
export const gpio_chip: gpio_chip;

/** Registers a chip. Context: process, may sleep. Result: 0, -EINVAL without lines, -EBUSY when its numbers are taken. Source: drivers/gpio/gpiolib.c */
export function gpiochip_add_data(gc: Ref<gpio_chip>, data: Pointer<unknown> | null): int;
/** gpiochip_add_data; the chip goes with the driver. Context: process, may sleep. Result: 0 or a negative errno. Source: include/linux/gpio/driver.h */
export function devm_gpiochip_add_data(dev: Ref<device>, gc: Ref<gpio_chip>, data: Pointer<unknown> | null): int;
/** Unregisters a chip. Context: process, may sleep. Source: drivers/gpio/gpiolib.c */
export function gpiochip_remove(gc: Ref<gpio_chip>): void;
/** The driver's data of a chip, as a `layout`. Context: any. Source: drivers/gpio/gpiolib.c */
export function gpiochip_get_data<T extends AnyStruct>(gc: Ref<gpio_chip>, layout: T): Ref<T>;
