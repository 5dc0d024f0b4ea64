// Segments of I/O as memory.
import type { bio_vec as vec } from "./bio.d.ts";
import type { Pointer, Ref } from "./types.d.ts";

/** `struct bio_vec`, bytes that lie together. Source: include/linux/bvec.h */
export type bio_vec = vec;
/** `struct bio_vec`, bytes that lie together. Source: include/linux/bvec.h */
export const bio_vec: vec;

/** The address of a segment; kunmap_local() ends its use. Context: any. Source: include/linux/bvec.h */
export function bvec_kmap_local(bvec: Ref<bio_vec>): Ref<unknown>;
/** Copies a segment to memory. Context: any. Source: include/linux/bvec.h */
export function memcpy_from_bvec(to: Pointer<unknown>, bvec: Ref<bio_vec>): void;
/** Copies memory to a segment. Context: any. Source: include/linux/bvec.h */
export function memcpy_to_bvec(bvec: Ref<bio_vec>, from: Pointer<unknown>): void;
