// Functions of which only the contract is known here.
import type { Pointer } from "./types.d.ts";

// Contract stubs, written by test/simulator/write-contracts.ts.
/** Ends what tty_port_init began. Context: process, may sleep. Source: drivers/tty/tty_port.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function tty_port_destroy(port: Pointer<unknown> | null): void;
/** Makes a port ready. Context: any. Source: drivers/tty/tty_port.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function tty_port_init(port: Pointer<unknown> | null): void;
/** Ties a port to a line of a terminal driver. Context: any. Source: drivers/tty/tty_port.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function tty_port_link_device(
  port: Pointer<unknown> | null,
  driver: Pointer<unknown> | null,
  index: number,
): void;
