// Buses: devices and drivers of a kind, who fits whom, probe, deferral, remove.
// Source: drivers/base/{bus,dd,core}.c
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import { bus_type, device, device_driver, offsetOf } from "./layouts.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";
import type { Statics } from "./statics.ts";
import { textAt } from "./text.ts";

export interface Bus {
  readonly name: string;
  /** Whether a driver fits a device: not 0. */
  match(dev: number, drv: number): Steps<number>;
  probe(dev: number, drv: number): Steps<number>;
  remove(dev: number, drv: number): Steps<void>;
}

interface OnBus extends Bus {
  readonly devices: number[];
  readonly drivers: number[];
}

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
  private readonly buses = new Map<number, OnBus>();
  private readonly counted = new Map<number, Counted>();
  /** Devices whose probe was put off, in that order. */
  private readonly deferred: number[] = [];
  /** Runtime PM knows when drivers come and go. */
  whenLeaving: (dev: number) => Steps<void> = function* () {
    yield* [];
  };
  whenLeft: (dev: number) => void = () => {};

  constructor(core: Core, log: Log, statics: Statics, devices: Devices, resources: Resources) {
    this.core = core;
    this.log = log;
    this.statics = statics;
    this.devices = devices;
    this.resources = resources;
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
      devices: [],
      drivers: [],
    });
    return address;
  }

  /** bus_register(): 0, or a negative errno. */
  register(address: number): number {
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
    });
    this.resources.obtain(`bus ${address}`, `bus ${name}`);
    return 0;
  }

  unregister(address: number): void {
    this.core.mightSleep("bus_unregister", MUTEX);
    this.buses.delete(address);
    this.resources.giveBack(`bus ${address}`);
  }

  /** bus_find_device_by_name(): one more reference to it, or 0. */
  findDevice(bus: number, name: string): number {
    const found = this.buses.get(bus)?.devices.find((dev) => this.devices.nameOf(dev) === name) ?? 0;
    if (found !== 0) this.get(found);
    return found;
  }

  /** device_initialize(); `release`: of a device that is the kernel's own. */
  initialise(dev: number, release?: () => void): void {
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
    if (counted === undefined || counted.isAdded) {
      this.devices.enter(dev, this.devices.stateOf(dev) ?? "unbound", "device_add() of a device that is there");
      return -errno.EINVAL;
    }
    const bus = this.buses.get(this.read(dev, device, "bus"));
    const initial = this.read(dev, device, "init_name");
    if (counted.name === "" && initial !== 0) counted.name = this.text(initial);
    const prefix = bus === undefined ? 0 : this.read(this.read(dev, device, "bus"), bus_type, "dev_name");
    if (counted.name === "" && prefix !== 0) counted.name = `${this.text(prefix)}${this.read(dev, device, "id")}`;
    if (counted.name === "") return -errno.EINVAL;
    if (bus?.devices.some((other) => this.devices.nameOf(other) === counted.name)) {
      this.log.write(`sysfs: cannot create duplicate filename '/bus/${bus.name}/devices/${counted.name}'`, 4);
      return -errno.EEXIST;
    }
    counted.isAdded = true;
    const [devt, parent] = [this.read(dev, device, "devt"), this.read(dev, device, "parent")];
    this.devices.add(dev, counted.name, bus?.name ?? "", devt, parent);
    this.resources.obtain(`device ${dev}`, `device ${counted.name}`);
    if (bus === undefined) return 0;
    bus.devices.push(dev);
    for (const drv of [...bus.drivers]) if (yield* this.tryBind(bus, dev, drv)) break;
    return 0;
  }

  /** device_del(): its driver leaves, and nobody finds it any more. */
  *del(dev: number): Steps<void> {
    this.core.mightSleep("device_del", MUTEX);
    const counted = this.counted.get(dev);
    if (counted === undefined || !counted.isAdded) {
      this.devices.enter(dev, this.devices.stateOf(dev) ?? "removed", "device_del() of a device that is not there");
      return;
    }
    counted.isAdded = false;
    const bus = this.buses.get(this.read(dev, device, "bus"));
    if (bus !== undefined) {
      yield* this.leave(bus, dev);
      bus.devices.splice(bus.devices.indexOf(dev), 1);
    }
    this.forget(dev);
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
    const name = counted.name;
    this.counted.delete(dev);
    this.devices.remove(dev);
    const release = this.read(dev, device, "release");
    if (counted.release !== undefined) counted.release();
    else if (release !== 0) yield* this.core.steps("device_release", this.core.callDriver(release, [dev]));
    else {
      const text = `Device '${name}' does not have a release() function, it is broken and must be fixed. See Documentation/core-api/kobject.rst.`;
      const stack = [{ fn: "device_release", site: undefined, context: "task" as const }, ...this.core.stack()];
      this.core.emit({ kind: "warn", text, where: "drivers/base/core.c:2634", stack });
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
      this.log.write(`Error: Driver '${name}' is already registered, aborting...`, 3);
      return -errno.EBUSY;
    }
    bus.drivers.push(drv);
    this.resources.obtain(`driver ${drv}`, `${bus.name} driver ${name}`);
    for (const dev of [...bus.devices]) yield* this.tryBind(bus, dev, drv);
    return 0;
  }

  *unregisterDriver(drv: number): Steps<void> {
    this.core.mightSleep("driver_unregister", MUTEX);
    const bus = [...this.buses.values()].find(({ drivers }) => drivers.includes(drv));
    if (bus === undefined) {
      const stack = this.core.stack();
      this.core.emit({
        kind: "warn",
        text: "Unexpected driver unregister!",
        where: "drivers/base/driver.c:270",
        stack,
      });
      return;
    }
    bus.drivers.splice(bus.drivers.indexOf(drv), 1);
    for (const dev of [...bus.devices].reverse()) if (this.devices.driverOf(dev) === drv) yield* this.leave(bus, dev);
    this.resources.giveBack(`driver ${drv}`);
  }

  /** What `echo device > bind` of a driver does: 0, or a negative errno. */
  *bindByName(driver: string, name: string): Steps<number> {
    for (const bus of this.buses.values()) {
      const drv = bus.drivers.find((one) => this.nameOfDriver(one) === driver);
      const dev = bus.devices.find((one) => this.devices.nameOf(one) === name);
      if (drv === undefined || dev === undefined) continue;
      if (this.devices.driverOf(dev) !== 0) return -errno.EBUSY;
      return (yield* this.tryBind(bus, dev, drv)) ? 0 : -errno.ENODEV;
    }
    return -errno.ENODEV;
  }

  /** What `echo device > unbind` does. */
  *unbindByName(driver: string, name: string): Steps<number> {
    for (const bus of this.buses.values()) {
      const dev = bus.devices.find((one) => this.devices.nameOf(one) === name);
      if (dev === undefined || this.devices.driverOf(dev) === 0) continue;
      if (this.nameOfDriver(this.devices.driverOf(dev)) !== driver) continue;
      yield* this.leave(bus, dev);
      return 0;
    }
    return -errno.ENODEV;
  }

  /** driver_probe_device(): whether the driver was bound. */
  private *tryBind(bus: OnBus, dev: number, drv: number): Steps<boolean> {
    if (this.devices.driverOf(dev) !== 0 || (yield* bus.match(dev, drv)) <= 0) return false;
    this.devices.bind(dev, drv);
    const result = yield* this.core.steps("really_probe", bus.probe(dev, drv));
    if (result !== 0) {
      const name = this.nameOfDriver(drv);
      // ENODEV and ENXIO are told to nobody, and deferral is no failure.
      const quiet: readonly number[] = [errno.EPROBE_DEFER, errno.ENODEV, errno.ENXIO];
      if (!quiet.includes(Math.abs(result))) {
        this.log.write(`${this.devices.label(dev)}: probe with driver ${name} failed with error ${result}`, 3);
      }
      yield* this.devices.unbind(dev);
      this.whenLeft(dev);
      this.forget(dev);
      if (result === -errno.EPROBE_DEFER) this.deferred.push(dev);
      return false;
    }
    this.devices.enter(dev, "bound");
    this.forget(dev);
    yield* this.retry();
    return true;
  }

  /** A driver was bound: what waited for it may now be there. */
  private *retry(): Steps<void> {
    for (const dev of this.deferred.splice(0)) {
      const bus = this.buses.get(this.read(dev, device, "bus"));
      for (const drv of bus?.drivers ?? []) if (yield* this.tryBind(bus!, dev, drv)) break;
    }
  }

  /** device_release_driver(). */
  private *leave(bus: OnBus, dev: number): Steps<void> {
    const drv = this.devices.driverOf(dev);
    if (drv === 0) return;
    yield* this.whenLeaving(dev);
    yield* this.core.steps("device_remove", bus.remove(dev, drv));
    yield* this.devices.unbind(dev);
    this.whenLeft(dev);
  }

  private forget(dev: number): void {
    const index = this.deferred.indexOf(dev);
    if (index >= 0) this.deferred.splice(index, 1);
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
