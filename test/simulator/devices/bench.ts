// Ports for one device: a clock, memory, interrupt outputs, a log and an I2C bus that remember what was done to them.
import type {
  AccessBytes,
  Alarm,
  Device,
  DeviceClock,
  DevicePorts,
  I2cTarget,
} from "../../../simulator/devices/device.ts";
import { I2cBus } from "../../../simulator/devices/i2c-bus.ts";

/** A machine of 64 KiB of memory at 0x1000, and nothing else. */
export class Bench implements DevicePorts {
  readonly memory = new Uint8Array(0x10000);
  /** Every movement of an interrupt output. */
  readonly lines: boolean[] = [];
  readonly messages: string[] = [];
  /** MSI vectors in the order in which they were sent. */
  readonly vectors: number[] = [];
  readonly msi = { enabled: false, send: (vector: number): void => void this.vectors.push(vector) };
  readonly i2c = new I2cBus((message) => this.log(message));
  private alarms: { readonly at: number; readonly callback: () => void }[] = [];
  private now = 0;
  readonly clock: DeviceClock = Object.defineProperty(
    { nanos: 0, after: (nanos: number, callback: () => void): Alarm => this.alarm(nanos, callback) },
    "nanos",
    { get: () => this.now },
  );
  readonly irq = (level: boolean): void => void this.lines.push(level);
  readonly log = (message: string): void => void this.messages.push(message);
  readonly dma = {
    read: (address: number, bytes: Uint8Array, done: (refusal?: string) => void): void =>
      this.move(address, bytes.length, done, (part) => bytes.set(part)),
    write: (address: number, bytes: Uint8Array, done: (refusal?: string) => void): void =>
      this.move(address, bytes.length, done, (part) => part.set(bytes)),
  };

  part(address: number, length: number): Uint8Array {
    return this.memory.subarray(address - 0x1000, address - 0x1000 + length);
  }

  private alarm(nanos: number, callback: () => void): Alarm {
    const alarm = { at: this.now + nanos, callback };
    this.alarms.push(alarm);
    return {
      cancel: () => {
        this.alarms = this.alarms.filter((one) => one !== alarm);
      },
    };
  }

  /** Where the interrupt output is. */
  get level(): boolean {
    return this.lines.at(-1) ?? false;
  }

  attach(address: number, target: I2cTarget): void {
    this.i2c.attach(address, target);
  }

  /** Time passes; what falls due happens at its own time. */
  pass(nanos: number): void {
    const end = this.now + nanos;
    for (;;) {
      const due = this.alarms.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.alarms = this.alarms.filter((one) => one !== due);
      this.now = Math.max(this.now, due.at);
      due.callback();
    }
    this.now = end;
  }

  private move(
    address: number,
    length: number,
    done: (refusal?: string) => void,
    copy: (part: Uint8Array) => void,
  ): void {
    if (address < 0x1000 || address + length > 0x11000) {
      done("no memory there");
      return;
    }
    copy(this.part(address, length));
    done();
  }
}

/** Accesses of one width, as a driver writes them. */
export function accessors(device: Device, bytes: AccessBytes) {
  return {
    read: (offset: number): number => Number(device.read(offset, bytes)),
    write: (offset: number, value: number): void => device.write(offset, bytes, BigInt(value)),
    peek: (offset: number): number => Number(device.peek(offset, bytes)),
  };
}
