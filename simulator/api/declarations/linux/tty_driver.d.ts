// Functions of which only the contract is known here.
import type { Pointer, Ref } from "./types.d.ts";

// Contract stubs, written by test/simulator/write-contracts.ts.
/** Makes the device of one line of a terminal driver. Context: process, may sleep. Result: a cleared object. Source: drivers/tty/tty_io.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function tty_register_device(
  driver: Pointer<unknown> | null,
  index: number,
  device: Pointer<unknown> | null,
): Ref<unknown>;
/** Makes a terminal driver known. Context: process, may sleep. Result: 0. Source: drivers/tty/tty_io.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function tty_register_driver(driver: Pointer<unknown> | null): number;
/** Gives a terminal driver its operations. Context: any. Source: include/linux/tty_driver.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function tty_set_operations(driver: Pointer<unknown> | null, op: Pointer<unknown> | null): void;
/** Removes the device of a line. Context: process, may sleep. Source: drivers/tty/tty_io.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function tty_unregister_device(driver: Pointer<unknown> | null, index: number): void;
/** Makes a terminal driver unknown again. Context: process, may sleep. Source: drivers/tty/tty_io.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function tty_unregister_driver(driver: Pointer<unknown> | null): void;
