// SRCU: readers that may sleep, in domains of their own.
import type { rcu_head } from "./rcupdate.d.ts";
import type { int, Pointer, Ref, Struct } from "./types.d.ts";

/** A domain of readers that wait for nobody; a member type. Source: include/linux/srcutree.h */
export type srcu_struct = Struct<"srcu_struct", object>;
/** A domain of readers that wait for nobody; a member type. Source: include/linux/srcutree.h */
export const srcu_struct: srcu_struct;

/** A static domain, ready for use: `const edu_srcu = DEFINE_SRCU("edu_srcu")`. At file scope. Source: include/linux/srcutree.h */
export function DEFINE_SRCU(name: string): Ref<srcu_struct>;
/** The same for one file. At file scope. Source: include/linux/srcutree.h */
export function DEFINE_STATIC_SRCU(name: string): Ref<srcu_struct>;
/** Makes a domain ready for use. Context: process, may sleep. Result: 0, or a negative errno. Differs from Linux: it never fails. Source: kernel/rcu/srcutree.c */
export function init_srcu_struct(ssp: Ref<srcu_struct>): int;
/** Undoes init_srcu_struct, once no reader and no callback is left; it warns when there are some. Context: process, may sleep. Source: kernel/rcu/srcutree.c */
export function cleanup_srcu_struct(ssp: Ref<srcu_struct>): void;
/** Begins a read-side critical section, which may sleep. Context: any. Result: the index for srcu_read_unlock. Source: include/linux/srcu.h */
export function srcu_read_lock(ssp: Ref<srcu_struct>): int;
/** Ends it. Context: any, in the task that began it. Source: include/linux/srcu.h */
export function srcu_read_unlock(ssp: Ref<srcu_struct>, idx: int): void;
/** Whether the caller is a reader of the domain. Context: any. Source: include/linux/srcu.h */
export function srcu_read_lock_held(ssp: Ref<srcu_struct>): int;
/** A pointer that readers of the domain may follow: `srcu_dereference(d.ptr, d.srcu)`. Reported when the caller is none. Context: any. Result: the pointer. Source: include/linux/srcu.h */
export function srcu_dereference<P extends Pointer<unknown> | null>(p: P, ssp: Ref<srcu_struct>): P;
/** The same, right under a condition too, such as a lock that is held. Context: any. Result: the pointer. Source: include/linux/srcu.h */
export function srcu_dereference_check<P extends Pointer<unknown> | null>(
  p: P,
  ssp: Ref<srcu_struct>,
  c: boolean | int,
): P;
/** Waits until all readers of the domain have left that are there now. Context: process, may sleep. Source: kernel/rcu/srcutree.c */
export function synchronize_srcu(ssp: Ref<srcu_struct>): void;
/** The same in a hurry. Context: process, may sleep. Differs from Linux: it takes as long as synchronize_srcu. Source: kernel/rcu/srcutree.c */
export function synchronize_srcu_expedited(ssp: Ref<srcu_struct>): void;
/** Has `func` called with the head, once all readers of the domain have left that are there now. It runs in a worker with bottom halves off. Context: any. Source: kernel/rcu/srcutree.c */
export function call_srcu(ssp: Ref<srcu_struct>, rhp: Ref<rcu_head>, func: (head: Ref<rcu_head>) => void): void;
/** Waits until all functions have been called that call_srcu has taken for the domain. Context: process, may sleep. Source: kernel/rcu/srcutree.c */
export function srcu_barrier(ssp: Ref<srcu_struct>): void;
