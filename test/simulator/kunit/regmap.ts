// KUnit: linux/regmap, over the registers of a timer and over an EEPROM behind I2C.
// devices: sp804, designware-i2c, at24
import {
  KUNIT_ASSERT_FALSE,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import type { device } from "linux/device";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EBUSY, EINVAL, EIO, ETIMEDOUT } from "linux/errno";
import { i2c_add_driver, type i2c_client, i2c_del_driver, i2c_driver } from "linux/i2c";
import { readl, writel } from "linux/io";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import {
  devm_platform_ioremap_resource,
  type platform_device,
  platform_driver,
  platform_driver_register,
  platform_driver_unregister,
} from "linux/platform_device";
import {
  devm_regmap_field_alloc,
  devm_regmap_init_i2c,
  devm_regmap_init_mmio,
  REG_FIELD,
  REGCACHE_FLAT,
  REGCACHE_MAPLE,
  reg_sequence,
  regcache_cache_bypass,
  regcache_cache_only,
  regcache_mark_dirty,
  regcache_sync,
  type regmap,
  regmap_access_table,
  regmap_bulk_read,
  regmap_bulk_write,
  regmap_clear_bits,
  regmap_config,
  regmap_exit,
  regmap_field_read,
  regmap_field_update_bits,
  regmap_field_write,
  regmap_get_device,
  regmap_get_val_bytes,
  regmap_init_i2c,
  regmap_init_mmio,
  regmap_multi_reg_write,
  regmap_read,
  regmap_read_poll_timeout,
  regmap_set_bits,
  regmap_test_bits,
  regmap_update_bits,
  regmap_write,
  regmap_write_bits,
} from "linux/regmap";
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from "linux/spinlock";
import { array, type IoMem, type int, iomem, on_stack, type Ref, struct, u8, u32, type uint } from "linux/types";

const LOAD = 0x00;
const VALUE = 0x04;
const CTRL = 0x08;
const BGLOAD = 0x18;

const state = struct("state", { regs: iomem })({});
const lock = DEFINE_SPINLOCK("lock");
let dev: Ref<device>;
let client: Ref<i2c_client>;
let map: Ref<regmap>;
let eeprom: Ref<regmap>;

function timer_volatile(dev: Ref<device>, reg: uint): boolean {
  return reg === VALUE;
}

const config = regmap_config({
  reg_bits: 32,
  reg_stride: 4,
  val_bits: 32,
  max_register: BGLOAD,
  wr_table: regmap_access_table({
    no_ranges: [{ range_min: VALUE, range_max: VALUE }],
    n_no_ranges: 1,
  }),
  volatile_reg: timer_volatile,
  reg_defaults: [{ reg: LOAD, def: 0 }],
  num_reg_defaults: 1,
  cache_type: REGCACHE_MAPLE,
});
const plain = regmap_config({ reg_bits: 32, val_bits: 32, reg_stride: 4, fast_io: true });
const flat = regmap_config({
  reg_bits: 32,
  val_bits: 32,
  reg_stride: 4,
  max_register: BGLOAD,
  cache_type: REGCACHE_FLAT,
});
const readable = regmap_config({
  ...{ reg_bits: 32, val_bits: 32, reg_stride: 4, disable_locking: true },
  readable_reg: (dev: Ref<device>, reg: uint) => reg === CTRL,
  writeable_reg: (dev: Ref<device>, reg: uint) => reg === LOAD,
});
const odd = regmap_config({ reg_bits: 32, val_bits: 24 });
const bytes = regmap_config({ reg_bits: 16, val_bits: 8 });

function timer_probe(pdev: Ref<platform_device>): int {
  const regs = devm_platform_ioremap_resource(pdev, 0);
  if (IS_ERR(regs)) return PTR_ERR(regs);
  const made = devm_regmap_init_mmio(pdev.dev, regs, config);
  if (IS_ERR(made)) return PTR_ERR(made);
  state.regs = regs;
  dev = pdev.dev;
  map = made;
  return 0;
}

function eeprom_probe(it: Ref<i2c_client>): int {
  const made = devm_regmap_init_i2c(it, bytes);
  if (IS_ERR(made)) return PTR_ERR(made);
  client = it;
  eeprom = made;
  return 0;
}

const timer_driver = platform_driver({
  probe: timer_probe,
  driver: { name: "timer", of_match_table: [{ compatible: "arm,sp804" }] },
});
const eeprom_driver = i2c_driver({ probe: eeprom_probe, driver: { name: "eeprom" }, id_table: [{ name: "24c32" }] });

function read(test: Ref<kunit>, from: Ref<regmap>, reg: uint): u32 {
  const value = on_stack(u32);
  KUNIT_EXPECT_EQ(test, regmap_read(from, reg, value), 0);
  return value.value;
}

function regmap_test_access(test: Ref<kunit>): void {
  const regs: IoMem = state.regs!;
  const value = on_stack(u32);
  KUNIT_EXPECT_PTR_EQ(test, regmap_get_device(map), dev);
  KUNIT_EXPECT_EQ(test, regmap_get_val_bytes(map), 4);
  KUNIT_EXPECT_EQ(test, regmap_write(map, LOAD, 0x1234), 0);
  KUNIT_EXPECT_EQ(test, readl(regs.add(LOAD)), 0x1234);
  KUNIT_EXPECT_EQ(test, regmap_write(map, LOAD + 1, 1), -EINVAL);
  KUNIT_EXPECT_EQ(test, regmap_write(map, VALUE, 1), -EIO);
  KUNIT_EXPECT_EQ(test, regmap_read(map, 0x20, value), -EIO);
  KUNIT_EXPECT_EQ(test, read(test, map, CTRL), 0x20);
  spin_lock(lock);
  KUNIT_EXPECT_EQ(test, regmap_update_bits(map, CTRL, 0x0f, 0x02), 0);
  spin_unlock(lock);
  KUNIT_EXPECT_EQ(test, readl(regs.add(CTRL)), 0x22);
  KUNIT_EXPECT_EQ(test, regmap_set_bits(map, CTRL, 0x40), 0);
  KUNIT_EXPECT_EQ(test, regmap_clear_bits(map, CTRL, 0x20), 0);
  KUNIT_EXPECT_EQ(test, readl(regs.add(CTRL)), 0x42);
  KUNIT_EXPECT_EQ(test, regmap_test_bits(map, CTRL, 0x42), 1);
  KUNIT_EXPECT_EQ(test, regmap_test_bits(map, CTRL, 0x43), 0);
  const strict = regmap_init_mmio(dev, regs, readable);
  if (IS_ERR(strict)) return;
  KUNIT_EXPECT_EQ(test, regmap_read(strict, LOAD, value), -EIO);
  KUNIT_EXPECT_EQ(test, regmap_read(strict, CTRL, value), 0);
  KUNIT_EXPECT_EQ(test, regmap_write(strict, CTRL, 1), -EIO);
  KUNIT_EXPECT_EQ(test, regmap_write(strict, LOAD, 0), 0);
  regmap_exit(strict);
  KUNIT_EXPECT_TRUE(test, IS_ERR(regmap_init_mmio(dev, regs, odd)));
}

function regmap_test_cache(test: Ref<kunit>): void {
  const regs: IoMem = state.regs!;
  const value = on_stack(u32);
  KUNIT_EXPECT_EQ(test, regmap_write(map, BGLOAD, 5), 0);
  // The device changes behind the cache.
  writel(6, regs.add(BGLOAD));
  KUNIT_EXPECT_EQ(test, read(test, map, BGLOAD), 5);
  KUNIT_EXPECT_EQ(test, regmap_update_bits(map, BGLOAD, 7, 5), 0);
  KUNIT_EXPECT_EQ(test, readl(regs.add(BGLOAD)), 6);
  KUNIT_EXPECT_EQ(test, regmap_write_bits(map, BGLOAD, 7, 5), 0);
  KUNIT_EXPECT_EQ(test, readl(regs.add(BGLOAD)), 5);
  writel(6, regs.add(BGLOAD));
  regcache_cache_bypass(map, true);
  KUNIT_EXPECT_EQ(test, read(test, map, BGLOAD), 6);
  regcache_cache_bypass(map, false);

  regcache_cache_only(map, true);
  KUNIT_EXPECT_EQ(test, regmap_write(map, BGLOAD, 9), 0);
  KUNIT_EXPECT_EQ(test, readl(regs.add(BGLOAD)), 6);
  KUNIT_EXPECT_EQ(test, regmap_read(map, VALUE, value), -EBUSY);
  regcache_cache_only(map, false);
  KUNIT_EXPECT_EQ(test, regcache_sync(map), 0);
  KUNIT_EXPECT_EQ(test, readl(regs.add(BGLOAD)), 9);
  writel(6, regs.add(BGLOAD));
  KUNIT_EXPECT_EQ(test, regcache_sync(map), 0);
  KUNIT_EXPECT_EQ(test, readl(regs.add(BGLOAD)), 6);
  regcache_mark_dirty(map);
  KUNIT_EXPECT_EQ(test, regcache_sync(map), 0);
  KUNIT_EXPECT_EQ(test, readl(regs.add(BGLOAD)), 9);

  // A flat cache holds 0 where nothing was read before.
  const other = regmap_init_mmio(dev, regs, flat);
  if (IS_ERR(other)) return;
  KUNIT_EXPECT_EQ(test, read(test, other, BGLOAD), 0);
  regmap_exit(other);
}

function regmap_test_many(test: Ref<kunit>): void {
  const direct = regmap_init_mmio(dev, state.regs!, plain);
  KUNIT_ASSERT_FALSE(test, IS_ERR(direct));
  if (IS_ERR(direct)) return;
  const sequence = on_stack(array(reg_sequence, 2));
  sequence[0].reg = LOAD;
  sequence[0].def = 1000;
  sequence[0].delay_us = 5;
  sequence[1].reg = CTRL;
  sequence[1].def = 0xe2;
  sequence[1].delay_us = 0;
  KUNIT_EXPECT_EQ(test, regmap_multi_reg_write(direct, sequence[0], 2), 0);
  // The timer counts down, at 1 MHz.
  KUNIT_EXPECT_EQ(
    test,
    regmap_read_poll_timeout(direct, VALUE, (value: u32) => value < 900, 10, 10000),
    0,
  );
  KUNIT_EXPECT_EQ(
    test,
    regmap_read_poll_timeout(direct, VALUE, (value: u32) => value > 2000, 10, 100),
    -ETIMEDOUT,
  );
  regmap_write(direct, CTRL, 0);
  const values = on_stack(array(u32, 3));
  KUNIT_EXPECT_EQ(test, regmap_bulk_read(direct, LOAD, values, 3), 0);
  KUNIT_EXPECT_EQ(test, values[0], 1000);
  values[0] = 7;
  KUNIT_EXPECT_EQ(test, regmap_bulk_write(direct, LOAD, values, 1), 0);
  KUNIT_EXPECT_EQ(test, read(test, direct, LOAD), 7);
  regmap_exit(direct);
}

function regmap_test_fields(test: Ref<kunit>): void {
  const value = on_stack(u32);
  const field = devm_regmap_field_alloc(dev, map, REG_FIELD(CTRL, 2, 3));
  KUNIT_ASSERT_FALSE(test, IS_ERR(field));
  if (IS_ERR(field)) return;
  regmap_write(map, CTRL, 0x20);
  KUNIT_EXPECT_EQ(test, regmap_field_write(field, 2), 0);
  KUNIT_EXPECT_EQ(test, read(test, map, CTRL), 0x28);
  KUNIT_EXPECT_EQ(test, regmap_field_update_bits(field, 1, 3), 0);
  KUNIT_EXPECT_EQ(test, regmap_field_read(field, value), 0);
  KUNIT_EXPECT_EQ(test, value.value, 3);
}

function regmap_test_i2c(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, regmap_write(eeprom, 0x102, 0x5a), 0);
  const other = regmap_init_i2c(client, bytes);
  KUNIT_ASSERT_FALSE(test, IS_ERR(other));
  if (IS_ERR(other)) return;
  const value = on_stack(u32);
  // It answers when it has written.
  for (let tries = 0; tries < 20 && regmap_read(other, 0x102, value) !== 0; tries += 1);
  KUNIT_EXPECT_EQ(test, value.value, 0x5a);
  const two = on_stack(array(u8, 2));
  KUNIT_EXPECT_EQ(test, regmap_bulk_read(eeprom, 0x102, two, 2), 0);
  KUNIT_EXPECT_EQ(test, two[0], 0x5a);
  regmap_exit(other);
}

function regmap_test_init(): int {
  const err = platform_driver_register(timer_driver);
  return err ? err : i2c_add_driver(eeprom_driver);
}

function regmap_test_exit(): void {
  i2c_del_driver(eeprom_driver);
  platform_driver_unregister(timer_driver);
}

module_init(regmap_test_init);
module_exit(regmap_test_exit);
kunit_test_suite(
  kunit_suite({
    name: "regmap",
    test_cases: [
      KUNIT_CASE(regmap_test_access),
      KUNIT_CASE(regmap_test_cache),
      KUNIT_CASE(regmap_test_many),
      KUNIT_CASE(regmap_test_fields),
      KUNIT_CASE(regmap_test_i2c),
    ],
  }),
);

MODULE_LICENSE("GPL");
