// What a process may do that others may not.
import type { int } from "./types.d.ts";

/**
 * Whether the running process has a capability.
 *
 * Context: process. Source: kernel/capability.c. Differs from Linux: a process has all capabilities as long as it acts for
 * root, and none otherwise.
 */
export function capable(cap: int): boolean;

export const CAP_CHOWN: int;
export const CAP_DAC_OVERRIDE: int;
export const CAP_FOWNER: int;
export const CAP_KILL: int;
export const CAP_SETUID: int;
export const CAP_NET_ADMIN: int;
export const CAP_NET_RAW: int;
export const CAP_IPC_LOCK: int;
export const CAP_SYS_MODULE: int;
export const CAP_SYS_RAWIO: int;
export const CAP_SYS_ADMIN: int;
export const CAP_SYS_BOOT: int;
export const CAP_SYS_NICE: int;
export const CAP_SYS_RESOURCE: int;
export const CAP_SYS_TIME: int;
export const CAP_SYS_TTY_CONFIG: int;
export const CAP_SYSLOG: int;
