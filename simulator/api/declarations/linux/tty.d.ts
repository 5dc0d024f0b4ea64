// Functions of which only the contract is known here.
import type { Pointer, Ref } from "./types.d.ts";

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
