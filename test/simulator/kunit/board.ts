// KUnit: devices that a board's device tree describes, and lines that their nodes point to.
// devices: pl061, at24
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_NOT_NULL,
  KUNIT_EXPECT_NULL,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_STREQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { dev_name, device, wait_for_device_probe } from "linux/device";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EINVAL, ENOENT } from "linux/errno";
import {
  desc_to_gpio,
  devm_gpiod_get,
  devm_gpiod_get_index,
  devm_gpiod_get_index_optional,
  GPIOD_ASIS,
  GPIOD_IN,
  gpiod_count,
  gpiod_get,
  gpiod_get_index,
  gpiod_get_index_optional,
  gpiod_get_value,
  gpiod_is_active_low,
  gpiod_put,
} from "linux/gpio/consumer";
import { devm_gpiochip_add_data, gpio_chip, gpiochip_get_data } from "linux/gpio/driver";
import {
  GPIO_ACTIVE_HIGH,
  GPIO_LOOKUP_IDX,
  gpiod_add_lookup_table,
  gpiod_lookup_table,
  gpiod_remove_lookup_table,
} from "linux/gpio/machine";
import { i2c_add_driver, type i2c_client, i2c_del_driver, i2c_driver } from "linux/i2c";
import { readb } from "linux/io";
import { IORESOURCE_IRQ, IORESOURCE_MEM } from "linux/ioport";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import { of_node_put, of_parse_phandle, of_property_read_string, of_property_read_u32 } from "linux/of";
import {
  devm_platform_ioremap_resource,
  type platform_device,
  platform_driver,
  platform_driver_register,
  platform_driver_unregister,
  platform_get_irq,
  platform_get_resource,
} from "linux/platform_device";
import { device_property_present, device_property_read_u32 } from "linux/property";
import { addr, char, type int, iomem, ptr, type Ref, struct, u32, type uint } from "linux/types";

const board = struct("board", {
  base: iomem,
  button: ptr(device),
  late: ptr(device),
  sensor: u32,
  tries: u32,
  word: u32,
  text: ptr(char),
});
const state = board({});

const chip = gpio_chip({
  label: "pl061",
  direction_input: () => 0,
  get: (gc: Ref<gpio_chip>, offset: uint) => (readb(gpiochip_get_data(gc, board).base.add(1 << (offset + 2))) ? 1 : 0),
  base: -1,
  ngpio: 8,
});

function pl061_probe(pdev: Ref<platform_device>): int {
  const base = devm_platform_ioremap_resource(pdev, 0);
  if (IS_ERR(base)) return -EINVAL;
  state.base = base;
  chip.parent = pdev.dev;
  return devm_gpiochip_add_data(pdev.dev, chip, state);
}

function button_probe(pdev: Ref<platform_device>): int {
  state.tries += 1;
  const line = devm_gpiod_get(pdev.dev, "button", GPIOD_IN);
  if (IS_ERR(line)) return PTR_ERR(line);
  state.button = pdev.dev;
  return 0;
}

function late_probe(pdev: Ref<platform_device>): int {
  state.late = pdev.dev;
  const mem = platform_get_resource(pdev, IORESOURCE_MEM, 0);
  if (mem?.start !== 0x5000 || mem.end !== 0x50ff) return -EINVAL;
  if (!platform_get_resource(pdev, IORESOURCE_IRQ, 0)) return -EINVAL;
  return platform_get_irq(pdev, 0) === 70 ? 0 : -EINVAL;
}

function sensor_probe(client: Ref<i2c_client>): int {
  state.sensor = client.addr;
  return 0;
}

const chips = platform_driver({
  probe: pl061_probe,
  driver: { name: "pl061_gpio", of_match_table: [{ compatible: "arm,pl061" }] },
});
const buttons = platform_driver({
  probe: button_probe,
  driver: { name: "button", of_match_table: [{ compatible: "acme,button" }] },
});
const lates = platform_driver({
  probe: late_probe,
  driver: { name: "late", of_match_table: [{ compatible: "acme,late" }, { compatible: "acme,off" }] },
});
const sensors = i2c_driver({
  probe: sensor_probe,
  driver: { name: "sensor", of_match_table: [{ compatible: "acme,sensor" }] },
});

// The button comes first, and waits for its chip.
function board_init(): int {
  return (
    platform_driver_register(buttons) ||
    platform_driver_register(chips) ||
    platform_driver_register(lates) ||
    i2c_add_driver(sensors)
  );
}
function board_exit(): void {
  i2c_del_driver(sensors);
  platform_driver_unregister(lates);
  platform_driver_unregister(buttons);
  platform_driver_unregister(chips);
}
module_init(board_init);
module_exit(board_exit);

function board_test_nodes(test: Ref<kunit>): void {
  const dev = state.button!;
  KUNIT_EXPECT_STREQ(test, dev_name(dev), "button");
  KUNIT_EXPECT_TRUE(test, state.tries > 1);
  KUNIT_EXPECT_EQ(test, device_property_read_u32(dev, "debounce-interval", addr(state, "word")), 0);
  KUNIT_EXPECT_EQ(test, state.word, 0x10);
  KUNIT_EXPECT_TRUE(test, device_property_present(dev, "wakeup-source"));
  const friend = of_parse_phandle(dev.of_node!, "friend", 0);
  KUNIT_EXPECT_NOT_NULL(test, friend);
  KUNIT_EXPECT_EQ(test, of_property_read_string(friend!, "label", addr(state, "text")), 0);
  KUNIT_EXPECT_EQ(test, of_property_read_u32(friend!, "numbers", addr(state, "word")), 0);
  KUNIT_EXPECT_EQ(test, state.word, 1);
  of_node_put(friend);
  // The controller of the machine has got a property.
  const gpio = of_parse_phandle(dev.of_node!, "button-gpios", 0);
  KUNIT_EXPECT_EQ(test, of_property_read_u32(gpio!, "acme,extra", addr(state, "word")), 0);
  of_node_put(gpio);
  KUNIT_EXPECT_EQ(test, state.sensor, 0x48);
  KUNIT_EXPECT_NOT_NULL(test, state.late);
}

function board_test_lines(test: Ref<kunit>): void {
  const dev = state.button!;
  KUNIT_EXPECT_EQ(test, gpiod_count(dev, "button"), 2);
  KUNIT_EXPECT_EQ(test, gpiod_count(dev, "none"), -ENOENT);
  const second = gpiod_get_index(dev, "button", 1, GPIOD_IN);
  KUNIT_EXPECT_FALSE(test, IS_ERR(second));
  if (IS_ERR(second)) return;
  KUNIT_EXPECT_EQ(test, desc_to_gpio(second), chip.base + 3);
  KUNIT_EXPECT_EQ(test, gpiod_is_active_low(second), 1);
  KUNIT_EXPECT_EQ(test, gpiod_get_value(second), 1);
  gpiod_put(second);
  KUNIT_EXPECT_NULL(test, gpiod_get_index_optional(dev, "button", 2, GPIOD_IN));
  const led = gpiod_get(dev, "led", GPIOD_ASIS);
  KUNIT_EXPECT_FALSE(test, IS_ERR(led));
  if (!IS_ERR(led)) gpiod_put(led);
  const managed = devm_gpiod_get_index(dev, "button", 1, GPIOD_IN);
  KUNIT_EXPECT_PTR_EQ(test, managed as Ref<object>, second);
  KUNIT_EXPECT_NULL(test, devm_gpiod_get_index_optional(dev, "button", 2, GPIOD_IN));
}

const lines = gpiod_lookup_table({
  dev_id: "button",
  table: [
    GPIO_LOOKUP_IDX("pl061", 6, "extra", 0, GPIO_ACTIVE_HIGH),
    GPIO_LOOKUP_IDX("pl061", 7, "extra", 1, GPIO_ACTIVE_HIGH),
  ],
});

/** What a node does not say, a table may. */
function board_test_tables(test: Ref<kunit>): void {
  const dev = state.button!;
  gpiod_add_lookup_table(lines);
  KUNIT_EXPECT_EQ(test, gpiod_count(dev, "extra"), 2);
  const last = gpiod_get_index_optional(dev, "extra", 1, GPIOD_IN);
  KUNIT_EXPECT_NOT_NULL(test, last);
  if (last && !IS_ERR(last)) {
    KUNIT_EXPECT_EQ(test, desc_to_gpio(last), chip.base + 7);
    gpiod_put(last);
  }
  const managed = devm_gpiod_get_index_optional(dev, "extra", 0, GPIOD_IN);
  KUNIT_EXPECT_NOT_NULL(test, managed);
  gpiod_remove_lookup_table(lines);
}

function board_suite_init(): int {
  wait_for_device_probe();
  return 0;
}

kunit_test_suite(
  kunit_suite({
    name: "board",
    suite_init: board_suite_init,
    test_cases: [KUNIT_CASE(board_test_nodes), KUNIT_CASE(board_test_lines), KUNIT_CASE(board_test_tables)],
  }),
);

MODULE_LICENSE("GPL");
