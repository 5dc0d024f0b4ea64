// Reads and writes that happen once, as written.

/** A value that others may write meanwhile, read once: `READ_ONCE(d.done)`. Context: any. Result: the value. Source: include/asm-generic/rwonce.h */
export function READ_ONCE<T>(x: T): T;
/** The value to write once, as others may read it meanwhile: `d.done = WRITE_ONCE(1)`; C's macro assigns it to its first argument. Context: any. Result: the value. Source: include/asm-generic/rwonce.h */
export function WRITE_ONCE<T>(val: T): T;
/** A value that others may write meanwhile, where any will do: KCSAN does not report it. Context: any. Result: the value. Source: include/linux/compiler.h */
export function data_race<T>(expr: T): T;
