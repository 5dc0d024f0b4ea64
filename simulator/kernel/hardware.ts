// The machine's hardware: what devices see of the machine, and which devices there are besides those on the PCI bus.
import type { Alarm, Device, DeviceClock, DevicePorts, I2cWires, MmioDevice } from "../devices/device.ts";
import { PAGE_OFFSET, PAGES_BYTES, PAGES_START } from "./addresses.ts";
import type { Core } from "./core.ts";
import type { Interrupts } from "./irq.ts";
import type { DeviceMemory } from "./mmio.ts";

/** A device that a device tree would tell of, for whoever makes platform devices of it. */
export interface PlatformSlot {
  readonly device: MmioDevice;
  /** `9000000.ns16550a`, as the platform bus calls it. */
  readonly name: string;
  /** Where it lies in physical memory. */
  readonly start: number;
  readonly bytes: number;
  /** Linux's numbers of its interrupts, in the order of its outputs. */
  readonly irqs: readonly number[];
}

/** A device behind an I2C controller. */
export interface I2cSlot {
  readonly device: Device;
  /** The controller's name. */
  readonly behind: string;
  readonly address: number;
}

/** What the ports of one device lead to. */
export interface Wiring {
  /** What the device's log calls it. */
  readonly name: () => string;
  /** Moves an interrupt output. */
  readonly irq: DevicePorts["irq"];
  readonly msi?: DevicePorts["msi"];
  /** Why the device may not access memory now; undefined when it may. */
  readonly mayNotMaster?: () => string | undefined;
  readonly i2c?: I2cWires;
}

const RAM_BYTES = PAGES_START + PAGES_BYTES - PAGE_OFFSET;
const NO_WIRES: I2cWires = { start: () => false, write: () => false, read: () => 0xff, stop: () => {} };

export class Hardware {
  readonly platform: PlatformSlot[] = [];
  readonly i2c: I2cSlot[] = [];
  private readonly core: Core;
  private readonly irqs: Interrupts;
  private readonly memory: DeviceMemory;
  private readonly named = new Map<string, Device>();
  /** Told of devices as they are put in. */
  whenPlatform: (slot: PlatformSlot) => void = () => {};
  whenI2c: (slot: I2cSlot) => void = () => {};

  constructor(core: Core, irqs: Interrupts, memory: DeviceMemory) {
    this.core = core;
    this.irqs = irqs;
    this.memory = memory;
  }

  /** Every device of the machine, in the order in which it was put in. */
  get all(): readonly Device[] {
    return [...this.named.values()];
  }

  find(name: string): Device | undefined {
    return this.named.get(name);
  }

  /** A device is there; its name is what scenarios call it by. */
  know(device: Device): void {
    if (this.named.has(device.name)) throw new Error(`two devices are called ${device.name}`);
    this.named.set(device.name, device);
  }

  /** Puts a device at a fixed place of physical memory, with its interrupt outputs on lines from `irq` on. */
  addPlatform(
    make: (ports: DevicePorts) => MmioDevice,
    at: { readonly start: number; readonly irq: number },
    i2c?: I2cWires,
  ): PlatformSlot {
    // The device says what it is called only when it is made.
    let made: MmioDevice | undefined;
    const source = `mmio ${at.start}`;
    const device = make(
      this.ports({
        name: () => made?.name ?? source,
        irq: (level, output) => {
          const index = output === undefined ? 0 : (made?.mmio.irqs.indexOf(output) ?? 0);
          this.irqs.setLevel(at.irq + Math.max(0, index), source, level);
        },
        ...(i2c === undefined ? {} : { i2c }),
      }),
    );
    made = device;
    const { bytes } = device.mmio;
    const slot = {
      device,
      name: `${at.start.toString(16)}.${device.name}`,
      start: at.start,
      bytes,
      irqs: device.mmio.irqs.map((_, index) => at.irq + index),
    };
    this.memory.attach(at.start, bytes, device);
    this.platform.push(slot);
    this.know(device);
    this.whenPlatform(slot);
    return slot;
  }

  /** Notes a device that its controller reaches. */
  addI2c(device: Device, behind: string, address: number): void {
    const slot = { device, behind, address };
    this.i2c.push(slot);
    this.know(device);
    this.whenI2c(slot);
  }

  /** What a device sees of the machine. */
  ports({ name, irq, msi, mayNotMaster, i2c }: Wiring): DevicePorts {
    const { core } = this;
    const move = (
      done: (refusal?: string) => void,
      address: number,
      bytes: number,
      copy: (memory: Uint8Array) => void,
    ): void => {
      const refusal = mayNotMaster?.() ?? this.copied(address, bytes, copy);
      done(refusal);
    };
    return {
      clock: new OwnClock(core),
      irq,
      msi: msi ?? { enabled: false, send: () => {} },
      dma: {
        read: (address, bytes, done) => move(done, address, bytes.length, (memory) => bytes.set(memory)),
        write: (address, bytes, done) => move(done, address, bytes.length, (memory) => memory.set(bytes)),
      },
      i2c: i2c ?? NO_WIRES,
      log: (message) => core.emit({ kind: "device-log", device: name(), message }),
    };
  }

  /** On the bus addresses are physical: the linear map is where the kernel sees them. */
  private copied(address: number, bytes: number, copy: (memory: Uint8Array) => void): string | undefined {
    if (address + bytes > RAM_BYTES) return "no memory there";
    try {
      copy(this.core.memory.bytesAt(PAGE_OFFSET + address, bytes));
      return undefined;
    } catch {
      return "no memory there";
    }
  }
}

/** What devices see of the machine's clock. */
class OwnClock implements DeviceClock {
  private readonly core: Core;

  constructor(core: Core) {
    this.core = core;
  }

  get nanos(): number {
    return this.core.engine.clock.nanos;
  }

  after(nanos: number, callback: () => void): Alarm {
    return this.core.engine.clock.after(nanos, callback);
  }
}
