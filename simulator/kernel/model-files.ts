// What /sys shows of the driver model: buses, their devices and drivers, classes, and where attributes go.
// Source: drivers/base/{bus,core,class}.c
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import type { Kobjects } from "./kobjects.ts";
import { bus_type, class_layout, device, offsetOf } from "./layouts.ts";
import type { Directory, Sysfs } from "./sysfs.ts";
import { textAt } from "./text.ts";
import { Uevents } from "./uevents.ts";

const MINOR_BITS = 20;

/** What a driver's files `bind` and `unbind` do with the name of a device. */
export interface ByName {
  bind(device: string): Steps<number>;
  unbind(device: string): Steps<number>;
}

/** A file of a device that some part of the kernel provides: `power/control`. */
interface Provided {
  readonly directory: string;
  readonly name: string;
  show?(dev: number): string;
  store?(dev: number, text: string): Steps<number>;
  /** Writing to it may remove the device. */
  readonly removesItself?: true;
  isFor(dev: number): boolean;
}

export class ModelFiles {
  private readonly core: Core;
  private readonly sysfs: Sysfs;
  private readonly kobjects: Kobjects;
  private readonly devices: Devices;
  private readonly provided: Provided[] = [];
  readonly uevents: Uevents;

  constructor(core: Core, sysfs: Sysfs, kobjects: Kobjects, devices: Devices) {
    this.core = core;
    this.sysfs = sysfs;
    this.kobjects = kobjects;
    this.devices = devices;
    this.uevents = new Uevents(core);
    devices.whenAdded((dev) => this.addDevice(dev));
    devices.whenRemoved((dev) => this.drop(dev));
  }

  /** Every device that comes has this file. */
  provide(file: Provided): void {
    this.provided.push(file);
  }

  /** /sys/bus/NAME, with the attributes of `bus_groups`. */
  *addBus(bus: number): Steps<number> {
    const at = this.busAt(this.name(bus));
    this.kobjects.adopt(bus, at, { via: "bus_attr", args: () => [bus] });
    return yield* this.kobjects.createGroups(bus, this.read(bus, bus_type, "bus_groups"));
  }

  removeBus(bus: number): Steps<void> {
    return this.kobjects.disown(bus);
  }

  /** /sys/class/NAME, with the attributes of `class_groups`. */
  *addClass(cls: number): Steps<number> {
    const at = this.sysfs.mkdir(this.sysfs.directory(this.sysfs.root, "class"), this.name(cls));
    if (at === undefined) return -errno.EEXIST;
    this.kobjects.adopt(cls, at, { via: "class_attr", args: (attr) => [cls, attr] });
    return yield* this.kobjects.createGroups(cls, this.read(cls, class_layout, "class_groups"));
  }

  removeClass(cls: number): Steps<void> {
    return this.kobjects.disown(cls);
  }

  /** /sys/bus/BUS/drivers/NAME. */
  addDriver(drv: number, bus: string, name: string, files: ByName): void {
    const at = this.sysfs.directory(this.busAt(bus).directories.get("drivers")!, name);
    this.sysfs.addText(at, "bind", undefined, (text) => files.bind(text));
    this.sysfs.addText(at, "unbind", undefined, (text) => files.unbind(text));
    this.kobjects.adopt(drv, at, { via: "drv_attr", args: () => [drv] });
  }

  removeDriver(drv: number): Steps<void> {
    return this.kobjects.disown(drv);
  }

  /** The directory of a device, with the files that every device has, and links to it from its bus or class. */
  addDevice(dev: number): void {
    const name = this.devices.nameOf(dev).replaceAll("/", "!");
    const at = this.sysfs.mkdir(this.above(dev), name);
    if (at === undefined) return;
    this.kobjects.adopt(dev, at, { via: "dev_attr", args: (attr) => [dev, attr] });
    this.linksTo(dev)?.links.set(name, at);
    this.sysfs.addText(at, "uevent", () => this.environment(dev).join(""), this.uevent(dev));
    const devt = this.read(dev, device, "devt");
    const number = `${devt >>> MINOR_BITS}:${devt & ((1 << MINOR_BITS) - 1)}\n`;
    if (devt !== 0) this.sysfs.addText(at, "dev", () => number);
    for (const { directory, name: file, show, store, removesItself, isFor } of this.provided) {
      if (!isFor(dev)) continue;
      const to = directory === "" ? at : this.sysfs.directory(at, directory);
      this.sysfs.addText(to, file, show && (() => show(dev)), store && ((text) => store(dev, text)), removesItself);
    }
    this.tell("add", dev, at);
  }

  /** device_add_groups(): a list of groups, 0 for none: 0, or a negative errno. */
  addGroups(dev: number, groups: number): Steps<number> {
    return this.kobjects.createGroups(dev, groups);
  }

  removeGroups(dev: number, groups: number): Steps<void> {
    return this.kobjects.removeGroups(dev, groups);
  }

  *removeDevice(dev: number): Steps<void> {
    const at = this.kobjects.at(dev);
    if (at === undefined) return;
    this.linksTo(dev)?.links.delete(at.name);
    this.tell("remove", dev, at);
    yield* this.kobjects.disown(dev);
  }

  /** It is gone already: nobody waits for what is under way in its files. */
  private drop(dev: number): void {
    const at = this.kobjects.at(dev);
    if (at === undefined) return;
    at.parent?.directories.delete(at.name);
    for (const _ of this.removeDevice(dev)) break;
  }

  /** driver_sysfs_add(): links between a device and its driver. */
  bound(dev: number, drv: number): void {
    const [from, to] = [this.kobjects.at(dev), this.kobjects.at(drv)];
    if (from === undefined || to === undefined) return;
    from.links.set("driver", to);
    to.links.set(from.name, from);
  }

  unbound(dev: number, drv: number): void {
    const [from, to] = [this.kobjects.at(dev), this.kobjects.at(drv)];
    from?.links.delete("driver");
    if (from !== undefined) to?.links.delete(from.name);
  }

  /** kobject_uevent(): user space is told. */
  tell(action: string, dev: number, at = this.kobjects.at(dev)): void {
    if (at === undefined) return;
    const variables = this.environment(dev).map((line) => line.trimEnd());
    this.uevents.tell(action, this.sysfs.pathOf(at), this.devices.subsystemOf(dev), variables);
  }

  /** Writing an action to `uevent` has user space told again. */
  private uevent(dev: number): (text: string) => Steps<number> {
    const tell = (action: string): void => this.tell(action, dev);
    return function* (text) {
      yield* [];
      if (!["add", "remove", "change", "move", "online", "offline", "bind", "unbind"].includes(text))
        return -errno.EINVAL;
      tell(text);
      return 0;
    };
  }

  /** dev_uevent(): what user space is told of a device. */
  private environment(dev: number): readonly string[] {
    const { memory } = this.core;
    const devt = this.read(dev, device, "devt");
    const driver = this.devices.driverOf(dev);
    const lines: string[] = [];
    if (devt !== 0) {
      lines.push(`MAJOR=${devt >>> MINOR_BITS}\n`, `MINOR=${devt & ((1 << MINOR_BITS) - 1)}\n`);
      lines.push(`DEVNAME=${this.devices.nameOf(dev)}\n`);
    }
    if (driver !== 0) lines.push(`DRIVER=${textAt(memory, memory.peek(driver, 4))}\n`);
    return lines;
  }

  private busAt(name: string): Directory {
    const { sysfs } = this;
    const at = sysfs.directory(sysfs.directory(sysfs.root, "bus"), name);
    sysfs.directory(at, "devices");
    sysfs.directory(at, "drivers");
    return at;
  }

  /** get_device_parent(): where a device's directory goes. */
  private above(dev: number): Directory {
    const { sysfs, devices } = this;
    const parent = this.kobjects.at(this.read(dev, device, "parent"));
    const subsystem = devices.subsystemOf(dev);
    const isOfClass = this.read(dev, device, "bus") === 0 && subsystem !== "";
    if (parent !== undefined) return isOfClass ? sysfs.directory(parent, subsystem) : parent;
    const root = sysfs.directory(sysfs.root, "devices");
    if (isOfClass) return sysfs.directory(sysfs.directory(root, "virtual"), subsystem);
    if (subsystem === "platform") return sysfs.directory(root, "platform");
    return subsystem === "pci" ? sysfs.directory(root, "pci0000:00") : root;
  }

  private linksTo(dev: number): Directory | undefined {
    const { sysfs, devices } = this;
    const subsystem = devices.subsystemOf(dev);
    if (subsystem === "") return undefined;
    if (this.read(dev, device, "bus") !== 0) return this.busAt(subsystem).directories.get("devices");
    return sysfs.directory(sysfs.directory(sysfs.root, "class"), subsystem);
  }

  private name(address: number): string {
    return textAt(this.core.memory, this.read(address, bus_type, "name"));
  }

  private read(address: number, layout: typeof device, member: string): number {
    return address === 0 ? 0 : this.core.memory.peek(address + offsetOf(layout, member), 4);
  }
}
