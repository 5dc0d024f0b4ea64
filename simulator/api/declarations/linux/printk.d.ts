// The kernel's log.
import type { ErrPtr, IoMem, int, Pointer, UserPtr } from "./types.d.ts";

/** What a conversion of a format may print: integers, strings for `%s`, pointers for `%p` and its kin. */
export type PrintkArgument = number | bigint | boolean | string | Pointer<unknown> | UserPtr | IoMem | ErrPtr | null;

/**
 * Writes to the log at the level that the format begins with, such as KERN_INFO. The format is a literal with C
 * conversions; the arguments are checked against it.
 *
 * Context: any. Result: characters written. Source: kernel/printk/printk.c
 */
export function printk(format: string, ...args: PrintkArgument[]): int;

/** Logs that the system is unusable. Context: any. Source: include/linux/printk.h */
export function pr_emerg(format: string, ...args: PrintkArgument[]): void;
/** Logs what must be acted on at once. Context: any. Source: include/linux/printk.h */
export function pr_alert(format: string, ...args: PrintkArgument[]): void;
/** Logs a critical condition. Context: any. Source: include/linux/printk.h */
export function pr_crit(format: string, ...args: PrintkArgument[]): void;
/** Logs an error. Context: any. Source: include/linux/printk.h */
export function pr_err(format: string, ...args: PrintkArgument[]): void;
/** Logs a warning. Context: any. Source: include/linux/printk.h */
export function pr_warn(format: string, ...args: PrintkArgument[]): void;
/** Logs something normal but significant. Context: any. Source: include/linux/printk.h */
export function pr_notice(format: string, ...args: PrintkArgument[]): void;
/** Logs for information. Context: any. Source: include/linux/printk.h */
export function pr_info(format: string, ...args: PrintkArgument[]): void;
/** pr_emerg, at most ten times in five seconds from one place; later it says how many were left out. Context: any. Source: include/linux/printk.h */
export function pr_emerg_ratelimited(format: string, ...args: PrintkArgument[]): void;
/** pr_alert, at most ten times in five seconds from one place; later it says how many were left out. Context: any. Source: include/linux/printk.h */
export function pr_alert_ratelimited(format: string, ...args: PrintkArgument[]): void;
/** pr_crit, at most ten times in five seconds from one place; later it says how many were left out. Context: any. Source: include/linux/printk.h */
export function pr_crit_ratelimited(format: string, ...args: PrintkArgument[]): void;
/** pr_err, at most ten times in five seconds from one place; later it says how many were left out. Context: any. Source: include/linux/printk.h */
export function pr_err_ratelimited(format: string, ...args: PrintkArgument[]): void;
/** pr_warn, at most ten times in five seconds from one place; later it says how many were left out. Context: any. Source: include/linux/printk.h */
export function pr_warn_ratelimited(format: string, ...args: PrintkArgument[]): void;
/** pr_notice, at most ten times in five seconds from one place; later it says how many were left out. Context: any. Source: include/linux/printk.h */
export function pr_notice_ratelimited(format: string, ...args: PrintkArgument[]): void;
/** pr_info, at most ten times in five seconds from one place; later it says how many were left out. Context: any. Source: include/linux/printk.h */
export function pr_info_ratelimited(format: string, ...args: PrintkArgument[]): void;
/** printk, at most ten times in five seconds from one place. Context: any. Source: include/linux/printk.h */
export function printk_ratelimited(format: string, ...args: PrintkArgument[]): void;
/**
 * Whether a message may be printed: ten in five seconds, of all messages that ask so; new code uses the functions that end
 * in `_ratelimited`. Context: any. Result: 0 when not. Source: include/linux/printk.h
 */
export function printk_ratelimit(): int;
/** Goes on with the line that the last message left open. Context: any. Source: include/linux/printk.h */
export function pr_cont(format: string, ...args: PrintkArgument[]): void;
/** Logs for debugging: shown only where dynamic debug is on. Context: any. Source: include/linux/printk.h */
export function pr_debug(format: string, ...args: PrintkArgument[]): void;

/** Levels for `printk`: `printk(KERN_INFO + "edu: hello\n")`. Source: include/linux/kern_levels.h */
export const KERN_EMERG: string;
export const KERN_ALERT: string;
export const KERN_CRIT: string;
export const KERN_ERR: string;
export const KERN_WARNING: string;
export const KERN_NOTICE: string;
export const KERN_INFO: string;
export const KERN_DEBUG: string;
/** Goes on with the line that the last message left open. */
export const KERN_CONT: string;
