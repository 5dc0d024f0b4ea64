// The PCI bus: devices in slots, drivers with id tables, probe and remove, regions and configuration space.
import type { DevicePorts, MsiPort, PciDevice } from "../devices/device.ts";
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import type { Hardware } from "./hardware.ts";
import type { Interrupts } from "./irq.ts";
import { device_driver, offsetOf, pci_dev, pci_device_id, pci_driver, resource } from "./layouts.ts";
import type { DeviceMemory } from "./mmio.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";
import type { Statics } from "./statics.ts";

/** A device in its slot. */
export interface PciFunction {
  readonly device: PciDevice;
  /** `0000:00:04.0` */
  readonly name: string;
  /** Of its `struct pci_dev`. */
  readonly address: number;
  /** The line of its INTx pin. */
  readonly irq: number;
  /** Where BAR 0 lies on the bus. */
  readonly start: number;
  /** The regions of its BARs, in order. */
  readonly bars: readonly PciRegion[];
  /** Its `struct pci_driver`, 0 while none is bound. */
  driver: number;
  enabled: number;
  master: boolean;
  /** Who claimed its regions. */
  regions: string | undefined;
  /** Numbers of its MSI interrupts, while a driver has turned them on. */
  msi: readonly number[];
}

export interface PciRegion {
  readonly start: number;
  readonly bytes: number;
}

export const PCI_ANY_ID = 0xffffffff;
const IORESOURCE_MEM = 0x200;
/** Slots and lines as QEMU gives them; devices share the lines. */
const FIRST_SLOT = 4;
const LINES = [11, 10] as const;
const BARS_END = 0xfec00000;
/** Interrupts of MSI are numbered from here. */
const FIRST_MSI = 24;
export const PCI_IRQ_INTX = 1;
export const PCI_IRQ_MSI = 2;
export const PCI_IRQ_MSIX = 4;
export const PCI_IRQ_ALL_TYPES = 7;
/** PCIBIOS_DEVICE_NOT_FOUND, include/linux/pci.h */
const NOT_FOUND = 0x86;
const MIGHT_SLEEP = "kernel/locking/mutex.c:586";

export class PciBus {
  private readonly core: Core;
  private readonly statics: Statics;
  private readonly log: Log;
  private readonly irqs: Interrupts;
  private readonly memory: DeviceMemory;
  private readonly devices: Devices;
  private readonly resources: Resources;
  private readonly hardware: Hardware;
  private readonly functions: PciFunction[] = [];
  private readonly drivers: number[] = [];
  private nextBar = BARS_END;
  private nextMsi = FIRST_MSI;

  constructor(
    core: Core,
    statics: Statics,
    log: Log,
    irqs: Interrupts,
    memory: DeviceMemory,
    devices: Devices,
    resources: Resources,
    hardware: Hardware,
  ) {
    this.core = core;
    this.statics = statics;
    this.log = log;
    this.irqs = irqs;
    this.memory = memory;
    this.devices = devices;
    this.resources = resources;
    this.hardware = hardware;
  }

  /** Devices on the bus, by slot. */
  get all(): readonly PciFunction[] {
    return this.functions;
  }

  /** Puts a device into the next slot, before anything runs; `make` is given the ports of that slot. */
  add(make: PciDevice | ((ports: DevicePorts) => PciDevice)): PciFunction {
    const slot = this.functions.length;
    const name = `0000:00:${(FIRST_SLOT + slot).toString(16).padStart(2, "0")}.0`;
    const irq = LINES[slot % LINES.length]!;
    const address = this.statics.global(pci_dev.size, pci_dev.align, name);
    const device = typeof make === "function" ? make(this.ports(name, irq, address)) : make;
    const bars = device.pci.bars.map(({ bytes, from }) => {
      this.nextBar = Math.floor((this.nextBar - bytes) / bytes) * bytes;
      this.memory.attach(this.nextBar, bytes, device, from);
      return { start: this.nextBar, bytes };
    });
    const start = bars[0]?.start ?? 0;
    const state = { driver: 0, enabled: 0, master: false, regions: undefined, msi: [] };
    const added = { device, name, address, irq, start, bars, ...state };
    this.functions.push(added);
    this.hardware.know(device);
    this.poke(address, "devfn", (FIRST_SLOT + slot) << 3);
    this.poke(address, "vendor", device.pci.vendor);
    this.poke(address, "device", device.pci.device);
    this.poke(address, "class", device.pci.class);
    this.poke(address, "revision", device.pci.revision);
    this.poke(address, "irq", device.pci.pin === 0 ? 0 : irq);
    const first = address + offsetOf(pci_dev, "resource");
    for (const [index, bar] of bars.entries()) {
      const at = first + index * resource.size;
      this.core.memory.poke(at + offsetOf(resource, "start"), 4, bar.start);
      this.core.memory.poke(at + offsetOf(resource, "end"), 4, bar.start + bar.bytes - 1);
      this.core.memory.poke(at + offsetOf(resource, "flags"), 4, IORESOURCE_MEM);
    }
    this.devices.add(address + offsetOf(pci_dev, "dev"), name, "pci");
    return added;
  }

  /** pci_register_driver(): probes every device that fits and has no driver yet. */
  *register(driver: number): Steps<number> {
    this.core.mightSleep("__pci_register_driver", MIGHT_SLEEP);
    const name = this.read(driver, pci_driver, "name");
    this.core.memory.poke(driver + offsetOf(pci_driver, "driver") + offsetOf(device_driver, "name"), 4, name);
    this.drivers.push(driver);
    this.resources.obtain(`pci_driver ${driver}`, `PCI driver ${this.nameOfDriver(driver)}`);
    for (const found of this.functions) {
      const id = found.driver === 0 ? this.match(driver, found) : 0;
      if (id !== 0) yield* this.probe(driver, found, id);
    }
    return 0;
  }

  *unregister(driver: number): Steps<void> {
    this.core.mightSleep("pci_unregister_driver", MIGHT_SLEEP);
    const index = this.drivers.indexOf(driver);
    if (index < 0) return;
    this.drivers.splice(index, 1);
    for (const bound of this.functions.filter((candidate) => candidate.driver === driver)) {
      const remove = this.read(driver, pci_driver, "remove");
      if (remove !== 0) yield* this.core.steps("pci_device_remove", this.core.callDriver(remove, [bound.address]));
      yield* this.release(bound);
    }
    this.resources.giveBack(`pci_driver ${driver}`);
  }

  enable(address: number): number {
    this.core.mightSleep("pci_enable_device", MIGHT_SLEEP);
    const found = this.at(address);
    if (found.enabled++ === 0) this.resources.obtain(`pci enable ${address}`, `pci_enable_device of ${found.name}`);
    return 0;
  }

  disable(address: number): void {
    const found = this.at(address);
    if (found.enabled === 0) {
      this.log.write(`pci ${found.name}: disabling already-disabled device`, 4);
      return;
    }
    found.master = false;
    if (--found.enabled === 0) this.resources.giveBack(`pci enable ${address}`);
  }

  setMaster(address: number, on: boolean): void {
    this.at(address).master = on;
  }

  requestRegions(address: number, name: string): number {
    this.core.mightSleep("pci_request_regions", "include/linux/sched/mm.h:321");
    const found = this.at(address);
    if (found.regions !== undefined) {
      const end = found.start + (found.bars[0]?.bytes ?? 0) - 1;
      const range = `[mem 0x${found.start.toString(16)}-0x${end.toString(16)}]`;
      this.log.write(`${name} ${found.name}: BAR 0: can't reserve ${range}`, 4);
      return -errno.EBUSY;
    }
    found.regions = name;
    this.resources.obtain(`pci regions ${address}`, `regions of ${found.name}`, found.bars[0]?.bytes);
    return 0;
  }

  releaseRegions(address: number): void {
    const found = this.at(address);
    if (found.regions === undefined) {
      const end = found.start + (found.bars[0]?.bytes ?? 0) - 1;
      const word = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;
      this.log.write(`Trying to free nonexistent resource <${word(found.start)}-${word(end)}>`, 4);
    }
    found.regions = undefined;
    this.resources.giveBack(`pci regions ${address}`);
  }

  resource(address: number, bar: number): PciRegion {
    return this.at(address).bars[bar] ?? { start: 0, bytes: 0 };
  }

  /** pci_alloc_irq_vectors(): MSI where the device has it and the driver allows it, or else its INTx line. */
  allocVectors(address: number, least: number, most: number, flags: number): number {
    const found = this.at(address);
    if (flags & PCI_IRQ_MSI) this.core.mightSleep("pci_alloc_irq_vectors_affinity", MIGHT_SLEEP);
    const { msiVectors, pin } = found.device.pci;
    // A function asks for 1, 2, 4 … messages.
    const given = msiVectors === 0 ? 0 : 2 ** Math.floor(Math.log2(Math.min(most, msiVectors)));
    if (flags & PCI_IRQ_MSI && given >= Math.max(1, least) && found.msi.length === 0) {
      found.msi = Array.from({ length: given }, () => this.nextMsi++);
      this.poke(address, "irq", found.msi[0]!);
      this.resources.obtain(`pci msi ${address}`, `MSI vectors of ${found.name}`);
      return given;
    }
    return flags & PCI_IRQ_INTX && least === 1 && pin !== 0 ? 1 : -errno.ENOSPC;
  }

  freeVectors(address: number): void {
    const found = this.at(address);
    if (found.msi.length === 0) return;
    this.core.mightSleep("pci_free_irq_vectors", MIGHT_SLEEP);
    found.msi = [];
    this.poke(address, "irq", found.irq);
    this.resources.giveBack(`pci msi ${address}`);
  }

  /** pci_irq_vector() */
  vector(address: number, index: number): number {
    const { msi, irq } = this.at(address);
    // The list of MSI descriptors has a mutex.
    if (msi.length > 0) this.core.mightSleep("pci_irq_vector", MIGHT_SLEEP);
    return (msi.length === 0 ? [irq] : msi)[index] ?? -errno.EINVAL;
  }

  iomap(address: number, bar: number, most: number): number {
    this.core.mightSleep("pci_iomap", "include/linux/sched/mm.h:321");
    const { start, bytes } = this.resource(address, bar);
    return bytes === 0 ? 0 : this.memory.map(start, most === 0 ? bytes : Math.min(bytes, most));
  }

  /** Configuration space, header type 0: what drivers look up in it. */
  readConfig(address: number, where: number, bytes: 1 | 2 | 4, to: number): number {
    if (where < 0 || where % bytes !== 0 || where + bytes > 256) return NOT_FOUND + 1;
    const { device, irq, bars, enabled, master } = this.at(address);
    const command = (enabled > 0 ? 2 : 0) | (master ? 4 : 0);
    const words: Record<number, number> = {
      0: device.pci.vendor | (device.pci.device << 16),
      4: command,
      8: device.pci.revision | (device.pci.class << 8),
      60: irq | (device.pci.pin << 8),
    };
    for (const [index, { start }] of bars.entries()) words[16 + 4 * index] = start;
    // A bridge answers for a device that is gone.
    const word = device.faults?.isRemoved ? -1 : (words[where & ~3] ?? 0);
    const value = (word >>> ((where & 3) * 8)) & (bytes === 4 ? -1 : (1 << (bytes * 8)) - 1);
    this.core.memory.store(to, bytes, value);
    return 0;
  }

  at(address: number): PciFunction {
    this.core.memory.touch(address, 4, false);
    const found = this.functions.find((candidate) => candidate.address === address);
    if (found === undefined) throw new Error(`${address.toString(16)} is no struct pci_dev`);
    return found;
  }

  private *probe(driver: number, found: PciFunction, id: number): Steps<void> {
    const probe = this.read(driver, pci_driver, "probe");
    const device = found.address + offsetOf(pci_dev, "dev");
    found.driver = driver;
    this.poke(found.address, "driver", driver);
    this.devices.bind(device, driver + offsetOf(pci_driver, "driver"));
    const result = yield* this.core.steps("local_pci_probe", this.core.callDriver(probe, [found.address, id]));
    if (result === 0) {
      this.devices.enter(device, "bound");
      return;
    }
    yield* this.release(found);
    // Positive results are warned of and taken for success, drivers/pci/pci-driver.c; ENODEV and ENXIO are no failure.
    const name = this.nameOfDriver(driver);
    if (result !== -errno.ENODEV && result !== -errno.ENXIO) {
      this.log.write(`${name} ${found.name}: probe with driver ${name} failed with error ${result}`, 4);
    }
  }

  private *release(found: PciFunction): Steps<void> {
    yield* this.devices.unbind(found.address + offsetOf(pci_dev, "dev"));
    found.driver = 0;
    this.poke(found.address, "driver", 0);
  }

  /** The address of the first entry of the id table that fits; 0 when none does. */
  private match(driver: number, found: PciFunction): number {
    const { vendor, device } = found.device.pci;
    let id = this.read(driver, pci_driver, "id_table");
    if (id === 0) return 0;
    for (; this.read(id, pci_device_id, "vendor") !== 0; id += pci_device_id.size) {
      const wanted = (member: string): number => this.read(id, pci_device_id, member);
      const fits = (value: number, want: number): boolean => want === PCI_ANY_ID || want === value;
      if (fits(vendor, wanted("vendor")) && fits(device, wanted("device"))) return id;
    }
    return 0;
  }

  private ports(name: string, irq: number, address: number): DevicePorts {
    const { irqs } = this;
    // The slot is asked when the device does something: it is not there yet while the device is made.
    const slot = (): PciFunction | undefined => this.functions.find((one) => one.address === address);
    const msi: MsiPort = {
      get enabled() {
        return (slot()?.msi.length ?? 0) > 0;
      },
      send: (vector) => {
        const number = slot()?.msi[vector];
        if (number !== undefined) irqs.edge(number);
      },
    };
    return this.hardware.ports({
      name: () => name,
      irq: (level) => irqs.setLevel(irq, name, level),
      msi,
      mayNotMaster: () => (slot()?.master === true ? undefined : "bus mastering is off, see pci_set_master()"),
    });
  }

  private nameOfDriver(driver: number): string {
    return this.log.format("%s", [this.read(driver, pci_driver, "name")]);
  }

  private read(address: number, layout: typeof pci_driver, member: string): number {
    return this.core.memory.load(address + offsetOf(layout, member), 4, false);
  }

  private poke(address: number, name: string, value: number): void {
    const member = pci_dev.members.find((candidate) => candidate.name === name)!;
    const bytes = member.type.kind === "scalar" && member.type.scalar !== "u32" ? bytesOf(member.type.scalar) : 4;
    this.core.memory.poke(address + member.offset, bytes, value);
  }
}

function bytesOf(scalar: string): 1 | 2 | 4 {
  return scalar === "u8" ? 1 : scalar === "u16" ? 2 : 4;
}
