// linux/pci: PCI devices and their drivers.
import type { Kernel } from "../kernel/kernel.ts";
import { offsetOf, pci_dev, pci_device_id, pci_driver } from "../kernel/layouts.ts";
import { PCI_ANY_ID, PCI_IRQ_ALL_TYPES, PCI_IRQ_INTX, PCI_IRQ_MSI, PCI_IRQ_MSIX } from "../kernel/pci.ts";
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
      pci.readConfig(it, where, bytes, to),
    );
  }
  return header;
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
  /** Unmaps what pci_iomap mapped. Task context, may sleep. */
  header.plain("pci_iounmap", [pci_dev, "iomem"], "void", (_dev: number, address: number) => mmio.unmap(address));
}
