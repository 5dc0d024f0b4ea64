// Floating point in the kernel, by the name of x86.

/** Lets the task compute with fractions until kernel_fpu_end; it keeps its CPU and may not sleep. Context: task or softirq. Source: arch/x86/kernel/fpu/core.c */
export function kernel_fpu_begin(): void;
/** Undoes kernel_fpu_begin. Context: as that. Source: arch/x86/kernel/fpu/core.c */
export function kernel_fpu_end(): void;
/** Whether kernel_fpu_begin may be called here. Context: any. Source: arch/x86/kernel/fpu/core.c */
export function irq_fpu_usable(): boolean;
