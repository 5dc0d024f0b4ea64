// linux/platform_device and linux/of: platform devices, their drivers, and what the device tree says of them.
import type { Kernel } from "../kernel/kernel.ts";
import { device, device_driver, device_node, of_device_id, offsetOf, resource } from "../kernel/layouts.ts";
import { platform_device, platform_device_id, platform_driver } from "../kernel/model-layouts.ts";
import { PLATFORM_DEVID_AUTO, PLATFORM_DEVID_NONE } from "../kernel/platform.ts";
import { claimAndMap } from "./devres.ts";
import { Header } from "./header.ts";

const DEV = offsetOf(platform_device, "dev");

export function platformDevice(kernel: Kernel): Header {
  const { core, devices, modules, platform } = kernel;
  const header = new Header(core);
  header.layout("platform_device", platform_device);
  header.layout("platform_device_id", platform_device_id);
  header.layout("platform_driver", platform_driver);
  header.constants({ PLATFORM_DEVID_NONE, PLATFORM_DEVID_AUTO });

  /** Registers a driver; its probe runs for every device that fits. Task context, may sleep. 0, or a negative errno. */
  header.steps("platform_driver_register", [platform_driver], "int", (drv: number) => platform.register(drv));
  /** Unregisters a driver; its remove runs for each of its devices. Task context, may sleep. */
  header.steps("platform_driver_unregister", [platform_driver], "void", (drv: number) => platform.unregister(drv));
  /** Makes init and exit of a module that is nothing but this driver. At file scope. */
  header.plain("module_platform_driver", [platform_driver], "void", (drv: number) =>
    modules.setDriver({ register: () => platform.register(drv), unregister: () => platform.unregister(drv) }),
  );
  /** A new device, not yet added. Task context, may sleep. NULL: no memory. */
  header.steps(
    "platform_device_alloc",
    ["string", "int"],
    platform_device,
    (name: number, id: number) => platform.alloc(name, id),
    { mayBeNull: true },
  );
  /** Gives it copies of resources. Task context, may sleep. 0, or -ENOMEM. */
  header.steps(
    "platform_device_add_resources",
    [platform_device, resource, "u32"],
    "int",
    (pdev: number, from: number, count: number) => platform.addResources(pdev, from, count),
  );
  /** Gives it a copy of data. Task context, may sleep. 0, or -ENOMEM. */
  header.steps(
    "platform_device_add_data",
    [platform_device, "ptr", "size"],
    "int",
    (pdev: number, from: number, bytes: number) => platform.addData(pdev, from, bytes),
  );
  /** Puts it on the bus. Task context, may sleep. 0, or a negative errno. */
  header.steps("platform_device_add", [platform_device], "int", (pdev: number) => platform.add(pdev));
  /** Puts one on the bus that the caller has room for. Task context, may sleep. 0, or a negative errno. */
  header.steps("platform_device_register", [platform_device], "int", (pdev: number) => platform.registerDevice(pdev));
  /** Makes one with these resources, and puts it on the bus. Task context, may sleep. It, or an ERR_PTR. */
  header.steps(
    "platform_device_register_simple",
    ["string", "int", resource, "u32"],
    platform_device,
    (name: number, id: number, resources: number, count: number) => platform.registerSimple(name, id, resources, count),
    { mayBeErrPtr: true },
  );
  /** Takes it off the bus, and lets go of it. Task context, may sleep. */
  header.steps("platform_device_unregister", [platform_device], "void", (pdev: number) =>
    platform.unregisterDevice(pdev),
  );
  /** Lets go of a device that was never added. Task context, may sleep. */
  header.steps("platform_device_put", [platform_device], "void", (pdev: number) => platform.put(pdev));
  /** The n-th resource of a type. Any context. NULL: there is none. */
  header.plain(
    "platform_get_resource",
    [platform_device, "u32", "u32"],
    resource,
    (pdev: number, type: number, index: number) => platform.resource(pdev, type, index),
    { mayBeNull: true },
  );
  /** The resource of a type with a name. Any context. NULL: there is none. */
  header.plain(
    "platform_get_resource_byname",
    [platform_device, "u32", "string"],
    resource,
    (pdev: number, type: number, name: number) => platform.resourceNamed(pdev, type, kernel.textAt(name)),
    { mayBeNull: true },
  );
  /** The number of the interrupt with a name. Task context. It, or a negative errno. */
  header.plain("platform_get_irq_byname", [platform_device, "string"], "int", (pdev: number, name: number) =>
    platform.irqNamed(pdev, kernel.textAt(name)),
  );
  /** How many interrupts it has. Task context. */
  header.plain("platform_irq_count", [platform_device], "int", (pdev: number) => platform.irqCount(pdev));
  /** The number of its n-th interrupt. Task context. It, or a negative errno. */
  header.plain("platform_get_irq", [platform_device, "u32"], "int", (pdev: number, index: number) =>
    platform.irq(pdev, index),
  );
  /** The same, saying nothing where there is none. Task context. It, or a negative errno. */
  header.plain("platform_get_irq_optional", [platform_device, "u32"], "int", (pdev: number, index: number) =>
    platform.irq(pdev, index, true),
  );
  /** Claims and maps the n-th memory resource; both go with the driver. Task context, may sleep. It, or an ERR_PTR. */
  header.plain(
    "devm_platform_ioremap_resource",
    [platform_device, "u32"],
    "iomem",
    (pdev: number, index: number) => claimAndMap(kernel, pdev + DEV, platform.resource(pdev, 0x200, index)),
    { mayBeErrPtr: true },
  );
  /** What the driver stored. Any context. */
  header.plain("platform_get_drvdata", [platform_device, "like"], "like", (pdev: number) =>
    devices.getData(pdev + DEV),
  );
  /** Stores the driver's own data. Any context. */
  header.plain("platform_set_drvdata", [platform_device, "ptr"], "void", (pdev: number, data: number) =>
    devices.setData(pdev + DEV, data),
  );
  return header;
}

export function of(kernel: Kernel): Header {
  const { core, tree } = kernel;
  const header = new Header(core);
  header.layout("device_node", device_node);
  header.layout("of_device_id", of_device_id);
  const node = (dev: number): number => core.memory.load(dev + offsetOf(device, "of_node"), 4, false);
  const text = (address: number): string => kernel.textAt(address);
  /** A number of a node, to `*out_value`. Any context. 0, -EINVAL: there is none, -ENODATA, -EOVERFLOW. */
  header.plain("of_property_read_u32", [device_node, "string", "ptr"], "int", (np: number, name: number, to: number) =>
    tree.readU32(np, text(name), to),
  );
  /** The n-th number of a property. Any context. 0, -EINVAL, -ENODATA, -EOVERFLOW. */
  header.plain(
    "of_property_read_u32_index",
    [device_node, "string", "u32", "ptr"],
    "int",
    (np: number, name: number, index: number, to: number) => tree.readU32(np, text(name), to, index),
  );
  /** A text of a node, to `*out_string`. Any context. 0, -EINVAL: there is none, -ENODATA, -EILSEQ. */
  header.plain(
    "of_property_read_string",
    [device_node, "string", "ptr"],
    "int",
    (np: number, name: number, to: number) => tree.readString(np, text(name), to),
  );
  for (const name of ["of_property_read_bool", "of_property_present"]) {
    /** Whether a node has a property. Any context. */
    header.plain(name, [device_node, "string"], "bool", (np: number, it: number) => tree.has(np, text(it)));
  }
  /** Whether a node is compatible with this. Any context. 0: it is not. */
  header.plain("of_device_is_compatible", [device_node, "string"], "int", (np: number, it: number) =>
    tree.isCompatible(np, text(it)) ? 1 : 0,
  );
  /** The node that the n-th number of a property points to, with a reference. Any context. NULL: there is none. */
  header.plain(
    "of_parse_phandle",
    [device_node, "string", "int"],
    device_node,
    (np: number, name: number, index: number) => tree.follow(np, text(name), index),
    { mayBeNull: true },
  );
  /** One more reference to a node; NULL is fine. Any context. The node. */
  header.plain("of_node_get", [device_node], "arg0", (np: number) => tree.get(np));
  /** Gives a reference back; NULL is fine. Any context. */
  header.plain("of_node_put", [device_node], "void", (np: number) => tree.put(np));
  const matched = (dev: number): number => {
    const driver = kernel.devices.driverOf(dev);
    if (driver === 0) return 0;
    return tree.match(core.memory.load(driver + offsetOf(device_driver, "of_match_table"), 4, false), node(dev));
  };
  /** The data of the entry by which the driver was found. Any context. NULL: none. */
  header.plain(
    "of_device_get_match_data",
    [device, "like"],
    "like",
    (dev: number) => {
      const entry = matched(dev);
      return entry === 0 ? 0 : core.memory.load(entry + offsetOf(of_device_id, "data"), 4, false);
    },
    { mayBeNull: true },
  );
  return header;
}

/** linux/property: the same of a device. */
export function property(kernel: Kernel): Header {
  const { core, tree } = kernel;
  const header = new Header(core);
  const node = (dev: number): number => core.memory.load(dev + offsetOf(device, "of_node"), 4, false);
  const text = (address: number): string => kernel.textAt(address);
  /** A number of a device's node, to `*val`. Any context. 0, or a negative errno. */
  header.plain("device_property_read_u32", [device, "string", "ptr"], "int", (dev: number, name: number, to: number) =>
    tree.readU32(node(dev), text(name), to),
  );
  /** A text of it, to `*val`. Any context. 0, or a negative errno. */
  header.plain(
    "device_property_read_string",
    [device, "string", "ptr"],
    "int",
    (dev: number, name: number, to: number) => tree.readString(node(dev), text(name), to),
  );
  for (const name of ["device_property_read_bool", "device_property_present"]) {
    /** Whether it has a property. Any context. */
    header.plain(name, [device, "string"], "bool", (dev: number, it: number) => tree.has(node(dev), text(it)));
  }
  return header;
}
