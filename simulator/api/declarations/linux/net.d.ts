// Functions of which only the contract is known here.
import type { Pointer } from "./types.d.ts";

// Contract stubs, written by test/simulator/write-contracts.ts.
/** Sends through a socket; bytes sent. Context: process, may sleep. Result: 0. Source: net/socket.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function kernel_sendmsg(
  sock: Pointer<unknown> | null,
  msg: Pointer<unknown> | null,
  vec: Pointer<unknown> | null,
  num: number,
  size: number,
): number;
/** Makes a socket for the kernel's own use. Context: process, may sleep. Result: 0. Source: net/socket.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function sock_create_kern(
  net: Pointer<unknown> | null,
  family: number,
  type: number,
  protocol: number,
  res: Pointer<unknown> | null,
): number;
/** Makes a socket without a protocol. Context: process, may sleep. Result: 0. Source: net/socket.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function sock_create_lite(family: number, type: number, protocol: number, res: Pointer<unknown> | null): number;
/** Closes a socket. Context: process, may sleep. Source: net/socket.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function sock_release(sock: Pointer<unknown> | null): void;
