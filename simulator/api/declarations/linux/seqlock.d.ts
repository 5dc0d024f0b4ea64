// Data that readers read again when a writer was there meanwhile.
import type { irqflags_t } from "./spinlock.d.ts";
import type { int, Ref, Struct, uint } from "./types.d.ts";

/** A count of writes, odd while a writer is there; a member type. Source: include/linux/seqlock_types.h */
export type seqcount_t = Struct<"seqcount", { readonly sequence: uint }>;
/** A count of writes, odd while a writer is there; a member type. Source: include/linux/seqlock_types.h */
export const seqcount_t: seqcount_t;
/** A sequence counter with a lock for its writers; a member type. Source: include/linux/seqlock_types.h */
export type seqlock_t = Struct<"seqlock", object>;
/** A sequence counter with a lock for its writers; a member type. Source: include/linux/seqlock_types.h */
export const seqlock_t: seqlock_t;

/** Makes a counter ready for use. Context: any. Source: include/linux/seqlock.h */
export function seqcount_init(s: Ref<seqcount_t>): void;
/** A static seqlock, ready for use. At file scope. Source: include/linux/seqlock.h */
export function DEFINE_SEQLOCK(name: string): Ref<seqlock_t>;
/** Makes a seqlock ready for use. Context: any. Source: include/linux/seqlock.h */
export function seqlock_init(sl: Ref<seqlock_t>): void;
/** A reader begins, once no writer is there: `do { seq = read_seqbegin(l); … } while (read_seqretry(l, seq))`. Context: any. Result: for read_seqretry. Source: include/linux/seqlock.h */
export function read_seqbegin(sl: Ref<seqlock_t>): uint;
/** Whether a writer was there since: then read again. Context: any. Source: include/linux/seqlock.h */
export function read_seqretry(sl: Ref<seqlock_t>, start: uint): uint;
/** A reader begins, once no writer is there. Context: any. Result: for read_seqcount_retry. Source: include/linux/seqlock.h */
export function read_seqcount_begin(s: Ref<seqcount_t>): uint;
/** Whether a writer was there since. Context: any. Source: include/linux/seqlock.h */
export function read_seqcount_retry(s: Ref<seqcount_t>, start: uint): int;
/** A writer begins; the caller sees to it that there is one, and that it is not preempted. Context: any. Source: include/linux/seqlock.h */
export function write_seqcount_begin(s: Ref<seqcount_t>): void;
/** A writer ends. Context: any. Source: include/linux/seqlock.h */
export function write_seqcount_end(s: Ref<seqcount_t>): void;
/** A reader that keeps writers out. Context: any. Source: include/linux/seqlock.h */
export function read_seqlock_excl(sl: Ref<seqlock_t>): void;
/** It ends. Context: any. Source: include/linux/seqlock.h */
export function read_sequnlock_excl(sl: Ref<seqlock_t>): void;
/** A writer begins, alone. Context: any. Source: include/linux/seqlock.h */
export function write_seqlock(sl: Ref<seqlock_t>): void;
/** It ends. Context: any. Source: include/linux/seqlock.h */
export function write_sequnlock(sl: Ref<seqlock_t>): void;
/** A writer begins, alone with interrupts off. Context: process, softirq. Source: include/linux/seqlock.h */
export function write_seqlock_irq(sl: Ref<seqlock_t>): void;
/** It ends. Context: process, softirq. Source: include/linux/seqlock.h */
export function write_sequnlock_irq(sl: Ref<seqlock_t>): void;
/** A writer begins, alone with bottom halves off. Context: process, softirq. Source: include/linux/seqlock.h */
export function write_seqlock_bh(sl: Ref<seqlock_t>): void;
/** It ends. Context: process, softirq. Source: include/linux/seqlock.h */
export function write_sequnlock_bh(sl: Ref<seqlock_t>): void;
/** A writer begins, alone with interrupts off. Context: any. Result: for write_sequnlock_irqrestore. Source: include/linux/seqlock.h */
export function write_seqlock_irqsave(sl: Ref<seqlock_t>): irqflags_t;
/** It ends, and interrupts are as they were. Context: any. Source: include/linux/seqlock.h */
export function write_sequnlock_irqrestore(sl: Ref<seqlock_t>, flags: irqflags_t): void;
