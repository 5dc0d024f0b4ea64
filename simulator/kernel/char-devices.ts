// Character devices: device numbers, cdevs, misc devices, classes, and the nodes in /dev.
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import { GFP_KERNEL } from "./gfp.ts";
import { cdev, class_layout, device, miscdevice, offsetOf } from "./layouts.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";
import type { Slab } from "./slab.ts";
import { textAt } from "./text.ts";

const MINOR_BITS = 20;
export const MISC_MAJOR = 10;
export const MISC_DYNAMIC_MINOR = 255;
/** Dynamic majors are given out downwards, fs/char_dev.c. */
const FIRST_DYNAMIC_MAJOR = 234;
/** Dynamic minors of misc devices begin above the fixed ones, drivers/char/misc.c. */
const FIRST_DYNAMIC_MISC = 256;
const MUTEX = "kernel/locking/mutex.c:586";

interface Region {
  readonly first: number;
  readonly count: number;
  readonly name: string;
}

interface LiveCdev {
  readonly address: number;
  readonly first: number;
  readonly count: number;
}

/** What open() found behind a name. */
export interface Node {
  readonly name: string;
  readonly devt: number;
}

export type Driver =
  | { readonly kind: "cdev"; readonly cdev: number; readonly fops: number; readonly owner: number }
  | { readonly kind: "misc"; readonly misc: number; readonly fops: number };

export function mkdev(major: number, minor: number): number {
  return ((major << MINOR_BITS) | minor) >>> 0;
}

export function majorOf(devt: number): number {
  return devt >>> MINOR_BITS;
}

export function minorOf(devt: number): number {
  return devt & ((1 << MINOR_BITS) - 1);
}

export class CharDevices {
  private readonly core: Core;
  private readonly slab: Slab;
  private readonly log: Log;
  private readonly devices: Devices;
  private readonly resources: Resources;
  private readonly regions: Region[] = [];
  private readonly cdevs: LiveCdev[] = [];
  /** struct miscdevice by minor. */
  private readonly misc = new Map<number, number>();
  private readonly nodes = new Map<string, Node>();
  /** Devices of device_create(), by class and number. */
  private readonly created = new Map<string, { readonly address: number; readonly name: string }>();

  /** A device is about to go: whoever uses its attributes is waited for. */
  whenLeaving: (dev: number) => Steps<void> = function* () {
    yield* [];
  };

  constructor(core: Core, slab: Slab, log: Log, devices: Devices, resources: Resources) {
    this.core = core;
    this.slab = slab;
    this.log = log;
    this.devices = devices;
    this.resources = resources;
  }

  /** Nodes in /dev, by name. */
  get all(): readonly Node[] {
    return [...this.nodes.values()];
  }

  /** Majors that are taken, and by whom: /proc/devices. */
  get majors(): readonly { readonly major: number; readonly name: string }[] {
    const all = [{ major: MISC_MAJOR, name: "misc" }];
    for (const { first, name } of this.regions) all.push({ major: majorOf(first), name });
    return all.sort((a, b) => a.major - b.major);
  }

  node(name: string): Node | undefined {
    return this.nodes.get(name);
  }

  /** Who drives a device number. */
  driverOf(devt: number): Driver | undefined {
    const { memory } = this.core;
    const found = this.cdevs.find(({ first, count }) => devt >= first && devt < first + count);
    if (found !== undefined) {
      const fops = memory.load(found.address + offsetOf(cdev, "ops"), 4, false);
      const owner = memory.load(found.address + offsetOf(cdev, "owner"), 4, false);
      return { kind: "cdev", cdev: found.address, fops, owner };
    }
    const misc = majorOf(devt) === MISC_MAJOR ? this.misc.get(minorOf(devt)) : undefined;
    if (misc === undefined) return undefined;
    return { kind: "misc", misc, fops: memory.load(misc + offsetOf(miscdevice, "fops"), 4, false) };
  }

  /** alloc_chrdev_region(): 0, or a negative errno; the first number goes to `*to`. */
  allocRegion(to: number, baseMinor: number, count: number, name: string): number {
    const first = mkdev(this.freeMajor(), baseMinor);
    const result = this.registerRegion(first, count, name);
    if (result === 0) this.core.memory.store(to, 4, first);
    return result;
  }

  registerRegion(first: number, count: number, name: string): number {
    this.core.mightSleep("register_chrdev_region", MUTEX);
    const taken = this.regions.some((region) => first < region.first + region.count && region.first < first + count);
    if (taken || majorOf(first) === MISC_MAJOR) return -errno.EBUSY;
    this.regions.push({ first, count, name });
    this.resources.obtain(`chrdev ${first}`, `device numbers of ${name}`);
    return 0;
  }

  unregisterRegion(first: number): void {
    this.core.mightSleep("unregister_chrdev_region", MUTEX);
    const index = this.regions.findIndex((region) => region.first === first);
    if (index >= 0) this.regions.splice(index, 1);
    this.resources.giveBack(`chrdev ${first}`);
  }

  freeMajor(): number {
    let major = FIRST_DYNAMIC_MAJOR;
    while (this.regions.some(({ first }) => majorOf(first) === major)) major--;
    return major;
  }

  cdevInit(address: number, fops: number): void {
    this.core.memory.touch(address, cdev.size, true);
    this.core.memory.bytesAt(address, cdev.size).fill(0);
    this.core.memory.poke(address + offsetOf(cdev, "ops"), 4, fops);
  }

  cdevAdd(address: number, first: number, count: number): number {
    this.core.mightSleep("cdev_add", MUTEX);
    this.core.memory.store(address + offsetOf(cdev, "dev"), 4, first);
    this.core.memory.store(address + offsetOf(cdev, "count"), 4, count);
    const overlaps = this.cdevs.some((live) => first < live.first + live.count && live.first < first + count);
    if (overlaps) return -errno.EBUSY;
    this.cdevs.push({ address, first, count });
    this.resources.obtain(`cdev ${address}`, "cdev");
    return 0;
  }

  cdevDel(address: number): void {
    this.core.mightSleep("cdev_del", MUTEX);
    const index = this.cdevs.findIndex((live) => live.address === address);
    if (index >= 0) this.cdevs.splice(index, 1);
    this.resources.giveBack(`cdev ${address}`);
  }

  miscRegister(address: number): number {
    this.core.mightSleep("misc_register", MUTEX);
    const { memory } = this.core;
    const member = (name: string): number => memory.load(address + offsetOf(miscdevice, name), 4, false);
    let minor = member("minor");
    if (minor === MISC_DYNAMIC_MINOR) {
      minor = FIRST_DYNAMIC_MISC;
      while (this.misc.has(minor)) minor++;
      memory.store(address + offsetOf(miscdevice, "minor"), 4, minor);
    }
    const name = textAt(memory, member("nodename") || member("name"));
    if (this.misc.has(minor) || this.nodes.has(name)) return -errno.EBUSY;
    this.misc.set(minor, address);
    const devt = mkdev(MISC_MAJOR, minor);
    const made = this.makeDevice(name, "misc", devt, member("parent"));
    memory.store(address + offsetOf(miscdevice, "this_device"), 4, made);
    this.resources.obtain(`misc ${address}`, `misc device ${name}`);
    return 0;
  }

  *miscDeregister(address: number): Steps<void> {
    this.core.mightSleep("misc_deregister", MUTEX);
    const { memory } = this.core;
    const minor = memory.load(address + offsetOf(miscdevice, "minor"), 4, false);
    if (this.misc.get(minor) !== address) return;
    this.misc.delete(minor);
    const made = memory.load(address + offsetOf(miscdevice, "this_device"), 4, false);
    yield* this.dropDevice(made, mkdev(MISC_MAJOR, minor));
    this.resources.giveBack(`misc ${address}`);
  }

  classCreate(name: number): number {
    this.slab.mightAlloc(GFP_KERNEL, "class_create");
    const address = this.slab.reserve(class_layout.size, "class");
    this.core.memory.poke(address, 4, name);
    this.resources.obtain(`class ${address}`, `class ${textAt(this.core.memory, name)}`);
    return address;
  }

  classDestroy(address: number): void {
    this.slab.kfree(address);
    this.resources.giveBack(`class ${address}`);
  }

  /** device_create(): the address of the new device, or a negative errno. */
  deviceCreate(cls: number, parent: number, devt: number, data: number, name: string): number {
    const { memory } = this.core;
    if (this.nodes.has(name)) {
      const path = `/devices/virtual/${textAt(memory, memory.load(cls, 4, false))}/${name}`;
      this.log.write(`sysfs: cannot create duplicate filename '${path}'`, 4);
      return -errno.EEXIST;
    }
    const address = this.makeDevice(name, textAt(memory, memory.load(cls, 4, false)), devt, parent);
    this.devices.setData(address, data);
    this.created.set(`${cls} ${devt}`, { address, name });
    this.resources.obtain(`device ${cls} ${devt}`, `device ${name}`);
    return address;
  }

  *deviceDestroy(cls: number, devt: number): Steps<void> {
    this.core.mightSleep("device_destroy", MUTEX);
    const found = this.created.get(`${cls} ${devt}`);
    if (found === undefined) return;
    this.created.delete(`${cls} ${devt}`);
    yield* this.dropDevice(found.address, devt);
    this.resources.giveBack(`device ${cls} ${devt}`);
  }

  private makeDevice(name: string, subsystem: string, devt: number, parent: number): number {
    this.slab.mightAlloc(GFP_KERNEL, "device_create");
    const address = this.slab.reserve(device.size, "device");
    this.devices.add(address, name, subsystem, devt, parent);
    this.nodes.set(name, { name, devt });
    return address;
  }

  private *dropDevice(address: number, devt: number): Steps<void> {
    yield* this.whenLeaving(address);
    for (const node of this.nodes.values()) if (node.devt === devt) this.nodes.delete(node.name);
    this.devices.remove(address);
    this.slab.kfree(address);
  }
}
