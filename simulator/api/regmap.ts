// linux/regmap: registers of a device behind memory or I2C, with locks, access rules and a cache.
import type { Steps } from "../engine/interfaces.ts";
import { errno } from "../kernel/errno.ts";
import { GFP_KERNEL } from "../kernel/gfp.ts";
import { i2c_client } from "../kernel/i2c-layouts.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { device, offsetOf } from "../kernel/layouts.ts";
import { REGCACHE_FLAT, REGCACHE_MAPLE, REGCACHE_NONE, REGCACHE_RBTREE } from "../kernel/regmap.ts";
import {
  reg_default,
  reg_field,
  reg_sequence,
  regmap_access_table,
  regmap_config,
  regmap_field,
  regmap as regmap_layout,
  regmap_range,
} from "../kernel/regmap-layouts.ts";
import { Header } from "./header.ts";

const mayBeErrPtr = { mayBeErrPtr: true } as const;

export function regmap(kernel: Kernel): Header {
  const header = new Header(kernel.core);
  for (const layout of [regmap_layout, regmap_config, regmap_range, regmap_access_table, regmap_field])
    header.layout(layout.name, layout);
  for (const layout of [reg_default, reg_field, reg_sequence]) header.layout(layout.name, layout);
  header.constants({ REGCACHE_NONE, REGCACHE_RBTREE, REGCACHE_FLAT, REGCACHE_MAPLE });
  maps(header, kernel);
  registers(header, kernel);
  cache(header, kernel);
  fields(header, kernel);
  return header;
}

function maps(header: Header, kernel: Kernel): void {
  const { core, devices, regmaps } = kernel;
  const keep = (dev: number, address: number): number => {
    if (address < 0) return address;
    devices.managed.add(dev, "action", `regmap ${address}`, function* () {
      yield* [];
      regmaps.exit(address);
    });
    return address;
  };
  /** `driver.c:12:(&config)->lock`, as lockdep calls the lock of a map. */
  const lockName = (text: number): string => `${core.here}:(${kernel.textAt(text)})->lock`;
  const mmio = (dev: number, regs: number, config: number, text: number): Steps<number> =>
    regmaps.initMmio(dev, regs, config, lockName(text));
  const i2c = (client: number, config: number, text: number): Steps<number> =>
    regmaps.initI2c(client, client + offsetOf(i2c_client, "dev"), config, lockName(text));
  /** A map of registers in memory of the bus. Task context, may sleep. It, or an ERR_PTR. */
  header.steps("regmap_init_mmio", [device, "iomem", regmap_config], regmap_layout, mmio, {
    ...mayBeErrPtr,
    stringizes: [2],
  });
  /** The same; it goes with the driver. Task context, may sleep. It, or an ERR_PTR. */
  header.steps(
    "devm_regmap_init_mmio",
    [device, "iomem", regmap_config],
    regmap_layout,
    function* (dev: number, regs: number, config: number, text: number): Steps<number> {
      return keep(dev, yield* mmio(dev, regs, config, text));
    },
    { ...mayBeErrPtr, stringizes: [2] },
  );
  /** A map of registers behind I2C. Task context, may sleep. It, or an ERR_PTR. */
  header.steps("regmap_init_i2c", [i2c_client, regmap_config], regmap_layout, i2c, { ...mayBeErrPtr, stringizes: [1] });
  /** The same; it goes with the driver. Task context, may sleep. It, or an ERR_PTR. */
  header.steps(
    "devm_regmap_init_i2c",
    [i2c_client, regmap_config],
    regmap_layout,
    function* (client: number, config: number, text: number): Steps<number> {
      return keep(client + offsetOf(i2c_client, "dev"), yield* i2c(client, config, text));
    },
    { ...mayBeErrPtr, stringizes: [1] },
  );
  /** Frees a map. Task context. */
  header.plain("regmap_exit", [regmap_layout], "void", (map: number) => regmaps.exit(map));
  /** The device that a map is of. Any context. */
  header.plain("regmap_get_device", [regmap_layout], device, (map: number) => regmaps.deviceOf(map));
  /** How many bytes a value has. Any context. */
  header.plain("regmap_get_val_bytes", [regmap_layout], "int", (map: number) => regmaps.bytesAt(map));
}

function registers(header: Header, kernel: Kernel): void {
  const { core, regmaps } = kernel;
  /** Reads a register, to `*val`. Contexts as the map's lock and bus. 0, or a negative errno. */
  header.steps("regmap_read", [regmap_layout, "u32", "ptr"], "int", (map: number, reg: number, to: number) =>
    regmaps.read(map, reg, to),
  );
  /** Writes a register. Contexts as the map's lock and bus. 0, or a negative errno. */
  header.steps("regmap_write", [regmap_layout, "u32", "u32"], "int", (map: number, reg: number, value: number) =>
    regmaps.write(map, reg, value),
  );
  for (const [name, force] of [
    ["regmap_update_bits", false],
    ["regmap_write_bits", true],
  ] as const) {
    /** Changes the bits of a mask; regmap_write_bits writes also where nothing changes. Contexts as the map's lock and bus. 0, or a negative errno. */
    header.steps(
      name,
      [regmap_layout, "u32", "u32", "u32"],
      "int",
      (map: number, reg: number, mask: number, value: number) => regmaps.update(map, reg, mask, value, force),
    );
  }
  /** Sets bits. Contexts as the map's lock and bus. 0, or a negative errno. */
  header.steps("regmap_set_bits", [regmap_layout, "u32", "u32"], "int", (map: number, reg: number, bits: number) =>
    regmaps.update(map, reg, bits, bits),
  );
  /** Clears bits. Contexts as the map's lock and bus. 0, or a negative errno. */
  header.steps("regmap_clear_bits", [regmap_layout, "u32", "u32"], "int", (map: number, reg: number, bits: number) =>
    regmaps.update(map, reg, bits, 0),
  );
  /** Whether all of some bits are set. Contexts as the map's lock and bus. 1, 0, or a negative errno. */
  header.steps(
    "regmap_test_bits",
    [regmap_layout, "u32", "u32"],
    "int",
    function* (map: number, reg: number, bits: number): Steps<number> {
      const { error, value } = yield* regmaps.fetch(map, reg);
      return error !== 0 ? error : (value & bits) >>> 0 === bits ? 1 : 0;
    },
  );
  for (const [name, isWrite] of [
    ["regmap_bulk_read", false],
    ["regmap_bulk_write", true],
  ] as const) {
    /** Reads or writes registers one after the other. Contexts as the map's lock and bus. 0, or a negative errno. */
    header.steps(
      name,
      [regmap_layout, "u32", "ptr", "u32"],
      "int",
      (map: number, reg: number, buffer: number, count: number) => regmaps.bulk(map, reg, buffer, count, isWrite),
    );
  }
  /** Writes registers in the order of an array. Contexts as the map's lock and bus. 0, or a negative errno. */
  header.steps(
    "regmap_multi_reg_write",
    [regmap_layout, reg_sequence, "int"],
    "int",
    (map: number, first: number, count: number) => regmaps.writeMany(map, first, count),
  );
  /** Reads until the condition holds, sleeping in between. Task context, may sleep. 0, -ETIMEDOUT, or a negative errno. */
  header.steps(
    "regmap_read_poll_timeout",
    [regmap_layout, "u32", "callback", "u32", "u32"],
    "int",
    function* (map: number, reg: number, condition: number, pause: number, most: number): Steps<number> {
      core.mightSleep("regmap_read_poll_timeout", core.here);
      const until = core.engine.clock.nanos + most * 1000;
      for (;;) {
        const { error, value } = yield* regmaps.fetch(map, reg);
        if (error !== 0) return error;
        if ((yield* core.callDriver(condition, [value])) !== 0) return 0;
        if (most !== 0 && core.engine.clock.nanos >= until) return -errno.ETIMEDOUT;
        yield* core.sleep(Math.max(1, pause) * 1000, "regmap_read_poll_timeout");
      }
    },
  );
}

function cache(header: Header, { regmaps }: Kernel): void {
  /** Writes wait in the cache while the device cannot be reached. Any context. */
  header.plain("regcache_cache_only", [regmap_layout, "bool"], "void", (map: number, isOn: number) =>
    regmaps.cacheOnly(map, isOn !== 0),
  );
  /** Reads and writes pass the cache by. Any context. */
  header.plain("regcache_cache_bypass", [regmap_layout, "bool"], "void", (map: number, isOn: number) =>
    regmaps.cacheBypass(map, isOn !== 0),
  );
  /** Says that the device has lost what its registers held. Any context. */
  header.plain("regcache_mark_dirty", [regmap_layout], "void", (map: number) => regmaps.markDirty(map));
  /** Writes to the device what it has lost. Contexts as the map's lock and bus. 0, or a negative errno. */
  header.steps("regcache_sync", [regmap_layout], "int", (map: number) => regmaps.sync(map));
}

function fields(header: Header, kernel: Kernel): void {
  const { core, devices, regmaps, slab, statics } = kernel;
  /** A field: bits `lsb` to `msb` of a register. Any context. */
  header.plain("REG_FIELD", ["u32", "u32", "u32"], reg_field, (...members: number[]) => {
    const address = statics.global(reg_field.size, reg_field.align, "reg_field");
    for (const [index, value] of members.entries()) core.memory.poke(address + 4 * index, 4, value);
    return address;
  });
  /** A field of a map; it goes with the driver. Task context, may sleep. It, or an ERR_PTR. */
  header.steps(
    "devm_regmap_field_alloc",
    [device, regmap_layout, reg_field],
    regmap_field,
    function* (dev: number, map: number, field: number): Steps<number> {
      const address = yield* slab.kzalloc(regmap_field.size, GFP_KERNEL, "devm_regmap_field_alloc");
      if (address === 0) return -errno.ENOMEM;
      const read = (name: string): number => core.memory.load(field + offsetOf(reg_field, name), 4, false);
      regmaps.describeField(address, map, [read("reg"), read("lsb"), read("msb")]);
      devices.managed.add(dev, "memory", `${address}`, function* () {
        yield* [];
        slab.kfree(address);
      });
      return address;
    },
    mayBeErrPtr,
  );
  /** Reads a field, to `*val`. Contexts as the map's lock and bus. 0, or a negative errno. */
  header.steps("regmap_field_read", [regmap_field, "ptr"], "int", (field: number, to: number) =>
    regmaps.readField(field, to),
  );
  /** Writes a field. Contexts as the map's lock and bus. 0, or a negative errno. */
  header.steps("regmap_field_write", [regmap_field, "u32"], "int", (field: number, value: number) =>
    regmaps.writeField(field, 0xffffffff, value),
  );
  /** Changes bits of a field. Contexts as the map's lock and bus. 0, or a negative errno. */
  header.steps(
    "regmap_field_update_bits",
    [regmap_field, "u32", "u32"],
    "int",
    (field: number, mask: number, value: number) => regmaps.writeField(field, mask, value),
  );
}
