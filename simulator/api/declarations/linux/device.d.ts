// The driver model's device, its log, and device nodes.
import type { gfp_t } from "./gfp.d.ts";
import type { module } from "./module.d.ts";
import type { PrintkArgument } from "./printk.d.ts";
import type { AnyStruct, dev_t, ErrPtr, InitialisedBy, int, Layout, Pointer, Ref, Struct, size_t } from "./types.d.ts";

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
