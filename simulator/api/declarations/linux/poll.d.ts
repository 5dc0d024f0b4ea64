// What a driver's poll operation is made of: the queues that wake its caller, and the events that hold.
import type { file } from "./fs.d.ts";
import type { Ref, Struct, u32 } from "./types.d.ts";
import type { wait_queue_head_t } from "./wait.d.ts";

/** `poll_table`; its members are the kernel's own. Source: include/linux/poll.h */
export type poll_table = Struct<"poll_table_struct", Record<never, never>>;
/** `poll_table`; its members are the kernel's own. Source: include/linux/poll.h */
export const poll_table: poll_table;

/** Can be read without waiting. */
export const EPOLLIN: u32;
/** There is something urgent. */
export const EPOLLPRI: u32;
/** Can be written without waiting. */
export const EPOLLOUT: u32;
export const EPOLLERR: u32;
/** The other end is gone. */
export const EPOLLHUP: u32;
export const EPOLLNVAL: u32;
/** Goes with EPOLLIN. */
export const EPOLLRDNORM: u32;
export const EPOLLRDBAND: u32;
/** Goes with EPOLLOUT. */
export const EPOLLWRNORM: u32;
export const EPOLLWRBAND: u32;
export const EPOLLMSG: u32;
export const EPOLLRDHUP: u32;

/**
 * Lets the caller of poll be woken with a queue. It does not wait: poll returns the events that hold, and is called
 * again after a wake-up.
 *
 * Context: process, in a poll operation. Source: include/linux/poll.h
 */
export function poll_wait(filp: Ref<file>, queue: Ref<wait_queue_head_t>, p: Ref<poll_table> | null): void;
/** Whether the caller will not wait. Context: process, in a poll operation. Source: include/linux/poll.h */
export function poll_does_not_wait(p: Ref<poll_table> | null): boolean;
/** The events that the caller asks for. Context: process, in a poll operation. Source: include/linux/poll.h */
export function poll_requested_events(p: Ref<poll_table> | null): u32;
