// Structs and functions of which only the contract is known here.
import type { file } from "./fs.d.ts";
import type { module } from "./module.d.ts";
import type { seq_file } from "./seq_file.d.ts";
import type { ktermios, tty_struct } from "./tty.d.ts";
import type {
  CString,
  InitialisedBy,
  int,
  Pointer,
  Ref,
  Struct,
  size_t,
  ssize_t,
  u8,
  u16,
  uint,
  ulong,
} from "./types.d.ts";

export interface TtyOperationsInit {
  open?: (tty: Ref<tty_struct>, filp: Ref<file>) => int;
  close?: (tty: Ref<tty_struct>, filp: Ref<file>) => void;
  install?: (driver: Ref<tty_driver>, tty: Ref<tty_struct>) => int;
  cleanup?: (tty: Ref<tty_struct>) => void;
  write?: (tty: Ref<tty_struct>, buf: Ref<unknown>, count: size_t) => ssize_t;
  put_char?: (tty: Ref<tty_struct>, ch: u8) => int;
  flush_chars?: (tty: Ref<tty_struct>) => void;
  write_room?: (tty: Ref<tty_struct>) => uint;
  chars_in_buffer?: (tty: Ref<tty_struct>) => uint;
  ioctl?: (tty: Ref<tty_struct>, cmd: uint, arg: ulong) => int;
  set_termios?: (tty: Ref<tty_struct>, old: Ref<ktermios>) => void;
  throttle?: (tty: Ref<tty_struct>) => void;
  unthrottle?: (tty: Ref<tty_struct>) => void;
  stop?: (tty: Ref<tty_struct>) => void;
  start?: (tty: Ref<tty_struct>) => void;
  hangup?: (tty: Ref<tty_struct>) => void;
  break_ctl?: (tty: Ref<tty_struct>, state: int) => int;
  flush_buffer?: (tty: Ref<tty_struct>) => void;
  tiocmget?: (tty: Ref<tty_struct>) => int;
  tiocmset?: (tty: Ref<tty_struct>, set: uint, clear: uint) => int;
  proc_show?: (m: Ref<seq_file>, v: Ref<unknown>) => int;
}

/** `struct tty_operations`, what a terminal driver can do. Nothing looks into it here. Source: include/linux/tty_driver.h */
export type tty_operations = Struct<"tty_operations", InitialisedBy<TtyOperationsInit>>;
/** `struct tty_operations`, what a terminal driver can do. Nothing looks into it here. Source: include/linux/tty_driver.h */
export const tty_operations: tty_operations;

export interface TtyDriverMembers {
  owner: Ref<module> | null;
  driver_name: CString;
  name: CString;
  name_base: int;
  major: int;
  minor_start: int;
  num: uint;
  type: u16;
  subtype: u16;
  readonly init_termios: Ref<ktermios>;
  flags: ulong;
  driver_state: Pointer<unknown> | null;
  ops: Ref<tty_operations> | null;
}

/** `struct tty_driver`, a driver of terminals. Nothing looks into it here. Source: include/linux/tty_driver.h */
export type tty_driver = Struct<"tty_driver", TtyDriverMembers>;
/** `struct tty_driver`, a driver of terminals. Nothing looks into it here. Source: include/linux/tty_driver.h */
export const tty_driver: tty_driver;

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
