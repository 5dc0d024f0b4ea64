// What a simulated device sees of the world, and what the world sees of a device.

/** Virtual time for devices. */
export interface DeviceClock {
  readonly nanos: number;
  /** Calls back once, after so many nanoseconds; equal times in the order in which they were asked for. */
  after(nanos: number, callback: () => void): Alarm;
}

export interface Alarm {
  cancel(): void;
}

export interface DevicePorts {
  readonly clock: DeviceClock;
  /** The interrupt line, level triggered: true asserts it. */
  readonly irq: (level: boolean) => void;
  /** Access to memory by address, as a bus master. Throws when the address is no memory. */
  readonly dma: {
    read(address: number, bytes: Uint8Array): void;
    write(address: number, bytes: Uint8Array): void;
  };
  /** A line of the device's own log, for people; it is no kernel log. */
  readonly log: (message: string) => void;
}

export type AccessBytes = 1 | 2 | 4 | 8;

/** A field of a register, bits counted from 0. */
export interface Field {
  readonly name: string;
  readonly high: number;
  readonly low: number;
  readonly access?: string;
  readonly values?: Readonly<Record<number, string>>;
}

/** A register as data: CMSIS-SVD's words for its access. */
export interface Register {
  readonly name: string;
  readonly offset: number;
  readonly bits: 8 | 16 | 32 | 64;
  readonly access: "read-only" | "write-only" | "read-write";
  readonly reset: number | bigint;
  readonly fields?: readonly Field[];
  readonly description?: string;
}

export interface PciIdentity {
  readonly vendor: number;
  readonly device: number;
  readonly revision: number;
  /** Bytes of BAR 0. */
  readonly barBytes: number;
}

/** A device on the simulated PCI bus. */
export interface PciDevice {
  readonly name: string;
  readonly pci: PciIdentity;
  readonly registers: readonly Register[];
  read(offset: number, bytes: AccessBytes): bigint;
  write(offset: number, bytes: AccessBytes, value: bigint): void;
  /** The value of a register without the side effects of reading it. */
  peek(offset: number, bytes: AccessBytes): bigint;
}
