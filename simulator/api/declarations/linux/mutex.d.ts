// Locks that sleep: for what only processes share.
import type { int, Ref, Struct, uint } from "./types.d.ts";

/** `struct mutex`, a lock that sleeps; a member type. Source: include/linux/mutex_types.h */
export type mutex = Struct<"mutex", object>;
/** `struct mutex`, a lock that sleeps; a member type. Source: include/linux/mutex_types.h */
export const mutex: mutex;

/** A static mutex, ready for use: `const edu_mutex = DEFINE_MUTEX("edu_mutex")`. At file scope. Source: include/linux/mutex.h */
export function DEFINE_MUTEX(name: string): Ref<mutex>;

/** Makes a mutex ready for use. Context: any. Source: include/linux/mutex.h */
export function mutex_init(lock: Ref<mutex>): void;
/** Says that a mutex is used no more. Context: process. Source: kernel/locking/mutex-debug.c */
export function mutex_destroy(lock: Ref<mutex>): void;

/** Takes the mutex, sleeping until it is free. Context: process, may sleep. Source: kernel/locking/mutex.c */
export function mutex_lock(lock: Ref<mutex>): void;

/**
 * Takes the mutex, sleeping until it is free or a signal comes.
 *
 * Context: process, may sleep. Result: 0 when taken, -EINTR when a signal came. Source: kernel/locking/mutex.c
 */
export function mutex_lock_interruptible(lock: Ref<mutex>): int;

/** Takes the mutex if it is free. Context: process. Result: 1 when taken, else 0. Source: kernel/locking/mutex.c */
export function mutex_trylock(lock: Ref<mutex>): int;
/** Gives the mutex back; only its owner may. Context: process. Source: kernel/locking/mutex.c */
export function mutex_unlock(lock: Ref<mutex>): void;
/** Whether somebody holds the mutex. Context: any. Source: kernel/locking/mutex.c */
export function mutex_is_locked(lock: Ref<mutex>): boolean;
/**
 * Takes the mutex, sleeping until it is free or a fatal signal comes.
 *
 * Context: process, may sleep. Result: 0 when taken, -EINTR when a signal came. Source: kernel/locking/mutex.c
 */
export function mutex_lock_killable(lock: Ref<mutex>): int;
/** Takes the mutex, where the wait counts as one for a device. Context: process, may sleep. Source: kernel/locking/mutex.c */
export function mutex_lock_io(lock: Ref<mutex>): void;
/** Takes a mutex while one of the same class is held: `subclass` says in which order they nest. Context: process, may sleep. Source: kernel/locking/mutex.c */
export function mutex_lock_nested(lock: Ref<mutex>, subclass: uint): void;
