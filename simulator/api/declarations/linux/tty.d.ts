// Structs and functions of which only the contract is known here.
import type { int, Pointer, Ref, Struct, u8, uint, ulong } from "./types.d.ts";

export interface KtermiosMembers {
  c_iflag: uint;
  c_oflag: uint;
  c_cflag: uint;
  c_lflag: uint;
  c_line: u8;
  c_ispeed: uint;
  c_ospeed: uint;
}

/** `struct ktermios`, the settings of a terminal. Nothing looks into it here. Source: include/uapi/asm-generic/termbits.h */
export type ktermios = Struct<"ktermios", KtermiosMembers>;
/** `struct ktermios`, the settings of a terminal. Nothing looks into it here. Source: include/uapi/asm-generic/termbits.h */
export const ktermios: ktermios;

export interface TtyStructMembers {
  index: int;
  flags: ulong;
  count: int;
  readonly termios: Ref<ktermios>;
  driver_data: Pointer<unknown> | null;
  disc_data: Pointer<unknown> | null;
  port: Pointer<unknown> | null;
}

/** `struct tty_struct`, an open terminal. Nothing looks into it here. Source: include/linux/tty.h */
export type tty_struct = Struct<"tty_struct", TtyStructMembers>;
/** `struct tty_struct`, an open terminal. Nothing looks into it here. Source: include/linux/tty.h */
export const tty_struct: tty_struct;

// Contract stubs, written by test/simulator/write-contracts.ts.
/** Whether the terminal stops the sender when it is full. Context: any. Result: 0. Source: include/linux/tty.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function I_IXOFF(tty: unknown): number;
/** Whether the terminal can stop what is sent to it. Context: any. Result: 0. Source: include/linux/tty.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function I_IXON(tty: unknown): number;
/** The character that starts what was stopped. Context: any. Result: 0. Source: include/linux/tty.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function START_CHAR(tty: unknown): number;
/** The character that stops what is sent. Context: any. Result: 0. Source: include/linux/tty.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function STOP_CHAR(tty: unknown): number;
/** The terminal of the running process, with a reference; NULL without one. Context: any. Result: a cleared object. Source: drivers/tty/tty_jobctrl.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function get_current_tty(): Ref<unknown> | null;
/** The device number of a terminal. Context: any. Result: 0. Source: drivers/tty/tty_io.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function tty_devnum(tty: Pointer<unknown> | null): number;
/** The speed of a terminal. Context: any. Result: 9600. Source: include/linux/tty.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function tty_get_baud_rate(tty: Pointer<unknown> | null): number;
