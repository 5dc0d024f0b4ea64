// The PCI bus: devices in slots, drivers with id tables, probe and remove, regions and configuration space.
import type { DevicePorts, MsiPort, PciDevice } from "../devices/device.ts";
import type { Steps } from "../engine/interfaces.ts";
import type { Buses } from "./bus.ts";
import type { Core } from "./core.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import type { Hardware } from "./hardware.ts";
import type { Interrupts } from "./irq.ts";
import { device_driver, offsetOf, pci_dev, pci_device_id, pci_driver, resource } from "./layouts.ts";
import type { DeviceMemory } from "./mmio.ts";
import type { ModelFiles } from "./model-files.ts";
import { PciConfig, type PciFunction, type PciRegion } from "./pci-config.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";
import type { RuntimePm } from "./runtime-pm.ts";
import type { Statics } from "./statics.ts";

export type { PciFunction } from "./pci-config.ts";

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
const DEV = offsetOf(pci_dev, "dev");
const DRIVER = offsetOf(pci_driver, "driver");
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
  private readonly buses: Buses;
  private readonly power: RuntimePm;
  readonly config: PciConfig;
  /** Of its `struct bus_type`. */
  readonly bus: number;
  private readonly functions: PciFunction[] = [];
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
    buses: Buses,
    power: RuntimePm,
    files: ModelFiles,
  ) {
    this.core = core;
    this.statics = statics;
    this.log = log;
    this.irqs = irqs;
    this.memory = memory;
    this.devices = devices;
    this.resources = resources;
    this.hardware = hardware;
    this.buses = buses;
    this.power = power;
    this.config = new PciConfig(core, log);
    const call = (drv: number, member: string): number => this.read(drv - DRIVER, pci_driver, member);
    this.bus = buses.own({
      name: "pci",
      match: (dev, drv) => this.match(dev, drv),
      probe: (dev, drv) => this.probe(dev, drv),
      remove: (dev, drv) => this.remove(dev, drv),
      *shutdown(dev, drv) {
        yield* power.resume(dev);
        const shutdown = drv === 0 ? 0 : call(drv, "shutdown");
        if (shutdown !== 0) yield* core.steps("pci_device_shutdown", core.callDriver(shutdown, [dev - DEV]));
      },
    });
    this.provide(files);
  }

  /** What /sys shows of each device of the bus. */
  private provide(files: ModelFiles): void {
    const isFor = (dev: number): boolean => this.devices.subsystemOf(dev) === "pci";
    const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, "0")}\n`;
    const of = (dev: number): PciFunction => this.at(dev - DEV);
    files.provide({ directory: "", name: "vendor", show: (dev) => hex(of(dev).device.pci.vendor, 4), isFor });
    files.provide({ directory: "", name: "device", show: (dev) => hex(of(dev).device.pci.device, 4), isFor });
    files.provide({ directory: "", name: "class", show: (dev) => hex(of(dev).device.pci.class, 6), isFor });
    files.provide({ directory: "", name: "irq", show: (dev) => `${of(dev).irq}\n`, isFor });
    const pci = this;
    files.provide({
      directory: "",
      name: "remove",
      removesItself: true,
      *store(dev, text) {
        if (!/^[0-9]+$/.test(text)) return -errno.EINVAL;
        if (Number(text) !== 0) yield* pci.stopAndRemove(dev - DEV);
        return 0;
      },
      isFor,
    });
    this.buses.overridable(files, isFor);
  }

  /** pci_stop_and_remove_bus_device(): its driver leaves, and the device is no longer on the bus. */
  *stopAndRemove(address: number): Steps<void> {
    this.core.mightSleep("pci_stop_and_remove_bus_device", MIGHT_SLEEP);
    if (!this.config.isPresent(this.at(address))) this.config.disconnect(this.at(address));
    yield* this.buses.del(address + DEV);
    this.functions.splice(this.functions.indexOf(this.at(address)), 1);
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
    const state = { enabled: 0, master: false, regions: new Map(), msi: [] };
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
    this.buses.enumerate(this.bus, address + DEV, name);
    // pci_pm_init(): runtime PM is on, and user space has to allow it.
    Object.assign(this.power.of(address + DEV), { disabled: 0, status: "active", isAuto: false, usage: 1 });
    return added;
  }

  /** pci_register_driver(): probes every device that fits and has no driver yet. */
  *register(driver: number): Steps<number> {
    this.core.mightSleep("__pci_register_driver", MIGHT_SLEEP);
    const set = (member: string, value: number): void =>
      this.core.memory.store(driver + DRIVER + offsetOf(device_driver, member), 4, value);
    set("name", this.read(driver, pci_driver, "name"));
    set("bus", this.bus);
    for (const member of ["groups", "dev_groups"]) set(member, this.read(driver, pci_driver, member));
    return yield* this.buses.registerDriver(driver + DRIVER);
  }

  unregister(driver: number): Steps<void> {
    return this.buses.unregisterDriver(driver + DRIVER);
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
      const text = `${this.devices.label(address + DEV)}: disabling already-disabled device`;
      const where = "drivers/pci/pci.c:2302";
      this.core.emit({ kind: "warn", id: "lifecycle-misuse", text, where, stack: this.core.stack() });
      return;
    }
    found.master = false;
    if (--found.enabled === 0) this.resources.giveBack(`pci enable ${address}`);
  }

  setMaster(address: number, on: boolean): void {
    this.at(address).master = on;
  }

  /** pci_request_regions(): all BARs, or none. */
  requestRegions(address: number, name: string): number {
    const claimed: number[] = [];
    for (const [bar, { bytes }] of this.at(address).bars.entries()) {
      if (bytes === 0) continue;
      const result = this.requestRegion(address, bar, name);
      if (result !== 0) {
        for (const one of claimed.reverse()) this.releaseRegion(address, one);
        return result;
      }
      claimed.push(bar);
    }
    return 0;
  }

  requestRegion(address: number, bar: number, name: string): number {
    this.core.mightSleep("pci_request_region", "include/linux/sched/mm.h:321");
    const found = this.at(address);
    const { start, bytes } = this.resource(address, bar);
    if (bytes === 0) return 0;
    if (found.regions.has(bar)) {
      const range = `[mem 0x${start.toString(16)}-0x${(start + bytes - 1).toString(16)}]`;
      this.log.write(`${this.devices.label(address + DEV)}: BAR ${bar}: can't reserve ${range}`, 4);
      return -errno.EBUSY;
    }
    found.regions.set(bar, name);
    this.resources.obtain(`pci region ${bar} ${address}`, `region ${bar} of ${found.name}`, bytes);
    return 0;
  }

  releaseRegions(address: number): void {
    for (const [bar, { bytes }] of this.at(address).bars.entries()) if (bytes > 0) this.releaseRegion(address, bar);
  }

  releaseRegion(address: number, bar: number): void {
    const { start, bytes } = this.resource(address, bar);
    if (!this.at(address).regions.delete(bar)) {
      const word = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;
      this.log.write(`Trying to free nonexistent resource <${word(start)}-${word(start + bytes - 1)}>`, 4);
    }
    this.resources.giveBack(`pci region ${bar} ${address}`);
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

  at(address: number): PciFunction {
    this.core.memory.touch(address, 4, false);
    const found = this.functions.find((candidate) => candidate.address === address);
    if (found === undefined) throw new Error(`${address.toString(16)} is no struct pci_dev`);
    return found;
  }

  /** local_pci_probe(): the device is awake, and counts as used until the driver says otherwise. */
  private *probe(dev: number, drv: number): Steps<number> {
    const address = dev - DEV;
    const id = this.idOf(address, drv - DRIVER);
    yield* this.power.resume(dev, { isGet: true });
    this.poke(address, "driver", drv - DRIVER);
    const probe = this.read(drv - DRIVER, pci_driver, "probe");
    const result = yield* this.core.steps("local_pci_probe", this.core.callDriver(probe, [address, id]));
    if (result < 0) {
      this.poke(address, "driver", 0);
      yield* this.power.idle(dev, { isPut: true });
    } else if (result > 0) {
      const text = `${this.devices.label(dev)}: Driver probe function unexpectedly returned ${result}`;
      this.core.emit({ kind: "misuse", text, stack: this.core.stack() });
    }
    return Math.min(result, 0);
  }

  /** pci_device_remove() */
  private *remove(dev: number, drv: number): Steps<void> {
    const remove = this.read(drv - DRIVER, pci_driver, "remove");
    if (remove !== 0) {
      yield* this.power.resume(dev, { isGet: true });
      yield* this.core.steps("pci_device_remove", this.core.callDriver(remove, [dev - DEV]));
      this.power.putNoIdle(dev);
    }
    this.poke(dev - DEV, "driver", 0);
    yield* this.power.idle(dev, { isPut: true });
  }

  private *match(dev: number, drv: number): Steps<number> {
    yield* [];
    return this.buses.isOverridden(dev, drv) ?? (this.idOf(dev - DEV, drv - DRIVER) === 0 ? 0 : 1);
  }

  /** The address of the first entry of the id table that fits; 0 when none does. */
  private idOf(address: number, driver: number): number {
    const { vendor, device, class: kind } = this.at(address).device.pci;
    let id = this.read(driver, pci_driver, "id_table");
    const member = (name: string): number => this.read(id, pci_device_id, name);
    const isEnd = (): boolean => ["vendor", "subvendor", "class_mask"].every((name) => member(name) === 0);
    for (; id !== 0 && !isEnd(); id += pci_device_id.size) {
      const fits = (value: number, wanted: number): boolean => wanted === PCI_ANY_ID || wanted === value;
      const isOfClass = ((kind ^ member("class")) & member("class_mask")) === 0;
      if (isOfClass && fits(vendor, member("vendor")) && fits(device, member("device"))) return id;
    }
    return 0;
  }

  private ports(name: string, irq: number, address: number): DevicePorts {
    const { irqs } = this;
    // The slot is asked when the device does something: it is not there yet while the device is made.
    const slot = (): PciFunction | undefined => this.functions.find((one) => one.address === address);
    const msi = new OwnMsi(irqs, slot);
    return this.hardware.ports({
      name: () => name,
      irq: (level) => irqs.setLevel(irq, name, level),
      msi,
      mayNotMaster: () => (slot()?.master === true ? undefined : "bus mastering is off, see pci_set_master()"),
    });
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

/** Messages of a function instead of its line. */
class OwnMsi implements MsiPort {
  private readonly irqs: Interrupts;
  private readonly slot: () => PciFunction | undefined;

  constructor(irqs: Interrupts, slot: () => PciFunction | undefined) {
    this.irqs = irqs;
    this.slot = slot;
  }

  get enabled(): boolean {
    return (this.slot()?.msi.length ?? 0) > 0;
  }

  send(vector: number): void {
    const number = this.slot()?.msi[vector];
    if (number !== undefined) this.irqs.edge(number);
  }
}
