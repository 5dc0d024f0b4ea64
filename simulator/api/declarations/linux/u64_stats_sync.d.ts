// Counters of 64 bits that 32-bit readers see whole.
import type { irqflags_t } from "./spinlock.d.ts";
import type { Ref, Struct, uint } from "./types.d.ts";

/** What keeps the halves of counters together; a member type. Source: include/linux/u64_stats_sync.h */
export type u64_stats_sync = Struct<"u64_stats_sync", object>;
/** What keeps the halves of counters together; a member type. Source: include/linux/u64_stats_sync.h */
export const u64_stats_sync: u64_stats_sync;
/** Such a counter; a member type. Source: include/linux/u64_stats_sync.h */
export type u64_stats_t = Struct<"u64_stats", object>;
/** Such a counter; a member type. Source: include/linux/u64_stats_sync.h */
export const u64_stats_t: u64_stats_t;

/** Makes it ready for use. Context: any. Source: include/linux/u64_stats_sync.h */
export function u64_stats_init(syncp: Ref<u64_stats_sync>): void;
/** A writer begins; the caller sees to it that there is one. Context: any. Source: include/linux/u64_stats_sync.h */
export function u64_stats_update_begin(syncp: Ref<u64_stats_sync>): void;
/** A writer ends. Context: any. Source: include/linux/u64_stats_sync.h */
export function u64_stats_update_end(syncp: Ref<u64_stats_sync>): void;
/** A writer begins, with interrupts off. Context: any. Source: include/linux/u64_stats_sync.h */
export function u64_stats_update_begin_irqsave(syncp: Ref<u64_stats_sync>): irqflags_t;
/** It ends, and interrupts are as they were. Context: any. Source: include/linux/u64_stats_sync.h */
export function u64_stats_update_end_irqrestore(syncp: Ref<u64_stats_sync>, flags: irqflags_t): void;
/** A reader begins, once no writer is there. Context: any. Source: include/linux/u64_stats_sync.h */
export function u64_stats_fetch_begin(syncp: Ref<u64_stats_sync>): uint;
/** Whether a writer was there since: then read again. Context: any. Source: include/linux/u64_stats_sync.h */
export function u64_stats_fetch_retry(syncp: Ref<u64_stats_sync>, start: uint): boolean;
/** Sets a counter, as a writer. Context: any. Source: include/linux/u64_stats_sync.h */
export function u64_stats_set(p: Ref<u64_stats_t>, val: bigint): void;
/** Adds to a counter, as a writer. Context: any. Source: include/linux/u64_stats_sync.h */
export function u64_stats_add(p: Ref<u64_stats_t>, val: bigint): void;
/** Subtracts from a counter, as a writer. Context: any. Source: include/linux/u64_stats_sync.h */
export function u64_stats_sub(p: Ref<u64_stats_t>, val: bigint): void;
/** Adds one to a counter, as a writer. Context: any. Source: include/linux/u64_stats_sync.h */
export function u64_stats_inc(p: Ref<u64_stats_t>): void;
/** Reads a counter, as a reader. Context: any. Source: include/linux/u64_stats_sync.h */
export function u64_stats_read(p: Ref<u64_stats_t>): bigint;
