// What a simulated device sees of the world, and what the world sees of a device.
import type { Steps } from "../engine/interfaces.ts";

/** Virtual time for devices. */
export interface DeviceClock {
  readonly nanos: number;
  /** Calls back once, after so many nanoseconds; equal times in the order in which they were asked for. */
  after(nanos: number, callback: () => void): Alarm;
}

export interface Alarm {
  cancel(): void;
}

/** Access to memory by physical address, as a bus master. `done` is called when the bytes are there, or with why they are not. */
export interface DmaPort {
  read(address: number, bytes: Uint8Array, done: (refusal?: string) => void): void;
  write(address: number, bytes: Uint8Array, done: (refusal?: string) => void): void;
}

/** Message signalled interrupts of a PCI function. */
export interface MsiPort {
  /** A driver has turned them on: the function then leaves its INTx pin alone. */
  readonly enabled: boolean;
  /** Sends the message of a vector, counted from 0: an edge, which nothing takes back. */
  send(vector: number): void;
}

export interface DevicePorts {
  readonly clock: DeviceClock;
  /** An interrupt output, level triggered: true asserts it. A device with one output does not name it. */
  readonly irq: (level: boolean, output?: string) => void;
  readonly msi: MsiPort;
  readonly dma: DmaPort;
  /** The two wires of an I2C controller. */
  readonly i2c: I2cWires;
  /** A line of the device's own log, for people; it is no kernel log. */
  readonly log: (message: string) => void;
}

export type AccessBytes = 1 | 2 | 4 | 8;

/** Words of CMSIS-SVD. */
export type Access = "read-only" | "write-only" | "read-write" | "writeOnce" | "read-writeOnce";

/** What a write does to the bits: CMSIS-SVD's modifiedWriteValues; without one they become what is written. */
export type WriteEffect =
  | "oneToClear"
  | "oneToSet"
  | "oneToToggle"
  | "zeroToClear"
  | "zeroToSet"
  | "zeroToToggle"
  | "clear"
  | "set"
  | "modify";

/** What a read does to the bits. With `modify` and `modifyExternal` it has another effect, which only the model knows. */
export type ReadAction = "clear" | "set" | "modify" | "modifyExternal";

/** What fields and registers say of accesses; a field that says nothing is as its register. */
export interface AccessWords {
  readonly access?: Access;
  readonly modifiedWriteValues?: WriteEffect;
  readonly readAction?: ReadAction;
}

/** A field of a register, bits counted from 0. */
export interface Field extends AccessWords {
  readonly name: string;
  readonly high: number;
  readonly low: number;
  /** CMSIS-SVD's enumeratedValues. */
  readonly values?: Readonly<Record<number, string>>;
  readonly description?: string;
}

/** A register as data. Bits that have fields are those that matter: in a register with fields, the others are reserved. */
export interface Register extends AccessWords {
  readonly name: string;
  readonly offset: number;
  readonly bits: 8 | 16 | 32 | 64;
  readonly access: Access;
  readonly reset: number | bigint;
  readonly fields?: readonly Field[];
  readonly description?: string;
  /** It is there only while a field has a value: `LCR.DLAB=1`. */
  readonly when?: string;
  /** It answers at every word of so many bytes, where the address means something to it. */
  readonly span?: number;
  /** It lies on top of another one, which is the same storage seen in another way. */
  readonly alternate?: boolean;
}

export interface PciBar {
  readonly bytes: number;
  /** Where in the device's registers it begins; 0 by default. */
  readonly from?: number;
}

/** How a device hangs on the PCI bus: its configuration header. */
export interface PciIdentity {
  readonly vendor: number;
  readonly device: number;
  readonly revision: number;
  /** Base class, subclass and programming interface: 0x00ff00 is of no class. */
  readonly class: number;
  readonly bars: readonly PciBar[];
  /** The INTx pin: 1 is INTA; 0: none. */
  readonly pin: number;
  /** MSI vectors that it can send; 0: none. */
  readonly msiVectors: number;
}

/** How a device hangs on the platform bus: what its node of a device tree says. */
export interface MmioIdentity {
  /** The most special first. */
  readonly compatible: readonly string[];
  readonly bytes: number;
  /** Interrupt outputs by name, in the order of the node's interrupts. */
  readonly irqs: readonly string[];
  /** Registers lie 1 << regShift bytes apart. */
  readonly regShift?: number;
  readonly clockHz?: number;
}

/** How a device hangs on an I2C bus. */
export interface I2cIdentity {
  readonly compatible: readonly string[];
  /** 7 bits. */
  readonly address: number;
}

/** The I2C bus as its controller sees it. */
export interface I2cWires {
  /** A start condition, repeated or not, and the address byte; whether a device acknowledged it. */
  start(address: number, isRead: boolean): boolean;
  /** Whether the device acknowledged the byte. */
  write(byte: number): boolean;
  read(): number;
  stop(): void;
}

/** A device on an I2C bus as its bus sees it: only the one that is addressed is asked. */
export interface I2cTarget {
  start(isRead: boolean): boolean;
  write(byte: number): boolean;
  read(): number;
  stop(): void;
}

/** Inputs of a serial port that the other end drives. */
export type ModemSignal = "cts" | "dsr" | "ri" | "dcd";

/** The other end of a serial line. */
export interface SerialEnd {
  /** Sends characters to the device, one after the other at the speed of its line. */
  send(bytes: Uint8Array): void;
  /** Sends one character that arrives damaged, or a break. */
  sendBad(error: "parity" | "frame" | "break", byte?: number): void;
  /** What the device has sent since this was last asked. */
  take(): Uint8Array;
  signal(name: ModemSignal, level: boolean): void;
}

/** The pins of a GPIO block as a board sees them. */
export interface Pins {
  readonly count: number;
  /** Drives a pin from outside. */
  drive(pin: number, level: boolean): void;
  /** What is on a pin, whoever drives it. */
  level(pin: number): boolean;
}

/** What may go wrong with any device. */
export type Fault =
  /** A bit of a register reads as stuck; the device itself is sound. */
  | { readonly kind: "stuck-bit"; readonly register: string; readonly bit: number; readonly level: 0 | 1 }
  /** The next assertions of an interrupt, or MSI messages, do not arrive. */
  | { readonly kind: "lost-interrupt"; readonly count: number }
  /** An interrupt that the device did not ask for, held until the driver next accesses it, or for a millisecond. */
  | { readonly kind: "spurious-interrupt" }
  /** Surprise removal: reads give all ones, writes and interrupts get lost, until it is put back. */
  | { readonly kind: "removed" }
  /** The next accesses end in an external abort. */
  | { readonly kind: "bus-error"; readonly count: number }
  /** Each transfer takes so much longer. */
  | { readonly kind: "slow-dma"; readonly nanos: number }
  /** Writes wait on their way for so long, as in the bridges of PCI; a read waits for the writes before it. 0: they do not. */
  | { readonly kind: "posted-writes"; readonly nanos: number };

export interface Faults {
  inject(fault: Fault): void;
  /** The device is sound again, and back. */
  clear(): void;
  /** It is gone: nobody answers on its bus. */
  readonly isRemoved: boolean;
}

/** Accesses of a device whose model is a program: they run it on the task that makes the access, a statement at a time. */
export interface SteppedAccess {
  read(offset: number, bytes: AccessBytes): Steps<bigint>;
  write(offset: number, bytes: AccessBytes, value: bigint): Steps<void>;
  /** The access is over, or whoever made it is gone: what fell due meanwhile happens now. */
  end(): void;
}

/** A simulated device. */
export interface Device {
  readonly name: string;
  readonly registers: readonly Register[];
  read(offset: number, bytes: AccessBytes): bigint;
  write(offset: number, bytes: AccessBytes, value: bigint): void;
  /** What `read` would give, without its side effects. */
  peek(offset: number, bytes: AccessBytes): bigint;
  /** Which register an access meets; undefined: none, or none that takes accesses of this width. */
  reaches(offset: number, bytes: AccessBytes, isWrite: boolean): Register | undefined;
  /** What a register holds, wherever it is banked to. */
  held(register: Register): bigint;
  /** Power is turned off and on. */
  reset(): void;
  readonly pci?: PciIdentity;
  readonly mmio?: MmioIdentity;
  readonly i2c?: I2cIdentity;
  readonly target?: I2cTarget;
  readonly serial?: SerialEnd;
  readonly pins?: Pins;
  readonly faults?: Faults;
  readonly stepped?: SteppedAccess;
}

export type PciDevice = Device & { readonly pci: PciIdentity };
export type MmioDevice = Device & { readonly mmio: MmioIdentity };
export type I2cDevice = Device & { readonly i2c: I2cIdentity; readonly target: I2cTarget };

/** The access was not answered: an external abort. */
export class BusError extends Error {}
