// KUnit: linux/gpio, linux/gpio/consumer and linux/gpio/driver, with a driver of the PL061.
// devices: pl061
import {
  KUNIT_ASSERT_NOT_NULL,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_NOT_NULL,
  KUNIT_EXPECT_NULL,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import type { device } from "linux/device";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EBUSY, EINVAL, EPROBE_DEFER } from "linux/errno";
import {
  gpio_direction_input,
  gpio_direction_output,
  gpio_free,
  gpio_get_value,
  gpio_is_valid,
  gpio_request,
  gpio_set_value,
  gpio_to_irq,
} from "linux/gpio";
import {
  desc_to_gpio,
  devm_gpiod_get,
  devm_gpiod_get_optional,
  devm_gpiod_put,
  GPIOD_ASIS,
  GPIOD_IN,
  GPIOD_OUT_HIGH,
  GPIOD_OUT_LOW,
  gpio_to_desc,
  gpiod_direction_input,
  gpiod_direction_output,
  gpiod_get,
  gpiod_get_optional,
  gpiod_get_value,
  gpiod_get_value_cansleep,
  gpiod_is_active_low,
  gpiod_put,
  gpiod_set_value,
  gpiod_set_value_cansleep,
  gpiod_to_irq,
} from "linux/gpio/consumer";
import {
  devm_gpiochip_add_data,
  gpio_chip,
  gpiochip_add_data,
  gpiochip_get_data,
  gpiochip_remove,
} from "linux/gpio/driver";
import {
  GPIO_ACTIVE_HIGH,
  GPIO_ACTIVE_LOW,
  GPIO_LOOKUP,
  gpiod_add_lookup_table,
  gpiod_lookup_table,
  gpiod_remove_lookup_table,
} from "linux/gpio/machine";
import { readb, writeb } from "linux/io";
import { MODULE_LICENSE } from "linux/module";
import {
  devm_platform_ioremap_resource,
  module_platform_driver,
  type platform_device,
  platform_driver,
} from "linux/platform_device";
import { type int, iomem, type Ref, struct, u32, type uint } from "linux/types";

const GPIODIR = 0x400;
const pl061 = struct("pl061", { base: iomem, requests: u32, frees: u32, irq: u32 });
const state = pl061({});
let dev: Ref<device>;

function pl061_request(gc: Ref<gpio_chip>): int {
  gpiochip_get_data(gc, pl061).requests += 1;
  return 0;
}
function pl061_free(gc: Ref<gpio_chip>): void {
  gpiochip_get_data(gc, pl061).frees += 1;
}
function pl061_direction_input(gc: Ref<gpio_chip>, offset: uint): int {
  const d = gpiochip_get_data(gc, pl061);
  writeb(readb(d.base.add(GPIODIR)) & ~(1 << offset), d.base.add(GPIODIR));
  return 0;
}
function pl061_set(gc: Ref<gpio_chip>, offset: uint, value: int): void {
  const d = gpiochip_get_data(gc, pl061);
  writeb(value ? 1 << offset : 0, d.base.add(1 << (offset + 2)));
}
function pl061_direction_output(gc: Ref<gpio_chip>, offset: uint, value: int): int {
  const d = gpiochip_get_data(gc, pl061);
  writeb(readb(d.base.add(GPIODIR)) | (1 << offset), d.base.add(GPIODIR));
  pl061_set(gc, offset, value);
  return 0;
}
function pl061_get(gc: Ref<gpio_chip>, offset: uint): int {
  const d = gpiochip_get_data(gc, pl061);
  return readb(d.base.add(1 << (offset + 2))) !== 0 ? 1 : 0;
}

const chip = gpio_chip({
  label: "pl061",
  request: pl061_request,
  free: pl061_free,
  direction_input: pl061_direction_input,
  direction_output: pl061_direction_output,
  get: pl061_get,
  set: pl061_set,
  to_irq: (_gc: Ref<gpio_chip>, offset: uint) => 100 + offset,
  base: -1,
  ngpio: 8,
});

function pl061_probe(pdev: Ref<platform_device>): int {
  const base = devm_platform_ioremap_resource(pdev, 0);
  if (IS_ERR(base)) return -EINVAL;
  state.base = base;
  dev = pdev.dev;
  return devm_gpiochip_add_data(pdev.dev, chip, state);
}

module_platform_driver(
  platform_driver({
    probe: pl061_probe,
    driver: { name: "pl061_gpio", of_match_table: [{ compatible: "arm,pl061" }] },
  }),
);

function gpio_test_legacy(test: Ref<kunit>): void {
  const line = chip.base + 3;
  KUNIT_EXPECT_EQ(test, chip.base, 512);
  KUNIT_EXPECT_TRUE(test, gpio_is_valid(line));
  KUNIT_EXPECT_FALSE(test, gpio_is_valid(-1));
  KUNIT_EXPECT_EQ(test, gpio_request(40, "led"), -EPROBE_DEFER);
  KUNIT_EXPECT_EQ(test, gpio_request(line, "led"), 0);
  KUNIT_EXPECT_EQ(test, gpio_request(line, "led"), -EBUSY);
  KUNIT_EXPECT_EQ(test, state.requests, 1);
  KUNIT_EXPECT_EQ(test, gpio_direction_output(line, 1), 0);
  KUNIT_EXPECT_EQ(test, readb(state.base.add(GPIODIR)), 8);
  KUNIT_EXPECT_EQ(test, gpio_get_value(line), 1);
  gpio_set_value(line, 0);
  KUNIT_EXPECT_EQ(test, gpio_get_value(line), 0);
  KUNIT_EXPECT_EQ(test, gpio_direction_input(line), 0);
  KUNIT_EXPECT_EQ(test, readb(state.base.add(GPIODIR)), 0);
  KUNIT_EXPECT_EQ(test, gpio_to_irq(line), 103);
  gpio_free(line);
  KUNIT_EXPECT_EQ(test, state.frees, 1);
  gpio_free(line);
}

function gpio_test_descriptors(test: Ref<kunit>): void {
  const desc = gpio_to_desc(chip.base + 5);
  KUNIT_ASSERT_NOT_NULL(test, desc);
  if (!desc) return;
  KUNIT_EXPECT_NULL(test, gpio_to_desc(40));
  KUNIT_EXPECT_EQ(test, desc_to_gpio(desc), chip.base + 5);
  KUNIT_EXPECT_EQ(test, gpiod_direction_output(desc, 1), 0);
  KUNIT_EXPECT_EQ(test, gpiod_get_value(desc), 1);
  gpiod_set_value(desc, 0);
  KUNIT_EXPECT_EQ(test, gpiod_get_value(desc), 0);
  KUNIT_EXPECT_EQ(test, gpiod_direction_input(desc), 0);
  KUNIT_EXPECT_EQ(test, readb(state.base.add(GPIODIR)), 0);
  KUNIT_EXPECT_EQ(test, gpiod_to_irq(desc), 105);
}

const lines = gpiod_lookup_table({
  dev_id: "9030000.pl061",
  table: [
    GPIO_LOOKUP("pl061", 6, "led", GPIO_ACTIVE_HIGH),
    GPIO_LOOKUP("pl061", 7, "reset", GPIO_ACTIVE_LOW),
    GPIO_LOOKUP("later", 0, "later", GPIO_ACTIVE_HIGH),
  ],
});

function gpio_test_names(test: Ref<kunit>): void {
  const missing = gpiod_get(dev, "led", GPIOD_ASIS);
  KUNIT_EXPECT_TRUE(test, IS_ERR(missing));
  gpiod_add_lookup_table(lines);
  const led = gpiod_get(dev, "led", GPIOD_OUT_HIGH);
  const reset = devm_gpiod_get(dev, "reset", GPIOD_OUT_HIGH);
  KUNIT_EXPECT_FALSE(test, IS_ERR(led) || IS_ERR(reset));
  if (IS_ERR(led) || IS_ERR(reset)) return;
  KUNIT_EXPECT_EQ(test, desc_to_gpio(led), chip.base + 6);
  KUNIT_EXPECT_EQ(test, gpiod_is_active_low(led), 0);
  KUNIT_EXPECT_EQ(test, gpiod_is_active_low(reset), 1);
  KUNIT_EXPECT_EQ(test, gpio_get_value(chip.base + 6), 1);
  // Active is low here.
  KUNIT_EXPECT_EQ(test, gpio_get_value(chip.base + 7), 0);
  KUNIT_EXPECT_EQ(test, gpiod_get_value(reset), 1);
  gpiod_set_value(reset, 0);
  KUNIT_EXPECT_EQ(test, gpio_get_value(chip.base + 7), 1);
  gpiod_set_value_cansleep(reset, 1);
  KUNIT_EXPECT_EQ(test, gpiod_get_value_cansleep(reset), 1);
  const again = gpiod_get(dev, "led", GPIOD_IN);
  KUNIT_EXPECT_TRUE(test, IS_ERR(again));
  if (IS_ERR(again)) KUNIT_EXPECT_EQ(test, PTR_ERR(again), -EBUSY);
  const later = gpiod_get_optional(dev, "later", GPIOD_IN);
  if (IS_ERR(later)) KUNIT_EXPECT_EQ(test, PTR_ERR(later), -EPROBE_DEFER);
  KUNIT_EXPECT_NULL(test, devm_gpiod_get_optional(dev, "none", GPIOD_OUT_LOW));
  gpiod_put(led);
  devm_gpiod_put(dev, reset);
  const optional = devm_gpiod_get_optional(dev, "reset", GPIOD_IN);
  KUNIT_EXPECT_FALSE(test, IS_ERR(optional));
  KUNIT_EXPECT_NOT_NULL(test, optional);
  const found = gpiod_get_optional(dev, "led", GPIOD_IN);
  KUNIT_EXPECT_NOT_NULL(test, found);
  if (!IS_ERR(found)) gpiod_put(found);
  gpiod_remove_lookup_table(lines);
  KUNIT_EXPECT_NULL(test, gpiod_get_optional(dev, "led", GPIOD_IN));
}

const second = gpio_chip({ label: "second", base: 514, ngpio: 2 });
const empty = gpio_chip({ label: "empty", base: 0, ngpio: 0 });

function gpio_test_chips(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, gpiochip_add_data(second, state), -EBUSY);
  KUNIT_EXPECT_EQ(test, gpiochip_add_data(empty, state), -EINVAL);
  second.base = 40;
  KUNIT_EXPECT_EQ(test, gpiochip_add_data(second, state), 0);
  KUNIT_EXPECT_EQ(test, gpio_request(41, "line"), 0); // reports: missing-release
  gpiochip_remove(second);
  KUNIT_EXPECT_EQ(test, gpio_request(40, "line"), -EPROBE_DEFER);
}

kunit_test_suite(
  kunit_suite({
    name: "gpio",
    test_cases: [
      KUNIT_CASE(gpio_test_legacy),
      KUNIT_CASE(gpio_test_descriptors),
      KUNIT_CASE(gpio_test_names),
      KUNIT_CASE(gpio_test_chips),
    ],
  }),
);

MODULE_LICENSE("GPL");
