// Waiting until a register has a value.
import type { IoMem, int, u32, ulong } from "./types.d.ts";

/** Reads with readb until the condition, which is told what was read, holds; sleeps `sleep_us` in between. C's macro assigns to a variable instead. Context: process, may sleep. Result: 0, or -ETIMEDOUT. Source: include/linux/iopoll.h */
export function readb_poll_timeout(addr: IoMem, cond: (val: u32) => boolean, sleep_us: ulong, timeout_us: ulong): int;
/** The same, spinning in between. Context: any. Result: 0, or -ETIMEDOUT. Source: include/linux/iopoll.h */
export function readb_poll_timeout_atomic(
  addr: IoMem,
  cond: (val: u32) => boolean,
  delay_us: ulong,
  timeout_us: ulong,
): int;
/** Reads with readw until the condition, which is told what was read, holds; sleeps `sleep_us` in between. C's macro assigns to a variable instead. Context: process, may sleep. Result: 0, or -ETIMEDOUT. Source: include/linux/iopoll.h */
export function readw_poll_timeout(addr: IoMem, cond: (val: u32) => boolean, sleep_us: ulong, timeout_us: ulong): int;
/** The same, spinning in between. Context: any. Result: 0, or -ETIMEDOUT. Source: include/linux/iopoll.h */
export function readw_poll_timeout_atomic(
  addr: IoMem,
  cond: (val: u32) => boolean,
  delay_us: ulong,
  timeout_us: ulong,
): int;
/** Reads with readl until the condition, which is told what was read, holds; sleeps `sleep_us` in between. C's macro assigns to a variable instead. Context: process, may sleep. Result: 0, or -ETIMEDOUT. Source: include/linux/iopoll.h */
export function readl_poll_timeout(addr: IoMem, cond: (val: u32) => boolean, sleep_us: ulong, timeout_us: ulong): int;
/** The same, spinning in between. Context: any. Result: 0, or -ETIMEDOUT. Source: include/linux/iopoll.h */
export function readl_poll_timeout_atomic(
  addr: IoMem,
  cond: (val: u32) => boolean,
  delay_us: ulong,
  timeout_us: ulong,
): int;
