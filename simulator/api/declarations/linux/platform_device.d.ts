// Platform devices and their drivers.
import type { DeviceDriverInit, device, device_driver } from "./device.d.ts";
import type { resource } from "./ioport.d.ts";
import type {
  AnyStruct,
  ArrayOf,
  CString,
  ErrPtr,
  InitialisedBy,
  IoMem,
  int,
  Pointer,
  Ref,
  Struct,
  size_t,
  u32,
  uint,
  ulong,
} from "./types.d.ts";

export interface PlatformDeviceIdInit {
  name: string;
  driver_data?: ulong;
}
/** `struct platform_device_id`, which devices a driver is for. Source: include/linux/mod_devicetable.h */
export type platform_device_id = Struct<
  "platform_device_id",
  InitialisedBy<PlatformDeviceIdInit> & { readonly driver_data: ulong }
>;
/** `struct platform_device_id`, which devices a driver is for. Source: include/linux/mod_devicetable.h */
export const platform_device_id: platform_device_id;

export interface PlatformDeviceMembers {
  name: CString;
  id: int;
  /** The driver model's part. */
  readonly dev: Ref<device>;
  num_resources: u32;
  resource: Ref<resource> | null;
  /** The entry of the id table by which the driver was found. */
  readonly id_entry: Ref<platform_device_id> | null;
}
/** `struct platform_device`, a device that no bus can enumerate. Source: include/linux/platform_device.h */
export type platform_device = Struct<"platform_device", PlatformDeviceMembers>;
/** `struct platform_device`, a device that no bus can enumerate. Source: include/linux/platform_device.h */
export const platform_device: platform_device;

export interface PlatformDriverInit {
  /** A device was found: 0 takes it, a negative errno does not. Process context, may sleep. */
  probe?: (pdev: Ref<platform_device>) => int;
  /** The device or the driver goes away. Process context, may sleep. */
  remove?: (pdev: Ref<platform_device>) => void;
  shutdown?: (pdev: Ref<platform_device>) => void;
  driver: DeviceDriverInit;
  /** The empty entry that ends the table in C is added. */
  id_table?: readonly PlatformDeviceIdInit[];
}
/** `struct platform_driver`. Source: include/linux/platform_device.h */
export type platform_driver = Struct<
  "platform_driver",
  InitialisedBy<PlatformDriverInit> & { readonly driver: Ref<device_driver> }
>;
/** `struct platform_driver`. Source: include/linux/platform_device.h */
export const platform_driver: platform_driver;

/** The name alone is the device's. */
export const PLATFORM_DEVID_NONE: int;
/** The kernel numbers it. */
export const PLATFORM_DEVID_AUTO: int;

/** Registers a driver; probe runs for every device that fits. Context: process, may sleep. Result: 0 or a negative errno. Source: drivers/base/platform.c, as for all of these */
export function platform_driver_register(drv: Ref<platform_driver>): int;
/** Unregisters a driver; remove runs for each of its devices. Context: process, may sleep. */
export function platform_driver_unregister(drv: Ref<platform_driver>): void;
/** module_init and module_exit for a module that is nothing but this driver. At file scope. */
export function module_platform_driver(drv: Ref<platform_driver>): void;
/** A new device, to be added or put. Context: process, may sleep. Result: NULL when there is no memory. */
export function platform_device_alloc(name: string, id: int): Ref<platform_device> | null;
/** Gives a device copies of resources. Context: process, may sleep. Result: 0, or -ENOMEM. */
export function platform_device_add_resources(
  pdev: Ref<platform_device>,
  res: Ref<resource> | Ref<ArrayOf<resource>> | null,
  num: uint,
): int;
/** Gives a device a copy of data, as its platform_data. Context: process, may sleep. Result: 0, or -ENOMEM. */
export function platform_device_add_data(pdev: Ref<platform_device>, data: Pointer<unknown> | null, size: size_t): int;
/** Puts a device on the bus. When it fails, platform_device_put is due. Context: process, may sleep. Result: 0 or a negative errno. */
export function platform_device_add(pdev: Ref<platform_device>): int;
/** Puts a device on the bus that the caller has room for, and whose `dev.release` it has set. Context: process, may sleep. Result: 0 or a negative errno. */
export function platform_device_register(pdev: Ref<platform_device>): int;
/** Makes a device with these resources and puts it on the bus. Context: process, may sleep. Result: it, or an ERR_PTR. */
export function platform_device_register_simple(
  name: string,
  id: int,
  res: Ref<resource> | Ref<ArrayOf<resource>> | null,
  num: uint,
): Ref<platform_device> | ErrPtr;
/** Takes a device off the bus, and lets go of it. Context: process, may sleep. */
export function platform_device_unregister(pdev: Ref<platform_device> | null): void;
/** Lets go of a device that was not added. Context: process. */
export function platform_device_put(pdev: Ref<platform_device>): void;
/** The resource of a type at an index. Context: any. Result: NULL when there is none. */
export function platform_get_resource(dev: Ref<platform_device>, type: uint, num: uint): Ref<resource> | null;
/** The number of an interrupt, never 0. It logs where there is none. Context: process, may sleep. Result: it, or a negative errno. */
export function platform_get_irq(dev: Ref<platform_device>, num: uint): int;
/** platform_get_irq without a word where there is none. Context: process, may sleep. Result: it, or a negative errno. */
export function platform_get_irq_optional(dev: Ref<platform_device>, num: uint): int;
/** Claims and maps a memory resource; both go with the driver. Context: process, may sleep. Result: its address, or an ERR_PTR. */
export function devm_platform_ioremap_resource(pdev: Ref<platform_device>, index: uint): IoMem | ErrPtr;
/** What the driver stored, as a `layout`. Context: any. */
export function platform_get_drvdata<T extends AnyStruct>(pdev: Ref<platform_device>, layout: T): Ref<T>;
/** Stores the driver's own data. Context: any. */
export function platform_set_drvdata(pdev: Ref<platform_device>, data: Pointer<unknown> | null): void;
/** The resource of a type with a name. Context: any. Result: NULL when there is none. Source: drivers/base/platform.c */
export function platform_get_resource_byname(
  pdev: Ref<platform_device>,
  type: uint,
  name: string,
): Ref<resource> | null;
/** The number of the interrupt with a name. Context: process, may sleep. Result: it, or a negative errno. Source: drivers/base/platform.c */
export function platform_get_irq_byname(pdev: Ref<platform_device>, name: string): int;
/** How many interrupts a device has. Context: process, may sleep. Source: drivers/base/platform.c */
export function platform_irq_count(pdev: Ref<platform_device>): int;
