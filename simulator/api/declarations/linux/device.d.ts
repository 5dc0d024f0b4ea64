// The driver model's device, its log, and device nodes.
import type { gfp_t } from "./gfp.d.ts";
import type { resource } from "./ioport.d.ts";
import type { kobject } from "./kobject.d.ts";
import type { module } from "./module.d.ts";
import type { device_node, OfDeviceIdInit, of_device_id } from "./of.d.ts";
import type { dev_pm_ops } from "./pm.d.ts";
import type { PrintkArgument } from "./printk.d.ts";
import type { attribute, attribute_group } from "./sysfs.d.ts";
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
  ssize_t,
  u32,
  uint,
} from "./types.d.ts";

export interface DeviceMembers {
  /** For sysfs_create_group and its kin. */
  readonly kobj: Ref<kobject>;
  parent: Ref<device> | null;
  bus: Ref<bus_type> | null;
  readonly driver: Ref<device_driver> | null;
  platform_data: Pointer<unknown> | null;
  readonly of_node: Ref<device_node> | null;
  init_name: string;
  id: u32;
  /** Attributes that it has from the beginning: ATTRIBUTE_GROUPS. */
  groups: Pointer<unknown> | null;
  /** Frees the device when nobody refers to it any more. */
  release: (dev: Ref<device>) => void;
  devt: dev_t;
}

/** `struct device`, what all devices have. Source: include/linux/device.h */
export type device = Struct<"device", DeviceMembers>;
/** `struct device`, what all devices have. Source: include/linux/device.h */
export const device: device;

/** Members of `struct class` that drivers set. */
export interface ClassInit {
  name: string;
  /** Attributes of the class: ATTRIBUTE_GROUPS. */
  class_groups?: Pointer<unknown>;
  /** Attributes of each of its devices. */
  dev_groups?: Pointer<unknown>;
}

/** `struct class`, whose name TypeScript keeps for itself. */
export type class_ = Struct<"class", InitialisedBy<ClassInit> & { dev_groups: Pointer<unknown> | null }>;
/** `struct class`, whose name TypeScript keeps for itself. Source: include/linux/device/class.h */
export const class_: class_;

/** `struct device_driver`, what all drivers have in common. Source: include/linux/device/driver.h */
export type device_driver = Struct<
  "device_driver",
  InitialisedBy<DeviceDriverInit> & { readonly name: string; readonly of_match_table: Ref<of_device_id> | null }
>;
/** `struct device_driver`, what all drivers have in common. Source: include/linux/device/driver.h */
export const device_driver: device_driver;

/** Members of `struct device_driver` that drivers set. */
export interface DeviceDriverInit {
  name?: string;
  bus?: Ref<bus_type>;
  /** Which nodes of the device tree it is for. The empty entry that ends the table in C is added. */
  of_match_table?: readonly OfDeviceIdInit[];
  probe?: (dev: Ref<device>) => int;
  remove?: (dev: Ref<device>) => int;
  shutdown?: (dev: Ref<device>) => void;
  pm?: Ref<dev_pm_ops> | null;
  owner?: Ref<module>;
  /** Attributes of the driver: ATTRIBUTE_GROUPS. */
  groups?: Pointer<unknown>;
  /** Attributes that its devices have while it is bound. */
  dev_groups?: Pointer<unknown>;
}

/** Members of `struct bus_type` that drivers set. */
export interface BusTypeInit {
  name?: string;
  dev_name?: string;
  match?: (dev: Ref<device>, drv: Ref<device_driver>) => int;
  probe?: (dev: Ref<device>) => int;
  remove?: (dev: Ref<device>) => void;
  shutdown?: (dev: Ref<device>) => void;
  /** Attributes of the bus, of each device on it, and of each driver: ATTRIBUTE_GROUPS. */
  bus_groups?: Pointer<unknown>;
  dev_groups?: Pointer<unknown>;
  drv_groups?: Pointer<unknown>;
}
/** `struct bus_type`, a kind of devices and their drivers. Source: include/linux/device/bus.h */
export type bus_type = Struct<"bus_type", InitialisedBy<BusTypeInit> & { readonly name: string }>;
/** `struct bus_type`, a kind of devices and their drivers. Source: include/linux/device/bus.h */
export const bus_type: bus_type;

/** Makes a bus. Context: process, may sleep. Result: 0 or a negative errno. Source: drivers/base/bus.c, as for all of buses */
export function bus_register(bus: Ref<bus_type>): int;
/** Removes a bus that has no devices or drivers left. Context: process, may sleep. */
export function bus_unregister(bus: Ref<bus_type>): void;
/** A device of a bus, with one more reference, for put_device. Context: process. Result: NULL when there is none. */
export function bus_find_device_by_name(
  bus: Ref<bus_type>,
  start: Ref<device> | null,
  name: string,
): Ref<device> | null;

/** Makes a device ready, with one reference. Context: any. Source: drivers/base/core.c, as for all of devices */
export function device_initialize(dev: Ref<device>): void;
/** Names a device that is not added yet. Context: process, may sleep. Result: 0, or -ENOMEM. */
export function dev_set_name(dev: Ref<device>, format: string, ...args: PrintkArgument[]): int;
/** Puts a device on its bus; a driver that fits is probed before it returns. When it fails, put_device is due. Context: process, may sleep. Result: 0 or a negative errno. */
export function device_add(dev: Ref<device>): int;
/** device_initialize and device_add; also when it fails, put_device is due, not kfree. Context: process, may sleep. Result: 0 or a negative errno. */
export function device_register(dev: Ref<device>): int;
/** Takes a device off its bus, after its driver has left. Context: process, may sleep. */
export function device_del(dev: Ref<device>): void;
/** device_del and put_device. Context: process, may sleep. */
export function device_unregister(dev: Ref<device>): void;
/** One more reference; NULL is ignored. Context: any. Result: the device. */
export function get_device<T extends Ref<device> | null>(dev: T): T;
/** One reference less; with the last, the device's release function is called. Context: where that may run. */
export function put_device(dev: Ref<device> | null): void;

/** Registers a driver with its bus; probe runs for every device that fits. Context: process, may sleep. Result: 0 or a negative errno. Source: drivers/base/driver.c */
export function driver_register(drv: Ref<device_driver>): int;
/** Unregisters a driver; remove runs for each of its devices. Context: process, may sleep. Source: drivers/base/driver.c */
export function driver_unregister(drv: Ref<device_driver>): void;

/** Waits until devices whose probe was put off with -EPROBE_DEFER have been tried again. Context: process, may sleep. Source: drivers/base/dd.c */
export function wait_for_device_probe(): void;

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

/** Logs why probe fails, but for -EPROBE_DEFER and -ENOMEM. Context: process. Result: `err`, to be returned. Source: drivers/base/core.c */
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

/** `struct device_attribute`, a file of a device in /sys. Source: include/linux/device.h */
export type device_attribute = Struct<"device_attribute", { readonly attr: Ref<attribute> }>;
/** `struct device_attribute`, a file of a device in /sys. Source: include/linux/device.h */
export const device_attribute: device_attribute;
/** `struct bus_attribute`, a file of a bus in /sys. Source: include/linux/device/bus.h */
export type bus_attribute = Struct<"bus_attribute", { readonly attr: Ref<attribute> }>;
/** `struct bus_attribute`, a file of a bus in /sys. Source: include/linux/device/bus.h */
export const bus_attribute: bus_attribute;
/** `struct driver_attribute`, a file of a driver in /sys. Source: include/linux/device/driver.h */
export type driver_attribute = Struct<"driver_attribute", { readonly attr: Ref<attribute> }>;
/** `struct driver_attribute`, a file of a driver in /sys. Source: include/linux/device/driver.h */
export const driver_attribute: driver_attribute;
/** `struct class_attribute`, a file of a class in /sys. Source: include/linux/device/class.h */
export type class_attribute = Struct<"class_attribute", { readonly attr: Ref<attribute> }>;
/** `struct class_attribute`, a file of a class in /sys. Source: include/linux/device/class.h */
export const class_attribute: class_attribute;

/** Fills the page at `buf`. Result: the bytes, as sysfs_emit gives them, or a negative errno. */
type DeviceShow = (dev: Ref<device>, attr: Ref<device_attribute>, buf: Ref<unknown>) => ssize_t;
/** Takes the text at `buf`, which a NUL ends. Result: `count`, or a negative errno. */
type DeviceStore = (dev: Ref<device>, attr: Ref<device_attribute>, buf: Ref<unknown>, count: size_t) => ssize_t;
type BusShow = (bus: Ref<bus_type>, buf: Ref<unknown>) => ssize_t;
type BusStore = (bus: Ref<bus_type>, buf: Ref<unknown>, count: size_t) => ssize_t;
type DriverShow = (drv: Ref<device_driver>, buf: Ref<unknown>) => ssize_t;
type DriverStore = (drv: Ref<device_driver>, buf: Ref<unknown>, count: size_t) => ssize_t;
type ClassShow = (cls: Ref<class_>, attr: Ref<class_attribute>, buf: Ref<unknown>) => ssize_t;
type ClassStore = (cls: Ref<class_>, attr: Ref<class_attribute>, buf: Ref<unknown>, count: size_t) => ssize_t;

/** A static attribute of devices: `const dev_attr_foo = DEVICE_ATTR("foo", 0o644, foo_show, foo_store)`. At file scope. Source: include/linux/device.h */
export function DEVICE_ATTR(
  name: string,
  mode: uint,
  show: DeviceShow | null,
  store: DeviceStore | null,
): Ref<device_attribute>;
/** An attribute of devices that is read: 0444. At file scope. Source: include/linux/device.h */
export function DEVICE_ATTR_RO(name: string, show: DeviceShow): Ref<device_attribute>;
/** An attribute of devices that is written: 0200. At file scope. Source: include/linux/device.h */
export function DEVICE_ATTR_WO(name: string, store: DeviceStore): Ref<device_attribute>;
/** An attribute of devices that is read and written: 0644. At file scope. Source: include/linux/device.h */
export function DEVICE_ATTR_RW(name: string, show: DeviceShow, store: DeviceStore): Ref<device_attribute>;
/** An attribute of a bus that is read: 0444. At file scope. Source: include/linux/device/bus.h */
export function BUS_ATTR_RO(name: string, show: BusShow): Ref<bus_attribute>;
/** An attribute of a bus that is written: 0200. At file scope. Source: include/linux/device/bus.h */
export function BUS_ATTR_WO(name: string, store: BusStore): Ref<bus_attribute>;
/** An attribute of a bus that is read and written: 0644. At file scope. Source: include/linux/device/bus.h */
export function BUS_ATTR_RW(name: string, show: BusShow, store: BusStore): Ref<bus_attribute>;
/** An attribute of a driver that is read: 0444. At file scope. Source: include/linux/device/driver.h */
export function DRIVER_ATTR_RO(name: string, show: DriverShow): Ref<driver_attribute>;
/** An attribute of a driver that is written: 0200. At file scope. Source: include/linux/device/driver.h */
export function DRIVER_ATTR_WO(name: string, store: DriverStore): Ref<driver_attribute>;
/** An attribute of a driver that is read and written: 0644. At file scope. Source: include/linux/device/driver.h */
export function DRIVER_ATTR_RW(name: string, show: DriverShow, store: DriverStore): Ref<driver_attribute>;
/** An attribute of a class that is read: 0444. At file scope. Source: include/linux/device/class.h */
export function CLASS_ATTR_RO(name: string, show: ClassShow): Ref<class_attribute>;
/** An attribute of a class that is written: 0200. At file scope. Source: include/linux/device/class.h */
export function CLASS_ATTR_WO(name: string, store: ClassStore): Ref<class_attribute>;
/** An attribute of a class that is read and written: 0644. At file scope. Source: include/linux/device/class.h */
export function CLASS_ATTR_RW(name: string, show: ClassShow, store: ClassStore): Ref<class_attribute>;

/** Adds an attribute to a device that is added. Context: process, may sleep. Result: 0 or a negative errno. Source: drivers/base/core.c */
export function device_create_file(dev: Ref<device>, attr: Ref<device_attribute>): int;
/** Removes an attribute, when calls of its functions are over. Context: process, may sleep. Source: drivers/base/core.c */
export function device_remove_file(dev: Ref<device>, attr: Ref<device_attribute>): void;
/** Adds an attribute to a bus. Context: process, may sleep. Result: 0 or a negative errno. Source: drivers/base/bus.c */
export function bus_create_file(bus: Ref<bus_type>, attr: Ref<bus_attribute>): int;
/** Removes an attribute, when calls of its functions are over. Context: process, may sleep. Source: drivers/base/bus.c */
export function bus_remove_file(bus: Ref<bus_type>, attr: Ref<bus_attribute>): void;
/** Adds an attribute to a driver. Context: process, may sleep. Result: 0 or a negative errno. Source: drivers/base/driver.c */
export function driver_create_file(drv: Ref<device_driver>, attr: Ref<driver_attribute>): int;
/** Removes an attribute, when calls of its functions are over. Context: process, may sleep. Source: drivers/base/driver.c */
export function driver_remove_file(drv: Ref<device_driver>, attr: Ref<driver_attribute>): void;
/** Adds an attribute to a class. Context: process, may sleep. Result: 0 or a negative errno. Source: include/linux/device/class.h */
export function class_create_file(cls: Ref<class_>, attr: Ref<class_attribute>): int;
/** Removes an attribute, when calls of its functions are over. Context: process, may sleep. Source: include/linux/device/class.h */
export function class_remove_file(cls: Ref<class_>, attr: Ref<class_attribute>): void;
/** Adds the attributes of ATTRIBUTE_GROUPS, all or none. Context: process, may sleep. Result: 0 or a negative errno. Source: drivers/base/core.c */
export function device_add_groups(dev: Ref<device>, groups: Pointer<unknown>): int;
/** Removes the attributes of ATTRIBUTE_GROUPS. Context: process, may sleep. Source: drivers/base/core.c */
export function device_remove_groups(dev: Ref<device>, groups: Pointer<unknown>): void;
/** Adds the attributes of a group, which go with the driver. Context: process, may sleep. Result: 0 or a negative errno. Source: drivers/base/core.c */
export function devm_device_add_group(dev: Ref<device>, grp: Ref<attribute_group>): int;

/** Makes a class that the driver has room for itself. Context: process, may sleep. Result: 0, or -EEXIST. Source: drivers/base/class.c */
export function class_register(cls: Ref<class_>): int;
/** Removes a class of class_register. Context: process, may sleep. Source: drivers/base/class.c */
export function class_unregister(cls: Ref<class_>): void;
/** Makes a device with attributes and its node in /dev, named by the format. Context: process, may sleep. Source: drivers/base/core.c */
export function device_create_with_groups(
  cls: Ref<class_>,
  parent: Ref<device> | null,
  devt: dev_t,
  drvdata: Pointer<unknown> | null,
  groups: Pointer<unknown> | null,
  format: string,
  ...args: PrintkArgument[]
): Ref<device> | ErrPtr;

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
