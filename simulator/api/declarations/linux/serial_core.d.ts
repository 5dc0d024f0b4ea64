// Structs and functions of which only the contract is known here.
import type { device } from "./device.d.ts";
import type { module } from "./module.d.ts";
import type { spinlock_t } from "./spinlock.d.ts";
import type { ktermios } from "./tty.d.ts";
import type { CString, InitialisedBy, IoMem, int, Pointer, Ref, Struct, u8, uint, ulong } from "./types.d.ts";

export interface UartIcountMembers {
  cts: uint;
  dsr: uint;
  rng: uint;
  dcd: uint;
  rx: uint;
  tx: uint;
  frame: uint;
  overrun: uint;
  parity: uint;
  brk: uint;
  buf_overrun: uint;
}

/** `struct uart_icount`, what a port counts. Nothing looks into it here. Source: include/linux/serial_core.h */
export type uart_icount = Struct<"uart_icount", UartIcountMembers>;
/** `struct uart_icount`, what a port counts. Nothing looks into it here. Source: include/linux/serial_core.h */
export const uart_icount: uart_icount;

export interface UartOpsInit {
  tx_empty?: (port: Ref<uart_port>) => uint;
  set_mctrl?: (port: Ref<uart_port>, mctrl: uint) => void;
  get_mctrl?: (port: Ref<uart_port>) => uint;
  stop_tx?: (port: Ref<uart_port>) => void;
  start_tx?: (port: Ref<uart_port>) => void;
  throttle?: (port: Ref<uart_port>) => void;
  unthrottle?: (port: Ref<uart_port>) => void;
  stop_rx?: (port: Ref<uart_port>) => void;
  enable_ms?: (port: Ref<uart_port>) => void;
  break_ctl?: (port: Ref<uart_port>, ctl: int) => void;
  startup?: (port: Ref<uart_port>) => int;
  shutdown?: (port: Ref<uart_port>) => void;
  flush_buffer?: (port: Ref<uart_port>) => void;
  set_termios?: (port: Ref<uart_port>, termios: Ref<ktermios>, old: Ref<ktermios>) => void;
  pm?: (port: Ref<uart_port>, state: uint, oldstate: uint) => void;
  type?: (port: Ref<uart_port>) => string;
  release_port?: (port: Ref<uart_port>) => void;
  request_port?: (port: Ref<uart_port>) => int;
  config_port?: (port: Ref<uart_port>, flags: int) => void;
  verify_port?: (port: Ref<uart_port>, ser: Ref<unknown>) => int;
}

/** `struct uart_ops`, what a serial driver can do. Nothing looks into it here. Source: include/linux/serial_core.h */
export type uart_ops = Struct<"uart_ops", InitialisedBy<UartOpsInit>>;
/** `struct uart_ops`, what a serial driver can do. Nothing looks into it here. Source: include/linux/serial_core.h */
export const uart_ops: uart_ops;

export interface UartPortMembers {
  readonly lock: Ref<spinlock_t>;
  iobase: ulong;
  membase: IoMem | null;
  irq: uint;
  irqflags: ulong;
  uartclk: uint;
  fifosize: uint;
  x_char: u8;
  regshift: u8;
  iotype: u8;
  read_status_mask: uint;
  ignore_status_mask: uint;
  readonly icount: Ref<uart_icount>;
  flags: uint;
  mctrl: uint;
  timeout: uint;
  type: uint;
  ops: Ref<uart_ops> | null;
  line: uint;
  mapbase: uint;
  dev: Ref<device> | null;
  private_data: Pointer<unknown> | null;
}

/** `struct uart_port`, a serial port. Nothing looks into it here. Source: include/linux/serial_core.h */
export type uart_port = Struct<"uart_port", UartPortMembers>;
/** `struct uart_port`, a serial port. Nothing looks into it here. Source: include/linux/serial_core.h */
export const uart_port: uart_port;

export interface UartDriverMembers {
  owner: Ref<module> | null;
  driver_name: CString;
  dev_name: CString;
  major: int;
  minor: int;
  nr: int;
  cons: Pointer<unknown> | null;
}

/** `struct uart_driver`, a driver of serial ports. Nothing looks into it here. Source: include/linux/serial_core.h */
export type uart_driver = Struct<"uart_driver", UartDriverMembers>;
/** `struct uart_driver`, a driver of serial ports. Nothing looks into it here. Source: include/linux/serial_core.h */
export const uart_driver: uart_driver;

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
