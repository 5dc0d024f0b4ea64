// Device memory: mappings of bus addresses to where drivers reach them, and accesses that go to the device.
import { type AccessBytes, BusError, type Device, type Register } from "../devices/device.ts";
import { hex, MemoryFault, type Steps } from "../engine/interfaces.ts";
import { roundUp } from "../engine/layout.ts";
import type { Task } from "../engine/task.ts";
import { IOMEM_START } from "./addresses.ts";
import type { Core } from "./core.ts";
import type { Resources } from "./resources.ts";

interface Window {
  readonly start: number;
  readonly bytes: number;
  readonly device: Device;
  /** Where in the device's registers it begins. */
  readonly offset: number;
}

type Mapping = Window;

const PAGE_SIZE = 4096;

export class DeviceMemory {
  private readonly core: Core;
  private readonly resources: Resources;
  /** On the bus, by physical address. */
  private readonly windows: Window[] = [];
  private readonly mappings = new Map<number, Mapping>();
  /** Who steps through the model of a device now. */
  private readonly accessing = new Map<Device, Task>();
  private next = IOMEM_START + 0x800000;

  constructor(core: Core, resources: Resources) {
    this.core = core;
    this.resources = resources;
  }

  /** A device answers at these addresses of the bus; `offset`: the first of its registers there. */
  attach(start: number, bytes: number, device: Device, offset = 0): void {
    this.windows.push({ start, bytes, device, offset });
  }

  /** ioremap(): 0 where no device answers. */
  map(physical: number, bytes: number): number {
    const window = this.windows.find(({ start, bytes: all }) => physical >= start && physical + bytes <= start + all);
    if (window === undefined || bytes === 0) return 0;
    const start = this.next + (physical & (PAGE_SIZE - 1));
    // A page that is not mapped follows, as between areas of vmalloc.
    this.next = roundUp(start + bytes, PAGE_SIZE) + PAGE_SIZE;
    const offset = window.offset + physical - window.start;
    this.mappings.set(start, { start, bytes, device: window.device, offset });
    this.resources.obtain(`iomap ${start}`, `ioremap of ${window.device.name}`, bytes);
    return start;
  }

  unmap(address: number): void {
    this.mappings.delete(address);
    this.resources.giveBack(`iomap ${address}`);
  }

  read(address: number, bytes: AccessBytes): bigint {
    const { device, offset, register } = this.reach(address, bytes, false);
    const value = this.answered(address, false, () => device.read(offset, bytes));
    this.told(device, offset, bytes, false, value, register);
    return value;
  }

  write(address: number, bytes: AccessBytes, value: bigint): void {
    const { device, offset, register } = this.reach(address, bytes, true);
    // Told first: what the device does about it comes after.
    this.told(device, offset, bytes, true, value, register);
    this.answered(address, true, () => device.write(offset, bytes, value));
  }

  /** Some device of the machine is a program, so that accesses take steps. */
  get isStepped(): boolean {
    return this.windows.some(({ device }) => device.stepped !== undefined);
  }

  /** The same as `read`, a statement of the device's model at a time where it is a program. */
  *readSteps(address: number, bytes: AccessBytes): Steps<bigint> {
    const { device, offset, register } = this.reach(address, bytes, false);
    if (device.stepped === undefined) return this.read(address, bytes);
    const value = yield* this.alone(address, false, device, device.stepped.read(offset, bytes));
    this.told(device, offset, bytes, false, value, register);
    return value;
  }

  *writeSteps(address: number, bytes: AccessBytes, value: bigint): Steps<void> {
    const { device, offset, register } = this.reach(address, bytes, true);
    if (device.stepped === undefined) {
      this.write(address, bytes, value);
      return;
    }
    this.told(device, offset, bytes, true, value, register);
    yield* this.alone(address, true, device, device.stepped.write(offset, bytes, value));
  }

  /**
   * An access is one thing for everybody else, also while its model is stepped: interrupts of the CPU wait for its end,
   * and so do accesses of other CPUs.
   */
  private *alone<T>(address: number, isWrite: boolean, device: Device, access: Steps<T>): Steps<T> {
    const { task, context } = this.core;
    for (let other = this.accessing.get(device); other !== undefined; other = this.accessing.get(device)) {
      if (other.state === "done") this.finish(device);
      else yield { kind: "yield" };
    }
    this.accessing.set(device, task);
    const { irqsDisabled } = context;
    context.irqsDisabled = true;
    try {
      return yield* access;
    } catch (error) {
      throw error instanceof BusError ? new ExternalAbort(address, isWrite) : error;
    } finally {
      context.irqsDisabled = irqsDisabled;
      this.finish(device);
    }
  }

  /** An access by a process that has a page of the bus mapped; undefined where no device answers. */
  *fromUser(physical: number, bytes: AccessBytes, value?: bigint): Steps<bigint | undefined> {
    const found = this.busAt(physical);
    if (found === undefined) return undefined;
    const { device, offset } = found;
    const { stepped } = device;
    const isWrite = value !== undefined;
    if (stepped !== undefined) {
      const access = function* (): Steps<bigint> {
        if (value === undefined) return yield* stepped.read(offset, bytes);
        yield* stepped.write(offset, bytes, value);
        return value;
      };
      return yield* this.alone(physical, isWrite, device, access());
    }
    if (value === undefined) return device.read(offset, bytes);
    device.write(offset, bytes, value);
    return value;
  }

  /** Whoever made the access has its value, or is gone. */
  private finish(device: Device): void {
    this.accessing.delete(device);
    device.stepped?.end();
  }

  /** What is mapped at an address, for the views; looking has no side effects. */
  mappingAt(address: number): { readonly device: Device; readonly offset: number } | undefined {
    const found = this.find(address, 1);
    return found === undefined ? undefined : { device: found.device, offset: found.offset + address - found.start };
  }

  /** What answers at an address of the bus, for the views. */
  busAt(physical: number): { readonly device: Device; readonly offset: number } | undefined {
    const found = this.windows.find(({ start, bytes }) => physical >= start && physical < start + bytes);
    return found && { device: found.device, offset: found.offset + physical - found.start };
  }

  /** Where on the bus a device has an offset of its registers; undefined where it has none there. */
  busAddressOf(device: Device, at: number): number | undefined {
    const found = this.windows.find((one) => one.device === device && at >= one.offset && at < one.offset + one.bytes);
    return found && found.start + at - found.offset;
  }

  private reach(
    address: number,
    bytes: AccessBytes,
    isWrite: boolean,
  ): { readonly device: Device; readonly offset: number; readonly register: Register | undefined } {
    const mapping = this.find(address, bytes);
    const offset = mapping === undefined ? 0 : mapping.offset + address - mapping.start;
    const register = mapping?.device.reaches(offset, bytes, isWrite);
    if (register === undefined) {
      const device = mapping?.device.name;
      const stack = this.core.stack();
      this.core.emit({ kind: "mmio-out-of-range", address, bytes, isWrite, device, offset, stack });
    }
    // Beyond the mapping there is no page; a device answers within it, if only with all ones.
    if (mapping === undefined) throw new MemoryFault(address, isWrite);
    return { device: mapping.device, offset, register };
  }

  private answered<T>(address: number, isWrite: boolean, access: () => T): T {
    try {
      return access();
    } catch (error) {
      throw error instanceof BusError ? new ExternalAbort(address, isWrite) : error;
    }
  }

  private find(address: number, bytes: number): Mapping | undefined {
    for (const mapping of this.mappings.values()) {
      if (address >= mapping.start && address + bytes <= mapping.start + mapping.bytes) return mapping;
    }
    return undefined;
  }

  private told(
    device: Device,
    offset: number,
    bytes: number,
    isWrite: boolean,
    value: bigint,
    register: Register | undefined,
  ): void {
    this.core.emit({ kind: "mmio", device: device.name, offset, bytes, isWrite, value, register: register?.name });
  }
}

/** do_DataAbort() of arch/arm/mm/fault.c, with the fault status of an access that nobody answered. */
class ExternalAbort extends MemoryFault {
  constructor(address: number, isWrite: boolean) {
    super(address, isWrite);
    const status = isWrite ? "0x808" : "0x008";
    this.message = `Unhandled fault: external abort on non-linefetch (${status}) at 0x${hex(address)}`;
  }
}
