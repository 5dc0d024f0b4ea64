// What the world outside does with the devices of the machine, and what goes wrong with them. For scenarios.

/** Surprise removal: reads give all ones, writes and interrupts get lost, until `mend`. Result: 0 or -ENODEV. */
export function unplug(device: string): number;
/** The device is there again and sound: ends every fault. Result: 0 or -ENODEV. */
export function mend(device: string): number;
/** A bit of a register reads as 0 or 1, whatever the device holds. Result: 0, -ENODEV, or -EINVAL where there is no such bit. */
export function stick_bit(device: string, register: string, bit: number, level: boolean): number;
/** The next interrupts of the device do not arrive. Result: 0 or -ENODEV. */
export function lose_interrupts(device: string, count: number): number;
/**
 * An interrupt that the device did not ask for. A line is held until the driver next accesses the device, or for a
 * millisecond. Result: 0 or -ENODEV.
 */
export function disturb(device: string): number;
/** The next accesses are not answered, and end in an external abort: an oops. Result: 0 or -ENODEV. */
export function fail_accesses(device: string, count: number): number;
/**
 * Writes reach the device so many microseconds later, as those that a PCI bridge posts; a read of the device waits for the
 * writes before it. 0 ends that. Accesses of a model that is a program are not posted. Result: 0 or -ENODEV.
 */
export function post_writes(device: string, micros: number): number;
/** Each transfer of the device takes so many microseconds longer. Result: 0 or -ENODEV. */
export function slow_dma(device: string, micros: number): number;

/** Turns the power of a device off and on. Result: 0 or -ENODEV. */
export function power_cycle(device: string): number;
/** What a register holds. Looking has no side effects. Result: its value, 0 where there is no such register. */
export function register_value(device: string, register: string): bigint;

/** Sends characters to a serial port, one after the other at the speed of its line. Result: 0 or -ENODEV. */
export function serial_send(device: string, text: string): number;
/** Sends one character that arrives damaged, or a break. Result: 0, -ENODEV or -EINVAL. */
export function serial_send_bad(device: string, error: "parity" | "frame" | "break", byte: number): number;
/** What a serial port has sent since this was last asked. */
export function serial_received(device: string): string;
/** Drives an input of a serial port. Result: 0, -ENODEV or -EINVAL. */
export function serial_signal(device: string, signal: "cts" | "dsr" | "ri" | "dcd", level: boolean): number;

/** Drives a pin of a GPIO block from outside. Result: 0, -ENODEV, or -EINVAL where there is no such pin. */
export function drive_pin(device: string, pin: number, level: boolean): number;
/** What is on a pin, whoever drives it. */
export function pin_level(device: string, pin: number): boolean;

/**
 * Adds what a board has besides the machine's own devices, in device tree source: nodes below `/` become platform devices,
 * nodes below the machine's I2C controller (`&designware_i2c`) devices on its bus, where they have `compatible` and no other
 * `status` than "okay". A node has the label that the source gives it; the machine's own have their names, with `_` for `-`:
 *
 *     / { button { compatible = "acme,button"; button-gpios = <&pl061 3 GPIO_ACTIVE_LOW>; }; };
 *
 * Values are texts and cells; names of dt-bindings are those of GPIO and of interrupt types. Result: 0, or -EINVAL with what
 * is wrong in the log.
 */
export function dt_overlay(source: string): number;
