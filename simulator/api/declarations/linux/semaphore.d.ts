// Counting semaphores: so many may be inside at once, and whoever wants may give one back.
import type { int, long, Ref, Struct, uint } from "./types.d.ts";

/** `struct semaphore`; a member type. Source: include/linux/semaphore.h */
export type semaphore = Struct<"semaphore", { readonly count: uint }>;
/** `struct semaphore`; a member type. Source: include/linux/semaphore.h */
export const semaphore: semaphore;

/** A static semaphore that `n` may have at once: `const slots = DEFINE_SEMAPHORE("slots", 2)`. At file scope. Source: include/linux/semaphore.h */
export function DEFINE_SEMAPHORE(name: string, n: uint): Ref<semaphore>;
/** Makes a semaphore ready for use, which `val` may have at once. Context: any. Source: include/linux/semaphore.h */
export function sema_init(sem: Ref<semaphore>, val: int): void;
/** Takes the semaphore, sleeping until it is free. Context: process, may sleep. Source: kernel/locking/semaphore.c */
export function down(sem: Ref<semaphore>): void;
/** Takes it, sleeping until it is free or a signal comes. Context: process, may sleep. Result: 0, or -EINTR. Source: kernel/locking/semaphore.c */
export function down_interruptible(sem: Ref<semaphore>): int;
/**
 * Takes it, sleeping until it is free or a fatal signal comes.
 *
 * Context: process, may sleep. Result: 0, or -EINTR. * Source: kernel/locking/semaphore.c
 */
export function down_killable(sem: Ref<semaphore>): int;
/** Takes it, sleeping at most so many jiffies. Context: process, may sleep. Result: 0, or -ETIME. Source: kernel/locking/semaphore.c */
export function down_timeout(sem: Ref<semaphore>, timeout: long): int;
/** Takes it if it is free. Context: any. Result: 0 when taken, 1 when not: the other way round than mutex_trylock. Source: kernel/locking/semaphore.c */
export function down_trylock(sem: Ref<semaphore>): int;
/** Gives it back, whoever took it. Context: any. Source: kernel/locking/semaphore.c */
export function up(sem: Ref<semaphore>): void;
