// Locks that sleep and let several readers in together.
import type { int, Ref, Struct } from "./types.d.ts";

/** `struct rw_semaphore`; a member type. Source: include/linux/rwsem.h */
export type rw_semaphore = Struct<"rw_semaphore", object>;
/** `struct rw_semaphore`; a member type. Source: include/linux/rwsem.h */
export const rw_semaphore: rw_semaphore;

/** A static rw_semaphore, ready for use. At file scope. Source: include/linux/rwsem.h */
export function DECLARE_RWSEM(name: string): Ref<rw_semaphore>;
/** Makes an rw_semaphore ready for use. Context: any. Source: include/linux/rwsem.h */
export function init_rwsem(sem: Ref<rw_semaphore>): void;
/** Takes it as a reader, beside others, sleeping until that is possible. Context: process, may sleep. Source: kernel/locking/rwsem.c */
export function down_read(sem: Ref<rw_semaphore>): void;
/**
 * Takes it as a reader, beside others, unless a fatal signal comes.
 *
 * Context: process, may sleep. Result: 0, or -EINTR. * Source: kernel/locking/rwsem.c
 */
export function down_read_killable(sem: Ref<rw_semaphore>): int;
/** Takes it as a reader, beside others, beside one of the same class: `subclass` says in which order they nest. Context: process, may sleep. Source: kernel/locking/rwsem.c */
export function down_read_nested(sem: Ref<rw_semaphore>, subclass: int): void;
/** Takes it as a reader, beside others, if that needs no wait. Context: process. Result: 1 when taken, else 0. Source: kernel/locking/rwsem.c */
export function down_read_trylock(sem: Ref<rw_semaphore>): int;
/** Gives back what down_read took. Context: process. Source: kernel/locking/rwsem.c */
export function up_read(sem: Ref<rw_semaphore>): void;
/** Takes it as its only writer, sleeping until that is possible. Context: process, may sleep. Source: kernel/locking/rwsem.c */
export function down_write(sem: Ref<rw_semaphore>): void;
/**
 * Takes it as its only writer, unless a fatal signal comes.
 *
 * Context: process, may sleep. Result: 0, or -EINTR. * Source: kernel/locking/rwsem.c
 */
export function down_write_killable(sem: Ref<rw_semaphore>): int;
/** Takes it as its only writer, beside one of the same class: `subclass` says in which order they nest. Context: process, may sleep. Source: kernel/locking/rwsem.c */
export function down_write_nested(sem: Ref<rw_semaphore>, subclass: int): void;
/** Takes it as its only writer, if that needs no wait. Context: process. Result: 1 when taken, else 0. Source: kernel/locking/rwsem.c */
export function down_write_trylock(sem: Ref<rw_semaphore>): int;
/** Gives back what down_write took. Context: process. Source: kernel/locking/rwsem.c */
export function up_write(sem: Ref<rw_semaphore>): void;
/** Takes it as a reader, unless a signal comes. Context: process, may sleep. Result: 0, or -EINTR. Source: kernel/locking/rwsem.c */
export function down_read_interruptible(sem: Ref<rw_semaphore>): int;
/** The writer goes on as a reader, and no other writer comes in between. Context: process. Source: kernel/locking/rwsem.c */
export function downgrade_write(sem: Ref<rw_semaphore>): void;
/** Whether somebody has it. Context: any. Source: include/linux/rwsem.h */
export function rwsem_is_locked(sem: Ref<rw_semaphore>): int;
/** Whether somebody waits for it. Context: any. Source: include/linux/rwsem.h */
export function rwsem_is_contended(sem: Ref<rw_semaphore>): int;
