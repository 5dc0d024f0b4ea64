// Functions of which only the contract is known here.
import type { Pointer } from "./types.d.ts";

// Contract stubs, written by test/simulator/write-contracts.ts.
/** Makes a port of a serial driver usable. Context: process, may sleep. Result: 0. Source: drivers/tty/serial/serial_port.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function uart_add_one_port(drv: Pointer<unknown> | null, port: Pointer<unknown> | null): number;
/** The speed that the terminal settings ask for, within limits. Context: any. Result: 9600. Source: drivers/tty/serial/serial_core.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function uart_get_baud_rate(
  port: Pointer<unknown> | null,
  termios: Pointer<unknown> | null,
  old: Pointer<unknown> | null,
  min: number,
  max: number,
): number;
/** What the clock of a port has to be divided by for a speed. Context: any. Result: 0. Source: drivers/tty/serial/serial_core.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function uart_get_divisor(port: Pointer<unknown> | null, baud: number): number;
/** Makes a serial driver known to the tty layer. Context: process, may sleep. Result: 0. Source: drivers/tty/serial/serial_core.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function uart_register_driver(drv: Pointer<unknown> | null): number;
/** Whether the port must not send. Context: any. Result: 0. Source: include/linux/serial_core.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function uart_tx_stopped(port: Pointer<unknown> | null): number;
/** Makes a serial driver unknown again. Context: process, may sleep. Source: drivers/tty/serial/serial_core.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function uart_unregister_driver(drv: Pointer<unknown> | null): void;
/** Says that there is room to send again. Context: any. Source: drivers/tty/serial/serial_core.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function uart_write_wakeup(port: Pointer<unknown> | null): void;
