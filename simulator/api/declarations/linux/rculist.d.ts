// Lists that readers of RCU go through while a writer changes them.
import type { hlist_head, hlist_node, list_head } from "./list.d.ts";
import type { int, Pointer, Ref, Struct } from "./types.d.ts";

/** Inserts an entry first, for readers to find. Context: any, one writer at a time. Source: include/linux/rculist.h */
export function list_add_rcu(entry: Ref<list_head>, head: Ref<list_head>): void;
/** Inserts an entry last, for readers to find. Context: any, one writer at a time. Source: include/linux/rculist.h */
export function list_add_tail_rcu(entry: Ref<list_head>, head: Ref<list_head>): void;
/** Takes an entry out; readers who are there find on. Free it after a grace period. Context: any, one writer at a time. Source: include/linux/rculist.h */
export function list_del_rcu(entry: Ref<list_head>): void;
/** Puts a new entry in the place of an old one; readers who are there find on. Context: any, one writer at a time. Source: include/linux/rculist.h */
export function list_replace_rcu(old: Ref<list_head>, entry: Ref<list_head>): void;
/** Inserts a node first, for readers to find. Context: any, one writer at a time. Source: include/linux/rculist.h */
export function hlist_add_head_rcu(n: Ref<hlist_node>, h: Ref<hlist_head>): void;
/** Takes a node out; readers who are there find on. Context: any, one writer at a time. Source: include/linux/rculist.h */
export function hlist_del_rcu(n: Ref<hlist_node>): void;
/** The same of a node that may be in no list. Context: any, one writer at a time. Source: include/linux/rculist.h */
export function hlist_del_init_rcu(n: Ref<hlist_node>): void;

/** What the loops over such lists begin with: reported when the caller is no reader and the condition does not hold. Context: any. Source: include/linux/rculist.h. Differs from Linux: one argument. */
export function __list_check_rcu(cond: boolean | int): void;

/** The members of a struct that are such links. */
type Links<M> = { [K in keyof M]: M[K] extends Pointer<list_head> ? K : never }[keyof M];
type HashLinks<M> = { [K in keyof M]: M[K] extends Pointer<hlist_node> ? K : never }[keyof M];

/** Every element from first to last, while writers may insert and take out. Context: any, within rcu_read_lock or where `cond` holds, as `lockdep_is_held(lock)` does; told otherwise. Source: include/linux/rculist.h */
export function list_for_each_entry_rcu<Name extends string, M>(
  head: Ref<list_head>,
  layout: Struct<Name, M>,
  member: Links<M>,
  cond?: boolean | int,
): Iterable<Ref<Struct<Name, M>>>;
/** The first element, or NULL when the list is empty. Context: any, within rcu_read_lock. Source: include/linux/rculist.h */
export function list_first_or_null_rcu<Name extends string, M>(
  head: Ref<list_head>,
  layout: Struct<Name, M>,
  member: Links<M>,
): Ref<Struct<Name, M>> | null;
/** Every element, while writers may insert and take out. Context: any, within rcu_read_lock or where `cond` holds, as `lockdep_is_held(lock)` does; told otherwise. Source: include/linux/rculist.h */
export function hlist_for_each_entry_rcu<Name extends string, M>(
  head: Ref<hlist_head>,
  layout: Struct<Name, M>,
  member: HashLinks<M>,
  cond?: boolean | int,
): Iterable<Ref<Struct<Name, M>>>;
