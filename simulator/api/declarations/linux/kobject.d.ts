// Counted objects with a directory in /sys each.

import type { PrintkArgument } from "./printk.d.ts";
import type { attribute, sysfs_ops } from "./sysfs.d.ts";
import type { ArrayOf, CString, char, InitialisedBy, int, Pointer, Ref, Struct, ssize_t } from "./types.d.ts";

export interface KobjectMembers {
  readonly name: CString;
  readonly parent: Ref<unknown> | null;
  readonly ktype: Ref<kobj_type> | null;
}

/** `struct kobject`; a member type. Source: include/linux/kobject.h */
export type kobject = Struct<"kobject", KobjectMembers>;
/** `struct kobject`; a member type. Source: include/linux/kobject.h */
export const kobject: kobject;

export interface KobjType {
  /** The last reference is gone: frees what the kobject lies in. */
  release?: (kobj: Ref<kobject>) => void;
  /** What its attributes are shown and stored with. Differs from Linux: without it they are `kobj_attribute`s, for which C says `&kobj_sysfs_ops`. */
  sysfs_ops?: Ref<sysfs_ops>;
  /** ATTRIBUTE_GROUPS: made with the directory, so that user space finds them at once. */
  default_groups?: Pointer<unknown>;
}

/** `struct kobj_type`, what kobjects of a kind have in common. Source: include/linux/kobject.h */
export type kobj_type = Struct<"kobj_type", InitialisedBy<KobjType>>;
/** `struct kobj_type`, what kobjects of a kind have in common. Source: include/linux/kobject.h */
export const kobj_type: kobj_type;

export interface KobjAttributeMembers {
  readonly attr: Ref<attribute>;
  show: ((kobj: Ref<kobject>, attr: Ref<kobj_attribute>, buf: Ref<unknown>) => ssize_t) | null;
  store: ((kobj: Ref<kobject>, attr: Ref<kobj_attribute>, buf: Ref<unknown>, count: number) => ssize_t) | null;
}

/** `struct kobj_attribute`, made by __ATTR (linux/sysfs). Source: include/linux/kobject.h */
export type kobj_attribute = Struct<"kobj_attribute", KobjAttributeMembers>;
/** `struct kobj_attribute`, made by __ATTR (linux/sysfs). Source: include/linux/kobject.h */
export const kobj_attribute: kobj_attribute;

type Parent = Ref<kobject> | null;
type Values = (number | bigint | boolean | Pointer<unknown> | string | null)[];

/** The kobject of /sys/kernel. Context: any. Source: kernel/ksysfs.c. Differs from Linux: it is a function. */
export function kernel_kobj(): Ref<kobject>;
/** Makes a kobject with one reference, which kobject_put gives back. Context: any. Source: lib/kobject.c */
export function kobject_init(kobj: Ref<kobject>, ktype: Ref<kobj_type>): void;
/** Gives a kobject a directory below `parent`, NULL for /sys. After an error kobject_put is still due. Context: process, may sleep. Result: 0 or a negative errno. Source: lib/kobject.c */
export function kobject_add(kobj: Ref<kobject>, parent: Parent, fmt: string, ...args: Values): int;
/** kobject_init and kobject_add. After an error kobject_put is still due. Context: process, may sleep. Result: 0 or a negative errno. Source: lib/kobject.c */
export function kobject_init_and_add(
  kobj: Ref<kobject>,
  ktype: Ref<kobj_type>,
  parent: Parent,
  fmt: string,
  ...args: Values
): int;
/** Makes a directory with a kobject that is freed by its last kobject_put. Context: process, may sleep. Result: NULL: no memory, or the name is taken. Source: lib/kobject.c */
export function kobject_create_and_add(name: string, parent: Parent): Ref<kobject> | null;
/** Takes a reference. Context: any. Result: the kobject. Source: lib/kobject.c */
export function kobject_get(kobj: Ref<kobject>): Ref<kobject>;
/** Gives a reference back; with the last one the directory goes, and the type's release is called. NULL is fine. Context: process, may sleep. Source: lib/kobject.c */
export function kobject_put(kobj: Ref<kobject> | null): void;
/** Removes the directory while references remain. Context: process, may sleep. Source: lib/kobject.c */
export function kobject_del(kobj: Ref<kobject>): void;
/** Names a kobject before it is added. Context: process, may sleep. Result: 0 or -ENOMEM. Source: lib/kobject.c */
export function kobject_set_name(kobj: Ref<kobject>, fmt: string, ...args: Values): int;
/** The name. Context: any. Source: include/linux/kobject.h */
export function kobject_name(kobj: Ref<kobject>): string;

export interface KobjUeventEnvMembers {
  /** `NAME=value` each; NULL behind the last. */
  readonly envp: Ref<ArrayOf<CString>>;
  readonly envp_idx: int;
  /** Where they lie, one behind the other. */
  readonly buf: Ref<ArrayOf<char>>;
  readonly buflen: int;
}

/** `struct kobj_uevent_env`, what user space is told with an event of a device. Source: include/linux/kobject.h */
export type kobj_uevent_env = Struct<"kobj_uevent_env", KobjUeventEnvMembers>;
/** `struct kobj_uevent_env`, what user space is told with an event of a device. Source: include/linux/kobject.h */
export const kobj_uevent_env: kobj_uevent_env;

/** Adds `NAME=value`. Context: any. Result: 0, or -ENOMEM when there is no room, of which the kernel warns. Source: lib/kobject_uevent.c */
export function add_uevent_var(env: Ref<kobj_uevent_env>, format: string, ...args: PrintkArgument[]): int;
