// Functions of which only the contract is known here.
import type { Pointer } from "./types.d.ts";

// Contract stubs, written by test/simulator/write-contracts.ts.
/** Makes room for characters that arrive; for how many there is room. Context: any. Result: 256. Source: drivers/tty/tty_buffer.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function tty_buffer_request_room(port: Pointer<unknown> | null, size: number): number;
/** Hands what arrived to the terminal, in a worker. Context: any. Source: drivers/tty/tty_buffer.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function tty_flip_buffer_push(port: Pointer<unknown> | null): void;
/** Adds a character that arrived; 0 when there is no room. Context: any. Result: 1. Source: include/linux/tty_flip.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function tty_insert_flip_char(port: Pointer<unknown> | null, ch: number, flag: number): number;
