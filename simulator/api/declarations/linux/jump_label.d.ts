// Static keys: branches that cost nothing while their key does not change.
import type { int, Ref, Struct } from "./types.d.ts";

/** What a branch is switched with; a member type. Source: include/linux/jump_label.h */
export type static_key = Struct<"static_key", { readonly enabled: int }>;
/** What a branch is switched with; a member type. Source: include/linux/jump_label.h */
export const static_key: static_key;

/** A static key that is off. At file scope. Source: include/linux/jump_label.h */
export function DEFINE_STATIC_KEY_FALSE(name: string): Ref<static_key>;
/** A static key that is on. At file scope. Source: include/linux/jump_label.h */
export function DEFINE_STATIC_KEY_TRUE(name: string): Ref<static_key>;
/** Whether the key is on, which is likely. Context: any. Source: include/linux/jump_label.h */
export function static_branch_likely(key: Ref<static_key>): boolean;
/** Whether the key is on, which is not likely. Context: any. Source: include/linux/jump_label.h */
export function static_branch_unlikely(key: Ref<static_key>): boolean;
/** Whether the key is on. Context: any. Source: include/linux/jump_label.h */
export function static_key_enabled(key: Ref<static_key>): boolean;
/** How often it was counted up. Context: any. Source: include/linux/jump_label.h */
export function static_key_count(key: Ref<static_key>): int;
/** Switches the key on. Context: process, may sleep. Source: kernel/jump_label.c */
export function static_branch_enable(key: Ref<static_key>): void;
/** Switches the key off. Context: process, may sleep. Source: kernel/jump_label.c */
export function static_branch_disable(key: Ref<static_key>): void;
/** Counts the key up, which is on while the count is not 0. Context: process, may sleep. Source: kernel/jump_label.c */
export function static_branch_inc(key: Ref<static_key>): void;
/** Counts the key down. Context: process, may sleep. Source: kernel/jump_label.c */
export function static_branch_dec(key: Ref<static_key>): void;
