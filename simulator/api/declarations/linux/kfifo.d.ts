// Rings of elements of one size, which one reader and one writer use without a lock.
import type { gfp_t } from "./gfp.d.ts";
import type { spinlock_t } from "./spinlock.d.ts";
import type { int, Layout, Pointer, Ref, Struct, UserPtr, uint } from "./types.d.ts";

/** `struct kfifo`, a ring; as a member of a struct one of bytes. Source: include/linux/kfifo.h, as for all of these */
export type kfifo = Struct<"kfifo", unknown>;
/** `struct kfifo`, a ring; as a member of a struct one of bytes. Source: include/linux/kfifo.h. Differs from Linux: there are no records (kfifo_rec_ptr_1) */
export const kfifo: kfifo;

type Fifo = Ref<kfifo>;

/** A ring for `size` elements of a type, a power of two. At file scope. Differs from Linux: it gives the ring, which has no name of its own */
export function DEFINE_KFIFO(type: Layout, size: int): Fifo;
/** A ring for elements of a type, whose room kfifo_alloc makes. At file scope. Differs from Linux: it gives the ring, which has no name of its own */
export function DECLARE_KFIFO_PTR(type: Layout): Fifo;
/** Makes room for `size` elements, rounded up to a power of two. Context: as kmalloc with these flags. Result: 0, -EINVAL for less than two, or -ENOMEM. */
export function kfifo_alloc(fifo: Fifo, size: uint, gfp_mask: gfp_t): int;
/** Has the caller's memory for a ring of bytes, rounded down to a power of two. Context: any. Result: 0, or -EINVAL for less than two. */
export function kfifo_init(fifo: Fifo, buffer: Pointer<unknown>, size: uint): int;
/** Frees the room of kfifo_alloc. Context: any. */
export function kfifo_free(fifo: Fifo): void;
/** Whether it has room for elements. Context: any. */
export function kfifo_initialized(fifo: Fifo): boolean;
/** Bytes of an element. Context: any. */
export function kfifo_esize(fifo: Fifo): uint;
/** How many elements it has room for. Context: any. */
export function kfifo_size(fifo: Fifo): uint;
/** How many elements it holds. Context: any. */
export function kfifo_len(fifo: Fifo): uint;
/** How many more elements fit. Context: any. */
export function kfifo_avail(fifo: Fifo): uint;
/** Whether it holds nothing. Context: any. */
export function kfifo_is_empty(fifo: Fifo): boolean;
/** Whether nothing more fits. Context: any. */
export function kfifo_is_full(fifo: Fifo): boolean;
/** Forgets all; nobody may use it meanwhile. Context: any. */
export function kfifo_reset(fifo: Fifo): void;
/** Forgets all; only for the one reader. Context: any. */
export function kfifo_reset_out(fifo: Fifo): void;
/** Leaves the next element out. Context: any. */
export function kfifo_skip(fifo: Fifo): void;
/** Puts an element in. Context: any; one writer at a time. Result: 1, or 0 when it is full. Differs from Linux: a struct is given by its address, and copied */
export function kfifo_put(fifo: Fifo, val: number | bigint | Pointer<unknown>): int;
/** Takes the next element to where `val` points. Context: any; one reader at a time. Result: 1, or 0 when it is empty. */
export function kfifo_get(fifo: Fifo, val: Pointer<unknown>): int;
/** Copies the next element to where `val` points, and leaves it there. Context: any; one reader at a time. Result: 1, or 0 when it is empty. */
export function kfifo_peek(fifo: Fifo, val: Pointer<unknown>): int;
/** Puts `n` elements in. Context: any; one writer at a time. Result: how many fitted. */
export function kfifo_in(fifo: Fifo, buf: Pointer<unknown>, n: uint): uint;
/** Takes `n` elements out. Context: any; one reader at a time. Result: how many there were. */
export function kfifo_out(fifo: Fifo, buf: Pointer<unknown>, n: uint): uint;
/** Copies `n` elements, and leaves them there. Context: any; one reader at a time. Result: how many there were. */
export function kfifo_out_peek(fifo: Fifo, buf: Pointer<unknown>, n: uint): uint;
/** kfifo_in under a lock, with interrupts off. Context: any. Result: how many fitted. */
export function kfifo_in_spinlocked(fifo: Fifo, buf: Pointer<unknown>, n: uint, lock: Ref<spinlock_t>): uint;
/** kfifo_out under a lock, with interrupts off. Context: any. Result: how many there were. */
export function kfifo_out_spinlocked(fifo: Fifo, buf: Pointer<unknown>, n: uint, lock: Ref<spinlock_t>): uint;
/** Copies at most `len` bytes from user space, as whole elements; how many goes to `copied`. Context: process, may sleep. Result: 0, or -EFAULT. */
export function kfifo_from_user(fifo: Fifo, from: UserPtr, len: uint, copied: Pointer<unknown>): int;
/** Copies at most `len` bytes to user space, as whole elements; how many goes to `copied`. Context: process, may sleep. Result: 0, or -EFAULT. */
export function kfifo_to_user(fifo: Fifo, to: UserPtr, len: uint, copied: Pointer<unknown>): int;
