// Order between accesses to memory.

/** Orders all accesses before it against all behind it, those of devices too; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function mb(): void;
/** Orders reads before it against reads behind it, those of devices too; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function rmb(): void;
/** Orders writes before it against writes behind it, those of devices too; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function wmb(): void;
/** Orders all accesses before it against all behind it, as other CPUs see them; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function smp_mb(): void;
/** Orders reads, as other CPUs see them; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function smp_rmb(): void;
/** Orders writes, as other CPUs see them; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function smp_wmb(): void;
/** Keeps the compiler from moving accesses across it; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function barrier(): void;
/** Orders accesses before an atomic operation that orders nothing itself; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function smp_mb__before_atomic(): void;
/** Orders accesses behind an atomic operation that orders nothing itself; nothing is reordered here, so that it only shows in the trace. Context: any. Source: include/asm-generic/barrier.h */
export function smp_mb__after_atomic(): void;
/** A value that is read before all that follows, and so sees what was done before its smp_store_release: `smp_load_acquire(d.ready)`. Context: any. Result: the value. Differs from Linux: C's macro takes the address. Source: include/asm-generic/barrier.h */
export function smp_load_acquire<T>(p: T): T;
/** The value to write once all is done that comes before: `d.ready = smp_store_release(1)`. Context: any. Result: the value. Differs from Linux: C's macro takes the address and writes. Source: include/asm-generic/barrier.h */
export function smp_store_release<T>(v: T): T;
