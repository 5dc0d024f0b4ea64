// Saying that something is wrong, and going on or not.
import type { PrintkArgument } from "./printk.d.ts";

type Condition = number | bigint | boolean;

/** Ends the task that runs it, as an oops: for states that must not be, where going on would do harm. Context: any. Source: include/asm-generic/bug.h */
export function BUG(): never;
/** The same when the condition holds. Context: any. Source: include/asm-generic/bug.h */
export function BUG_ON(condition: Condition): void;
/** Writes a warning with the call stack when the condition holds, and goes on. Context: any. Result: whether it holds. Source: include/asm-generic/bug.h */
export function WARN_ON(condition: Condition): boolean;
/** The same, once for each place. Context: any. Result: whether it holds. Source: include/asm-generic/bug.h */
export function WARN_ON_ONCE(condition: Condition): boolean;
/** WARN_ON with a message. Context: any. Result: whether it holds. Source: include/asm-generic/bug.h */
export function WARN(condition: Condition, format: string, ...args: PrintkArgument[]): boolean;
/** The same, once for each place. Context: any. Result: whether it holds. Source: include/asm-generic/bug.h */
export function WARN_ONCE(condition: Condition, format: string, ...args: PrintkArgument[]): boolean;
