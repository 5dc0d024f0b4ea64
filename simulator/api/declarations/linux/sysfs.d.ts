// Attributes: files in /sys that one function shows and another stores.
import type { kobj_attribute, kobject } from "./kobject.d.ts";
import type { CString, InitialisedBy, int, Pointer, Ref, Struct, ssize_t, uint } from "./types.d.ts";

/** `struct attribute`, the part that all attributes begin with. Source: include/linux/sysfs.h */
export type attribute = Struct<"attribute", { name: CString; mode: uint }>;
/** `struct attribute`, the part that all attributes begin with. Source: include/linux/sysfs.h */
export const attribute: attribute;

export interface AttributeGroup {
  /** Of a directory of its own; without it the attributes stand in the kobject's. */
  name?: string;
  /** The mode of an attribute; 0 leaves it out. */
  is_visible?: (kobj: Ref<kobject>, attr: Ref<attribute>, n: int) => uint;
  /** `[{ attr: foo_attr.attr }, …]`: in C an array of pointers that NULL ends. */
  attrs: readonly { readonly attr: Ref<attribute> }[];
}

/** `struct attribute_group`. Source: include/linux/sysfs.h */
export type attribute_group = Struct<"attribute_group", InitialisedBy<AttributeGroup>>;
/** `struct attribute_group`. Source: include/linux/sysfs.h */
export const attribute_group: attribute_group;

export interface SysfsOps {
  show?: (kobj: Ref<kobject>, attr: Ref<attribute>, buf: Ref<unknown>) => ssize_t;
  store?: (kobj: Ref<kobject>, attr: Ref<attribute>, buf: Ref<unknown>, count: number) => ssize_t;
}

/** `struct sysfs_ops`, the functions of a kobj_type's attributes. Source: include/linux/sysfs.h */
export type sysfs_ops = Struct<"sysfs_ops", InitialisedBy<SysfsOps>>;
/** `struct sysfs_ops`, the functions of a kobj_type's attributes. Source: include/linux/sysfs.h */
export const sysfs_ops: sysfs_ops;

/** Fills the page at `buf`. Result: the bytes, as sysfs_emit gives them, or a negative errno. */
type Show = (kobj: Ref<kobject>, attr: Ref<kobj_attribute>, buf: Ref<unknown>) => ssize_t;
/** Takes the text at `buf`, which a NUL ends. Result: `count`, or a negative errno. */
type Store = (kobj: Ref<kobject>, attr: Ref<kobj_attribute>, buf: Ref<unknown>, count: number) => ssize_t;

/** A static attribute of a kobject: `const foo_attribute = __ATTR("foo", 0o644, foo_show, foo_store)`. At file scope. Source: include/linux/sysfs.h */
export function __ATTR(name: string, mode: uint, show: Show | null, store: Store | null): Ref<kobj_attribute>;
/** An attribute that is read: 0444. At file scope. Source: include/linux/sysfs.h */
export function __ATTR_RO(name: string, show: Show): Ref<kobj_attribute>;
/** An attribute that is written: 0200. At file scope. Source: include/linux/sysfs.h */
export function __ATTR_WO(name: string, store: Store): Ref<kobj_attribute>;
/** An attribute that is read and written: 0644. At file scope. Source: include/linux/sysfs.h */
export function __ATTR_RW(name: string, show: Show, store: Store): Ref<kobj_attribute>;
/** The list that `default_groups` wants, of one group. At file scope. Source: include/linux/sysfs.h. Differs from Linux: it takes the group. */
export function ATTRIBUTE_GROUPS(group: Ref<attribute_group>): Ref<unknown>;

/** Adds a file to a kobject's directory. Context: process, may sleep. Result: 0 or a negative errno. Source: fs/sysfs/file.c */
export function sysfs_create_file(kobj: Ref<kobject>, attr: Ref<attribute>): int;
/** Removes a file, when calls of its functions are over. Context: process, may sleep. Source: fs/sysfs/file.c */
export function sysfs_remove_file(kobj: Ref<kobject>, attr: Ref<attribute>): void;
/** Adds the files of a group, all or none. Context: process, may sleep. Result: 0 or a negative errno. Source: fs/sysfs/group.c */
export function sysfs_create_group(kobj: Ref<kobject>, grp: Ref<attribute_group>): int;
/** Removes the files of a group. Context: process, may sleep. Source: fs/sysfs/group.c */
export function sysfs_remove_group(kobj: Ref<kobject>, grp: Ref<attribute_group>): void;
/** Adds the files of a list of groups. Context: process, may sleep. Result: 0 or a negative errno. Source: fs/sysfs/group.c */
export function sysfs_create_groups(kobj: Ref<kobject>, groups: Pointer<unknown>): int;
/** Removes the files of a list of groups. Context: process, may sleep. Source: fs/sysfs/group.c */
export function sysfs_remove_groups(kobj: Ref<kobject>, groups: Pointer<unknown>): void;

type Values = (number | bigint | boolean | Pointer<unknown> | string | null)[];
/** Prints into the page that show was given, and no further. Context: any. Result: characters written. Source: fs/sysfs/file.c */
export function sysfs_emit(buf: Pointer<unknown>, fmt: string, ...args: Values): int;
/** The same from the byte `at` of the page on. Context: any. Result: characters written. Source: fs/sysfs/file.c */
export function sysfs_emit_at(buf: Pointer<unknown>, at: int, fmt: string, ...args: Values): int;
/** Tells those who poll an attribute (POLLPRI) that it has changed since they read it; `dir`: the name of its group, if that has one. Context: process, may sleep: it looks the file up. Source: fs/sysfs/file.c */
export function sysfs_notify(kobj: Ref<kobject>, dir: string | null, attr: string): void;
