// Structs and functions of which only the contract is known here.
import type { Pointer, Ref, Struct, sector_t, size_t, ulong } from "./types.d.ts";

export interface BufferHeadMembers {
  b_state: ulong;
  b_blocknr: sector_t;
  b_size: size_t;
  b_data: Pointer<unknown> | null;
}

/** `struct buffer_head`, a block of a disk in memory. Nothing looks into it here. Source: include/linux/buffer_head.h */
export type buffer_head = Struct<"buffer_head", BufferHeadMembers>;
/** `struct buffer_head`, a block of a disk in memory. Nothing looks into it here. Source: include/linux/buffer_head.h */
export const buffer_head: buffer_head;

// Contract stubs, written by test/simulator/write-contracts.ts.
/** Gives a reference to a buffer back. Context: any. Source: include/linux/buffer_head.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function brelse(bh: Pointer<unknown> | null): void;
/** Says that a buffer has to be written to its disk. Context: any. Source: fs/buffer.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function mark_buffer_dirty(bh: Pointer<unknown> | null): void;
/** Reads a block of a file system's disk; NULL when it cannot be read. Context: process, may sleep. Result: a cleared object. Source: include/linux/buffer_head.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function sb_bread(sb: Pointer<unknown> | null, block: number | bigint): Ref<unknown> | null;
/** Sets the block size of a file system; 0 when the disk cannot have it. Context: process, may sleep. Result: 512. Source: block/bdev.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function sb_set_blocksize(sb: Pointer<unknown> | null, size: number): number;
