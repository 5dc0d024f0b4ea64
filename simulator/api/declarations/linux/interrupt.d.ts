// Interrupt handlers.
import type { int, Pointer, uint, ulong } from "./types.d.ts";

declare const handled: unique symbol;

/** What a handler says about an interrupt: IRQ_NONE or IRQ_HANDLED. Source: include/linux/irqreturn.h */
export type irqreturn_t = number & { readonly [handled]: true };

/** It was not this device's interrupt. */
export const IRQ_NONE: irqreturn_t;
/** It was this device's interrupt, and is dealt with. */
export const IRQ_HANDLED: irqreturn_t;
/** IRQ_HANDLED when `handled`, else IRQ_NONE. Context: any. Source: include/linux/irqreturn.h */
export function IRQ_RETVAL(handled: boolean): irqreturn_t;

/** Other devices may use the line: each handler must find out whether the interrupt is its own. */
export const IRQF_SHARED: ulong;

/** Runs in hardirq context with interrupts of this CPU off: it must not sleep. */
export type irq_handler_t<P> = (irq: int, dev_id: P) => irqreturn_t;

/**
 * Installs a handler and enables the line. It can run before this returns, so everything it uses must be ready.
 *
 * Context: process, may sleep. Result: 0, -EBUSY when the line is taken and not shared, -EINVAL without a handler or
 * when a shared line has no `dev_id`. Source: include/linux/interrupt.h, kernel/irq/manage.c
 */
export function request_irq<P extends Pointer<unknown> | null>(
  irq: uint,
  handler: irq_handler_t<P>,
  flags: ulong,
  name: string,
  dev_id: P,
): int;

/**
 * Removes the handler that was installed with this `dev_id`, after it has finished. The device must not interrupt any
 * more.
 *
 * Context: process, may sleep. Source: kernel/irq/manage.c
 */
export function free_irq(irq: uint, dev_id: Pointer<unknown> | null): void;

/** Waits until no handler of the line runs. Context: process, may sleep. Source: kernel/irq/manage.c */
export function synchronize_irq(irq: uint): void;
/** Turns the line off and waits until no handler runs; calls nest. Context: process, may sleep. Source: kernel/irq/manage.c */
export function disable_irq(irq: uint): void;
/** Turns the line off without waiting. Context: any. Source: kernel/irq/manage.c */
export function disable_irq_nosync(irq: uint): void;
/** Undoes one disable_irq. Context: any. Source: kernel/irq/manage.c */
export function enable_irq(irq: uint): void;
