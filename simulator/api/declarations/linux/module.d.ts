// How a module begins, ends, and says what it is.
import type { int, Ref, Struct } from "./types.d.ts";

/** `struct module`, a loaded module. Source: include/linux/module.h */
export type module = Struct<"module", object>;
/** `struct module`, a loaded module. */
export const module: module;

/** The module that this code belongs to, for `owner` members. Source: include/linux/init.h */
export const THIS_MODULE: Ref<module>;

/**
 * The function that runs when the module is loaded, in process context; a negative errno refuses to load.
 *
 * At file scope, once. Source: include/linux/module.h
 */
export function module_init(init: () => int): void;

/** The function that runs when the module is unloaded, in process context. At file scope, once. Source: include/linux/module.h */
export function module_exit(exit: () => void): void;

/** The licence: "GPL" and its kin keep the kernel untainted. At file scope. Source: include/linux/module.h */
export function MODULE_LICENSE(license: string): void;
/** Who wrote it. At file scope. Source: include/linux/module.h */
export function MODULE_AUTHOR(author: string): void;
/** What it does. At file scope. Source: include/linux/module.h */
export function MODULE_DESCRIPTION(description: string): void;
/** Its version. At file scope. Source: include/linux/module.h */
export function MODULE_VERSION(version: string): void;
