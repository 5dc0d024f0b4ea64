// Structs and functions of which only the contract is known here.
import type { tty_struct } from "./tty.d.ts";
import type { InitialisedBy, int, Pointer, Ref, Struct, uint } from "./types.d.ts";

export interface TtyPortOperationsInit {
  carrier_raised?: (port: Ref<tty_port>) => boolean;
  dtr_rts?: (port: Ref<tty_port>, active: boolean) => void;
  shutdown?: (port: Ref<tty_port>) => void;
  activate?: (port: Ref<tty_port>, tty: Ref<tty_struct>) => int;
  destruct?: (port: Ref<tty_port>) => void;
}

/** `struct tty_port_operations`, what a port can do. Nothing looks into it here. Source: include/linux/tty_port.h */
export type tty_port_operations = Struct<"tty_port_operations", InitialisedBy<TtyPortOperationsInit>>;
/** `struct tty_port_operations`, what a port can do. Nothing looks into it here. Source: include/linux/tty_port.h */
export const tty_port_operations: tty_port_operations;

export interface TtyPortMembers {
  tty: Ref<tty_struct> | null;
  ops: Ref<tty_port_operations> | null;
  count: int;
  close_delay: uint;
  closing_wait: uint;
}

/** `struct tty_port`, one end of a line, which lives longer than the terminals that are opened on it. Nothing looks into it here. Source: include/linux/tty_port.h */
export type tty_port = Struct<"tty_port", TtyPortMembers>;
/** `struct tty_port`, one end of a line, which lives longer than the terminals that are opened on it. Nothing looks into it here. Source: include/linux/tty_port.h */
export const tty_port: tty_port;

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
