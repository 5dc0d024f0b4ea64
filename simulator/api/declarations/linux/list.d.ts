// Doubly linked lists whose links lie inside the elements.
import type { int, Pointer, Ref, Struct } from "./types.d.ts";

export interface ListHeadMembers {
  next: Ref<list_head> | null;
  prev: Ref<list_head> | null;
}

/** `struct list_head`, a list, or the link of an element in one; a member type. Source: include/linux/types.h */
export type list_head = Struct<"list_head", ListHeadMembers>;
/** `struct list_head`, a list, or the link of an element in one; a member type. Source: include/linux/types.h */
export const list_head: list_head;

/** The members of a struct that are links. */
type Links<M> = { [K in keyof M]: M[K] extends Pointer<list_head> ? K : never }[keyof M];

/** A static empty list: `const devices = LIST_HEAD("devices")`. At file scope. Source: include/linux/list.h, as for all of these */
export function LIST_HEAD(name: string): Ref<list_head>;
/** Makes an empty list. Context: any. */
export function INIT_LIST_HEAD(list: Ref<list_head>): void;
/** Inserts `entry` after `head`: first in the list. Context: any. */
export function list_add(entry: Ref<list_head>, head: Ref<list_head>): void;
/** Inserts `entry` before `head`: last in the list. Context: any. */
export function list_add_tail(entry: Ref<list_head>, head: Ref<list_head>): void;
/** Takes an entry out and poisons its links. Context: any. */
export function list_del(entry: Ref<list_head>): void;
/** Takes an entry out and makes it an empty list. Context: any. */
export function list_del_init(entry: Ref<list_head>): void;
/** Whether the list is empty. Context: any. */
export function list_empty(head: Ref<list_head>): int;

/** The struct that holds this link: container_of by its name for lists. Context: any. */
export function list_entry<Name extends string, M>(
  p: Ref<list_head>,
  layout: Struct<Name, M>,
  member: Links<M>,
): Ref<Struct<Name, M>>;

/** The first element of a list that is known not to be empty. Context: any. */
export function list_first_entry<Name extends string, M>(
  head: Ref<list_head>,
  layout: Struct<Name, M>,
  member: Links<M>,
): Ref<Struct<Name, M>>;

/** The first element, or NULL when the list is empty. Context: any. */
export function list_first_entry_or_null<Name extends string, M>(
  head: Ref<list_head>,
  layout: Struct<Name, M>,
  member: Links<M>,
): Ref<Struct<Name, M>> | null;

/**
 * Every element from first to last: `for (const d of list_for_each_entry(devices, edu_dev, "node"))`. The current
 * element must stay in the list.
 *
 * Context: any; the list must not change meanwhile.
 */
export function list_for_each_entry<Name extends string, M>(
  head: Ref<list_head>,
  layout: Struct<Name, M>,
  member: Links<M>,
): Iterable<Ref<Struct<Name, M>>>;

/** Every element from first to last, where the current one may be taken out and freed. Context: any. */
export function list_for_each_entry_safe<Name extends string, M>(
  head: Ref<list_head>,
  layout: Struct<Name, M>,
  member: Links<M>,
): Iterable<Ref<Struct<Name, M>>>;

/** Every element from last to first. Context: any. */
export function list_for_each_entry_reverse<Name extends string, M>(
  head: Ref<list_head>,
  layout: Struct<Name, M>,
  member: Links<M>,
): Iterable<Ref<Struct<Name, M>>>;
/** Takes an entry out of its list, and inserts it first in another. Context: any. Source: include/linux/list.h */
export function list_move(entry: Ref<list_head>, head: Ref<list_head>): void;
/** Takes an entry out of its list, and inserts it last in another. Context: any. Source: include/linux/list.h */
export function list_move_tail(entry: Ref<list_head>, head: Ref<list_head>): void;
/** Puts a new entry in the place of an old one. Context: any. Source: include/linux/list.h */
export function list_replace(old: Ref<list_head>, entry: Ref<list_head>): void;
/** Whether an entry is the first. Context: any. Source: include/linux/list.h */
export function list_is_first(entry: Ref<list_head>, head: Ref<list_head>): int;
/** Whether an entry is the last. Context: any. Source: include/linux/list.h */
export function list_is_last(entry: Ref<list_head>, head: Ref<list_head>): int;
/** Whether there is exactly one entry. Context: any. Source: include/linux/list.h */
export function list_is_singular(head: Ref<list_head>): int;
/** Moves the first entry to the end. Context: any. Source: include/linux/list.h */
export function list_rotate_left(head: Ref<list_head>): void;
/** Puts the entries of a list first into another; `list` is not usable afterwards. Context: any. Source: include/linux/list.h */
export function list_splice(list: Ref<list_head>, head: Ref<list_head>): void;
/** Puts the entries of a list last into another; `list` is not usable afterwards. Context: any. Source: include/linux/list.h */
export function list_splice_tail(list: Ref<list_head>, head: Ref<list_head>): void;
/** Puts the entries of a list first into another, and leaves it empty. Context: any. Source: include/linux/list.h */
export function list_splice_init(list: Ref<list_head>, head: Ref<list_head>): void;
/** Puts the entries of a list last into another, and leaves it empty. Context: any. Source: include/linux/list.h */
export function list_splice_tail_init(list: Ref<list_head>, head: Ref<list_head>): void;

/** The last element of a list that is known not to be empty. Context: any. */
export function list_last_entry<Name extends string, M>(
  head: Ref<list_head>,
  layout: Struct<Name, M>,
  member: Links<M>,
): Ref<Struct<Name, M>>;
/** Every link from first to last. Context: any; the list must not change meanwhile. */
export function list_for_each(head: Ref<list_head>): Iterable<Ref<list_head>>;
/** Every link from first to last, where the current one may be taken out. Context: any. */
export function list_for_each_safe(head: Ref<list_head>): Iterable<Ref<list_head>>;

/** `struct hlist_head`, a list with a single pointer as its head; a member type. Source: include/linux/types.h */
export type hlist_head = Struct<"hlist_head", { first: Ref<hlist_node> | null }>;
/** `struct hlist_head`, a list with a single pointer as its head; a member type. Source: include/linux/types.h */
export const hlist_head: hlist_head;
/** `struct hlist_node`, a link in such a list; a member type. Source: include/linux/types.h */
export type hlist_node = Struct<"hlist_node", { next: Ref<hlist_node> | null }>;
/** `struct hlist_node`, a link in such a list; a member type. Source: include/linux/types.h */
export const hlist_node: hlist_node;

/** The members of a struct that are such links. */
type HashLinks<M> = { [K in keyof M]: M[K] extends Pointer<hlist_node> ? K : never }[keyof M];

/** Makes an empty list. Context: any. Source: include/linux/list.h */
export function INIT_HLIST_HEAD(h: Ref<hlist_head>): void;
/** Makes a node that is in no list. Context: any. Source: include/linux/list.h */
export function INIT_HLIST_NODE(n: Ref<hlist_node>): void;
/** Inserts a node first. Context: any. Source: include/linux/list.h */
export function hlist_add_head(n: Ref<hlist_node>, h: Ref<hlist_head>): void;
/** Takes a node out and poisons its links. Context: any. Source: include/linux/list.h */
export function hlist_del(n: Ref<hlist_node>): void;
/** Takes a node out, if it is in a list. Context: any. Source: include/linux/list.h */
export function hlist_del_init(n: Ref<hlist_node>): void;
/** Whether a list is empty. Context: any. Source: include/linux/list.h */
export function hlist_empty(h: Ref<hlist_head>): int;
/** Whether a node is in no list. Context: any. Source: include/linux/list.h */
export function hlist_unhashed(n: Ref<hlist_node>): int;
/** Every element. Context: any; the list must not change meanwhile. */
export function hlist_for_each_entry<Name extends string, M>(
  head: Ref<hlist_head>,
  layout: Struct<Name, M>,
  member: HashLinks<M>,
): Iterable<Ref<Struct<Name, M>>>;
/** Every element, where the current one may be taken out and freed. Context: any. */
export function hlist_for_each_entry_safe<Name extends string, M>(
  head: Ref<hlist_head>,
  layout: Struct<Name, M>,
  member: HashLinks<M>,
): Iterable<Ref<Struct<Name, M>>>;
