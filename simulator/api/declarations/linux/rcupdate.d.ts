// RCU: readers that never wait, and what is done once they have left.
import type { int, Pointer, Ref, Struct } from "./types.d.ts";

/** What call_rcu and kfree_rcu need in an object; a member type. Source: include/linux/types.h */
export type rcu_head = Struct<"callback_head", object>;
/** What call_rcu and kfree_rcu need in an object; a member type. Source: include/linux/types.h */
export const rcu_head: rcu_head;

/** Begins a read-side critical section: what it finds is not freed before it ends. It may be preempted; it must not sleep. Context: any. Source: include/linux/rcupdate.h */
export function rcu_read_lock(): void;
/** Ends it. Context: any. Source: include/linux/rcupdate.h */
export function rcu_read_unlock(): void;
/** Whether the caller is in such a section. Context: any. Source: kernel/rcu/update.c */
export function rcu_read_lock_held(): int;
/** Begins the same with bottom halves off. Context: any. Source: include/linux/rcupdate.h */
export function rcu_read_lock_bh(): void;
/** Ends it. Context: any. Source: include/linux/rcupdate.h */
export function rcu_read_unlock_bh(): void;
/** Whether the caller is in such a section. Context: any. Source: kernel/rcu/update.c */
export function rcu_read_lock_bh_held(): int;
/** Begins the same with preemption off. Context: any. Source: include/linux/rcupdate.h */
export function rcu_read_lock_sched(): void;
/** Ends it. Context: any. Source: include/linux/rcupdate.h */
export function rcu_read_unlock_sched(): void;
/** Whether the caller is in such a section. Context: any. Source: kernel/rcu/update.c */
export function rcu_read_lock_sched_held(): int;
/** Whether the caller is in a section of any of these kinds, or cannot be preempted. Context: any. Source: kernel/rcu/update.c */
export function rcu_read_lock_any_held(): int;
/** Reports suspicious RCU usage when the condition holds: `RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "no reader")`. Context: any. Source: include/linux/rcupdate.h */
export function RCU_LOCKDEP_WARN(c: boolean | int, s: string): void;
/** A pointer that readers may follow: `rcu_dereference(d.ptr)`. Reported when the caller is no such reader. Context: any. Result: the pointer. Source: include/linux/rcupdate.h */
export function rcu_dereference<P extends Pointer<unknown> | null>(p: P): P;
/** The same, right under a condition too, such as a lock that is held. Context: any. Result: the pointer. Source: include/linux/rcupdate.h */
export function rcu_dereference_check<P extends Pointer<unknown> | null>(p: P, c: boolean | int): P;
/** A pointer that readers may follow: `rcu_dereference_bh(d.ptr)`. Reported when the caller is no such reader. Context: any. Result: the pointer. Source: include/linux/rcupdate.h */
export function rcu_dereference_bh<P extends Pointer<unknown> | null>(p: P): P;
/** The same, right under a condition too, such as a lock that is held. Context: any. Result: the pointer. Source: include/linux/rcupdate.h */
export function rcu_dereference_bh_check<P extends Pointer<unknown> | null>(p: P, c: boolean | int): P;
/** A pointer that readers may follow: `rcu_dereference_sched(d.ptr)`. Reported when the caller is no such reader. Context: any. Result: the pointer. Source: include/linux/rcupdate.h */
export function rcu_dereference_sched<P extends Pointer<unknown> | null>(p: P): P;
/** The same, right under a condition too, such as a lock that is held. Context: any. Result: the pointer. Source: include/linux/rcupdate.h */
export function rcu_dereference_sched_check<P extends Pointer<unknown> | null>(p: P, c: boolean | int): P;
/** A pointer that nobody changes, because of a lock: reported when the condition does not hold. Context: any. Result: the pointer. Source: include/linux/rcupdate.h */
export function rcu_dereference_protected<P extends Pointer<unknown> | null>(p: P, c: boolean | int): P;
/** A pointer for which somebody else answers. Context: any. Result: the pointer. Source: include/linux/rcupdate.h */
export function rcu_dereference_raw<P extends Pointer<unknown> | null>(p: P): P;
/** A pointer that is compared and not followed. Context: any. Result: the pointer. Source: include/linux/rcupdate.h */
export function rcu_access_pointer<P extends Pointer<unknown> | null>(p: P): P;
/** The pointer to store where readers find it, once all is stored that it points to: `d.ptr = rcu_assign_pointer(p)`; C's macro assigns it to its first argument. Context: any. Result: the pointer. Source: include/linux/rcupdate.h */
export function rcu_assign_pointer<P extends Pointer<unknown> | null>(v: P): P;
/** The same where no reader is there yet, without the barrier. Context: any. Result: the pointer. Source: include/linux/rcupdate.h */
export function RCU_INIT_POINTER<P extends Pointer<unknown> | null>(v: P): P;
/** Waits until all readers have left that are there now. Context: process, may sleep. Source: kernel/rcu/tree.c */
export function synchronize_rcu(): void;
/** The same in a hurry. Context: process, may sleep. Differs from Linux: it takes as long as synchronize_rcu. Source: kernel/rcu/tree_exp.h */
export function synchronize_rcu_expedited(): void;
/** Has `func` called with the head, once all readers have left that are there now. It runs in RCU_SOFTIRQ: container_of gives the object. Context: any. Source: kernel/rcu/tree.c */
export function call_rcu(head: Ref<rcu_head>, func: (head: Ref<rcu_head>) => void): void;
/** Frees an object once all readers have left: `kfree_rcu(p, "rcu")` names its rcu_head. Context: any. Differs from Linux: it is freed in RCU_SOFTIRQ rather than by a work. Source: include/linux/rcupdate.h */
export function kfree_rcu(ptr: Pointer<unknown> | null, rhf: string): void;
/** The same for an object without a rcu_head. Context: process, may sleep. Source: include/linux/rcupdate.h */
export function kfree_rcu_mightsleep(ptr: Pointer<unknown> | null): void;
/** Waits until all functions have been called that call_rcu has taken: before a module that has them goes. Context: process, may sleep. Source: kernel/rcu/tree.c */
export function rcu_barrier(): void;
