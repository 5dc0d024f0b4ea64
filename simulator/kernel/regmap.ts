// Register maps: registers behind a bus, which of them may be read and written, and a cache of what they hold.
// Source: drivers/base/regmap/{regmap,regcache,regmap-mmio,regmap-i2c}.c
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import { GFP_KERNEL } from "./gfp.ts";
import type { I2c } from "./i2c.ts";
import { offsetOf } from "./layouts.ts";
import type { Locks } from "./locks.ts";
import type { DeviceMemory } from "./mmio.ts";
import {
  reg_default,
  reg_sequence,
  regmap,
  regmap_access_table,
  regmap_config,
  regmap_field,
  regmap_range,
} from "./regmap-layouts.ts";
import type { Slab } from "./slab.ts";

export const REGCACHE_NONE = 0;
export const REGCACHE_RBTREE = 1;
export const REGCACHE_FLAT = 2;
export const REGCACHE_MAPLE = 3;

/** How registers are reached. */
interface RegisterBus {
  readonly isFast: boolean;
  read(reg: number): Steps<{ readonly error: number; readonly value: number }>;
  write(reg: number, value: number): Steps<number>;
}

interface RegisterMap {
  readonly address: number;
  readonly dev: number;
  /** Of its `struct regmap_config`, copied. */
  readonly config: ReadonlyMap<string, number>;
  readonly bus: RegisterBus;
  readonly stride: number;
  readonly bytes: 1 | 2 | 4;
  readonly locking: "none" | "spinlock" | "mutex";
  /** What registers were last known to hold; a flat cache holds 0 where nothing else is known. */
  readonly cache: Map<number, number>;
  readonly defaults: ReadonlyMap<number, number>;
  isCacheOnly: boolean;
  isBypassed: boolean;
  isDirty: boolean;
}

type Which = "readable" | "writeable" | "volatile";

const TABLES = { readable: "rd_table", writeable: "wr_table", volatile: "volatile_table" } as const;
const MUTEX = offsetOf(regmap, "mutex");
const SPINLOCK = offsetOf(regmap, "spinlock");

export class Regmaps {
  private readonly core: Core;
  private readonly slab: Slab;
  private readonly locks: Locks;
  private readonly mmio: DeviceMemory;
  private readonly i2c: I2c;
  private readonly maps = new Map<number, RegisterMap>();

  constructor(core: Core, slab: Slab, locks: Locks, mmio: DeviceMemory, i2c: I2c) {
    this.core = core;
    this.slab = slab;
    this.locks = locks;
    this.mmio = mmio;
    this.i2c = i2c;
  }

  /** regmap_init_mmio(): its address, or a negative errno. */
  *initMmio(dev: number, regs: number, config: number, lockName: string): Steps<number> {
    const { mmio } = this;
    const bytes = this.bytesOf(config);
    if (bytes === undefined || ![8, 16, 32].includes(this.member(config, "reg_bits"))) return -errno.EINVAL;
    const stride = this.member(config, "reg_stride");
    if (stride !== 0 && stride < bytes) return -errno.EINVAL;
    const bus: RegisterBus = {
      isFast: true,
      *read(reg) {
        return { error: 0, value: Number(yield* mmio.readSteps(regs + reg, bytes)) };
      },
      *write(reg, value) {
        yield* mmio.writeSteps(regs + reg, bytes, BigInt(value >>> 0));
        return 0;
      },
    };
    return yield* this.init(dev, config, bus, lockName);
  }

  /** regmap_init_i2c(): registers and values go over the bus with their high bytes first. */
  *initI2c(client: number, dev: number, config: number, lockName: string): Steps<number> {
    const { transfers } = this.i2c;
    const bytes = this.bytesOf(config);
    const regBits = this.member(config, "reg_bits");
    if (bytes === undefined || ![8, 16].includes(regBits)) return -errno.EINVAL;
    const bigEndian = (value: number, count: number): number[] =>
      Array.from({ length: count }, (_, index) => (value >>> (8 * (count - 1 - index))) & 0xff);
    const bus: RegisterBus = {
      isFast: false,
      *read(reg) {
        const got = yield* transfers.exchange(client, bigEndian(reg, regBits / 8), bytes);
        if (typeof got === "number") return { error: got, value: 0 };
        return { error: 0, value: got.reduce((value, byte) => value * 256 + byte, 0) };
      },
      *write(reg, value) {
        const result = yield* transfers.exchange(
          client,
          [...bigEndian(reg, regBits / 8), ...bigEndian(value, bytes)],
          0,
        );
        return typeof result === "number" ? result : 0;
      },
    };
    return yield* this.init(dev, config, bus, lockName);
  }

  exit(address: number): void {
    this.core.mightSleep("regmap_exit", "kernel/locking/mutex.c:586");
    this.at(address);
    this.maps.delete(address);
    this.slab.kfree(address);
  }

  deviceOf(address: number): number {
    return this.at(address).dev;
  }

  bytesAt(address: number): number {
    return this.at(address).bytes;
  }

  /** regmap_read(): 0, or a negative errno; the value goes to `*to`. */
  *read(address: number, reg: number, to: number): Steps<number> {
    const { error, value } = yield* this.fetch(address, reg);
    if (error === 0) this.core.memory.store(to, 4, value >>> 0);
    return error;
  }

  *fetch(address: number, reg: number): Steps<{ readonly error: number; readonly value: number }> {
    const map = this.at(address);
    if (reg % map.stride !== 0) return { error: -errno.EINVAL, value: 0 };
    return yield* this.locked(map, this.readOne(map, reg));
  }

  *write(address: number, reg: number, value: number): Steps<number> {
    const map = this.at(address);
    if (reg % map.stride !== 0) return -errno.EINVAL;
    return yield* this.locked(map, this.writeOne(map, reg, value));
  }

  /** regmap_update_bits(): nothing is written where nothing changes; `force`: it is all the same. */
  *update(address: number, reg: number, mask: number, value: number, force = false): Steps<number> {
    const map = this.at(address);
    return yield* this.locked(map, this.updateOne(map, reg, [mask, value], force));
  }

  /** regmap_bulk_read() and _write(): values of the map's size, one after the other. */
  *bulk(address: number, reg: number, buffer: number, count: number, isWrite: boolean): Steps<number> {
    const map = this.at(address);
    if (reg % map.stride !== 0 || count === 0) return -errno.EINVAL;
    const { memory } = this.core;
    const each = function* (maps: Regmaps): Steps<number> {
      for (let index = 0; index < count; index++) {
        const [at, place] = [reg + index * map.stride, buffer + index * map.bytes];
        if (isWrite) {
          const error = yield* maps.writeOne(map, at, memory.load(place, map.bytes, false));
          if (error !== 0) return error;
          continue;
        }
        const { error, value } = yield* maps.readOne(map, at);
        if (error !== 0) return error;
        memory.store(place, map.bytes, value);
      }
      return 0;
    };
    return yield* this.locked(map, each(this));
  }

  /** regmap_multi_reg_write(): an array of struct reg_sequence. */
  *writeMany(address: number, first: number, count: number): Steps<number> {
    const map = this.at(address);
    const { core } = this;
    const all = function* (maps: Regmaps): Steps<number> {
      for (let index = 0; index < count; index++) {
        const read = (name: string): number =>
          core.memory.load(first + index * reg_sequence.size + offsetOf(reg_sequence, name), 4, false);
        const error = yield* maps.writeOne(map, read("reg"), read("def"));
        if (error !== 0) return error;
        if (read("delay_us") === 0) continue;
        if (map.locking === "mutex") yield* core.sleep(read("delay_us") * 1000, "regmap");
        else core.engine.delay(read("delay_us") * 1000);
      }
      return 0;
    };
    return yield* this.locked(map, all(this));
  }

  /** A field of a register: mask and place to its memory. */
  describeField(to: number, map: number, [reg, low, high]: readonly [number, number, number]): void {
    const mask = ((high - low === 31 ? 0xffffffff : (1 << (high - low + 1)) - 1) << low) >>> 0;
    const members = { regmap: map, mask, shift: low, reg };
    for (const [name, value] of Object.entries(members))
      this.core.memory.store(to + offsetOf(regmap_field, name), 4, value);
  }

  *readField(field: number, to: number): Steps<number> {
    const { map, reg, mask, shift } = this.field(field);
    const { error, value } = yield* this.locked(map, this.readOne(map, reg));
    if (error === 0) this.core.memory.store(to, 4, (value & mask) >>> shift);
    return error;
  }

  *writeField(field: number, mask: number, value: number): Steps<number> {
    const it = this.field(field);
    const wanted = (mask << it.shift) & it.mask;
    return yield* this.locked(it.map, this.updateOne(it.map, it.reg, [wanted, value << it.shift], false));
  }

  /** regcache_cache_only(): writes wait in the cache, and what is not in it cannot be read. */
  cacheOnly(address: number, isOn: boolean): void {
    this.at(address).isCacheOnly = isOn;
  }

  cacheBypass(address: number, isOn: boolean): void {
    this.at(address).isBypassed = isOn;
  }

  /** regcache_mark_dirty(): the device has lost what it held. */
  markDirty(address: number): void {
    this.at(address).isDirty = true;
  }

  /** regcache_sync(): a device that has lost everything gets what differs from its defaults. */
  *sync(address: number): Steps<number> {
    const map = this.at(address);
    const all = function* (maps: Regmaps): Steps<number> {
      if (!map.isDirty) return 0;
      for (const [reg, value] of [...map.cache].sort(([a], [b]) => a - b)) {
        if (map.defaults.get(reg) === value || !(yield* maps.may(map, reg, "writeable"))) continue;
        const error = yield* map.bus.write(reg, value);
        if (error !== 0) return error;
      }
      map.isDirty = false;
      return 0;
    };
    return yield* this.locked(map, all(this));
  }

  private *init(dev: number, config: number, bus: RegisterBus, lockName: string): Steps<number> {
    const address = yield* this.slab.kzalloc(regmap.size, GFP_KERNEL, "__regmap_init");
    if (address === 0) return -errno.ENOMEM;
    const copied = new Map(regmap_config.members.map(({ name }) => [name, this.member(config, name)] as const));
    const isFast = bus.isFast || copied.get("fast_io") !== 0;
    const defaults = this.defaultsOf(copied);
    const map: RegisterMap = {
      ...{ address, dev, config: copied, bus, stride: copied.get("reg_stride") || 1, bytes: this.bytesOf(config)! },
      locking: copied.get("disable_locking") !== 0 ? "none" : isFast ? "spinlock" : "mutex",
      ...{ cache: new Map(defaults), defaults, isCacheOnly: false, isBypassed: false, isDirty: false },
    };
    if (map.locking === "spinlock") this.locks.init(address + SPINLOCK, "spinlock", lockName);
    else if (map.locking === "mutex") this.locks.init(address + MUTEX, "mutex", lockName);
    this.maps.set(address, map);
    return address;
  }

  private defaultsOf(config: ReadonlyMap<string, number>): ReadonlyMap<number, number> {
    const word = (at: number): number => this.core.memory.load(at, 4, false);
    const first = config.get("reg_defaults")!;
    return new Map(
      Array.from({ length: config.get("num_reg_defaults")! }, (_, index) => {
        const at = first + index * reg_default.size;
        return [word(at), word(at + offsetOf(reg_default, "def"))] as const;
      }),
    );
  }

  private *readOne(map: RegisterMap, reg: number): Steps<{ readonly error: number; readonly value: number }> {
    if (!map.isBypassed) {
      const known = yield* this.cached(map, reg);
      if (known !== undefined) return { error: 0, value: known };
    }
    if (map.isCacheOnly) return { error: -errno.EBUSY, value: 0 };
    if (!(yield* this.may(map, reg, "readable"))) return { error: -errno.EIO, value: 0 };
    const got = yield* map.bus.read(reg);
    if (got.error === 0 && !map.isBypassed) yield* this.keep(map, reg, got.value);
    return got;
  }

  private *writeOne(map: RegisterMap, reg: number, value: number): Steps<number> {
    if (!(yield* this.may(map, reg, "writeable"))) return -errno.EIO;
    if (!map.isBypassed) {
      yield* this.keep(map, reg, value);
      if (map.isCacheOnly) {
        map.isDirty = true;
        return 0;
      }
    }
    return yield* map.bus.write(reg, value);
  }

  private *updateOne(map: RegisterMap, reg: number, change: readonly [number, number], force: boolean): Steps<number> {
    const [mask, bits] = change;
    const { error, value } = yield* this.readOne(map, reg);
    if (error !== 0) return error;
    const next = ((value & ~mask) | (bits & mask)) >>> 0;
    return force || next !== value >>> 0 ? yield* this.writeOne(map, reg, next) : 0;
  }

  /** regcache_read() */
  private *cached(map: RegisterMap, reg: number): Steps<number | undefined> {
    const type = map.config.get("cache_type");
    if (type === REGCACHE_NONE || (yield* this.may(map, reg, "volatile"))) return undefined;
    return map.cache.get(reg) ?? (type === REGCACHE_FLAT ? 0 : undefined);
  }

  private *keep(map: RegisterMap, reg: number, value: number): Steps<void> {
    if (map.config.get("cache_type") === REGCACHE_NONE || (yield* this.may(map, reg, "volatile"))) return;
    map.cache.set(reg, value >>> 0);
  }

  /** regmap_readable() and its kin: what the configuration says of a register. */
  private *may(map: RegisterMap, reg: number, which: Which): Steps<boolean> {
    const { config } = map;
    const most = config.get("max_register")!;
    if (most !== 0 && reg > most) return false;
    if (which === "volatile" && !(yield* this.may(map, reg, "readable"))) return false;
    const fn = config.get(`${which}_reg`)!;
    if (fn !== 0) return ((yield* this.core.callDriver(fn, [map.dev, reg])) & 0xff) !== 0;
    const table = config.get(TABLES[which])!;
    if (table !== 0) return this.inTable(table, reg);
    return which !== "volatile" || config.get("cache_type") === REGCACHE_NONE;
  }

  /** regmap_check_range_table() */
  private inTable(table: number, reg: number): boolean {
    const { memory } = this.core;
    const word = (name: string): number => memory.load(table + offsetOf(regmap_access_table, name), 4, false);
    const isIn = (first: number, count: number): boolean =>
      Array.from({ length: count }, (_, index) => first + index * regmap_range.size).some(
        (at) => reg >= memory.load(at, 4, false) && reg <= memory.load(at + 4, 4, false),
      );
    if (isIn(word("no_ranges"), word("n_no_ranges"))) return false;
    return word("n_yes_ranges") === 0 || isIn(word("yes_ranges"), word("n_yes_ranges"));
  }

  private *locked<T>(map: RegisterMap, run: Steps<T>): Steps<T> {
    const { address, locking } = map;
    if (locking === "none") return yield* run;
    if (locking === "mutex") {
      yield* this.locks.mutexLock(address + MUTEX, "regmap_lock_mutex", false);
      const value = yield* run;
      this.locks.mutexUnlock(address + MUTEX);
      return value;
    }
    const flags = Number(yield* this.locks.spinLock(address + SPINLOCK, "_irqsave"));
    const value = yield* run;
    yield* this.locks.spinUnlock(address + SPINLOCK, "_irqsave", flags);
    return value;
  }

  private field(field: number): {
    readonly map: RegisterMap;
    readonly reg: number;
    readonly mask: number;
    readonly shift: number;
  } {
    const read = (name: string): number => this.core.memory.load(field + offsetOf(regmap_field, name), 4, false);
    return { map: this.at(read("regmap")), reg: read("reg"), mask: read("mask"), shift: read("shift") };
  }

  private bytesOf(config: number): 1 | 2 | 4 | undefined {
    const bytes = this.member(config, "val_bits") / 8;
    return bytes === 1 || bytes === 2 || bytes === 4 ? bytes : undefined;
  }

  private member(config: number, name: string): number {
    const member = regmap_config.members.find((one) => one.name === name)!;
    const isBool = member.type.kind === "scalar" && member.type.scalar === "bool";
    return this.core.memory.load(config + member.offset, isBool ? 1 : 4, false);
  }

  private at(address: number): RegisterMap {
    this.core.memory.touch(address, 4, false);
    const found = this.maps.get(address);
    if (found === undefined) throw new Error(`${address.toString(16)} is no struct regmap`);
    return found;
  }
}
