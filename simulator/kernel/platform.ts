// The platform bus: devices that the device tree or a driver tells of, and their drivers.
// Source: drivers/base/platform.c
import { hook } from "../engine/hook.ts";
import type { Steps } from "../engine/interfaces.ts";
import type { Buses } from "./bus.ts";
import type { ClockKinds } from "./clk-kinds.ts";
import type { Core } from "./core.ts";
import type { DeviceTree, Property } from "./device-tree.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import { GFP_KERNEL } from "./gfp.ts";
import type { Hardware, PlatformSlot } from "./hardware.ts";
import { device, device_driver, offsetOf, resource } from "./layouts.ts";
import type { ModelFiles } from "./model-files.ts";
import { platform_device, platform_device_id, platform_driver } from "./model-layouts.ts";
import type { Log } from "./printk.ts";
import { IORESOURCE_IRQ, IORESOURCE_MEM } from "./resource-tree.ts";
import type { Slab } from "./slab.ts";
import type { Statics } from "./statics.ts";
import { textAt } from "./text.ts";

export const PLATFORM_DEVID_NONE = -1;
export const PLATFORM_DEVID_AUTO = -2;

const DEV = offsetOf(platform_device, "dev");
const DRIVER = offsetOf(platform_driver, "driver");
/** Types of resources, include/linux/ioport.h. */
const TYPES = 0x1f00;

export class Platform {
  /** Of its `struct bus_type`. */
  readonly bus: number;
  private readonly core: Core;
  private readonly log: Log;
  private readonly slab: Slab;
  private readonly statics: Statics;
  private readonly devices: Devices;
  private readonly buses: Buses;
  private readonly tree: DeviceTree;
  private readonly clocks: ClockKinds;
  private nextId = 0;

  constructor(
    core: Core,
    log: Log,
    slab: Slab,
    statics: Statics,
    devices: Devices,
    buses: Buses,
    tree: DeviceTree,
    hardware: Hardware,
    files: ModelFiles,
    clocks: ClockKinds,
  ) {
    this.core = core;
    this.log = log;
    this.slab = slab;
    this.statics = statics;
    this.devices = devices;
    this.buses = buses;
    this.tree = tree;
    const call = (pdrv: number, member: string): number => this.read(pdrv, platform_driver, member);
    this.bus = buses.own({
      name: "platform",
      match: (dev, drv) => this.match(dev, drv),
      *probe(dev, drv) {
        const probe = call(drv - DRIVER, "probe");
        return probe === 0 ? 0 : yield* core.steps("platform_probe", core.callDriver(probe, [dev - DEV]));
      },
      *remove(dev, drv) {
        const remove = call(drv - DRIVER, "remove");
        if (remove !== 0) yield* core.steps("platform_remove", core.callDriver(remove, [dev - DEV]));
      },
      *shutdown(dev, drv) {
        const shutdown = drv === 0 ? 0 : call(drv - DRIVER, "shutdown");
        if (shutdown !== 0) yield* core.steps("platform_shutdown", core.callDriver(shutdown, [dev - DEV]));
      },
    });
    buses.overridable(files, (dev) => devices.subsystemOf(dev) === "platform");
    this.clocks = clocks;
    hook(hardware, "whenPlatform", (slot) => this.enumerate(slot));
  }

  /** platform_driver_register(): 0, or a negative errno. */
  register(pdrv: number): Steps<number> {
    this.core.memory.store(pdrv + DRIVER + offsetOf(device_driver, "bus"), 4, this.bus);
    return this.buses.registerDriver(pdrv + DRIVER);
  }

  unregister(pdrv: number): Steps<void> {
    return this.buses.unregisterDriver(pdrv + DRIVER);
  }

  /** platform_device_alloc(): its address, 0 when there is no memory. */
  *alloc(name: number, id: number): Steps<number> {
    const pdev = yield* this.slab.kzalloc(platform_device.size, GFP_KERNEL, "platform_device_alloc");
    if (pdev === 0) return 0;
    this.core.memory.poke(pdev, 4, this.statics.literal(textAt(this.core.memory, name)));
    this.core.memory.poke(pdev + offsetOf(platform_device, "id"), 4, id);
    this.buses.initialise(pdev + DEV, () => {
      this.slab.kfree(this.read(pdev, platform_device, "resource"));
      this.slab.kfree(this.read(pdev + DEV, device, "platform_data"));
      this.slab.kfree(pdev);
    });
    return pdev;
  }

  /** platform_device_add(): 0, or a negative errno. */
  add(pdev: number): Steps<number> {
    const id = this.read(pdev, platform_device, "id") | 0;
    const name = textAt(this.core.memory, this.read(pdev, platform_device, "name"));
    const last = id === PLATFORM_DEVID_AUTO ? `.${this.nextId++}.auto` : id === PLATFORM_DEVID_NONE ? "" : `.${id}`;
    this.core.memory.store(pdev + DEV + offsetOf(device, "bus"), 4, this.bus);
    this.buses.setName(pdev + DEV, `${name}${last}`);
    return this.buses.add(pdev + DEV);
  }

  /** platform_device_register(): of one that the driver has room for itself. */
  *registerDevice(pdev: number): Steps<number> {
    this.buses.initialise(pdev + DEV);
    return yield* this.add(pdev);
  }

  *unregisterDevice(pdev: number): Steps<void> {
    if (pdev === 0) return;
    yield* this.buses.del(pdev + DEV);
    yield* this.buses.put(pdev + DEV);
  }

  put(pdev: number): Steps<void> {
    return this.buses.put(pdev + DEV);
  }

  /** platform_device_add_resources(): a copy of them. */
  *addResources(pdev: number, from: number, count: number): Steps<number> {
    const copy = count === 0 ? 0 : yield* this.slab.kmemdup(from, count * resource.size, GFP_KERNEL);
    if (count > 0 && copy === 0) return -errno.ENOMEM;
    this.core.memory.poke(pdev + offsetOf(platform_device, "resource"), 4, copy);
    this.core.memory.poke(pdev + offsetOf(platform_device, "num_resources"), 4, count);
    return 0;
  }

  /** platform_device_add_data(): a copy of it. */
  *addData(pdev: number, from: number, bytes: number): Steps<number> {
    const copy = bytes === 0 ? 0 : yield* this.slab.kmemdup(from, bytes, GFP_KERNEL);
    if (bytes > 0 && copy === 0) return -errno.ENOMEM;
    this.core.memory.poke(pdev + DEV + offsetOf(device, "platform_data"), 4, copy);
    return 0;
  }

  /** platform_device_register_simple(): its address, or a negative errno. */
  *registerSimple(name: number, id: number, resources: number, count: number): Steps<number> {
    const pdev = yield* this.alloc(name, id);
    if (pdev === 0) return -errno.ENOMEM;
    let result = yield* this.addResources(pdev, resources, count);
    if (result === 0) result = yield* this.add(pdev);
    if (result === 0) return pdev;
    yield* this.put(pdev);
    return result;
  }

  /** platform_get_resource(): the n-th of a type; 0: there is none. */
  resource(pdev: number, type: number, index: number): number {
    const first = this.read(pdev, platform_device, "resource");
    let left = index;
    for (let i = 0; i < this.read(pdev, platform_device, "num_resources"); i++) {
      const at = first + i * resource.size;
      if ((this.read(at, resource, "flags") & TYPES) === type && left-- === 0) return at;
    }
    return 0;
  }

  /** platform_get_resource_byname(): the one of a type with a name; 0: there is none. */
  resourceNamed(pdev: number, type: number, name: string): number {
    for (let index = 0; ; index++) {
      const at = this.resource(pdev, type, index);
      const own = at === 0 ? 0 : this.read(at, resource, "name");
      if (at === 0 || (own !== 0 && textAt(this.core.memory, own) === name)) return at;
    }
  }

  /** platform_get_irq_byname(): its number, or a negative errno. */
  irqNamed(pdev: number, name: string): number {
    this.core.mightSleep("platform_get_irq_byname", "kernel/locking/mutex.c:586");
    const found = this.resourceNamed(pdev, IORESOURCE_IRQ, name);
    if (found !== 0) return this.read(found, resource, "start");
    this.log.write(`${this.devices.label(pdev + DEV)}: error -ENXIO: IRQ ${name} not found`, 3);
    return -errno.ENXIO;
  }

  /** platform_irq_count() */
  irqCount(pdev: number): number {
    this.core.mightSleep("platform_irq_count", "kernel/locking/mutex.c:586");
    let count = 0;
    while (this.resource(pdev, IORESOURCE_IRQ, count) !== 0) count++;
    return count;
  }

  /** platform_get_irq(): its number, or a negative errno. */
  irq(pdev: number, index: number, isOptional = false): number {
    this.core.mightSleep("platform_get_irq_optional", "kernel/locking/mutex.c:586");
    const found = this.resource(pdev, IORESOURCE_IRQ, index);
    if (found !== 0) return this.read(found, resource, "start");
    if (!isOptional) {
      this.log.write(`${this.devices.label(pdev + DEV)}: error -ENXIO: IRQ index ${index} not found`, 3);
    }
    return -errno.ENXIO;
  }

  /** of_platform_default_populate(): a device of the machine, which is there before any driver. */
  private enumerate(slot: PlatformSlot): void {
    const pdev = this.statics.global(platform_device.size, platform_device.align, slot.name);
    this.describe(pdev, slot);
    this.buses.enumerate(this.bus, pdev + DEV, slot.name);
  }

  /** of_platform_device_create() for a node of an overlay: called by its address, or by its name. */
  *populate(node: number, full: string): Steps<void> {
    const { tree, core } = this;
    const [base, given] = full.split("@");
    const name = given === undefined ? base! : `${given}.${base}`;
    const reg = (tree.values(node, "reg") ?? []) as readonly number[];
    const irqs = (tree.values(node, "interrupts") ?? []) as readonly number[];
    const pdev = this.statics.global(platform_device.size, platform_device.align, name);
    const [start, bytes] = reg;
    const ranges = start === undefined ? [] : [{ start, end: start + (bytes ?? 1) - 1, flags: IORESOURCE_MEM }];
    this.fill(pdev, name, node, [...ranges, ...irqs.map((irq) => ({ start: irq, end: irq, flags: IORESOURCE_IRQ }))]);
    this.buses.enumerate(this.bus, pdev + DEV, name);
    yield* core.steps("of_platform_populate", this.buses.attach(pdev + DEV));
  }

  private describe(pdev: number, { device: model, name, start, bytes, irqs }: PlatformSlot): void {
    const { compatible, regShift, clockHz } = model.mmio;
    const properties: Record<string, Property> = { compatible, reg: [start, bytes], interrupts: irqs };
    Object.assign(properties, this.clocks.propertiesOf(model));
    if (regShift !== undefined) properties["reg-shift"] = [regShift];
    if (clockHz !== undefined) properties["clock-frequency"] = [clockHz];
    if (model.pins !== undefined) Object.assign(properties, { "gpio-controller": [], "#gpio-cells": [2] });
    const node = this.tree.add(`${model.name}@${start.toString(16)}`, properties);
    const ranges = [{ start, end: start + bytes - 1, flags: IORESOURCE_MEM }].concat(
      irqs.map((irq) => ({ start: irq, end: irq, flags: IORESOURCE_IRQ })),
    );
    this.fill(pdev, name, node, ranges);
  }

  private fill(
    pdev: number,
    name: string,
    node: number,
    ranges: readonly { readonly start: number; readonly end: number; readonly flags: number }[],
  ): void {
    const { memory } = this.core;
    const bytes = Math.max(1, ranges.length) * resource.size;
    const first = this.statics.global(bytes, resource.align, `${name} resources`);
    for (const [index, range] of ranges.entries()) {
      const at = first + index * resource.size;
      for (const [member, value] of Object.entries(range)) memory.poke(at + offsetOf(resource, member), 4, value);
      memory.poke(at + offsetOf(resource, "name"), 4, this.statics.literal(name));
    }
    const poke = (member: string, value: number): void =>
      memory.poke(pdev + offsetOf(platform_device, member), 4, value);
    poke("name", this.statics.literal(name));
    poke("id", PLATFORM_DEVID_NONE);
    poke("num_resources", ranges.length);
    poke("resource", first);
    memory.poke(pdev + DEV + offsetOf(device, "of_node"), 4, node);
  }

  /** platform_match(): the device tree first, then the id table, and the name only without one. */
  private *match(dev: number, drv: number): Steps<number> {
    yield* [];
    const { memory } = this.core;
    const isOverridden = this.buses.isOverridden(dev, drv);
    if (isOverridden !== undefined) return isOverridden;
    if (this.tree.match(this.read(drv, device_driver, "of_match_table"), this.read(dev, device, "of_node")) !== 0)
      return 1;
    const name = textAt(memory, this.read(dev - DEV, platform_device, "name"));
    let id = this.read(drv - DRIVER, platform_driver, "id_table");
    if (id === 0) return name === this.buses.nameOfDriver(drv) ? 1 : 0;
    for (; memory.load(id, 1, false) !== 0; id += platform_device_id.size) {
      if (textAt(memory, id) !== name) continue;
      memory.store(dev - DEV + offsetOf(platform_device, "id_entry"), 4, id);
      return 1;
    }
    return 0;
  }

  private read(address: number, layout: typeof device, member: string): number {
    return this.core.memory.load(address + offsetOf(layout, member), 4, false);
  }
}
