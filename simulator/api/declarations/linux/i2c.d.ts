// Adapters, devices on an I2C bus and their drivers, and transfers.
import type { DeviceDriverInit, device } from "./device.d.ts";
import type { module } from "./module.d.ts";
import type { device_node } from "./of.d.ts";
import type {
  AnyStruct,
  ArrayOf,
  CString,
  ErrPtr,
  InitialisedBy,
  int,
  Pointer,
  Ref,
  Struct,
  s32,
  u8,
  u16,
  u32,
  uint,
  ulong,
} from "./types.d.ts";

export interface I2cAlgorithmInit {
  /** Sends and receives messages, with repeated starts between them. Result: how many, or a negative errno; -EAGAIN when another master had the bus. */
  xfer?: (adap: Ref<i2c_adapter>, msgs: Ref<ArrayOf<i2c_msg>>, num: int) => int;
  /** The older name of xfer. */
  master_xfer?: (adap: Ref<i2c_adapter>, msgs: Ref<ArrayOf<i2c_msg>>, num: int) => int;
  /** Performs SMBus commands itself; without it, or when it says -EOPNOTSUPP, they are made of messages. */
  smbus_xfer?: (
    adap: Ref<i2c_adapter>,
    addr: u16,
    flags: u16,
    read_write: u8,
    command: u8,
    size: int,
    data: Ref<i2c_smbus_data> | null,
  ) => int;
  /** Bits of I2C_FUNC_…. */
  functionality: (adap: Ref<i2c_adapter>) => u32;
}
/** `struct i2c_algorithm`, how an adapter transfers. Source: include/linux/i2c.h */
export type i2c_algorithm = Struct<"i2c_algorithm", InitialisedBy<I2cAlgorithmInit>>;
/** `struct i2c_algorithm`, how an adapter transfers. Source: include/linux/i2c.h. Differs from Linux: nothing calls xfer_atomic, which is for a machine that is going down */
export const i2c_algorithm: i2c_algorithm;

export interface I2cAdapterMembers {
  owner: Pointer<module> | null;
  readonly algo: Ref<i2c_algorithm> | null;
  algo_data: Pointer<unknown> | null;
  /** In jiffies; 0 becomes a second. */
  timeout: int;
  /** So often a transfer is tried again that ended with -EAGAIN. */
  retries: int;
  readonly dev: Ref<device>;
  nr: int;
  readonly name: CString;
}
export interface I2cAdapterInit {
  owner?: Pointer<module> | null;
  name: string;
  algo: Ref<i2c_algorithm>;
  algo_data?: Pointer<unknown> | null;
  timeout?: int;
  retries?: int;
  nr?: int;
}
/** `struct i2c_adapter`, a bus. Source: include/linux/i2c.h */
export type i2c_adapter = Struct<"i2c_adapter", I2cAdapterMembers & InitialisedBy<I2cAdapterInit>>;
/** `struct i2c_adapter`, a bus. Source: include/linux/i2c.h. Differs from Linux: bus_lock is a mutex */
export const i2c_adapter: i2c_adapter;

export interface I2cBoardInfoMembers {
  /** By which a driver is found. */
  type: string;
  flags: u16;
  addr: u16;
  dev_name: CString | null;
  platform_data: Pointer<unknown> | null;
  of_node: Ref<device_node> | null;
  irq: int;
}
/** `struct i2c_board_info`, what there is to say of a device. Source: include/linux/i2c.h */
export type i2c_board_info = Struct<"i2c_board_info", InitialisedBy<Partial<I2cBoardInfoMembers>>>;
/** `struct i2c_board_info`, what there is to say of a device. Source: include/linux/i2c.h */
export const i2c_board_info: i2c_board_info;

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

/** `union i2c_smbus_data`, what an SMBus command sends or gets; `block[0]` says how long a block is. Source: include/uapi/linux/i2c.h */
export type i2c_smbus_data = Struct<"i2c_smbus_data", { byte: u8; word: u16; readonly block: Ref<ArrayOf<typeof u8>> }>;
/** `union i2c_smbus_data`, what an SMBus command sends or gets. Source: include/uapi/linux/i2c.h */
export const i2c_smbus_data: i2c_smbus_data;

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
/** An address of ten bits, also in `flags` of a client. */
export const I2C_M_TEN: u16;
/** The buffer may go to a DMA engine. */
export const I2C_M_DMA_SAFE: u16;
/** The first byte that is read says how many follow. */
export const I2C_M_RECV_LEN: u16;
/** I2C_M_TEN of a client. */
export const I2C_CLIENT_TEN: u16;
/** What i2c_lock_bus takes: this segment of the bus and all behind it, or the whole tree. */
export const I2C_LOCK_SEGMENT: uint;
export const I2C_LOCK_ROOT_ADAPTER: uint;
/** The longest block of SMBus: 32. */
export const I2C_SMBUS_BLOCK_MAX: int;
/** Directions of i2c_smbus_xfer. */
export const I2C_SMBUS_READ: u8;
export const I2C_SMBUS_WRITE: u8;
/** Sizes of i2c_smbus_xfer. */
export const I2C_SMBUS_QUICK: int;
export const I2C_SMBUS_BYTE: int;
export const I2C_SMBUS_BYTE_DATA: int;
export const I2C_SMBUS_WORD_DATA: int;
export const I2C_SMBUS_PROC_CALL: int;
export const I2C_SMBUS_BLOCK_DATA: int;
export const I2C_SMBUS_BLOCK_PROC_CALL: int;
export const I2C_SMBUS_I2C_BLOCK_DATA: int;
/** An adapter can do this: plain messages: i2c_transfer. */
export const I2C_FUNC_I2C: u32;
/** An adapter can do this: addresses of ten bits. */
export const I2C_FUNC_10BIT_ADDR: u32;
/** An adapter can do this: checksums. */
export const I2C_FUNC_SMBUS_PEC: u32;
/** An adapter can do this: an address and nothing else. */
export const I2C_FUNC_SMBUS_QUICK: u32;
export const I2C_FUNC_SMBUS_READ_BYTE: u32;
export const I2C_FUNC_SMBUS_WRITE_BYTE: u32;
export const I2C_FUNC_SMBUS_BYTE: u32;
export const I2C_FUNC_SMBUS_READ_BYTE_DATA: u32;
export const I2C_FUNC_SMBUS_WRITE_BYTE_DATA: u32;
export const I2C_FUNC_SMBUS_BYTE_DATA: u32;
export const I2C_FUNC_SMBUS_READ_WORD_DATA: u32;
export const I2C_FUNC_SMBUS_WRITE_WORD_DATA: u32;
export const I2C_FUNC_SMBUS_WORD_DATA: u32;
/** An adapter can do this: a word that is answered by a word. */
export const I2C_FUNC_SMBUS_PROC_CALL: u32;
export const I2C_FUNC_SMBUS_READ_BLOCK_DATA: u32;
export const I2C_FUNC_SMBUS_WRITE_BLOCK_DATA: u32;
export const I2C_FUNC_SMBUS_BLOCK_DATA: u32;
export const I2C_FUNC_SMBUS_READ_I2C_BLOCK: u32;
export const I2C_FUNC_SMBUS_WRITE_I2C_BLOCK: u32;
export const I2C_FUNC_SMBUS_I2C_BLOCK: u32;
/** An adapter can do this: all that the core makes of plain messages. */
export const I2C_FUNC_SMBUS_EMUL: u32;

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
/** The client whose device this is. Context: any. Result: NULL when it is none. Source: drivers/i2c/i2c-core-base.c */
export function i2c_verify_client(dev: Ref<device>): Ref<i2c_client> | null;

/** A device's name and address. Context: any. Result: of its own for each call. Source: include/linux/i2c.h. Differs from Linux: not an initialiser, but a struct that lives as long as the module */
export function I2C_BOARD_INFO(dev_type: string, dev_addr: u16): Ref<i2c_board_info>;
/** Makes a device; a driver that fits is bound before it returns. Context: process, may sleep. Result: it, or an ERR_PTR: -EINVAL for an address that cannot be, -EBUSY for one that is taken. */
export function i2c_new_client_device(adap: Ref<i2c_adapter>, info: Ref<i2c_board_info>): Ref<i2c_client> | ErrPtr;
/** Makes a device for a further address of one that has a driver. Context: process, may sleep. Result: as i2c_new_client_device. Differs from Linux: no driver called dummy is bound to it */
export function i2c_new_dummy_device(adapter: Ref<i2c_adapter>, address: u16): Ref<i2c_client> | ErrPtr;
/** The same; it goes with the driver of `dev`. Context: process, may sleep. Result: as i2c_new_client_device. */
export function devm_i2c_new_dummy_device(
  dev: Ref<device>,
  adapter: Ref<i2c_adapter>,
  address: u16,
): Ref<i2c_client> | ErrPtr;
/** Its driver leaves, and the device goes; NULL and errors are fine. Context: process, may sleep. */
export function i2c_unregister_device(client: Ref<i2c_client> | ErrPtr | null): void;

/** Registers an adapter under the next free number. Context: process, may sleep. Result: 0 or a negative errno: -EINVAL without a name or an algorithm. */
export function i2c_add_adapter(adapter: Ref<i2c_adapter>): int;
/** Registers an adapter under its `nr`, or as i2c_add_adapter when that is -1. Context: process, may sleep. Result: 0 or a negative errno: -EBUSY when the number is taken. */
export function i2c_add_numbered_adapter(adap: Ref<i2c_adapter>): int;
/** i2c_add_adapter; it goes with the driver of `dev`. Context: process, may sleep. Result: 0 or a negative errno. */
export function devm_i2c_add_adapter(dev: Ref<device>, adapter: Ref<i2c_adapter>): int;
/** Its devices go, then the adapter, once who has it of i2c_get_adapter has put it. Context: process, may sleep. */
export function i2c_del_adapter(adap: Ref<i2c_adapter>): void;
/** The adapter with a number, with a reference. Context: process, may sleep. Result: NULL when there is none, or its module goes. */
export function i2c_get_adapter(nr: int): Ref<i2c_adapter> | null;
/** Gives the reference back. Context: any. */
export function i2c_put_adapter(adap: Ref<i2c_adapter>): void;
/** Its number. Context: any. Source: include/linux/i2c.h */
export function i2c_adapter_id(adap: Ref<i2c_adapter>): int;
/** What the driver of the adapter stored, as a `layout`. Context: any. Source: include/linux/i2c.h */
export function i2c_get_adapdata<T extends AnyStruct>(adap: Ref<i2c_adapter>, layout: T): Ref<T>;
/** Stores data of the adapter's driver. Context: any. Source: include/linux/i2c.h */
export function i2c_set_adapdata(adap: Ref<i2c_adapter>, data: Pointer<unknown> | null): void;
/** What an adapter can do. Context: as its functionality. Result: bits of I2C_FUNC_…. Source: include/linux/i2c.h */
export function i2c_get_functionality(adap: Ref<i2c_adapter>): u32;
/** Whether an adapter can do all of this. Context: as its functionality. Source: include/linux/i2c.h */
export function i2c_check_functionality(adap: Ref<i2c_adapter>, func: u32): boolean;
/** Has a bus alone, for __i2c_transfer. Context: process, may sleep. Source: include/linux/i2c.h */
export function i2c_lock_bus(adapter: Ref<i2c_adapter>, flags: uint): void;
/** Lets others have the bus. Context: process. Source: include/linux/i2c.h */
export function i2c_unlock_bus(adapter: Ref<i2c_adapter>, flags: uint): void;
/** i2c_transfer of who has locked the bus. Context: process, may sleep. Result: how many, or a negative errno. */
export function __i2c_transfer(adap: Ref<i2c_adapter>, msgs: Ref<i2c_msg> | Ref<ArrayOf<i2c_msg>>, num: int): int;
/** The byte with which a message begins on the wire: address and direction. Context: any. Source: include/linux/i2c.h */
export function i2c_8bit_addr_from_msg(msg: Ref<i2c_msg>): u8;

/** Sends bytes in one message. Context: process, may sleep. Result: how many, or a negative errno: -EREMOTEIO when nobody answers. */
export function i2c_master_send(client: Ref<i2c_client>, buf: Pointer<unknown>, count: int): int;
/** Receives bytes in one message. Context: process, may sleep. Result: how many, or a negative errno. */
export function i2c_master_recv(client: Ref<i2c_client>, buf: Pointer<unknown>, count: int): int;
/** i2c_master_send, of a buffer that may go to a DMA engine. Context: process, may sleep. Result: how many, or a negative errno. */
export function i2c_master_send_dmasafe(client: Ref<i2c_client>, buf: Pointer<unknown>, count: int): int;
/** i2c_master_recv, into a buffer that may go to a DMA engine. Context: process, may sleep. Result: how many, or a negative errno. */
export function i2c_master_recv_dmasafe(client: Ref<i2c_client>, buf: Pointer<unknown>, count: int): int;
/** Sends messages with repeated starts between them. Context: process, may sleep. Result: how many, or a negative errno. */
export function i2c_transfer(adap: Ref<i2c_adapter>, msgs: Ref<i2c_msg> | Ref<ArrayOf<i2c_msg>>, num: int): int;
/** Reads a byte. Context: process, may sleep. Result: it, or a negative errno. Source: drivers/i2c/i2c-core-smbus.c, as for all of SMBus. Differs from Linux: there are no checksums (I2C_CLIENT_PEC) */
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
/** i2c_smbus_read_word_data of a device that sends the high byte first. Context: process, may sleep. Result: the word, or a negative errno. Source: include/linux/i2c.h */
export function i2c_smbus_read_word_swapped(client: Ref<i2c_client>, command: u8): int;
/** i2c_smbus_write_word_data for a device that wants the high byte first. Context: process, may sleep. Result: 0 or a negative errno. Source: include/linux/i2c.h */
export function i2c_smbus_write_word_swapped(client: Ref<i2c_client>, command: u8, value: u16): int;
/** Reads a block whose first byte says how long it is. Context: process, may sleep. Result: how many bytes, 32 at most, or a negative errno. */
export function i2c_smbus_read_block_data(client: Ref<i2c_client>, command: u8, values: Pointer<unknown>): s32;
/** Sends how many bytes there are, and these, 32 at most. Context: process, may sleep. Result: 0 or a negative errno. */
export function i2c_smbus_write_block_data(
  client: Ref<i2c_client>,
  command: u8,
  length: u8,
  values: Pointer<unknown>,
): s32;
/** Reads so many bytes after a command, 32 at most. Context: process, may sleep. Result: how many, or a negative errno. */
export function i2c_smbus_read_i2c_block_data(
  client: Ref<i2c_client>,
  command: u8,
  length: u8,
  values: Pointer<unknown>,
): s32;
/** Sends bytes after a command, 32 at most. Context: process, may sleep. Result: 0 or a negative errno. */
export function i2c_smbus_write_i2c_block_data(
  client: Ref<i2c_client>,
  command: u8,
  length: u8,
  values: Pointer<unknown>,
): s32;
/** i2c_smbus_read_i2c_block_data, in words or bytes from commands that follow each other where the adapter has no blocks. Context: process, may sleep. Result: how many bytes, or a negative errno. */
export function i2c_smbus_read_i2c_block_data_or_emulated(
  client: Ref<i2c_client>,
  command: u8,
  length: u8,
  values: Pointer<unknown>,
): s32;
/** Performs an SMBus command of a `size` on an adapter. Context: process, may sleep. Result: 0 or a negative errno. */
export function i2c_smbus_xfer(
  adapter: Ref<i2c_adapter>,
  addr: u16,
  flags: u16,
  read_write: u8,
  command: u8,
  protocol: int,
  data: Ref<i2c_smbus_data> | null,
): s32;
