// Iterators over what is read or written: one buffer or several, of user space or of the kernel.
import type { page } from "./mm.d.ts";
import type { int, Pointer, Ref, Struct, size_t, UserPtr, uint, ulong } from "./types.d.ts";

export interface IovIterMembers {
  /** Bytes that are left; iov_iter_count. */
  readonly count: size_t;
  readonly nr_segs: ulong;
}

/** `struct iov_iter`, where in its buffers a read or a write stands. Source: include/linux/uio.h */
export type iov_iter = Struct<"iov_iter", IovIterMembers>;
/** `struct iov_iter`, where in its buffers a read or a write stands. Source: include/linux/uio.h */
export const iov_iter: iov_iter;

/** `struct iovec`, a buffer of user space; a member type. Source: include/uapi/linux/uio.h */
export type iovec = Struct<"iovec", { iov_base: Ref<unknown> | null; iov_len: size_t }>;
/** `struct iovec`, a buffer of user space; a member type. Source: include/uapi/linux/uio.h */
export const iovec: iovec;
/** `struct kvec`, a buffer of the kernel; a member type. Source: include/linux/uio.h */
export type kvec = Struct<"kvec", { iov_base: Ref<unknown> | null; iov_len: size_t }>;
/** `struct kvec`, a buffer of the kernel; a member type. Source: include/linux/uio.h */
export const kvec: kvec;

/** The iterator is filled, as by read. */
export const ITER_DEST: uint;
/** The iterator is read from, as by write. */
export const ITER_SOURCE: uint;

/**
 * Copies from the kernel to where the iterator stands, and moves it on.
 *
 * Context: process, may sleep; any where the buffers are the kernel's. Result: bytes copied; a driver that gets less than it
 * wanted returns them, or -EFAULT for none. Source: include/linux/uio.h
 */
export function copy_to_iter(addr: Pointer<unknown>, bytes: size_t, i: Ref<iov_iter>): size_t;
/**
 * Copies to the kernel from where the iterator stands, and moves it on.
 *
 * Context: as copy_to_iter. Result: bytes copied. Source: include/linux/uio.h
 */
export function copy_from_iter(addr: Pointer<unknown>, bytes: size_t, i: Ref<iov_iter>): size_t;
/** The same, all or nothing. Context: as copy_to_iter. Result: whether all was copied; if not, the iterator has not moved. Source: include/linux/uio.h */
export function copy_from_iter_full(addr: Pointer<unknown>, bytes: size_t, i: Ref<iov_iter>): boolean;
/** copy_to_iter from a page. Context: as copy_to_iter. Result: bytes copied. Source: lib/iov_iter.c */
export function copy_page_to_iter(page: Ref<page>, offset: size_t, bytes: size_t, i: Ref<iov_iter>): size_t;
/** copy_from_iter to a page. Context: as copy_to_iter. Result: bytes copied. Source: lib/iov_iter.c */
export function copy_page_from_iter(page: Ref<page>, offset: size_t, bytes: size_t, i: Ref<iov_iter>): size_t;
/** Clears where the iterator stands, and moves it on. Context: as copy_to_iter. Result: bytes cleared. Source: lib/iov_iter.c */
export function iov_iter_zero(bytes: size_t, i: Ref<iov_iter>): size_t;
/** Bytes that are left. Context: any. Source: include/linux/uio.h */
export function iov_iter_count(i: Ref<iov_iter>): size_t;
/** READ of linux/fs for an iterator that is filled, WRITE for one that is read from. Context: any. Source: include/linux/uio.h */
export function iov_iter_rw(i: Ref<iov_iter>): int;
/** Moves on without copying. Context: any. Source: lib/iov_iter.c */
export function iov_iter_advance(i: Ref<iov_iter>, bytes: size_t): void;
/** Moves back by bytes that were copied. Context: any. Source: lib/iov_iter.c */
export function iov_iter_revert(i: Ref<iov_iter>, bytes: size_t): void;
/** Leaves at most so many bytes. Context: any. Source: include/linux/uio.h */
export function iov_iter_truncate(i: Ref<iov_iter>, count: size_t): void;
/** Makes an iterator over one buffer of user space. Context: any. Source: include/linux/uio.h */
export function iov_iter_ubuf(i: Ref<iov_iter>, direction: uint, buf: UserPtr, count: size_t): void;
/** Makes an iterator over several buffers of user space. Context: any. Source: lib/iov_iter.c */
export function iov_iter_init(
  i: Ref<iov_iter>,
  direction: uint,
  iov: Pointer<unknown>,
  nr_segs: ulong,
  count: size_t,
): void;
/** Makes an iterator over several buffers of the kernel. Context: any. Source: lib/iov_iter.c */
export function iov_iter_kvec(
  i: Ref<iov_iter>,
  direction: uint,
  kvec: Pointer<unknown>,
  nr_segs: ulong,
  count: size_t,
): void;
