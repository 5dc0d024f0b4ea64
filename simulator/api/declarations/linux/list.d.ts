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
