// KUnit: buses, devices and drivers of linux/device.
import {
  KUNIT_ASSERT_NOT_NULL,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_NULL,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_STREQ,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import {
  bus_find_device_by_name,
  bus_register,
  bus_type,
  bus_unregister,
  dev_info,
  dev_name,
  dev_set_name,
  device,
  device_add,
  device_del,
  device_driver,
  device_initialize,
  device_register,
  device_unregister,
  driver_register,
  driver_unregister,
  get_device,
  put_device,
} from "linux/device";
import { EBUSY, EEXIST, EINVAL } from "linux/errno";
import { MODULE_LICENSE } from "linux/module";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { strcmp } from "linux/string";
import { container_of, type int, type Ref, struct, u32 } from "linux/types";

const toy = struct("toy", { number: u32, dev: device });
const state = struct("state", { probed: u32, removed: u32, released: u32, matched: u32 })({});

function toy_match(_dev: Ref<device>, drv: Ref<device_driver>): int {
  state.matched += 1;
  return strcmp(drv.name, "toy") === 0 ? 1 : 0;
}

function toy_probe(dev: Ref<device>): int {
  state.probed += 1;
  dev_info(dev, "hello\n");
  return 0;
}

function toy_remove(): void {
  state.removed += 1;
}

const toy_bus = bus_type({ name: "toys", dev_name: "toy", match: toy_match, probe: toy_probe, remove: toy_remove });
const toy_driver = device_driver({ name: "toy", bus: toy_bus });
const same_name = device_driver({ name: "toy", bus: toy_bus });
const other_driver = device_driver({ name: "other", bus: toy_bus });
const no_bus = bus_type({ name: "nobody" });
const lost_driver = device_driver({ name: "lost", bus: no_bus });

function toy_release(dev: Ref<device>): void {
  state.released += 1;
  kfree(container_of(dev, toy, "dev"));
}

function make(id: number): Ref<typeof toy> | null {
  const t = kzalloc(toy, GFP_KERNEL);
  if (!t) return null;
  t.dev.bus = toy_bus;
  t.dev.id = id;
  t.dev.release = toy_release;
  return t;
}

function bus_test_drivers(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, bus_register(toy_bus), 0);
  KUNIT_EXPECT_EQ(test, bus_register(toy_bus), -EEXIST);
  const first = make(1)!;
  KUNIT_EXPECT_EQ(test, device_register(first.dev), 0);
  KUNIT_EXPECT_STREQ(test, dev_name(first.dev), "toy1");
  KUNIT_EXPECT_NULL(test, first.dev.driver);
  KUNIT_EXPECT_EQ(test, driver_register(other_driver), 0);
  KUNIT_EXPECT_EQ(test, state.probed, 0);
  KUNIT_EXPECT_EQ(test, driver_register(toy_driver), 0);
  KUNIT_EXPECT_EQ(test, driver_register(same_name), -EBUSY); // reports: lifecycle-misuse
  KUNIT_EXPECT_EQ(test, driver_register(lost_driver), -EINVAL);
  KUNIT_EXPECT_EQ(test, state.probed, 1);
  KUNIT_EXPECT_PTR_EQ(test, first.dev.driver, toy_driver);

  const second = make(2)!;
  device_initialize(second.dev);
  KUNIT_EXPECT_EQ(test, dev_set_name(second.dev, "bear%d", 7), 0);
  KUNIT_EXPECT_EQ(test, device_add(second.dev), 0);
  KUNIT_EXPECT_EQ(test, state.probed, 2);
  const found = bus_find_device_by_name(toy_bus, null, "bear7");
  KUNIT_ASSERT_NOT_NULL(test, found);
  KUNIT_EXPECT_PTR_EQ(test, found, second.dev);
  device_del(second.dev);
  KUNIT_EXPECT_EQ(test, state.removed, 1);
  put_device(second.dev);
  KUNIT_EXPECT_EQ(test, state.released, 0);
  put_device(found);
  KUNIT_EXPECT_EQ(test, state.released, 1);

  KUNIT_EXPECT_PTR_EQ(test, get_device(first.dev), first.dev);
  driver_unregister(toy_driver);
  KUNIT_EXPECT_EQ(test, state.removed, 2);
  driver_unregister(other_driver);
  device_unregister(first.dev);
  KUNIT_EXPECT_EQ(test, state.released, 1);
  put_device(first.dev);
  KUNIT_EXPECT_EQ(test, state.released, 2);
  driver_unregister(toy_driver); // reports: lifecycle-misuse
  bus_unregister(toy_bus);
  KUNIT_EXPECT_EQ(test, bus_register(toy_bus), 0);
  bus_unregister(toy_bus);
}

kunit_test_suite(kunit_suite({ name: "bus", test_cases: [KUNIT_CASE(bus_test_drivers)] }));

MODULE_LICENSE("GPL");
