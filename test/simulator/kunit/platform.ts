// KUnit: linux/platform_device, linux/of and linux/property.
// devices: ns16550a
import {
  KUNIT_ASSERT_NOT_NULL,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_NOT_NULL,
  KUNIT_EXPECT_NULL,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_STREQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { dev_err_probe, dev_info, dev_name, wait_for_device_probe } from "linux/device";
import { IS_ERR } from "linux/err";
import { EINVAL, ENXIO, EPROBE_DEFER } from "linux/errno";
import { readb } from "linux/io";
import { IORESOURCE_IRQ, IORESOURCE_MEM, resource } from "linux/ioport";
import { MODULE_LICENSE } from "linux/module";
import {
  of_device_get_match_data,
  of_device_is_compatible,
  of_match_ptr,
  of_property_present,
  of_property_read_bool,
  of_property_read_string,
  of_property_read_u32,
  of_property_read_u32_index,
} from "linux/of";
import {
  devm_platform_ioremap_resource,
  module_platform_driver,
  PLATFORM_DEVID_AUTO,
  PLATFORM_DEVID_NONE,
  platform_device,
  platform_device_add,
  platform_device_add_data,
  platform_device_add_resources,
  platform_device_alloc,
  platform_device_put,
  platform_device_register,
  platform_device_register_simple,
  platform_device_unregister,
  platform_driver,
  platform_driver_register,
  platform_driver_unregister,
  platform_get_drvdata,
  platform_get_irq,
  platform_get_irq_byname,
  platform_get_irq_optional,
  platform_get_resource,
  platform_get_resource_byname,
  platform_irq_count,
  platform_set_drvdata,
} from "linux/platform_device";
import {
  device_property_present,
  device_property_read_bool,
  device_property_read_string,
  device_property_read_u32,
} from "linux/property";
import { cast, charp, type int, on_stack, type Ref, sizeof, struct, u32 } from "linux/types";

const quirks = struct("quirks", { fifo: u32 });
const quirks_16550 = quirks({ fifo: 16 });
const driver_state = struct("state", {
  probed: u32,
  removed: u32,
  irq: u32,
  fifo: u32,
  lsr: u32,
  clock: u32,
  put_off: u32,
});
const state = driver_state({});
const names = struct("names", { text: charp })({});

function uart_probe(pdev: Ref<platform_device>): int {
  state.probed += 1;
  const regs = devm_platform_ioremap_resource(pdev, 0);
  if (IS_ERR(regs)) return -EINVAL;
  state.lsr = readb(regs.add(5));
  const irq = platform_get_irq(pdev, 0);
  if (irq < 0) return irq;
  state.irq = irq;
  const value = on_stack(u32);
  if (of_property_read_u32(pdev.dev.of_node, "clock-frequency", value) === 0) state.clock = value.value;
  const data = of_device_get_match_data(pdev.dev, quirks);
  if (data) state.fifo = data.fifo;
  platform_set_drvdata(pdev, state);
  dev_info(pdev.dev, "ready\n");
  return 0;
}

function uart_remove(pdev: Ref<platform_device>): void {
  const d = platform_get_drvdata(pdev, driver_state);
  d.removed += 1;
}

const uart_driver = platform_driver({
  probe: uart_probe,
  remove: uart_remove,
  driver: { name: "uart", of_match_table: [{ compatible: "ns16550a", data: quirks_16550 }] },
});
module_platform_driver(uart_driver);

let found: Ref<platform_device> | null = null;

function toy_probe(pdev: Ref<platform_device>): int {
  if (state.put_off) return dev_err_probe(pdev.dev, -EPROBE_DEFER, "there is no supply\n");
  found = pdev;
  return 0;
}

function toy_remove(): void {
  found = null;
}

const toy_driver = platform_driver({
  probe: toy_probe,
  remove: toy_remove,
  driver: { name: "toy-driver" },
  id_table: [
    { name: "toy", driver_data: 5 },
    { name: "doll", driver_data: 6 },
  ],
});
const other_driver = platform_driver({ probe: () => 0, driver: { name: "other" } });
const broken_driver = platform_driver({ probe: () => -EINVAL, driver: { name: "broken" } });

function platform_test_tree(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, state.probed, 1);
  KUNIT_EXPECT_EQ(test, state.irq, 33);
  KUNIT_EXPECT_EQ(test, state.lsr, 0x60);
  KUNIT_EXPECT_EQ(test, state.fifo, 16);
}

function platform_test_devices(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, platform_driver_register(toy_driver), 0);
  const range = resource({ start: 0x100, end: 0x1ff, name: "regs", flags: IORESOURCE_MEM });
  const simple = platform_device_register_simple("toy", 3, range, 1);
  KUNIT_EXPECT_TRUE(test, !IS_ERR(simple));
  if (IS_ERR(simple)) return;
  KUNIT_EXPECT_PTR_EQ(test, found, simple);
  KUNIT_EXPECT_STREQ(test, dev_name(simple.dev), "toy.3");
  KUNIT_EXPECT_EQ(test, simple.id_entry!.driver_data, 5);
  KUNIT_EXPECT_EQ(test, platform_get_resource(simple, IORESOURCE_MEM, 0)!.end, 0x1ff);
  KUNIT_EXPECT_NULL(test, platform_get_resource(simple, IORESOURCE_MEM, 1));
  KUNIT_EXPECT_EQ(test, platform_get_resource_byname(simple, IORESOURCE_MEM, "regs")!.start, 0x100);
  KUNIT_EXPECT_NULL(test, platform_get_resource_byname(simple, IORESOURCE_IRQ, "regs"));
  KUNIT_EXPECT_EQ(test, platform_irq_count(simple), 0);
  KUNIT_EXPECT_EQ(test, platform_get_irq(simple, 0), -ENXIO);
  platform_device_unregister(simple);
  KUNIT_EXPECT_NULL(test, found);

  const pdev = platform_device_alloc("doll", PLATFORM_DEVID_AUTO);
  KUNIT_ASSERT_NOT_NULL(test, pdev);
  if (!pdev) return;
  const line = resource({ start: 7, end: 7, name: "done", flags: IORESOURCE_IRQ });
  KUNIT_EXPECT_EQ(test, platform_device_add_resources(pdev, line, 1), 0);
  KUNIT_EXPECT_EQ(test, platform_device_add_data(pdev, quirks_16550, sizeof(quirks)), 0);
  KUNIT_EXPECT_EQ(test, platform_device_add(pdev), 0);
  KUNIT_EXPECT_PTR_EQ(test, found, pdev);
  KUNIT_EXPECT_EQ(test, platform_get_irq_optional(pdev, 0), 7);
  KUNIT_EXPECT_EQ(test, platform_get_irq_byname(pdev, "done"), 7);
  KUNIT_EXPECT_EQ(test, platform_get_irq_byname(pdev, "error"), -ENXIO);
  KUNIT_EXPECT_EQ(test, platform_irq_count(pdev), 1);
  KUNIT_EXPECT_EQ(test, platform_get_irq_optional(pdev, 1), -ENXIO);
  KUNIT_EXPECT_EQ(test, cast(quirks, pdev.dev.platform_data!).fifo, 16);
  platform_device_unregister(pdev);
  const never = platform_device_alloc("doll", PLATFORM_DEVID_NONE);
  if (never) platform_device_put(never);
  platform_driver_unregister(toy_driver);
}

const own_device = platform_device({ name: "other", id: PLATFORM_DEVID_NONE });
const forgotten = platform_device({ name: "forgotten", id: PLATFORM_DEVID_NONE });

function platform_test_deferral(test: Ref<kunit>): void {
  state.put_off = 1;
  platform_driver_register(toy_driver);
  const toy = platform_device_register_simple("toy", PLATFORM_DEVID_NONE, null, 0);
  if (IS_ERR(toy)) return;
  KUNIT_EXPECT_NULL(test, found);
  state.put_off = 0;
  platform_driver_register(other_driver);
  own_device.dev.release = () => {
    state.fifo = 99;
  };
  KUNIT_EXPECT_EQ(test, platform_device_register(own_device), 0);
  // A driver was bound, so that a worker tries the other device again.
  KUNIT_EXPECT_NULL(test, found);
  wait_for_device_probe();
  KUNIT_EXPECT_PTR_EQ(test, found, toy);
  platform_device_unregister(own_device);
  KUNIT_EXPECT_EQ(test, state.fifo, 99);
  KUNIT_EXPECT_EQ(test, platform_device_register(forgotten), 0);
  platform_device_unregister(forgotten); // reports: lifecycle-misuse
  platform_driver_unregister(other_driver);
  platform_device_unregister(toy);
  platform_driver_unregister(toy_driver);
}

function platform_test_failure(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, platform_driver_register(broken_driver), 0);
  const device = platform_device_register_simple("broken", 1, null, 0);
  KUNIT_EXPECT_TRUE(test, !IS_ERR(device));
  if (!IS_ERR(device)) platform_device_unregister(device);
  platform_driver_unregister(broken_driver);
}

const checker = platform_driver({
  probe: (pdev: Ref<platform_device>) => {
    const node = pdev.dev.of_node;
    KUNIT_EXPECT_NOT_NULL(current_test, node);
    KUNIT_EXPECT_TRUE(current_test, of_property_read_bool(node, "compatible"));
    KUNIT_EXPECT_TRUE(current_test, of_property_present(node, "reg"));
    KUNIT_EXPECT_EQ(current_test, of_device_is_compatible(node, "ns16550a"), 1);
    const value = on_stack(u32);
    KUNIT_EXPECT_EQ(current_test, of_property_read_u32_index(node, "reg", 1, value), 0);
    KUNIT_EXPECT_EQ(current_test, value.value, 8);
    KUNIT_EXPECT_EQ(current_test, of_property_read_u32(node, "nothing", value), -EINVAL);
    KUNIT_EXPECT_EQ(current_test, of_property_read_string(node, "compatible", names), 0);
    KUNIT_EXPECT_STREQ(current_test, names.text, "ns16550a");
    names.text = "";
    KUNIT_EXPECT_EQ(current_test, device_property_read_string(pdev.dev, "compatible", names), 0);
    KUNIT_EXPECT_STREQ(current_test, names.text, "ns16550a");
    KUNIT_EXPECT_EQ(current_test, device_property_read_u32(pdev.dev, "reg", value), 0);
    KUNIT_EXPECT_EQ(current_test, value.value, 0x09000000);
    KUNIT_EXPECT_TRUE(current_test, device_property_present(pdev.dev, "reg"));
    KUNIT_EXPECT_TRUE(current_test, device_property_read_bool(pdev.dev, "interrupts"));
    return 0;
  },
  driver: { name: "checker", of_match_table: of_match_ptr([{ compatible: "ns16550a" }]) },
});
let current_test: Ref<kunit>;

function platform_test_properties(test: Ref<kunit>): void {
  current_test = test;
  platform_driver_unregister(uart_driver);
  KUNIT_EXPECT_EQ(test, state.removed, 1);
  platform_driver_register(checker);
  platform_driver_unregister(checker);
  KUNIT_EXPECT_EQ(test, platform_driver_register(uart_driver), 0);
  KUNIT_EXPECT_EQ(test, state.probed, 2);
}

kunit_test_suite(
  kunit_suite({
    name: "platform",
    test_cases: [
      KUNIT_CASE(platform_test_tree),
      KUNIT_CASE(platform_test_devices),
      KUNIT_CASE(platform_test_deferral),
      KUNIT_CASE(platform_test_failure),
      KUNIT_CASE(platform_test_properties),
    ],
  }),
);

MODULE_LICENSE("GPL");
