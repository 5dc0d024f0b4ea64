// What loops that wait do.

/**
 * Tells the processor that a loop waits.
 *
 * Context: any. Source: arch/arm/include/asm/vdso/processor.h. Differs from Linux: it takes 100 ns, and lets in interrupts
 * that are due; so does every statement.
 */
export function cpu_relax(): void;
