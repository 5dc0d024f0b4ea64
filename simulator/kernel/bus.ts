// Buses: the devices and drivers of a kind, how they come and go.
// Source: drivers/base/{bus,core,driver}.c
import type { Steps } from "../engine/interfaces.ts";
import type { Binding, Bus, OnBus } from "./binding.ts";
import type { Core } from "./core.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import { bus_type, device, device_driver, offsetOf } from "./layouts.ts";
import type { ModelFiles } from "./model-files.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";
import type { Statics } from "./statics.ts";
import { textAt } from "./text.ts";

interface Counted {
  references: number;
  name: string;
  isAdded: boolean;
  /** Frees it, where that is not the driver's to do. */
  readonly release: (() => void) | undefined;
}

const MUTEX = "kernel/locking/mutex.c:586";

export class Buses {
  private readonly core: Core;
  private readonly log: Log;
  private readonly statics: Statics;
  private readonly devices: Devices;
  private readonly resources: Resources;
  private readonly binding: Binding;
  private readonly files: ModelFiles;
  private readonly buses = new Map<number, OnBus>();
  private readonly counted = new Map<number, Counted>();
  private readonly overrides = new Map<number, string>();

  constructor(
    core: Core,
    log: Log,
    statics: Statics,
    devices: Devices,
    resources: Resources,
    files: ModelFiles,
    binding: Binding,
  ) {
    this.core = core;
    this.log = log;
    this.statics = statics;
    this.devices = devices;
    this.resources = resources;
    this.files = files;
    this.binding = binding;
  }

  /** A bus of the kernel's own: the address of its `struct bus_type`. */
  own(bus: Bus): number {
    const address = this.statics.global(bus_type.size, bus_type.align, `${bus.name}_bus_type`);
    this.core.memory.poke(address + offsetOf(bus_type, "name"), 4, this.statics.literal(bus.name));
    this.buses.set(address, {
      ...bus,
      match: bus.match,
      probe: bus.probe,
      remove: bus.remove,
      shutdown: bus.shutdown,
      devices: [],
      drivers: [],
    });
    this.files.addBus(address).next();
    return address;
  }

  /** A device of a bus of the kernel's own, which is there before any driver. */
  enumerate(bus: number, dev: number, name: string, parent = 0): void {
    this.core.memory.poke(dev + offsetOf(device, "bus"), 4, bus);
    const on = this.buses.get(bus)!;
    this.devices.add(dev, name, on.name, 0, parent);
    on.devices.push(dev);
    this.counted.set(dev, { references: 1, name, isAdded: true, release: () => {} });
  }

  /** bus_register(): 0, or a negative errno. */
  *register(address: number): Steps<number> {
    this.core.mightSleep("bus_register", "include/linux/sched/mm.h:321");
    const name = this.text(this.read(address, bus_type, "name"));
    if ([...this.buses.values()].some((bus) => bus.name === name)) {
      this.log.write(`sysfs: cannot create duplicate filename '/bus/${name}'`, 4);
      return -errno.EEXIST;
    }
    const { core } = this;
    const call = (member: string): number => this.read(address, bus_type, member);
    const ofDriver = (drv: number, member: string): number => this.read(drv, device_driver, member);
    this.buses.set(address, {
      name,
      devices: [],
      drivers: [],
      *match(dev, drv) {
        return call("match") === 0 ? 1 : yield* core.callDriver(call("match"), [dev, drv]);
      },
      *probe(dev, drv) {
        const probe = call("probe") || ofDriver(drv, "probe");
        return probe === 0 ? 0 : yield* core.callDriver(probe, [dev]);
      },
      *remove(dev, drv) {
        const remove = call("remove") || ofDriver(drv, "remove");
        if (remove !== 0) yield* core.callDriver(remove, [dev]);
      },
      *shutdown(dev, drv) {
        const shutdown = call("shutdown") || (drv === 0 ? 0 : ofDriver(drv, "shutdown"));
        if (shutdown !== 0) yield* core.callDriver(shutdown, [dev]);
      },
    });
    this.resources.obtain(`bus ${address}`, `bus ${name}`);
    return yield* this.files.addBus(address);
  }

  *unregister(address: number): Steps<void> {
    this.core.mightSleep("bus_unregister", MUTEX);
    this.buses.delete(address);
    this.resources.giveBack(`bus ${address}`);
    yield* this.files.removeBus(address);
  }

  /** bus_find_device_by_name(): one more reference to it, or 0. */
  findDevice(bus: number, name: string): number {
    const on = this.buses.get(bus);
    const found = on === undefined ? 0 : (this.find(on, name) ?? 0);
    if (found !== 0) this.get(found);
    return found;
  }

  /** device_initialize(); `release`: of a device that is the kernel's own. */
  initialise(dev: number, release?: () => void): void {
    if (this.counted.has(dev)) {
      const who = `kobject: '${this.devices.nameOf(dev)}' (${this.log.format("%p", [dev])})`;
      this.misuse(`${who}: tried to init an initialized object, something is seriously wrong.`);
      return;
    }
    this.counted.set(dev, { references: 1, name: "", isAdded: false, release });
  }

  setName(dev: number, name: string): number {
    this.core.mightSleep("dev_set_name", "include/linux/sched/mm.h:321");
    const counted = this.counted.get(dev);
    if (counted !== undefined) counted.name = name;
    else this.core.memory.poke(dev + offsetOf(device, "init_name"), 4, this.statics.literal(name));
    return 0;
  }

  /** device_add(): 0, or a negative errno. A driver that fits is bound before it returns. */
  *add(dev: number): Steps<number> {
    this.core.mightSleep("device_add", "include/linux/sched/mm.h:321");
    const counted = this.counted.get(dev);
    if (counted === undefined) return -errno.EINVAL;
    const bus = this.buses.get(this.read(dev, device, "bus"));
    const initial = this.read(dev, device, "init_name");
    if (counted.name === "" && initial !== 0) counted.name = this.text(initial);
    const prefix = bus === undefined ? 0 : this.read(this.read(dev, device, "bus"), bus_type, "dev_name");
    if (counted.name === "" && prefix !== 0) counted.name = `${this.text(prefix)}${this.read(dev, device, "id")}`;
    if (counted.name === "") return -errno.EINVAL;
    if (counted.isAdded || bus?.devices.some((other) => this.devices.nameOf(other) === counted.name)) {
      this.misuse(`sysfs: cannot create duplicate filename '/bus/${bus?.name}/devices/${counted.name}'`);
      return -errno.EEXIST;
    }
    counted.isAdded = true;
    const [devt, parent] = [this.read(dev, device, "devt"), this.read(dev, device, "parent")];
    this.devices.add(dev, counted.name, bus?.name ?? "", devt, parent);
    this.resources.obtain(`device ${dev}`, `device ${counted.name}`);
    const failed = yield* this.addGroups(dev);
    if (failed !== 0) {
      yield* this.files.removeDevice(dev);
      this.resources.giveBack(`device ${dev}`);
      counted.isAdded = false;
      return failed;
    }
    if (bus === undefined) return 0;
    bus.devices.push(dev);
    yield* this.binding.attach(bus, dev);
    return 0;
  }

  /** Attributes of the device's own, and of its bus. */
  private *addGroups(dev: number): Steps<number> {
    const own = yield* this.files.addGroups(dev, this.read(dev, device, "groups"));
    const type = this.read(dev, device, "bus");
    return own !== 0 || type === 0 ? own : yield* this.files.addGroups(dev, this.read(type, bus_type, "dev_groups"));
  }

  /** device_del(): its driver leaves, and nobody finds it any more. */
  *del(dev: number): Steps<void> {
    this.core.mightSleep("device_del", MUTEX);
    const counted = this.counted.get(dev);
    if (counted === undefined || !counted.isAdded) {
      this.core.memory.touch(dev, 4, false);
      this.misuse(`device_del() of a device that is not there: ${counted?.name ?? this.devices.nameOf(dev)}`);
      return;
    }
    counted.isAdded = false;
    const bus = this.buses.get(this.read(dev, device, "bus"));
    if (bus !== undefined) {
      yield* this.binding.release(bus, dev);
      bus.devices.splice(bus.devices.indexOf(dev), 1);
    }
    this.binding.forget(dev);
    yield* this.files.removeDevice(dev);
    yield* this.devices.managed.releaseAll(dev);
    this.devices.enter(dev, "removed");
    this.resources.giveBack(`device ${dev}`);
  }

  get(dev: number): number {
    const counted = this.counted.get(dev);
    if (counted !== undefined) counted.references++;
    return dev;
  }

  /** put_device(): the last reference frees it. */
  *put(dev: number): Steps<void> {
    const counted = this.counted.get(dev);
    if (counted === undefined || --counted.references > 0) return;
    const { name } = counted;
    this.counted.delete(dev);
    this.devices.remove(dev);
    const release = this.read(dev, device, "release");
    if (counted.release !== undefined) counted.release();
    else if (release !== 0) yield* this.core.steps("device_release", this.core.callDriver(release, [dev]));
    else {
      const text = `Device '${name}' does not have a release() function, it is broken and must be fixed. See Documentation/core-api/kobject.rst.`;
      const stack = [{ fn: "device_release", site: undefined, context: "task" as const }, ...this.core.stack()];
      this.core.emit({ kind: "warn", id: "lifecycle-misuse", text, where: "drivers/base/core.c:2634", stack });
    }
  }

  /** driver_register(): 0, or a negative errno. Devices that fit are probed before it returns. */
  *registerDriver(drv: number): Steps<number> {
    this.core.mightSleep("driver_register", "include/linux/sched/mm.h:321");
    const name = this.nameOfDriver(drv);
    const type = this.read(drv, device_driver, "bus");
    const bus = this.buses.get(type);
    if (bus === undefined) {
      const named = type === 0 ? "(null)" : this.text(this.read(type, bus_type, "name"));
      this.log.write(
        `Driver '${name}' was unable to register with bus_type '${named}' because the bus was not initialized.`,
        3,
      );
      return -errno.EINVAL;
    }
    if (bus.drivers.some((other) => this.nameOfDriver(other) === name)) {
      this.misuse(`Error: Driver '${name}' is already registered, aborting...`);
      return -errno.EBUSY;
    }
    bus.drivers.push(drv);
    this.resources.obtain(`driver ${drv}`, `${bus.name} driver ${name}`);
    this.files.addDriver(drv, bus.name, name, {
      bind: (device) => this.bind(bus, drv, device),
      unbind: (device) => this.unbind(bus, drv, device),
    });
    yield* this.binding.attachDriver(bus, drv);
    const groups = [this.read(type, bus_type, "drv_groups"), this.read(drv, device_driver, "groups")];
    for (const group of groups) {
      const failed = yield* this.files.addGroups(drv, group);
      if (failed === 0) continue;
      yield* this.unregisterDriver(drv);
      return failed;
    }
    return 0;
  }

  *unregisterDriver(drv: number): Steps<void> {
    this.core.mightSleep("driver_unregister", MUTEX);
    const bus = [...this.buses.values()].find(({ drivers }) => drivers.includes(drv));
    if (bus === undefined) {
      const [text, where] = ["Unexpected driver unregister!", "drivers/base/driver.c:270"];
      this.core.emit({ kind: "warn", id: "lifecycle-misuse", text, where, stack: this.core.stack() });
      return;
    }
    bus.drivers.splice(bus.drivers.indexOf(drv), 1);
    for (const dev of [...bus.devices].reverse()) yield* this.binding.release(bus, dev, drv);
    yield* this.files.removeDriver(drv);
    this.resources.giveBack(`driver ${drv}`);
  }

  /** Every device that is found again by a driver's name and its own: 0, or a negative errno. */
  *byName(driver: string, device: string, what: "bind" | "unbind"): Steps<number> {
    for (const bus of this.buses.values()) {
      const drv = bus.drivers.find((one) => this.nameOfDriver(one) === driver);
      if (drv === undefined || this.find(bus, device) === undefined) continue;
      return yield* this[what](bus, drv, device);
    }
    return -errno.ENODEV;
  }

  /** What `echo device > bind` of a driver does: 0, or a negative errno. */
  private *bind(bus: OnBus, drv: number, name: string): Steps<number> {
    const dev = this.find(bus, name);
    return dev === undefined ? -errno.ENODEV : yield* this.binding.bind(bus, dev, drv);
  }

  /** What `echo device > unbind` does. */
  private *unbind(bus: OnBus, drv: number, name: string): Steps<number> {
    const dev = this.find(bus, name);
    return dev !== undefined && (yield* this.binding.release(bus, dev, drv)) ? 0 : -errno.ENODEV;
  }

  /** device_attach(): the driver that fits takes a device that has none. */
  *attach(dev: number): Steps<void> {
    const bus = this.buses.get(this.read(dev, device, "bus"));
    if (bus !== undefined) yield* this.binding.attach(bus, dev);
  }

  /** Calls the shutdown function of a device's driver, if it has one. */
  *shutdown(dev: number): Steps<void> {
    const bus = this.buses.get(this.read(dev, device, "bus"));
    if (bus !== undefined) yield* this.core.steps("device_shutdown", bus.shutdown(dev, this.devices.driverOf(dev)));
  }

  /** Devices of a bus have a file `driver_override`: the name of the only driver that may have it. */
  overridable(files: ModelFiles, isFor: (dev: number) => boolean): void {
    const { overrides } = this;
    files.provide({
      directory: "",
      name: "driver_override",
      show: (dev) => `${overrides.get(dev) ?? "(null)"}\n`,
      *store(dev, text) {
        yield* [];
        if (text === "") overrides.delete(dev);
        else overrides.set(dev, text);
        return 0;
      },
      isFor,
    });
  }

  /** Whether driver_override says that a driver fits; undefined when it says nothing. */
  isOverridden(dev: number, drv: number): 0 | 1 | undefined {
    const wanted = this.overrides.get(dev);
    return wanted === undefined ? undefined : wanted === this.nameOfDriver(drv) ? 1 : 0;
  }

  /** Drivers as they were registered, for the views. */
  get drivers(): readonly { readonly bus: string; readonly drv: number; readonly name: string }[] {
    return [...this.buses.values()].flatMap((bus) =>
      bus.drivers.map((drv) => ({ bus: bus.name, drv, name: this.nameOfDriver(drv) })),
    );
  }

  private find(bus: OnBus, name: string): number | undefined {
    return bus.devices.find((one) => this.devices.nameOf(one) === name);
  }

  private misuse(text: string): void {
    this.core.emit({ kind: "misuse", text, stack: this.core.stack() });
  }

  nameOfDriver(drv: number): string {
    return this.text(this.read(drv, device_driver, "name"));
  }

  private text(address: number): string {
    return textAt(this.core.memory, address);
  }

  private read(address: number, layout: typeof device, member: string): number {
    return this.core.memory.load(address + offsetOf(layout, member), 4, false);
  }
}
