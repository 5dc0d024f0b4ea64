// PCI devices and their drivers.
import type { DeviceDriverInit, device } from "./device.d.ts";
import type {
  AnyStruct,
  ErrPtr,
  InitialisedBy,
  IoMem,
  int,
  Pointer,
  Ref,
  Struct,
  u8,
  u16,
  u32,
  uint,
  ulong,
} from "./types.d.ts";

export interface PciDevMembers {
  /** The driver model's part, for dev_err and as a parent. */
  readonly dev: Ref<device>;
  readonly vendor: u16;
  readonly device: u16;
  readonly subsystem_vendor: u16;
  readonly subsystem_device: u16;
  readonly revision: u8;
  /** The interrupt line, for request_irq; valid once the device is enabled. */
  readonly irq: uint;
}

/** `struct pci_dev`, a device on the bus. Source: include/linux/pci.h */
export type pci_dev = Struct<"pci_dev", PciDevMembers>;
/** `struct pci_dev`, a device on the bus. Source: include/linux/pci.h */
export const pci_dev: pci_dev;

/** An entry of an id table; PCI_ANY_ID matches everything. */
export interface PciDeviceIdInit {
  vendor: u32;
  device: u32;
  subvendor?: u32;
  subdevice?: u32;
  class?: u32;
  class_mask?: u32;
  driver_data?: ulong;
}

export interface PciDeviceIdMembers extends InitialisedBy<PciDeviceIdInit> {
  readonly vendor: u32;
  readonly device: u32;
  readonly driver_data: ulong;
}

/** `struct pci_device_id`, which devices a driver drives. Source: include/linux/mod_devicetable.h */
export type pci_device_id = Struct<"pci_device_id", PciDeviceIdMembers>;
/** `struct pci_device_id`, which devices a driver drives. Source: include/linux/mod_devicetable.h */
export const pci_device_id: pci_device_id;

export interface PciDriverInit {
  name: string;
  /** Which devices it drives. The empty entry that ends the table in C is added. */
  id_table: readonly (PciDeviceIdInit | Ref<pci_device_id>)[];
  /** A device was found: 0 takes it, a negative errno does not. Process context, may sleep. */
  probe: (pdev: Ref<pci_dev>, id: Ref<pci_device_id>) => int;
  /** The device or the driver goes away. Process context, may sleep. */
  remove?: (pdev: Ref<pci_dev>) => void;
  shutdown?: (pdev: Ref<pci_dev>) => void;
  driver?: DeviceDriverInit;
  /** Attributes of the driver: ATTRIBUTE_GROUPS. */
  groups?: Pointer<unknown>;
  /** Attributes that its devices have while it is bound. */
  dev_groups?: Pointer<unknown>;
}

/** `struct pci_driver`, a driver of PCI devices. Source: include/linux/pci.h */
export type pci_driver = Struct<"pci_driver", InitialisedBy<PciDriverInit>>;
/** `struct pci_driver`, a driver of PCI devices. Source: include/linux/pci.h */
export const pci_driver: pci_driver;

export const PCI_ANY_ID: u32;
/** The device's INTx line will do. */
export const PCI_IRQ_INTX: u32;
/** Message signalled interrupts will do. */
export const PCI_IRQ_MSI: u32;
/** MSI-X will do. */
export const PCI_IRQ_MSIX: u32;
/** Any kind will do. */
export const PCI_IRQ_ALL_TYPES: u32;

/** Registers a driver; probe runs for every device that fits. Context: process, may sleep. Result: 0 or a negative errno. Source: drivers/pci/pci-driver.c */
export function pci_register_driver(drv: Ref<pci_driver>): int;
/** Unregisters a driver; remove runs for each of its devices. Context: process, may sleep. Source: drivers/pci/pci-driver.c */
export function pci_unregister_driver(drv: Ref<pci_driver>): void;
/** module_init and module_exit for a module that is nothing but this driver. At file scope. Source: include/linux/pci.h */
export function module_pci_driver(drv: Ref<pci_driver>): void;

/** Wakes the device and makes its regions answer. Context: process, may sleep. Result: 0 or a negative errno. Source: drivers/pci/pci.c */
export function pci_enable_device(dev: Ref<pci_dev>): int;
/** Undoes pci_enable_device. Context: process, may sleep. Source: drivers/pci/pci.c */
export function pci_disable_device(dev: Ref<pci_dev>): void;
/** Lets the device access memory on its own. Context: any. Source: drivers/pci/pci.c */
export function pci_set_master(dev: Ref<pci_dev>): void;
/** Forbids the device to access memory. Context: any. Source: drivers/pci/pci.c */
export function pci_clear_master(dev: Ref<pci_dev>): void;

/** Claims all regions of the device. Context: process, may sleep. Result: 0 or -EBUSY. Source: drivers/pci/pci.c */
export function pci_request_regions(pdev: Ref<pci_dev>, name: string): int;
/** Gives the regions back. Context: process. Source: drivers/pci/pci.c */
export function pci_release_regions(pdev: Ref<pci_dev>): void;

/** Where a BAR lies. Context: any. Source: include/linux/pci.h */
export function pci_resource_start(dev: Ref<pci_dev>, bar: int): ulong;
/** How long a BAR is. Context: any. Source: include/linux/pci.h */
export function pci_resource_len(dev: Ref<pci_dev>, bar: int): ulong;

/**
 * Gives the device between `min_vecs` and `max_vecs` interrupts, of the best kind that `flags` allow.
 *
 * Context: process, may sleep. Result: how many, or -ENOSPC. Source: drivers/pci/msi/api.c
 * Differs from Linux: no simulated device has MSI-X.
 */
export function pci_alloc_irq_vectors(dev: Ref<pci_dev>, min_vecs: uint, max_vecs: uint, flags: uint): int;
/** Undoes pci_alloc_irq_vectors, after free_irq. Context: process, may sleep. Source: drivers/pci/msi/api.c */
export function pci_free_irq_vectors(dev: Ref<pci_dev>): void;
/** The number of an interrupt of the device, counted from 0. Context: any. Result: it, or -EINVAL. Source: drivers/pci/msi/api.c */
export function pci_irq_vector(dev: Ref<pci_dev>, nr: uint): int;

/**
 * Maps a BAR, at most `maxlen` bytes of it, or all when 0.
 *
 * Context: process, may sleep. Result: NULL when it cannot be mapped. Source: drivers/pci/iomap.c
 */
export function pci_iomap(dev: Ref<pci_dev>, bar: int, maxlen: ulong): IoMem | null;
/** Unmaps what pci_iomap mapped. Context: process, may sleep. Source: drivers/pci/iomap.c */
export function pci_iounmap(dev: Ref<pci_dev>, addr: IoMem): void;

/** Stores the driver's own data. Context: any. Source: include/linux/pci.h */
export function pci_set_drvdata(pdev: Ref<pci_dev>, data: Pointer<unknown> | null): void;
/** What the driver stored with pci_set_drvdata, as a `layout`; C needs no layout, since `void *` becomes any pointer. Context: any. Source: include/linux/pci.h */
export function pci_get_drvdata<T extends AnyStruct>(pdev: Ref<pci_dev>, layout: T): Ref<T>;
/** The device's address on the bus, such as 0000:00:04.0. Context: any. Source: include/linux/pci.h */
export function pci_name(pdev: Ref<pci_dev>): string;

/** Reads 8 bits of configuration space into `*val`. Context: any. Result: 0 or a PCIBIOS error. Source: drivers/pci/access.c */
export function pci_read_config_byte(dev: Ref<pci_dev>, where: int, val: Ref<typeof u8>): int;
/** Reads 16 bits of configuration space into `*val`. Context: any. Result: 0 or a PCIBIOS error. Source: drivers/pci/access.c */
export function pci_read_config_word(dev: Ref<pci_dev>, where: int, val: Ref<typeof u16>): int;
/** Reads 32 bits of configuration space into `*val`. Context: any. Result: 0 or a PCIBIOS error. Source: drivers/pci/access.c */
export function pci_read_config_dword(dev: Ref<pci_dev>, where: int, val: Ref<typeof u32>): int;
/** Writes 8 bits of configuration space. Context: any. Result: 0 or a PCIBIOS error. Source: drivers/pci/access.c */
export function pci_write_config_byte(dev: Ref<pci_dev>, where: int, val: u8): int;
/** Writes 16 bits of configuration space; PCI_COMMAND turns bus mastering on and off. Context: any. Result: 0 or a PCIBIOS error. Source: drivers/pci/access.c */
export function pci_write_config_word(dev: Ref<pci_dev>, where: int, val: u16): int;
/** Writes 32 bits of configuration space. Context: any. Result: 0 or a PCIBIOS error. Source: drivers/pci/access.c */
export function pci_write_config_dword(dev: Ref<pci_dev>, where: int, val: u32): int;
export const PCI_VENDOR_ID: int;
export const PCI_DEVICE_ID: int;
export const PCI_COMMAND: int;
export const PCI_COMMAND_MEMORY: u16;
export const PCI_COMMAND_MASTER: u16;
export const PCI_REVISION_ID: int;
export const PCI_INTERRUPT_LINE: int;

/** An entry of an id table for a device: `id_table: [PCI_DEVICE(0x1234, 0x11e8)]`. At file scope. Source: include/linux/pci.h */
export function PCI_DEVICE(vend: u32, dev: u32): Ref<pci_device_id>;
/** The same for a device of a certain subsystem. At file scope. Source: include/linux/pci.h. Differs from Linux: the subsystem is not compared. */
export function PCI_DEVICE_SUB(vend: u32, dev: u32, subvend: u32, subdev: u32): Ref<pci_device_id>;
/** An entry for all devices of a class, as far as the mask says. At file scope. Source: include/linux/pci.h */
export function PCI_DEVICE_CLASS(dev_class: u32, dev_class_mask: u32): Ref<pci_device_id>;

export const PCI_D0: int;
export const PCI_D1: int;
export const PCI_D2: int;
export const PCI_D3hot: int;
export const PCI_D3cold: int;
/** Keeps what configuration space holds, for pci_restore_state. Context: any. Result: 0. Source: drivers/pci/pci.c */
export function pci_save_state(dev: Ref<pci_dev>): int;
/** Writes back what pci_save_state kept. Context: any. Source: drivers/pci/pci.c */
export function pci_restore_state(dev: Ref<pci_dev>): void;
/** Changes the power state. Context: process, may sleep. Result: 0, or -EIO. Source: drivers/pci/pci.c. Differs from Linux: no simulated device has another state than PCI_D0. */
export function pci_set_power_state(dev: Ref<pci_dev>, state: int): int;
/** Whether the device answers; one that was pulled out does not. Context: any. Source: drivers/pci/pci.c */
export function pci_device_is_present(pdev: Ref<pci_dev>): boolean;
/** Whether the kernel was told that the device is gone. Context: any. Result: 0 while it is there. Source: include/linux/pci.h */
export function pci_channel_offline(pdev: Ref<pci_dev>): int;
/** Takes a device off its bus, after its driver has left, as writing 1 to its file `remove` does. Context: process, may sleep. Source: drivers/pci/remove.c */
export function pci_stop_and_remove_bus_device(dev: Ref<pci_dev>): void;
/** One more reference; NULL is ignored. Context: any. Result: the device. Source: drivers/pci/pci-driver.c */
export function pci_dev_get<T extends Ref<pci_dev> | null>(dev: T): T;
/** One reference less. Context: process. Source: drivers/pci/pci-driver.c */
export function pci_dev_put(dev: Ref<pci_dev> | null): void;

/** Claims the region of one BAR. Context: process, may sleep. Result: 0 or -EBUSY. Source: drivers/pci/pci.c */
export function pci_request_region(pdev: Ref<pci_dev>, bar: int, name: string): int;
/** Gives the region of a BAR back. Context: process. Source: drivers/pci/pci.c */
export function pci_release_region(pdev: Ref<pci_dev>, bar: int): void;
/** The last address of a BAR. Context: any. Result: 0 when there is no such BAR. Source: include/linux/pci.h */
export function pci_resource_end(dev: Ref<pci_dev>, bar: int): ulong;
/** What a BAR is: IORESOURCE_MEM. Context: any. Result: 0 when there is no such BAR. Source: include/linux/pci.h */
export function pci_resource_flags(dev: Ref<pci_dev>, bar: int): ulong;
/** Claims and maps a BAR; both go with the driver. Context: process, may sleep. Result: an ERR_PTR of -EBUSY or -ENOMEM. Source: drivers/pci/devres.c */
export function pcim_iomap_region(pdev: Ref<pci_dev>, bar: int, name: string): IoMem | ErrPtr;
/** Claims all regions; they go with the driver. Context: process, may sleep. Result: 0 or -EBUSY. Source: drivers/pci/devres.c */
export function pcim_request_all_regions(pdev: Ref<pci_dev>, name: string): int;
/** pci_enable_device, undone when the driver leaves. Context: process, may sleep. Result: 0 or a negative errno. Source: drivers/pci/devres.c */
export function pcim_enable_device(pdev: Ref<pci_dev>): int;
/** pci_iomap, undone when the driver leaves. Context: process, may sleep. Result: NULL when it cannot be mapped. Source: drivers/pci/devres.c */
export function pcim_iomap(pdev: Ref<pci_dev>, bar: int, maxlen: ulong): IoMem | null;
