// The driver model's device, its log, and device nodes.
import type { gfp_t } from "./gfp.d.ts";
import type { resource } from "./ioport.d.ts";
import type { module } from "./module.d.ts";
import type { PrintkArgument } from "./printk.d.ts";
import type {
  AnyStruct,
  ArrayOf,
  CString,
  dev_t,
  ErrPtr,
  InitialisedBy,
  IoMem,
  int,
  Layout,
  Pointer,
  Ref,
  Struct,
  size_t,
} from "./types.d.ts";

export interface DeviceMembers {
  parent: Ref<device> | null;
  devt: dev_t;
}

/** `struct device`, what all devices have. Source: include/linux/device.h */
export type device = Struct<"device", DeviceMembers>;
/** `struct device`, what all devices have. Source: include/linux/device.h */
export const device: device;

/** `struct class`, whose name TypeScript keeps for itself. */
export type class_ = Struct<"class", object>;
/** `struct class`, whose name TypeScript keeps for itself. Source: include/linux/device/class.h */
export const class_: class_;

/** `struct device_driver`, what all drivers have in common. Source: include/linux/device/driver.h */
export type device_driver = Struct<"device_driver", InitialisedBy<DeviceDriverInit>>;
/** `struct device_driver`, what all drivers have in common. Source: include/linux/device/driver.h */
export const device_driver: device_driver;

/** Members of `struct device_driver` that drivers set. */
export interface DeviceDriverInit {
  name?: string;
  owner?: Ref<module>;
}

/** The device's name, such as 0000:00:04.0. Context: any. Source: include/linux/device.h */
export function dev_name(dev: Ref<device>): string;

/** Logs an error of this device. Context: any. Source: include/linux/dev_printk.h */
export function dev_err(dev: Ref<device>, format: string, ...args: PrintkArgument[]): void;
/** Logs a warning of this device. Context: any. Source: include/linux/dev_printk.h */
export function dev_warn(dev: Ref<device>, format: string, ...args: PrintkArgument[]): void;
/** Logs something significant of this device. Context: any. Source: include/linux/dev_printk.h */
export function dev_notice(dev: Ref<device>, format: string, ...args: PrintkArgument[]): void;
/** Logs for information about this device. Context: any. Source: include/linux/dev_printk.h */
export function dev_info(dev: Ref<device>, format: string, ...args: PrintkArgument[]): void;
/** Logs for debugging: shown only where dynamic debug is on. Context: any. Source: include/linux/dev_printk.h */
export function dev_dbg(dev: Ref<device>, format: string, ...args: PrintkArgument[]): void;

/** Logs why probe fails. Context: process. Result: `err`, to be returned. Source: drivers/base/core.c */
export function dev_err_probe(dev: Ref<device>, err: int, format: string, ...args: PrintkArgument[]): int;

/** What the driver stored with dev_set_drvdata, as a `layout`. Context: any. Source: include/linux/device.h */
export function dev_get_drvdata<T extends AnyStruct>(dev: Ref<device>, layout: T): Ref<T>;
/** Stores the driver's own data. Context: any. Source: include/linux/device.h */
export function dev_set_drvdata(dev: Ref<device>, data: Pointer<unknown> | null): void;

/**
 * Allocates cleared memory that is freed when the driver leaves the device, or probe fails.
 *
 * Context: as kmalloc. Result: NULL when there is no memory. Source: include/linux/device/devres.h
 */
export function devm_kzalloc<T extends Layout>(dev: Ref<device>, layout: T, gfp: gfp_t): Ref<T> | null;
export function devm_kzalloc(dev: Ref<device>, size: size_t, gfp: gfp_t): Ref<unknown> | null;
/** devm_kzalloc without clearing. Context: as kmalloc. Result: NULL when there is no memory. Source: drivers/base/devres.c */
export function devm_kmalloc<T extends Layout>(dev: Ref<device>, layout: T, gfp: gfp_t): Ref<T> | null;
export function devm_kmalloc(dev: Ref<device>, size: size_t, gfp: gfp_t): Ref<unknown> | null;
/** A cleared array that goes with the driver. Context: as kmalloc. Result: NULL when there is no memory. Source: include/linux/device/devres.h */
export function devm_kcalloc<T extends Layout>(
  dev: Ref<device>,
  n: size_t,
  layout: T,
  flags: gfp_t,
): Ref<ArrayOf<T>> | null;
export function devm_kcalloc(dev: Ref<device>, n: size_t, size: size_t, flags: gfp_t): Ref<unknown> | null;
/** devm_kcalloc without clearing. Context: as kmalloc. Result: NULL when there is no memory. Source: include/linux/device/devres.h */
export function devm_kmalloc_array<T extends Layout>(
  dev: Ref<device>,
  n: size_t,
  layout: T,
  flags: gfp_t,
): Ref<ArrayOf<T>> | null;
export function devm_kmalloc_array(dev: Ref<device>, n: size_t, size: size_t, flags: gfp_t): Ref<unknown> | null;
/** A copy of a text that goes with the driver. Context: as kmalloc. Result: NULL when there is no memory. Source: drivers/base/devres.c */
export function devm_kstrdup(dev: Ref<device>, s: CString, gfp: gfp_t): Ref<unknown> | null;
/** A text, made by a format, that goes with the driver. Context: as kmalloc. Result: NULL when there is no memory. Source: drivers/base/devres.c */
export function devm_kasprintf(
  dev: Ref<device>,
  gfp: gfp_t,
  format: string,
  ...args: PrintkArgument[]
): Ref<unknown> | null;
/** A copy of memory that goes with the driver. Context: as kmalloc. Result: NULL when there is no memory. Source: drivers/base/devres.c */
export function devm_kmemdup(dev: Ref<device>, src: Pointer<unknown>, len: size_t, gfp: gfp_t): Ref<unknown> | null;
/** Frees memory of devm_kmalloc and its kin before the driver leaves. Context: any. Source: drivers/base/devres.c */
export function devm_kfree(dev: Ref<device>, p: Pointer<unknown> | null): void;

/**
 * Has `action(data)` called when the driver leaves, after its remove function, in reverse order with all that it manages.
 *
 * Context: process, may sleep. Result: 0, or -ENOMEM. Source: include/linux/device/devres.h
 */
export function devm_add_action<P extends Pointer<unknown> | null>(
  dev: Ref<device>,
  action: (data: P) => void,
  data: P,
): int;
/** devm_add_action; where it fails, `action(data)` is called at once. Context: process, may sleep. Result: 0, or -ENOMEM. Source: include/linux/device/devres.h */
export function devm_add_action_or_reset<P extends Pointer<unknown> | null>(
  dev: Ref<device>,
  action: (data: P) => void,
  data: P,
): int;
/** The action is not called after all. Context: any. Source: drivers/base/devres.c */
export function devm_remove_action<P extends Pointer<unknown> | null>(
  dev: Ref<device>,
  action: (data: P) => void,
  data: P,
): void;
/** The action is called now, and not later. Context: process. Source: drivers/base/devres.c */
export function devm_release_action<P extends Pointer<unknown> | null>(
  dev: Ref<device>,
  action: (data: P) => void,
  data: P,
): void;
/** Claims and maps the addresses of a memory resource; both go with the driver. Context: process, may sleep. Result: an ERR_PTR of -EINVAL, -EBUSY or -ENOMEM. Source: lib/devres.c */
export function devm_ioremap_resource(dev: Ref<device>, res: Ref<resource>): IoMem | ErrPtr;

/** Makes a class for device nodes. Context: process, may sleep. Source: drivers/base/class.c */
export function class_create(name: string): Ref<class_> | ErrPtr;
/** Removes a class. Context: process, may sleep. Source: drivers/base/class.c */
export function class_destroy(cls: Ref<class_>): void;

/** Makes a device and its node in /dev, named by the format. Context: process, may sleep. Source: drivers/base/core.c */
export function device_create(
  cls: Ref<class_>,
  parent: Ref<device> | null,
  devt: dev_t,
  drvdata: Pointer<unknown> | null,
  format: string,
  ...args: PrintkArgument[]
): Ref<device> | ErrPtr;
/** Removes a device that device_create made. Context: process, may sleep. Source: drivers/base/core.c */
export function device_destroy(cls: Ref<class_>, devt: dev_t): void;
