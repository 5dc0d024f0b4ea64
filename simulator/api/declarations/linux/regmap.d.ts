// Register maps: registers of a device behind memory or I2C, with locks, access rules and a cache.
import type { device } from "./device.d.ts";
import type { i2c_client } from "./i2c.d.ts";
import type { ErrPtr, InitialisedBy, IoMem, int, Pointer, Ref, Struct, size_t, u32, uint, ulong } from "./types.d.ts";

/** `struct regmap`, a register map; opaque. Source: include/linux/regmap.h, as for all here */
export type regmap = Struct<"regmap", object>;
/** `struct regmap`, a register map; opaque. Source: include/linux/regmap.h, as for all here */
export const regmap: regmap;

/** Registers from one to another, both among them. */
export interface RegmapRangeInit {
  range_min: uint;
  range_max: uint;
}
/** `struct regmap_range`. */
export type regmap_range = Struct<"regmap_range", InitialisedBy<RegmapRangeInit>>;
/** `struct regmap_range`. */
export const regmap_range: regmap_range;

/** Registers that may be accessed in some way, and those that may not. */
export interface RegmapAccessTableInit {
  yes_ranges?: readonly RegmapRangeInit[];
  n_yes_ranges?: uint;
  no_ranges?: readonly RegmapRangeInit[];
  n_no_ranges?: uint;
}
/** `struct regmap_access_table`. */
export type regmap_access_table = Struct<"regmap_access_table", InitialisedBy<RegmapAccessTableInit>>;
/** `struct regmap_access_table`. */
export const regmap_access_table: regmap_access_table;

/** What a register holds when the device is reset. */
export interface RegDefaultInit {
  reg: uint;
  def: uint;
}
/** `struct reg_default`. */
export type reg_default = Struct<"reg_default", InitialisedBy<RegDefaultInit>>;
/** `struct reg_default`. */
export const reg_default: reg_default;

/** A write, and how long to wait after it, in microseconds. */
export interface RegSequenceInit {
  reg: uint;
  def: uint;
  delay_us?: uint;
}
/** `struct reg_sequence`. */
export type reg_sequence = Struct<
  "reg_sequence",
  InitialisedBy<RegSequenceInit> & { reg: uint; def: uint; delay_us: uint }
>;
/** `struct reg_sequence`. */
export const reg_sequence: reg_sequence;

type RegisterTest = (dev: Ref<device>, reg: uint) => boolean;

/** Members of `struct regmap_config` that drivers set. */
export interface RegmapConfigInit {
  name?: string;
  /** Bits of an address. */
  reg_bits: int;
  /** Addresses are multiples of it. */
  reg_stride?: int;
  /** Bits of a value: 8, 16 or 32. */
  val_bits: int;
  writeable_reg?: RegisterTest;
  readable_reg?: RegisterTest;
  /** The register is not cached. */
  volatile_reg?: RegisterTest;
  wr_table?: Ref<regmap_access_table>;
  rd_table?: Ref<regmap_access_table>;
  volatile_table?: Ref<regmap_access_table>;
  max_register?: uint;
  /** The driver has locks of its own. */
  disable_locking?: boolean;
  /** A spinlock guards the registers, not a mutex. */
  fast_io?: boolean;
  reg_defaults?: readonly RegDefaultInit[];
  num_reg_defaults?: uint;
  cache_type?: u32;
}
/** `struct regmap_config`. */
export type regmap_config = Struct<"regmap_config", InitialisedBy<RegmapConfigInit>>;
/** `struct regmap_config`. */
export const regmap_config: regmap_config;

/** Nothing is cached. */
export const REGCACHE_NONE: u32;
export const REGCACHE_RBTREE: u32;
/** An array, which holds 0 where nothing else is known. */
export const REGCACHE_FLAT: u32;
export const REGCACHE_MAPLE: u32;

type Map = Ref<regmap>;

/** A map of registers in memory of the bus, guarded by a spinlock. Context: process, may sleep. Result: an ERR_PTR of -EINVAL or -ENOMEM. Source: drivers/base/regmap/regmap-mmio.c */
export function regmap_init_mmio(dev: Ref<device> | null, regs: IoMem, config: Ref<regmap_config>): Map | ErrPtr;
/** regmap_init_mmio; the map goes with the driver. Context: process, may sleep. Result: an ERR_PTR of -EINVAL or -ENOMEM. Source: drivers/base/regmap/regmap-mmio.c */
export function devm_regmap_init_mmio(dev: Ref<device>, regs: IoMem, config: Ref<regmap_config>): Map | ErrPtr;
/** A map of registers behind I2C, guarded by a mutex; addresses and values have their high byte first. Context: process, may sleep. Result: an ERR_PTR of -EINVAL or -ENOMEM. Source: drivers/base/regmap/regmap-i2c.c */
export function regmap_init_i2c(i2c: Ref<i2c_client>, config: Ref<regmap_config>): Map | ErrPtr;
/** regmap_init_i2c; the map goes with the driver. Context: process, may sleep. Result: an ERR_PTR of -EINVAL or -ENOMEM. Source: drivers/base/regmap/regmap-i2c.c */
export function devm_regmap_init_i2c(i2c: Ref<i2c_client>, config: Ref<regmap_config>): Map | ErrPtr;
/** Frees a map of regmap_init_mmio or regmap_init_i2c. Context: process, may sleep. Source: drivers/base/regmap/regmap.c, as for all below */
export function regmap_exit(map: Map): void;
/** The device that a map is of. Context: any. */
export function regmap_get_device(map: Map): Ref<device>;
/** How many bytes a value has. Context: any. */
export function regmap_get_val_bytes(map: Map): int;

/** Reads a register, or what is cached of it. Context: any for a map in memory, else process, may sleep. Result: 0, or a negative errno: -EIO where it may not be read. */
export function regmap_read(map: Map, reg: uint, val: Ref<typeof u32>): int;
/** Writes a register, and the cache. Context: as regmap_read. Result: 0, or a negative errno: -EIO where it may not be written. */
export function regmap_write(map: Map, reg: uint, val: uint): int;
/** Changes the bits of a mask; writes only where something changes. Context: as regmap_read. Result: 0 or a negative errno. */
export function regmap_update_bits(map: Map, reg: uint, mask: uint, val: uint): int;
/** regmap_update_bits that writes in any case. Context: as regmap_read. Result: 0 or a negative errno. */
export function regmap_write_bits(map: Map, reg: uint, mask: uint, val: uint): int;
/** Sets bits. Context: as regmap_read. Result: 0 or a negative errno. */
export function regmap_set_bits(map: Map, reg: uint, bits: uint): int;
/** Clears bits. Context: as regmap_read. Result: 0 or a negative errno. */
export function regmap_clear_bits(map: Map, reg: uint, bits: uint): int;
/** Whether all of some bits are set. Context: as regmap_read. Result: 1, 0, or a negative errno. */
export function regmap_test_bits(map: Map, reg: uint, bits: uint): int;
/** Reads registers one after the other, into an array of values of the map's size. Context: as regmap_read. Result: 0 or a negative errno. */
export function regmap_bulk_read(map: Map, reg: uint, val: Pointer<unknown>, val_count: size_t): int;
/** Writes registers one after the other. Context: as regmap_read. Result: 0 or a negative errno. */
export function regmap_bulk_write(map: Map, reg: uint, val: Pointer<unknown>, val_count: size_t): int;
/** Writes registers in the order of an array, with its delays. Context: as regmap_read. Result: 0 or a negative errno. */
export function regmap_multi_reg_write(map: Map, regs: Ref<reg_sequence>, num_regs: int): int;
/** Reads until the condition, which is told what was read, holds; sleeps `sleep_us` in between. C's macro assigns to a variable instead. Context: process, may sleep. Result: 0, -ETIMEDOUT, or a negative errno. Source: include/linux/regmap.h */
export function regmap_read_poll_timeout(
  map: Map,
  addr: uint,
  cond: (val: u32) => boolean,
  sleep_us: ulong,
  timeout_us: ulong,
): int;

/** Writes go to the cache alone, and what is not in it cannot be read: -EBUSY. Context: any. Source: drivers/base/regmap/regcache.c, as for all caches */
export function regcache_cache_only(map: Map, enable: boolean): void;
/** Reads and writes pass the cache by. Context: any. */
export function regcache_cache_bypass(map: Map, enable: boolean): void;
/** Says that the device has lost what its registers held, for regcache_sync. Context: any. */
export function regcache_mark_dirty(map: Map): void;
/** Writes to the device what differs from its defaults, where it has lost it. Context: as regmap_read. Result: 0 or a negative errno. */
export function regcache_sync(map: Map): int;

/** Bits of a register. */
export interface RegFieldInit {
  reg: uint;
  lsb: uint;
  msb: uint;
}
/** `struct reg_field`. */
export type reg_field = Struct<"reg_field", InitialisedBy<RegFieldInit>>;
/** `struct reg_field`. */
export const reg_field: reg_field;
/** `struct regmap_field`, a field of a map; opaque. */
export type regmap_field = Struct<"regmap_field", object>;
/** `struct regmap_field`, a field of a map; opaque. */
export const regmap_field: regmap_field;
/** A field: the bits `lsb` to `msb` of a register. Context: any. Source: include/linux/regmap.h. Differs from Linux: it is a pointer. */
export function REG_FIELD(reg: uint, lsb: uint, msb: uint): Ref<reg_field>;
/** A field of a map, which goes with the driver. Context: process, may sleep. Result: an ERR_PTR of -ENOMEM. */
export function devm_regmap_field_alloc(
  dev: Ref<device>,
  regmap: Map,
  field: Ref<reg_field>,
): Ref<regmap_field> | ErrPtr;
/** Reads a field. Context: as regmap_read. Result: 0 or a negative errno. */
export function regmap_field_read(field: Ref<regmap_field>, val: Ref<typeof u32>): int;
/** Writes a field. Context: as regmap_read. Result: 0 or a negative errno. */
export function regmap_field_write(field: Ref<regmap_field>, val: uint): int;
/** Changes bits of a field. Context: as regmap_read. Result: 0 or a negative errno. */
export function regmap_field_update_bits(field: Ref<regmap_field>, mask: uint, val: uint): int;
