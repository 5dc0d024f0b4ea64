// What may go wrong with a device: it stands between the bus and the model, so that no model has code for it.
import {
  type AccessBytes,
  type Alarm,
  BusError,
  type Device,
  type DevicePorts,
  type DmaPort,
  type Fault,
  type Faults,
  type I2cTarget,
  type MsiPort,
  type Register,
  type SteppedAccess,
} from "./device.ts";
import { allOnes } from "./registers.ts";

/** A spurious interrupt ends by itself after so long. */
const SPURIOUS_NANOS = 1_000_000;

/** A write that is on its way to the device. */
interface Posted {
  readonly offset: number;
  readonly bytes: AccessBytes;
  readonly value: bigint;
}

type StuckBit = Extract<Fault, { kind: "stuck-bit" }>;

/** Makes a device that can be broken. What is not about accesses, interrupts and DMA is the model's own. */
export function withFaults<D extends Device>(make: (ports: DevicePorts) => D, ports: DevicePorts): D {
  const injector = new Injector(ports);
  const model = make(injector.ports);
  injector.attach(model);
  const device: Device = {
    name: model.name,
    registers: model.registers,
    read: (offset, bytes) => injector.read(offset, bytes),
    write: (offset, bytes, value) => injector.write(offset, bytes, value),
    peek: (offset, bytes) => injector.peek(offset, bytes),
    reaches: (offset, bytes, isWrite) => model.reaches(offset, bytes, isWrite),
    held: (register) => injector.held(register),
    reset: () => injector.reset(),
    faults: injector,
    ...(model.pci && { pci: model.pci }),
    ...(model.mmio && { mmio: model.mmio }),
    ...(model.i2c && { i2c: model.i2c }),
    ...(model.target && { target: injector.target(model.target) }),
    ...(model.serial && { serial: model.serial }),
    ...(model.pins && { pins: model.pins }),
    ...(model.stepped && { stepped: injector.stepped(model.stepped) }),
  };
  return device as D;
}

class Injector implements Faults {
  /** What the model gets instead of the ports of its slot. */
  readonly ports: DevicePorts;
  private readonly outside: DevicePorts;
  private model: Device | undefined;
  private stuck: StuckBit[] = [];
  private removed = false;
  private lost = 0;
  private busErrors = 0;
  private dmaNanos = 0;
  private postNanos = 0;
  private posted: Posted[] = [];
  private arrival: Alarm | undefined;
  /** Where the model holds its outputs, and where they have arrived. */
  private readonly wanted = new Map<string | undefined, boolean>();
  private readonly arrived = new Map<string | undefined, boolean>();
  private spurious: Alarm | undefined;

  constructor(ports: DevicePorts) {
    this.outside = ports;
    const { msi } = ports;
    this.ports = {
      ...ports,
      irq: (level, output) => this.moved(level, output),
      msi: new Messages(msi, () => !this.removed && !this.isLost()),
      dma: {
        read: (address, bytes, done) => this.transfer((dma, end) => dma.read(address, bytes, end), done),
        write: (address, bytes, done) => this.transfer((dma, end) => dma.write(address, bytes, end), done),
      },
    };
  }

  get isRemoved(): boolean {
    return this.removed;
  }

  attach(model: Device): void {
    this.model = model;
  }

  inject(fault: Fault): void {
    switch (fault.kind) {
      case "stuck-bit":
        this.stick(fault);
        break;
      case "lost-interrupt":
        this.lost = fault.count;
        break;
      case "spurious-interrupt":
        this.disturb();
        break;
      case "removed":
        this.removed = true;
        this.drop();
        for (const output of this.arrived.keys()) this.arrive(false, output);
        break;
      case "bus-error":
        this.busErrors = fault.count;
        break;
      case "slow-dma":
        this.dmaNanos = fault.nanos;
        break;
      case "posted-writes":
        this.arriveAll();
        this.postNanos = fault.nanos;
        break;
    }
    this.outside.log(`fault injected: ${wordsOf(fault)}`);
  }

  clear(): void {
    this.stuck = [];
    this.lost = 0;
    this.busErrors = 0;
    this.dmaNanos = 0;
    this.arriveAll();
    this.postNanos = 0;
    this.calm();
    this.removed = false;
    for (const [output, level] of this.wanted) this.arrive(level, output);
  }

  read(offset: number, bytes: AccessBytes): bigint {
    this.touched();
    this.arriveAll();
    if (this.removed) return allOnes(bytes);
    // Asked first: reading may change which register is there.
    const register = this.model!.reaches(offset, bytes, false);
    return this.bent(this.model!.read(offset, bytes), bytes, register);
  }

  peek(offset: number, bytes: AccessBytes): bigint {
    if (this.removed) return allOnes(bytes);
    return this.bent(this.model!.peek(offset, bytes), bytes, this.model!.reaches(offset, bytes, false));
  }

  held(register: Register): bigint {
    const bytes = (register.bits / 8) as AccessBytes;
    return this.removed ? allOnes(bytes) : this.bent(this.model!.held(register), bytes, register);
  }

  write(offset: number, bytes: AccessBytes, value: bigint): void {
    this.touched();
    if (this.removed) return;
    if (this.postNanos === 0) this.model!.write(offset, bytes, value);
    else {
      this.posted.push({ offset, bytes, value });
      this.arrival ??= this.outside.clock.after(this.postNanos, () => this.arriveAll());
    }
  }

  /** Turns the power off and on: what was on its way is lost. */
  reset(): void {
    this.drop();
    this.model!.reset();
  }

  /** Writes that were on their way reach the device, in their order. */
  private arriveAll(): void {
    const { posted } = this;
    this.drop();
    for (const { offset, bytes, value } of posted) this.model!.write(offset, bytes, value);
  }

  private drop(): void {
    this.arrival?.cancel();
    this.arrival = undefined;
    this.posted = [];
  }

  /** A device that is gone acknowledges nothing. */
  target(target: I2cTarget): I2cTarget {
    return {
      start: (isRead) => !this.removed && target.start(isRead),
      write: (byte) => !this.removed && target.write(byte),
      read: () => (this.removed ? 0xff : target.read()),
      stop: () => target.stop(),
    };
  }

  /** The same for accesses that are stepped. */
  stepped(access: SteppedAccess): SteppedAccess {
    const injector = this;
    return {
      *read(offset, bytes) {
        injector.touched();
        if (injector.removed) return allOnes(bytes);
        const register = injector.model!.reaches(offset, bytes, false);
        return injector.bent(yield* access.read(offset, bytes), bytes, register);
      },
      *write(offset, bytes, value) {
        injector.touched();
        if (!injector.removed) yield* access.write(offset, bytes, value);
      },
      end: () => access.end(),
    };
  }

  private stick(fault: StuckBit): void {
    const register = this.model!.registers.find(({ name }) => name === fault.register);
    if (register === undefined) throw new Error(`${this.model!.name} has no register ${fault.register}`);
    if (fault.bit < 0 || fault.bit >= register.bits) throw new Error(`${register.name} has no bit ${fault.bit}`);
    this.stuck.push(fault);
  }

  private bent(value: bigint, bytes: AccessBytes, register: Register | undefined): bigint {
    let bent = value;
    for (const { bit, level } of this.stuck.filter((one) => one.register === register?.name)) {
      const mask = 1n << BigInt(bit);
      if (bit < 8 * bytes) bent = level === 1 ? bent | mask : bent & ~mask;
    }
    return bent;
  }

  private touched(): void {
    this.calm();
    if (this.removed || this.busErrors === 0) return;
    this.busErrors--;
    throw new BusError("the device did not answer");
  }

  private moved(level: boolean, output: string | undefined): void {
    this.wanted.set(output, level);
    if (this.removed || (level && this.isLost())) return;
    this.arrive(level, output);
  }

  private arrive(level: boolean, output: string | undefined): void {
    if ((this.arrived.get(output) ?? false) === level) return;
    this.arrived.set(output, level);
    this.outside.irq(level, output);
  }

  private isLost(): boolean {
    if (this.lost === 0) return false;
    this.lost--;
    return true;
  }

  private disturb(): void {
    if (this.removed) return;
    if (this.outside.msi.enabled) {
      this.outside.msi.send(0);
      return;
    }
    this.spurious?.cancel();
    this.spurious = this.outside.clock.after(SPURIOUS_NANOS, () => this.calm());
    const output = this.model?.mmio?.irqs[0];
    this.arrive(true, output === "irq" ? undefined : output);
  }

  /** The spurious interrupt is over; what the device itself asserts stays. */
  private calm(): void {
    if (this.spurious === undefined) return;
    this.spurious.cancel();
    this.spurious = undefined;
    for (const output of this.arrived.keys()) {
      if (this.wanted.get(output) !== true) this.arrive(false, output);
    }
  }

  private transfer(
    begin: (dma: DmaPort, done: (refusal?: string) => void) => void,
    done: (refusal?: string) => void,
  ): void {
    const go = (): void => {
      if (this.removed) done("the device is gone");
      else begin(this.outside.dma, done);
    };
    if (this.dmaNanos === 0) go();
    else this.outside.clock.after(this.dmaNanos, go);
  }
}

function wordsOf(fault: Fault): string {
  switch (fault.kind) {
    case "stuck-bit":
      return `bit ${fault.bit} of ${fault.register} reads as ${fault.level}`;
    case "lost-interrupt":
      return fault.count === 1 ? "the next interrupt gets lost" : `the next ${fault.count} interrupts get lost`;
    case "spurious-interrupt":
      return "an interrupt that the device did not ask for";
    case "removed":
      return "the device is gone";
    case "bus-error":
      return fault.count === 1
        ? "the next access is not answered"
        : `the next ${fault.count} accesses are not answered`;
    case "slow-dma":
      return `DMA takes ${fault.nanos} ns longer`;
    case "posted-writes":
      return fault.nanos === 0
        ? "writes reach the device at once"
        : `writes reach the device ${fault.nanos} ns later, or with the next read`;
  }
}

/** Messages of a device, of which some do not arrive. */
class Messages implements MsiPort {
  private readonly port: MsiPort;
  private readonly arrives: () => boolean;

  constructor(port: MsiPort, arrives: () => boolean) {
    this.port = port;
    this.arrives = arrives;
  }

  get enabled(): boolean {
    return this.port.enabled;
  }

  send(vector: number): void {
    if (this.arrives()) this.port.send(vector);
  }
}
