// Ids of users and groups.
import type { u32 } from "./types.d.ts";

declare const user: unique symbol;
declare const group: unique symbol;

/** The id of a user in the kernel: a struct in C, so that it is not mistaken for a number. */
export interface kuid_t {
  readonly [user]: true;
}
/** The id of a group. */
export interface kgid_t {
  readonly [group]: true;
}

export const GLOBAL_ROOT_UID: kuid_t;
export const GLOBAL_ROOT_GID: kgid_t;
export const INVALID_UID: kuid_t;
/** The number of a user. Context: any. Source: include/linux/uidgid.h */
export function __kuid_val(uid: kuid_t): u32;
/** The number of a group. Context: any. Source: include/linux/uidgid.h */
export function __kgid_val(gid: kgid_t): u32;
/** The user of a number. Context: any. Source: include/linux/uidgid_types.h */
export function KUIDT_INIT(value: u32): kuid_t;
/** The group of a number. Context: any. Source: include/linux/uidgid_types.h */
export function KGIDT_INIT(value: u32): kgid_t;
/** Whether two users are the same. Context: any. Source: include/linux/uidgid.h */
export function uid_eq(left: kuid_t, right: kuid_t): boolean;
/** Whether two groups are the same. Context: any. Source: include/linux/uidgid.h */
export function gid_eq(left: kgid_t, right: kgid_t): boolean;
