// Locks that spin: for what is shared with interrupt handlers and other atomic code.
import type { mutex } from "./mutex.d.ts";
import type { int, Ref, Struct } from "./types.d.ts";

declare const saved: unique symbol;

/** What `spin_lock_irqsave` saved: only `spin_unlock_irqrestore` takes it. `unsigned long` in C. */
export interface irqflags_t {
  readonly [saved]: true;
}

/** A lock that spins; a member type. Source: include/linux/spinlock_types.h */
export type spinlock_t = Struct<"spinlock", object>;
/** A lock that spins; a member type. Source: include/linux/spinlock_types.h */
export const spinlock_t: spinlock_t;

/** A static spinlock, ready for use: `const edu_lock = DEFINE_SPINLOCK("edu_lock")`. At file scope. Source: include/linux/spinlock_types.h */
export function DEFINE_SPINLOCK(name: string): Ref<spinlock_t>;

/** Makes a spinlock ready for use. Context: any. Source: include/linux/spinlock.h */
export function spin_lock_init(lock: Ref<spinlock_t>): void;

/**
 * Takes a lock that no interrupt handler or softirq takes. Preemption is off until spin_unlock, so nothing may sleep.
 *
 * Context: any. Source: kernel/locking/spinlock.c
 */
export function spin_lock(lock: Ref<spinlock_t>): void;
/** Gives back a lock taken with spin_lock. Context: any. Source: kernel/locking/spinlock.c */
export function spin_unlock(lock: Ref<spinlock_t>): void;

/**
 * Takes a lock that an interrupt handler takes too: interrupts of this CPU are off until spin_unlock_irqrestore.
 *
 * Context: any. Result: whether interrupts were on, for spin_unlock_irqrestore; C's macro assigns it to its second
 * argument. Source: kernel/locking/spinlock.c
 */
export function spin_lock_irqsave(lock: Ref<spinlock_t>): irqflags_t;
/** Gives the lock back and sets interrupts as they were. Context: any. Source: kernel/locking/spinlock.c */
export function spin_unlock_irqrestore(lock: Ref<spinlock_t>, flags: irqflags_t): void;

/** Takes a lock and turns interrupts off, where they are known to be on. Context: process, softirq. Source: kernel/locking/spinlock.c */
export function spin_lock_irq(lock: Ref<spinlock_t>): void;
/** Gives the lock back and turns interrupts on. Context: process, softirq. Source: kernel/locking/spinlock.c */
export function spin_unlock_irq(lock: Ref<spinlock_t>): void;

/** Takes a lock that softirqs take too: they are held off until spin_unlock_bh. Context: process, softirq. Source: kernel/locking/spinlock.c */
export function spin_lock_bh(lock: Ref<spinlock_t>): void;
/** Gives the lock back and lets softirqs run. Context: process, softirq. Source: kernel/locking/spinlock.c */
export function spin_unlock_bh(lock: Ref<spinlock_t>): void;

/** Takes the lock if it is free. Context: any. Result: 1 when taken, else 0. Source: kernel/locking/spinlock.c */
export function spin_trylock(lock: Ref<spinlock_t>): int;
/** Whether somebody holds the lock. Context: any. Source: include/linux/spinlock.h */
export function spin_is_locked(lock: Ref<spinlock_t>): int;
/** Reports when the caller does not hold the lock. Context: any. Source: include/linux/lockdep.h */
export function lockdep_assert_held(lock: Ref<spinlock_t> | Ref<mutex>): void;
