// The lock under which network interfaces change: they are registered, go up and down, get addresses.
import type { int } from "./types.d.ts";

/** Takes the RTNL. Context: process, may sleep. Source: net/core/rtnetlink.c, as for all of these */
export function rtnl_lock(): void;
/** rtnl_lock, given up at a fatal signal. Context: process, may sleep. Result: 0 or -EINTR. */
export function rtnl_lock_killable(): int;
/** Takes the RTNL if it is free. Context: process. Result: 1 when taken, else 0. */
export function rtnl_trylock(): int;
/** Gives the RTNL back; interfaces that were unregistered meanwhile are finished, which may sleep. Context: process, may sleep. */
export function rtnl_unlock(): void;
/** Whether somebody has the RTNL. Context: any. */
export function rtnl_is_locked(): boolean;
/** Warns when nobody has the RTNL. Context: any. Source: include/linux/rtnetlink.h */
export function ASSERT_RTNL(): void;
