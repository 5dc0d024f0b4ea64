// bios: pieces of I/O with the pages that they are about.
import type { blk_status_t, block_device } from "./blkdev.d.ts";
import type { gfp_t } from "./gfp.d.ts";
import type { page } from "./mm.d.ts";
import type { int, Pointer, Ref, Struct, sector_t, u16, uint } from "./types.d.ts";

/** What is to be done, REQ_OP_…, and flags. Source: include/linux/blk_types.h */
export type blk_opf_t = number;

export interface BioVecMembers {
  bv_page: Ref<page>;
  bv_len: uint;
  bv_offset: uint;
}
/** `struct bio_vec`, bytes that lie together. Source: include/linux/bvec.h */
export type bio_vec = Struct<"bio_vec", BioVecMembers>;
/** `struct bio_vec`, bytes that lie together. Source: include/linux/bvec.h */
export const bio_vec: bio_vec;

export interface BvecIterMembers {
  /** The first sector that is left. */
  bi_sector: sector_t;
  /** Bytes that are left. */
  readonly bi_size: uint;
  readonly bi_idx: uint;
  readonly bi_bvec_done: uint;
}
/** `struct bvec_iter`, how far a bio is. Source: include/linux/bvec.h */
export type bvec_iter = Struct<"bvec_iter", BvecIterMembers>;
/** `struct bvec_iter`, how far a bio is. Source: include/linux/bvec.h */
export const bvec_iter: bvec_iter;

export interface BioMembers {
  readonly bi_next: Ref<bio> | null;
  bi_bdev: Ref<block_device>;
  bi_opf: blk_opf_t;
  bi_status: blk_status_t;
  readonly bi_iter: Ref<bvec_iter>;
  /** Called when the bio is done, by whoever ended it: softirq or hardirq context too. */
  bi_end_io: ((bio: Ref<bio>) => void) | null;
  /** The submitter's own; it reads as never NULL. */
  get bi_private(): Ref<unknown>;
  set bi_private(data: Pointer<unknown> | null);
  readonly bi_vcnt: u16;
  readonly bi_max_vecs: u16;
}
/** `struct bio`. Source: include/linux/blk_types.h */
export type bio = Struct<"bio", BioMembers>;
/** `struct bio`. Source: include/linux/blk_types.h */
export const bio: bio;

export const BIO_MAX_VECS: uint;
export const REQ_OP_READ: blk_opf_t;
export const REQ_OP_WRITE: blk_opf_t;
export const REQ_OP_FLUSH: blk_opf_t;
export const REQ_OP_DISCARD: blk_opf_t;
export const REQ_OP_WRITE_ZEROES: blk_opf_t;
export const REQ_OP_DRV_IN: blk_opf_t;
export const REQ_OP_DRV_OUT: blk_opf_t;
export const REQ_SYNC: blk_opf_t;
export const REQ_META: blk_opf_t;
export const REQ_PRIO: blk_opf_t;
export const REQ_FUA: blk_opf_t;
export const REQ_PREFLUSH: blk_opf_t;
export const REQ_RAHEAD: blk_opf_t;
export const REQ_BACKGROUND: blk_opf_t;

/** A bio with room for so many segments. Context: as kmalloc. Result: NULL when there is no memory, where it must not wait. Source: include/linux/bio.h */
export function bio_alloc(bdev: Ref<block_device> | null, nr_vecs: u16, opf: blk_opf_t, gfp: gfp_t): Ref<bio> | null;
/** Takes a reference. Context: any. Source: include/linux/bio.h */
export function bio_get(bio: Ref<bio>): void;
/** Gives a reference up; the bio goes with the last one. Context: any. Source: block/bio.c */
export function bio_put(bio: Ref<bio>): void;
/** Adds a part of a page at the end. Context: any. Result: its bytes; 0 when there is no room. Source: block/bio.c */
export function bio_add_page(bio: Ref<bio>, page: Ref<page>, len: uint, off: uint): int;
/** Sends a bio to its device. Set `bi_iter.bi_sector` and `bi_end_io` first. Context: process, may sleep. Source: block/blk-core.c */
export function submit_bio(bio: Ref<bio>): void;
/** Sends a bio to its device and waits until it is done; it stays the caller's. Context: process, may sleep. Result: 0 or a negative errno. Source: block/bio.c */
export function submit_bio_wait(bio: Ref<bio>): int;
/** Says that a bio is done, with `bi_status`. Context: any. Source: block/bio.c */
export function bio_endio(bio: Ref<bio>): void;
/** Says that a bio failed. Context: any. Source: include/linux/bio.h */
export function bio_io_error(bio: Ref<bio>): void;
/** READ or WRITE (linux/kernel). Context: any. Source: include/linux/bio.h */
export function bio_data_dir(bio: Ref<bio>): int;
/** What is to be done: REQ_OP_…. Context: any. Source: include/linux/blk_types.h */
export function bio_op(bio: Ref<bio>): uint;
/** Whether data goes to the device. Context: any. Source: include/linux/blk_types.h */
export function op_is_write(op: blk_opf_t): boolean;
/** Sectors that are left. Context: any. Source: include/linux/bio.h */
export function bio_sectors(bio: Ref<bio>): uint;
/** Every segment that is left, each within one page: `for (const bvec of bio_for_each_segment(bio))`. Context: any. Source: include/linux/bio.h. Differs from Linux: the iterator is out of sight. */
export function bio_for_each_segment(bio: Ref<bio>): Iterable<Ref<bio_vec>>;
