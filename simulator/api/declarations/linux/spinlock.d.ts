// Locks that spin: for what is shared with interrupt handlers and other atomic code.
import type { mutex } from "./mutex.d.ts";
import type { rw_semaphore } from "./rwsem.d.ts";
import type { int, Ref, Struct, uint } from "./types.d.ts";

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
/** Takes the lock if it is free, with interrupts off then. Context: any. Result: 1 when taken, else 0. Source: include/linux/spinlock.h */
export function spin_trylock_irq(lock: Ref<spinlock_t>): int;
/** Takes the lock if it is free, with bottom halves off then. Context: process, softirq. Result: 1 when taken, else 0. Source: kernel/locking/spinlock.c */
export function spin_trylock_bh(lock: Ref<spinlock_t>): int;
/** Whether somebody waits for the lock. Context: any. Source: include/linux/spinlock.h */
export function spin_is_contended(lock: Ref<spinlock_t>): int;
/**
 * Takes a lock while one of the same class is held, which lockdep would take for a recursion: `subclass` says in which
 * order they nest.
 *
 * Context: any. Source: include/linux/spinlock.h
 */
export function spin_lock_nested(lock: Ref<spinlock_t>, subclass: uint): void;
/** The same with interrupts off. Context: any. Result: as spin_lock_irqsave. Source: include/linux/spinlock.h */
export function spin_lock_irqsave_nested(lock: Ref<spinlock_t>, subclass: uint): irqflags_t;

/** A lock that spins under PREEMPT_RT too, where spinlock_t sleeps; a member type. Source: include/linux/spinlock_types_raw.h */
export type raw_spinlock_t = Struct<"raw_spinlock", object>;
/** A lock that spins under PREEMPT_RT too, where spinlock_t sleeps; a member type. Source: include/linux/spinlock_types_raw.h */
export const raw_spinlock_t: raw_spinlock_t;
/** A static raw spinlock, ready for use. At file scope. Source: include/linux/spinlock_types_raw.h */
export function DEFINE_RAW_SPINLOCK(name: string): Ref<raw_spinlock_t>;
/** Makes a raw spinlock ready for use. Context: any. Source: include/linux/spinlock.h */
export function raw_spin_lock_init(lock: Ref<raw_spinlock_t>): void;
/** Takes a raw spinlock. Context: any. Source: kernel/locking/spinlock.c */
export function raw_spin_lock(lock: Ref<raw_spinlock_t>): void;
/** Gives back what raw_spin_lock took. Context: any. Source: kernel/locking/spinlock.c */
export function raw_spin_unlock(lock: Ref<raw_spinlock_t>): void;
/** Takes a raw spinlock and turns interrupts off, where they are known to be on. Context: process, softirq. Source: kernel/locking/spinlock.c */
export function raw_spin_lock_irq(lock: Ref<raw_spinlock_t>): void;
/** Gives it back and turns interrupts on. Context: process, softirq. Source: kernel/locking/spinlock.c */
export function raw_spin_unlock_irq(lock: Ref<raw_spinlock_t>): void;
/** Takes a raw spinlock with bottom halves off. Context: process, softirq. Source: kernel/locking/spinlock.c */
export function raw_spin_lock_bh(lock: Ref<raw_spinlock_t>): void;
/** Gives it back and lets softirqs run. Context: process, softirq. Source: kernel/locking/spinlock.c */
export function raw_spin_unlock_bh(lock: Ref<raw_spinlock_t>): void;
/** Takes a raw spinlock with interrupts off. Context: any. Result: whether they were on, for raw_spin_unlock_irqrestore. Source: kernel/locking/spinlock.c */
export function raw_spin_lock_irqsave(lock: Ref<raw_spinlock_t>): irqflags_t;
/** Gives it back and sets interrupts as they were. Context: any. Source: kernel/locking/spinlock.c */
export function raw_spin_unlock_irqrestore(lock: Ref<raw_spinlock_t>, flags: irqflags_t): void;
/** Takes a raw spinlock if that needs no wait. Context: any. Result: 1 when taken, else 0. Source: kernel/locking/spinlock.c */
export function raw_spin_trylock(lock: Ref<raw_spinlock_t>): int;
/** Takes the lock if it is free, with interrupts off then. Context: any. Result: 1 when taken, else 0. Source: include/linux/spinlock.h */
export function raw_spin_trylock_irq(lock: Ref<raw_spinlock_t>): int;
/** Takes the lock if it is free, with bottom halves off then. Context: process, softirq. Result: 1 when taken, else 0. Source: kernel/locking/spinlock.c */
export function raw_spin_trylock_bh(lock: Ref<raw_spinlock_t>): int;
/** Takes a lock beside one of the same class, of which it differs by a subclass. Context: any. Source: include/linux/spinlock.h */
export function raw_spin_lock_nested(lock: Ref<raw_spinlock_t>, subclass: uint): void;
/** Whether somebody holds the lock. Context: any. Source: include/linux/spinlock.h */
export function raw_spin_is_locked(lock: Ref<raw_spinlock_t>): int;

/** A lock that spins and lets several readers in together; a member type. Source: include/linux/rwlock_types.h */
export type rwlock_t = Struct<"rwlock", object>;
/** A lock that spins and lets several readers in together; a member type. Source: include/linux/rwlock_types.h */
export const rwlock_t: rwlock_t;
/** A static rwlock, ready for use. At file scope. Source: include/linux/rwlock_types.h */
export function DEFINE_RWLOCK(name: string): Ref<rwlock_t>;
/** Makes an rwlock ready for use. Context: any. Source: include/linux/rwlock.h */
export function rwlock_init(lock: Ref<rwlock_t>): void;
/** Takes the lock as a reader: beside other readers, and behind a writer that waits but for readers in interrupts. Context: any. Source: include/linux/rwlock.h */
export function read_lock(lock: Ref<rwlock_t>): void;
/** Gives back what read_lock took. Context: any. Source: include/linux/rwlock.h */
export function read_unlock(lock: Ref<rwlock_t>): void;
/** Takes the lock as a reader: beside other readers, and behind a writer that waits but for readers in interrupts and turns interrupts off, where they are known to be on. Context: process, softirq. Source: include/linux/rwlock.h */
export function read_lock_irq(lock: Ref<rwlock_t>): void;
/** Gives it back and turns interrupts on. Context: process, softirq. Source: include/linux/rwlock.h */
export function read_unlock_irq(lock: Ref<rwlock_t>): void;
/** Takes the lock as a reader: beside other readers, and behind a writer that waits but for readers in interrupts with bottom halves off. Context: process, softirq. Source: include/linux/rwlock.h */
export function read_lock_bh(lock: Ref<rwlock_t>): void;
/** Gives it back and lets softirqs run. Context: process, softirq. Source: include/linux/rwlock.h */
export function read_unlock_bh(lock: Ref<rwlock_t>): void;
/** Takes the lock as a reader: beside other readers, and behind a writer that waits but for readers in interrupts with interrupts off. Context: any. Result: whether they were on, for read_unlock_irqrestore. Source: include/linux/rwlock.h */
export function read_lock_irqsave(lock: Ref<rwlock_t>): irqflags_t;
/** Gives it back and sets interrupts as they were. Context: any. Source: include/linux/rwlock.h */
export function read_unlock_irqrestore(lock: Ref<rwlock_t>, flags: irqflags_t): void;
/** Takes the lock as a reader: beside other readers, and behind a writer that waits but for readers in interrupts if that needs no wait. Context: any. Result: 1 when taken, else 0. Source: include/linux/rwlock.h */
export function read_trylock(lock: Ref<rwlock_t>): int;
/** Takes the lock as its only writer. Context: any. Source: include/linux/rwlock.h */
export function write_lock(lock: Ref<rwlock_t>): void;
/** Gives back what write_lock took. Context: any. Source: include/linux/rwlock.h */
export function write_unlock(lock: Ref<rwlock_t>): void;
/** Takes the lock as its only writer and turns interrupts off, where they are known to be on. Context: process, softirq. Source: include/linux/rwlock.h */
export function write_lock_irq(lock: Ref<rwlock_t>): void;
/** Gives it back and turns interrupts on. Context: process, softirq. Source: include/linux/rwlock.h */
export function write_unlock_irq(lock: Ref<rwlock_t>): void;
/** Takes the lock as its only writer with bottom halves off. Context: process, softirq. Source: include/linux/rwlock.h */
export function write_lock_bh(lock: Ref<rwlock_t>): void;
/** Gives it back and lets softirqs run. Context: process, softirq. Source: include/linux/rwlock.h */
export function write_unlock_bh(lock: Ref<rwlock_t>): void;
/** Takes the lock as its only writer with interrupts off. Context: any. Result: whether they were on, for write_unlock_irqrestore. Source: include/linux/rwlock.h */
export function write_lock_irqsave(lock: Ref<rwlock_t>): irqflags_t;
/** Gives it back and sets interrupts as they were. Context: any. Source: include/linux/rwlock.h */
export function write_unlock_irqrestore(lock: Ref<rwlock_t>, flags: irqflags_t): void;
/** Takes the lock as its only writer if that needs no wait. Context: any. Result: 1 when taken, else 0. Source: include/linux/rwlock.h */
export function write_trylock(lock: Ref<rwlock_t>): int;

/** The locks that lockdep knows. */
export type LockRef = Ref<spinlock_t> | Ref<raw_spinlock_t> | Ref<rwlock_t> | Ref<mutex> | Ref<rw_semaphore>;
/** Reports when the caller does not hold the lock. Context: any. Source: include/linux/lockdep.h */
export function lockdep_assert_held(lock: LockRef): void;
/** Reports when the caller does not hold the lock as a reader. Context: any. Source: include/linux/lockdep.h */
export function lockdep_assert_held_read(lock: LockRef): void;
/** Reports when the caller does not hold the lock as its writer. Context: any. Source: include/linux/lockdep.h */
export function lockdep_assert_held_write(lock: LockRef): void;
/** Reports when the caller holds the lock. Context: any. Source: include/linux/lockdep.h */
export function lockdep_assert_not_held(lock: LockRef): void;
/** Whether the caller holds the lock: for the condition of rcu_dereference_protected. Context: any. Source: include/linux/lockdep.h */
export function lockdep_is_held(lock: LockRef): int;
