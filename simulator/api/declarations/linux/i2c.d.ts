// Devices on an I2C bus and their drivers.
import type { DeviceDriverInit, device } from "./device.d.ts";
import type {
  AnyStruct,
  ArrayOf,
  CString,
  InitialisedBy,
  int,
  Pointer,
  Ref,
  Struct,
  u8,
  u16,
  ulong,
} from "./types.d.ts";

/** `struct i2c_adapter`, a bus. Source: include/linux/i2c.h */
export type i2c_adapter = Struct<
  "i2c_adapter",
  { readonly dev: Ref<device>; readonly nr: int; readonly name: CString }
>;
/** `struct i2c_adapter`, a bus. Source: include/linux/i2c.h */
export const i2c_adapter: i2c_adapter;

export interface I2cClientMembers {
  /** Seven bits. */
  readonly addr: u16;
  readonly flags: u16;
  readonly name: CString;
  readonly adapter: Ref<i2c_adapter>;
  readonly dev: Ref<device>;
  readonly irq: int;
}
/** `struct i2c_client`, a device on a bus. Source: include/linux/i2c.h */
export type i2c_client = Struct<"i2c_client", I2cClientMembers>;
/** `struct i2c_client`, a device on a bus. Source: include/linux/i2c.h */
export const i2c_client: i2c_client;

export interface I2cDeviceIdInit {
  name: string;
  driver_data?: ulong;
}
/** `struct i2c_device_id`. Source: include/linux/mod_devicetable.h */
export type i2c_device_id = Struct<"i2c_device_id", InitialisedBy<I2cDeviceIdInit> & { readonly driver_data: ulong }>;
/** `struct i2c_device_id`. Source: include/linux/mod_devicetable.h */
export const i2c_device_id: i2c_device_id;

export interface I2cDriverInit {
  probe: (client: Ref<i2c_client>) => int;
  remove?: (client: Ref<i2c_client>) => void;
  shutdown?: (client: Ref<i2c_client>) => void;
  driver: DeviceDriverInit;
  /** The empty entry that ends the table in C is added. */
  id_table?: readonly I2cDeviceIdInit[];
}
/** `struct i2c_driver`. Source: include/linux/i2c.h */
export type i2c_driver = Struct<"i2c_driver", InitialisedBy<I2cDriverInit>>;
/** `struct i2c_driver`. Source: include/linux/i2c.h */
export const i2c_driver: i2c_driver;

/** `struct i2c_msg`, one message of a transfer. Source: include/uapi/linux/i2c.h */
export type i2c_msg = Struct<"i2c_msg", { addr: u16; flags: u16; len: u16; buf: Pointer<unknown> }>;
/** `struct i2c_msg`, one message of a transfer. Source: include/uapi/linux/i2c.h */
export const i2c_msg: i2c_msg;
/** The message is read from the device. */
export const I2C_M_RD: u16;

/** Registers a driver; probe runs for every device that fits. Context: process, may sleep. Result: 0 or a negative errno. Source: drivers/i2c/i2c-core-base.c, as for all of these. Differs from Linux: adapters of the machine's controllers are there without a driver for those */
export function i2c_add_driver(driver: Ref<i2c_driver>): int;
/** Unregisters a driver; remove runs for each of its devices. Context: process, may sleep. */
export function i2c_del_driver(driver: Ref<i2c_driver>): void;
/** module_init and module_exit for a module that is nothing but this driver. At file scope. */
export function module_i2c_driver(driver: Ref<i2c_driver>): void;
/** What the driver stored, as a `layout`. Context: any. */
export function i2c_get_clientdata<T extends AnyStruct>(client: Ref<i2c_client>, layout: T): Ref<T>;
/** Stores the driver's own data. Context: any. */
export function i2c_set_clientdata(client: Ref<i2c_client>, data: Pointer<unknown> | null): void;
/** The entry of the id table by which the driver was found. Context: any. Result: NULL when there is none. */
export function i2c_client_get_device_id(client: Ref<i2c_client>): Ref<i2c_device_id> | null;
/** Sends bytes in one message. Context: process, may sleep. Result: how many, or a negative errno: -EREMOTEIO when nobody answers. */
export function i2c_master_send(client: Ref<i2c_client>, buf: Pointer<unknown>, count: int): int;
/** Receives bytes in one message. Context: process, may sleep. Result: how many, or a negative errno. */
export function i2c_master_recv(client: Ref<i2c_client>, buf: Pointer<unknown>, count: int): int;
/** Sends messages with repeated starts between them. Context: process, may sleep. Result: how many, or a negative errno. */
export function i2c_transfer(adap: Ref<i2c_adapter>, msgs: Ref<i2c_msg> | Ref<ArrayOf<i2c_msg>>, num: int): int;
/** Reads a byte. Context: process, may sleep. Result: it, or a negative errno. Source: drivers/i2c/i2c-core-smbus.c, as for all of SMBus */
export function i2c_smbus_read_byte(client: Ref<i2c_client>): int;
/** Sends a byte. Context: process, may sleep. Result: 0 or a negative errno. */
export function i2c_smbus_write_byte(client: Ref<i2c_client>, value: u8): int;
/** Reads a byte after a command. Context: process, may sleep. Result: it, or a negative errno. */
export function i2c_smbus_read_byte_data(client: Ref<i2c_client>, command: u8): int;
/** Sends a byte after a command. Context: process, may sleep. Result: 0 or a negative errno. */
export function i2c_smbus_write_byte_data(client: Ref<i2c_client>, command: u8, value: u8): int;
/** Reads two bytes after a command, the low one first. Context: process, may sleep. Result: the word, or a negative errno. */
export function i2c_smbus_read_word_data(client: Ref<i2c_client>, command: u8): int;
/** Sends two bytes after a command, the low one first. Context: process, may sleep. Result: 0 or a negative errno. */
export function i2c_smbus_write_word_data(client: Ref<i2c_client>, command: u8, value: u16): int;
