// How a module begins, ends, and says what it is.
import type {
  ArrayOf,
  CString,
  charp,
  InitialisedBy,
  int,
  Layout,
  Pointer,
  Ref,
  Struct,
  uint,
  ulong,
} from "./types.d.ts";

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
/** Another name under which user space may load the module. At file scope. Source: include/linux/module.h */
export function MODULE_ALIAS(alias: string): void;
/** A firmware file that the module asks for. At file scope. Source: include/linux/module.h */
export function MODULE_FIRMWARE(file: string): void;
/** Modules to be loaded before or after. At file scope. Source: include/linux/module.h */
export function MODULE_SOFTDEP(deps: string): void;
/** The ids of the devices that the module is for, so that it is loaded when one appears. At file scope. Source: include/linux/module.h */
export function MODULE_DEVICE_TABLE(bus: string, table: object): void;
/** Makes a function callable by other modules. At file scope. Source: include/linux/export.h */
export function EXPORT_SYMBOL(fn: (...args: never[]) => unknown): void;
/** The same for modules with a licence compatible with the GPL. At file scope. Source: include/linux/export.h */
export function EXPORT_SYMBOL_GPL(fn: (...args: never[]) => unknown): void;
/** Keeps a module loaded. Context: any. Result: false when it is going away. Source: kernel/module/main.c */
export function try_module_get(module: Ref<module> | null): boolean;
/** Keeps a module loaded that is known to be kept already. Context: any. Source: kernel/module/main.c */
export function __module_get(module: Ref<module>): void;
/** Lets a module go. Context: any. Source: kernel/module/main.c */
export function module_put(module: Ref<module> | null): void;
/** The address of an exported symbol. Context: process. Result: 0 when there is none. Differs from Linux: modules cannot call it since 5.7. Source: kernel/kallsyms.c */
export function kallsyms_lookup_name(name: string): ulong;
/** Writes which function an address belongs to: `name+0x0/0x10`. Context: any. Result: characters written. Source: kernel/kallsyms.c */
export function sprint_symbol(buffer: Pointer<unknown>, address: ulong): int;

/** `struct kernel_param`, a parameter as its functions see it. Source: include/linux/moduleparam.h */
export type kernel_param = Struct<
  "kernel_param",
  { readonly name: Pointer<unknown>; readonly arg: Ref<unknown> | null }
>;
/** `struct kernel_param`, a parameter as its functions see it. Source: include/linux/moduleparam.h */
export const kernel_param: kernel_param;

export interface KernelParamOpsInit {
  /** Sets the parameter from a text: 0, or a negative errno. */
  set?: (val: Ref<unknown>, kp: Ref<kernel_param>) => int;
  /** Writes the parameter as text: characters written, or a negative errno. */
  get?: (buffer: Ref<unknown>, kp: Ref<kernel_param>) => int;
}

/** `struct kernel_param_ops`, how a parameter is set and shown. Source: include/linux/moduleparam.h */
export type kernel_param_ops = Struct<"kernel_param_ops", InitialisedBy<KernelParamOpsInit>>;
/** `struct kernel_param_ops`, how a parameter is set and shown. Source: include/linux/moduleparam.h */
export const kernel_param_ops: kernel_param_ops;

/**
 * A variable that insmod sets, and /sys/module shows with these permissions (0: not at all). The macro of C names a
 * static variable; here it makes it: `const howmany = module_param("howmany", int, 1, 0o444)`, used as `howmany.value`.
 *
 * At file scope. Source: include/linux/moduleparam.h
 */
export function module_param<T extends Layout>(name: string, type: T, initial: number | boolean, perm: uint): Ref<T>;
export function module_param(name: string, type: typeof charp, initial: string, perm: uint): { value: CString };
/** An array that insmod sets, `list=1,2,3`; `count`, if any, is told how many. At file scope. Source: include/linux/moduleparam.h */
export function module_param_array<T extends Layout>(
  name: string,
  type: T,
  length: uint,
  count: Pointer<unknown> | null,
  perm: uint,
): Ref<ArrayOf<T>>;
/** A parameter that the driver's own functions set and show. At file scope. Source: include/linux/moduleparam.h */
export function module_param_cb(
  name: string,
  ops: Ref<kernel_param_ops>,
  arg: Pointer<unknown> | null,
  perm: uint,
): void;
/** What a parameter is for, as modinfo shows it. At file scope. Source: include/linux/moduleparam.h */
export function MODULE_PARM_DESC(name: string, description: string): void;
/** Sets the int that `kp` points to from a text. Context: process. Result: 0 or a negative errno. Source: kernel/params.c */
export function param_set_int(val: CString, kp: Ref<kernel_param>): int;
/** Writes the int that `kp` points to as text. Context: process. Result: characters written. Source: kernel/params.c */
export function param_get_int(buffer: Pointer<unknown>, kp: Ref<kernel_param>): int;
/** Sets the uint that `kp` points to from a text. Context: process. Result: 0 or a negative errno. Source: kernel/params.c */
export function param_set_uint(val: CString, kp: Ref<kernel_param>): int;
/** Writes the uint that `kp` points to as text. Context: process. Result: characters written. Source: kernel/params.c */
export function param_get_uint(buffer: Pointer<unknown>, kp: Ref<kernel_param>): int;
/** Sets the bool that `kp` points to from a text. Context: process. Result: 0 or a negative errno. Source: kernel/params.c */
export function param_set_bool(val: CString, kp: Ref<kernel_param>): int;
/** Writes the bool that `kp` points to as text. Context: process. Result: characters written. Source: kernel/params.c */
export function param_get_bool(buffer: Pointer<unknown>, kp: Ref<kernel_param>): int;
/** Sets the charp that `kp` points to from a text. Context: process, may sleep. Result: 0 or a negative errno. Source: kernel/params.c */
export function param_set_charp(val: CString, kp: Ref<kernel_param>): int;
/** Writes the charp that `kp` points to as text. Context: process. Result: characters written. Source: kernel/params.c */
export function param_get_charp(buffer: Pointer<unknown>, kp: Ref<kernel_param>): int;
