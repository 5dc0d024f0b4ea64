// linux/pci: PCI devices and their drivers.
import { errno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { offsetOf, pci_dev, pci_device_id, pci_driver } from "../kernel/layouts.ts";
import { PCI_ANY_ID, PCI_IRQ_ALL_TYPES, PCI_IRQ_INTX, PCI_IRQ_MSI, PCI_IRQ_MSIX } from "../kernel/pci.ts";
import { PCI_D0 } from "../kernel/pci-config.ts";
import { IORESOURCE_MEM } from "../kernel/resource-tree.ts";
import { manageMapping } from "./devres.ts";
import { Header } from "./header.ts";

export function pci(kernel: Kernel): Header {
  const { core, modules, pci } = kernel;
  const header = new Header(core);
  header.layout("pci_dev", pci_dev);
  header.layout("pci_device_id", pci_device_id);
  header.layout("pci_driver", pci_driver);
  header.constants({ PCI_ANY_ID, PCI_IRQ_INTX, PCI_IRQ_MSI, PCI_IRQ_MSIX, PCI_IRQ_ALL_TYPES });

  /** Registers a driver; its probe runs for every device that fits. Task context, may sleep. 0, or a negative errno. */
  header.steps("pci_register_driver", [pci_driver], "int", (driver: number) => pci.register(driver));
  /** Unregisters a driver; its remove runs for each of its devices. Task context, may sleep. */
  header.steps("pci_unregister_driver", [pci_driver], "void", (driver: number) => pci.unregister(driver));
  /** Makes init and exit of a module that is nothing but this driver. At file scope. */
  header.plain("module_pci_driver", [pci_driver], "void", (driver: number) =>
    modules.setDriver({ register: () => pci.register(driver), unregister: () => pci.unregister(driver) }),
  );
  regions(header, kernel);
  vectors(header, kernel);
  states(header, kernel);
  identities(header, kernel);

  /** Lets the device access memory. Any context. */
  header.plain("pci_set_master", [pci_dev], "void", (dev: number) => pci.setMaster(dev, true));
  /** Forbids the device to access memory. Any context. */
  header.plain("pci_clear_master", [pci_dev], "void", (dev: number) => pci.setMaster(dev, false));
  const dev = offsetOf(pci_dev, "dev");
  /** Stores the driver's own data. Any context. */
  header.plain("pci_set_drvdata", [pci_dev, "ptr"], "void", (it: number, data: number) =>
    kernel.devices.setData(it + dev, data),
  );
  /** What the driver stored. Any context. */
  header.plain("pci_get_drvdata", [pci_dev, "like"], "like", (it: number) => kernel.devices.getData(it + dev));
  /** The device's address on the bus. Any context. */
  header.plain("pci_name", [pci_dev], "string", (it: number) => kernel.statics.literal(pci.at(it).name));
  /** pci_read_config_byte … dword read configuration space into `*val`. Any context. 0, or a PCIBIOS error. */
  for (const [name, bytes] of [
    ["byte", 1],
    ["word", 2],
    ["dword", 4],
  ] as const) {
    header.plain(`pci_read_config_${name}`, [pci_dev, "int", "ptr"], "int", (it: number, where: number, to: number) =>
      pci.config.read(pci.at(it), where, bytes, to),
    );
    /** pci_write_config_byte … dword write it; the command register has effects. Any context. 0, or a PCIBIOS error. */
    header.plain(
      `pci_write_config_${name}`,
      [pci_dev, "int", (["u8", "u16", "u32"] as const)[Math.log2(bytes)]!],
      "int",
      (it: number, where: number, value: number) => pci.config.write(pci.at(it), where, bytes, value),
    );
  }
  return header;
}

/** Entries of an id table. */
function identities(header: Header, { core, statics }: Kernel): void {
  const make = (members: Readonly<Record<string, number>>): number => {
    const address = statics.global(pci_device_id.size, pci_device_id.align, "pci_device_id");
    const all = { vendor: PCI_ANY_ID, device: PCI_ANY_ID, subvendor: PCI_ANY_ID, subdevice: PCI_ANY_ID, ...members };
    for (const [name, value] of Object.entries(all))
      core.memory.poke(address + offsetOf(pci_device_id, name), 4, value);
    return address;
  };
  /** An entry for a device. At file scope. */
  header.plain("PCI_DEVICE", ["u32", "u32"], pci_device_id, (vendor: number, device: number) =>
    make({ vendor, device }),
  );
  /** An entry for a device as a part of a board. At file scope. */
  header.plain(
    "PCI_DEVICE_SUB",
    ["u32", "u32", "u32", "u32"],
    pci_device_id,
    (vendor: number, device: number, subvendor: number, subdevice: number) =>
      make({ vendor, device, subvendor, subdevice }),
  );
  /** An entry for all devices of a class. At file scope. */
  header.plain("PCI_DEVICE_CLASS", ["u32", "u32"], pci_device_id, (kind: number, mask: number) =>
    make({ class: kind, class_mask: mask }),
  );
}

/** Power states, what is saved, and whether the device is there. */
function states(header: Header, { pci, buses }: Kernel): void {
  header.constants({ PCI_D0, PCI_D1: 1, PCI_D2: 2, PCI_D3hot: 3, PCI_D3cold: 4 });
  header.constants({ PCI_VENDOR_ID: 0, PCI_DEVICE_ID: 2, PCI_COMMAND: 4, PCI_REVISION_ID: 8, PCI_INTERRUPT_LINE: 60 });
  header.constants({ PCI_COMMAND_MEMORY: 2, PCI_COMMAND_MASTER: 4 });
  /** Keeps what configuration space holds. Any context. 0. */
  header.plain("pci_save_state", [pci_dev], "int", (dev: number) => pci.config.save(pci.at(dev)));
  /** Writes back what was kept. Any context. */
  header.plain("pci_restore_state", [pci_dev], "void", (dev: number) => pci.config.restore(pci.at(dev)));
  /** Changes the device's power state. Task context. 0, or -EIO: it has no such state, or is gone. */
  header.plain("pci_set_power_state", [pci_dev, "int"], "int", (dev: number, state: number) =>
    pci.config.setPower(pci.at(dev), state),
  );
  /** Whether the device answers. Any context. */
  header.plain("pci_device_is_present", [pci_dev], "bool", (dev: number) => pci.config.isPresent(pci.at(dev)));
  /** Whether the kernel knows that the device is gone. Any context. */
  header.plain("pci_channel_offline", [pci_dev], "int", (dev: number) => (pci.config.isOffline(pci.at(dev)) ? 1 : 0));
  /** Takes the device off its bus; its driver leaves. Task context, may sleep. */
  header.steps("pci_stop_and_remove_bus_device", [pci_dev], "void", (dev: number) => pci.stopAndRemove(dev));
  const generic = offsetOf(pci_dev, "dev");
  /** One more reference; NULL is ignored. Any context. The device. */
  header.plain(
    "pci_dev_get",
    [pci_dev],
    pci_dev,
    (dev: number) => {
      if (dev !== 0) buses.get(dev + generic);
      return dev;
    },
    { mayBeNull: true },
  );
  /** One reference less. Task context, may sleep. */
  header.steps("pci_dev_put", [pci_dev], "void", (dev: number) => buses.put(dev === 0 ? 0 : dev + generic));
}

function vectors(header: Header, { pci }: Kernel): void {
  /** Gives the device between so many and so many interrupts. Task context, may sleep. How many, or a negative errno. */
  header.plain(
    "pci_alloc_irq_vectors",
    [pci_dev, "u32", "u32", "u32"],
    "int",
    (dev: number, least: number, most: number, flags: number) => pci.allocVectors(dev, least, most, flags),
  );
  /** Takes them back. Task context, may sleep. */
  header.plain("pci_free_irq_vectors", [pci_dev], "void", (dev: number) => pci.freeVectors(dev));
  /** The number of an interrupt, for request_irq. Any context. It, or -EINVAL. */
  header.plain("pci_irq_vector", [pci_dev, "u32"], "int", (dev: number, index: number) => pci.vector(dev, index));
}

function regions(header: Header, kernel: Kernel): void {
  const { devices, pci, mmio } = kernel;
  /** Makes the device's regions answer. Task context, may sleep. 0, or a negative errno. */
  header.plain("pci_enable_device", [pci_dev], "int", (dev: number) => pci.enable(dev));
  /** Undoes pci_enable_device. Task context, may sleep. */
  header.plain("pci_disable_device", [pci_dev], "void", (dev: number) => pci.disable(dev));
  /** Claims the device's regions. Task context, may sleep. 0, or -EBUSY. */
  header.plain("pci_request_regions", [pci_dev, "string"], "int", (dev: number, name: number) =>
    pci.requestRegions(dev, kernel.textAt(name)),
  );
  /** Gives the regions back. Task context, may sleep. */
  header.plain("pci_release_regions", [pci_dev], "void", (dev: number) => pci.releaseRegions(dev));
  /** Claims the region of one BAR. Task context, may sleep. 0, or -EBUSY. */
  header.plain("pci_request_region", [pci_dev, "int", "string"], "int", (dev: number, bar: number, name: number) =>
    pci.requestRegion(dev, bar, kernel.textAt(name)),
  );
  /** Gives it back. Task context, may sleep. */
  header.plain("pci_release_region", [pci_dev, "int"], "void", (dev: number, bar: number) =>
    pci.releaseRegion(dev, bar),
  );
  /** The last address of a BAR. Any context. 0: there is no such BAR. */
  header.plain("pci_resource_end", [pci_dev, "int"], "u32", (dev: number, bar: number) => {
    const { start, bytes } = pci.resource(dev, bar);
    return bytes === 0 ? 0 : start + bytes - 1;
  });
  /** What a BAR is: IORESOURCE_MEM. Any context. 0: there is no such BAR. */
  header.plain("pci_resource_flags", [pci_dev, "int"], "u32", (dev: number, bar: number) =>
    pci.resource(dev, bar).bytes === 0 ? 0 : IORESOURCE_MEM,
  );
  /** Where a BAR lies. Any context. */
  header.plain(
    "pci_resource_start",
    [pci_dev, "int"],
    "u32",
    (dev: number, bar: number) => pci.resource(dev, bar).start,
  );
  /** How long a BAR is. Any context. */
  header.plain("pci_resource_len", [pci_dev, "int"], "u32", (dev: number, bar: number) => pci.resource(dev, bar).bytes);
  /** Maps a BAR, at most so many bytes of it, all for 0. Task context, may sleep. NULL: it cannot be mapped. */
  header.plain(
    "pci_iomap",
    [pci_dev, "int", "u32"],
    "iomem",
    (dev: number, bar: number, most: number) => pci.iomap(dev, bar, most),
    { mayBeNull: true },
  );
  const managed = (dev: number): number => dev + offsetOf(pci_dev, "dev");
  /** pci_enable_device, undone when the driver leaves. Task context, may sleep. 0, or a negative errno. */
  header.plain("pcim_enable_device", [pci_dev], "int", (dev: number) => {
    const result = pci.enable(dev);
    if (result !== 0 || devices.managed.has(managed(dev), "device")) return result;
    devices.managed.add(managed(dev), "device", `${dev}`, function* () {
      pci.disable(dev);
      yield* [];
    });
    return result;
  });
  /** pci_iomap, undone when the driver leaves. Task context, may sleep. NULL: it cannot be mapped. */
  header.plain(
    "pcim_iomap",
    [pci_dev, "int", "u32"],
    "iomem",
    (dev: number, bar: number, most: number) => {
      const address = pci.iomap(dev, bar, most);
      if (address !== 0) manageMapping(kernel, managed(dev), address);
      return address;
    },
    { mayBeNull: true },
  );
  const claimed = (dev: number, bar: number, name: number): number => {
    const result = pci.requestRegion(dev, bar, kernel.textAt(name));
    if (result !== 0) return result;
    devices.managed.add(managed(dev), "region", `pci ${dev} ${bar}`, function* () {
      pci.releaseRegion(dev, bar);
      yield* [];
    });
    const address = pci.iomap(dev, bar, 0);
    if (address === 0) return -errno.ENOMEM;
    manageMapping(kernel, managed(dev), address);
    return address;
  };
  /** Claims and maps a BAR; both go with the driver. Task context, may sleep. It, or an ERR_PTR. */
  header.plain("pcim_iomap_region", [pci_dev, "int", "string"], "iomem", claimed, { mayBeErrPtr: true });
  /** Claims all regions; they go with the driver. Task context, may sleep. 0, or -EBUSY. */
  header.plain("pcim_request_all_regions", [pci_dev, "string"], "int", (dev: number, name: number) => {
    const result = pci.requestRegions(dev, kernel.textAt(name));
    if (result !== 0) return result;
    devices.managed.add(managed(dev), "region", `pci ${dev}`, function* () {
      pci.releaseRegions(dev);
      yield* [];
    });
    return 0;
  });
  /** Unmaps what pci_iomap mapped. Task context, may sleep. */
  header.plain("pci_iounmap", [pci_dev, "iomem"], "void", (_dev: number, address: number) => mmio.unmap(address));
}
