// Attributes of devices, buses, drivers and classes; what the scenario reads and writes of them.
import {
  BUS_ATTR_RO,
  BUS_ATTR_RW,
  BUS_ATTR_WO,
  bus_create_file,
  bus_register,
  bus_remove_file,
  bus_type,
  bus_unregister,
  CLASS_ATTR_RO,
  CLASS_ATTR_RW,
  CLASS_ATTR_WO,
  class_,
  type class_attribute,
  class_create,
  class_create_file,
  class_destroy,
  class_register,
  class_remove_file,
  class_unregister,
  DEVICE_ATTR,
  DEVICE_ATTR_RO,
  DEVICE_ATTR_RW,
  DEVICE_ATTR_WO,
  DRIVER_ATTR_RO,
  DRIVER_ATTR_RW,
  DRIVER_ATTR_WO,
  dev_name,
  device,
  device_add_groups,
  type device_attribute,
  device_create,
  device_create_file,
  device_create_with_groups,
  device_destroy,
  device_driver,
  device_register,
  device_remove_file,
  device_remove_groups,
  device_unregister,
  devm_device_add_group,
  driver_create_file,
  driver_register,
  driver_remove_file,
  driver_unregister,
} from "linux/device";
import { IS_ERR } from "linux/err";
import { EINVAL } from "linux/errno";
import { kstrtouint } from "linux/kernel";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import { pr_info } from "linux/printk";
import { ATTRIBUTE_GROUPS, attribute_group, sysfs_emit, sysfs_notify } from "linux/sysfs";
import { type int, on_stack, type Ref, type size_t, type ssize_t, struct, uint } from "linux/types";

const MAJOR = 240;
let value = 7;

function value_show(dev: Ref<device>, attr: Ref<device_attribute>, buf: Ref<unknown>): ssize_t {
  return sysfs_emit(buf, "%s %s %u\n", dev_name(dev), attr.attr.name, value);
}

function value_store(dev: Ref<device>, attr: Ref<device_attribute>, buf: Ref<unknown>, count: size_t): ssize_t {
  const parsed = on_stack(uint);
  if (kstrtouint(buf, 0, parsed)) return -EINVAL;
  value = parsed.value;
  sysfs_notify(dev.kobj, null, "first");
  sysfs_notify(dev.kobj, "of_bus", "first");
  return count;
}

const dev_attr_plain = DEVICE_ATTR("plain", 0o600, value_show, value_store);
const dev_attr_value = DEVICE_ATTR_RW("value", value_show, value_store);
const dev_attr_first = DEVICE_ATTR_RO("first", value_show);
const dev_attr_set = DEVICE_ATTR_WO("set", value_store);
const dev_attr_bound = DEVICE_ATTR_RO("bound", value_show);
const dev_attr_managed = DEVICE_ATTR_RO("managed", value_show);

const own_groups = ATTRIBUTE_GROUPS(attribute_group({ attrs: [{ attr: dev_attr_first.attr }] }));
const later_groups = ATTRIBUTE_GROUPS(attribute_group({ name: "later", attrs: [{ attr: dev_attr_set.attr }] }));
const bound_groups = ATTRIBUTE_GROUPS(attribute_group({ attrs: [{ attr: dev_attr_bound.attr }] }));
const managed_group = attribute_group({ attrs: [{ attr: dev_attr_managed.attr }] });

function show(buf: Ref<unknown>): ssize_t {
  return sysfs_emit(buf, "%u\n", value);
}

const bus_attr_level = BUS_ATTR_RO("level", (bus, buf) => show(buf));
const bus_attr_poke = BUS_ATTR_WO("poke", (bus, buf, count) => {
  value += 1;
  return count;
});
const bus_attr_both = BUS_ATTR_RW(
  "both",
  (bus: Ref<bus_type>, buf) => sysfs_emit(buf, "%s\n", bus.name),
  (bus, buf, count) => count,
);
const driver_attr_level = DRIVER_ATTR_RO("level", (drv: Ref<device_driver>, buf) =>
  sysfs_emit(buf, "%s %u\n", drv.name, value),
);
const driver_attr_poke = DRIVER_ATTR_WO("poke", (drv, buf, count) => {
  value += 2;
  return count;
});
const driver_attr_both = DRIVER_ATTR_RW(
  "both",
  (drv, buf) => show(buf),
  (drv, buf, count) => -EINVAL,
);
const class_attr_level = CLASS_ATTR_RO("level", (cls, attr: Ref<class_attribute>, buf) =>
  sysfs_emit(buf, "%s\n", attr.attr.name),
);
const class_attr_poke = CLASS_ATTR_WO("poke", (cls, attr, buf, count) => {
  value += 3;
  return count;
});
const class_attr_both = CLASS_ATTR_RW(
  "both",
  (cls, attr, buf) => show(buf),
  (cls, attr, buf, count) => count,
);

const parts_bus = bus_type({
  name: "parts",
  match: () => 1,
  bus_groups: ATTRIBUTE_GROUPS(attribute_group({ attrs: [{ attr: bus_attr_level.attr }] })),
  dev_groups: ATTRIBUTE_GROUPS(attribute_group({ name: "of_bus", attrs: [{ attr: dev_attr_first.attr }] })),
});

function part_probe(dev: Ref<device>): int {
  return devm_device_add_group(dev, managed_group);
}

const part_driver = device_driver({
  name: "part",
  bus: parts_bus,
  probe: part_probe,
  dev_groups: bound_groups,
  groups: ATTRIBUTE_GROUPS(attribute_group({ attrs: [{ attr: driver_attr_level.attr }] })),
});
const part = struct("part", { dev: device })({});
const gadgets = class_({
  name: "gadgets",
  class_groups: ATTRIBUTE_GROUPS(attribute_group({ attrs: [{ attr: class_attr_level.attr }] })),
  dev_groups: own_groups,
});
let made: Ref<class_>;

function attributes_init(): int {
  if (bus_register(parts_bus)) return -EINVAL;
  if (bus_create_file(parts_bus, bus_attr_poke)) return -EINVAL;
  // What is removed can be added again.
  bus_remove_file(parts_bus, bus_attr_poke);
  if (bus_create_file(parts_bus, bus_attr_poke) || bus_create_file(parts_bus, bus_attr_both)) return -EINVAL;
  part.dev.init_name = "part0";
  part.dev.bus = parts_bus;
  part.dev.groups = own_groups;
  part.dev.release = () => pr_info("part0 is released\n");
  if (device_register(part.dev) || driver_register(part_driver)) return -EINVAL;
  if (device_create_file(part.dev, dev_attr_plain)) return -EINVAL;
  device_remove_file(part.dev, dev_attr_plain);
  if (device_create_file(part.dev, dev_attr_plain) || device_create_file(part.dev, dev_attr_value)) return -EINVAL;
  if (device_add_groups(part.dev, later_groups)) return -EINVAL;
  device_remove_groups(part.dev, later_groups);
  if (device_add_groups(part.dev, later_groups)) return -EINVAL;
  if (driver_create_file(part_driver, driver_attr_poke)) return -EINVAL;
  driver_remove_file(part_driver, driver_attr_poke);
  if (driver_create_file(part_driver, driver_attr_poke) || driver_create_file(part_driver, driver_attr_both))
    return -EINVAL;
  if (class_register(gadgets)) return -EINVAL;
  if (class_create_file(gadgets, class_attr_poke)) return -EINVAL;
  class_remove_file(gadgets, class_attr_poke);
  if (class_create_file(gadgets, class_attr_poke) || class_create_file(gadgets, class_attr_both)) return -EINVAL;
  const cls = class_create("toys");
  if (IS_ERR(cls)) return -EINVAL;
  made = cls;
  if (IS_ERR(device_create(gadgets, null, MAJOR << 20, null, "gadget%d", 0))) return -EINVAL;
  if (IS_ERR(device_create_with_groups(made, part.dev, (MAJOR << 20) | 1, null, own_groups, "toy"))) return -EINVAL;
  return 0;
}

function attributes_exit(): void {
  device_destroy(made, (MAJOR << 20) | 1);
  device_destroy(gadgets, MAJOR << 20);
  class_destroy(made);
  class_remove_file(gadgets, class_attr_poke);
  class_remove_file(gadgets, class_attr_both);
  class_unregister(gadgets);
  driver_remove_file(part_driver, driver_attr_poke);
  driver_remove_file(part_driver, driver_attr_both);
  driver_unregister(part_driver);
  device_remove_groups(part.dev, later_groups);
  device_remove_file(part.dev, dev_attr_value);
  device_unregister(part.dev);
  bus_remove_file(parts_bus, bus_attr_poke);
  bus_remove_file(parts_bus, bus_attr_both);
  bus_unregister(parts_bus);
}

module_init(attributes_init);
module_exit(attributes_exit);
MODULE_LICENSE("GPL");
