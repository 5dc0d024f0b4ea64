// Locks for what is read all the time and hardly ever written: readers touch nothing but a count of their own CPU.
import type { int, Ref, Struct } from "./types.d.ts";

/** `struct percpu_rw_semaphore`; a member type. Source: include/linux/percpu-rwsem.h */
export type percpu_rw_semaphore = Struct<"percpu_rw_semaphore", object>;
/** `struct percpu_rw_semaphore`; a member type. Source: include/linux/percpu-rwsem.h */
export const percpu_rw_semaphore: percpu_rw_semaphore;

/** One that is ready for use: `const sem = DEFINE_PERCPU_RWSEM("sem")`. At file scope. Source: include/linux/percpu-rwsem.h */
export function DEFINE_PERCPU_RWSEM(name: string): Ref<percpu_rw_semaphore>;
/** The same; here both are static. At file scope. Source: include/linux/percpu-rwsem.h */
export function DEFINE_STATIC_PERCPU_RWSEM(name: string): Ref<percpu_rw_semaphore>;
/** Makes one ready for use. Context: process, may sleep. Result: 0, or -ENOMEM. Source: kernel/locking/percpu-rwsem.c */
export function percpu_init_rwsem(sem: Ref<percpu_rw_semaphore>): int;
/** Frees what percpu_init_rwsem allocated; nobody may have it. Context: process. Source: kernel/locking/percpu-rwsem.c */
export function percpu_free_rwsem(sem: Ref<percpu_rw_semaphore>): void;
/** Takes it as a reader, beside others, sleeping while a writer has it or waits for it. Context: process, may sleep. Source: include/linux/percpu-rwsem.h */
export function percpu_down_read(sem: Ref<percpu_rw_semaphore>): void;
/** Takes it as a reader if that needs no wait. Context: process. Result: whether it was taken. Source: include/linux/percpu-rwsem.h */
export function percpu_down_read_trylock(sem: Ref<percpu_rw_semaphore>): boolean;
/** Gives back what percpu_down_read took. Context: process. Source: include/linux/percpu-rwsem.h */
export function percpu_up_read(sem: Ref<percpu_rw_semaphore>): void;
/** Takes it as its only writer, sleeping until all readers have left. Context: process, may sleep. Source: kernel/locking/percpu-rwsem.c. Differs from Linux: it waits for the readers and for no grace period. */
export function percpu_down_write(sem: Ref<percpu_rw_semaphore>): void;
/** Gives back what percpu_down_write took. Context: process. Source: kernel/locking/percpu-rwsem.c */
export function percpu_up_write(sem: Ref<percpu_rw_semaphore>): void;
/** Whether readers have it. Context: any. Source: kernel/locking/percpu-rwsem.c */
export function percpu_is_read_locked(sem: Ref<percpu_rw_semaphore>): boolean;
/** Whether a writer has it. Context: any. Source: include/linux/percpu-rwsem.h */
export function percpu_is_write_locked(sem: Ref<percpu_rw_semaphore>): boolean;
