// A 24C32 serial EEPROM behind an I2C bus, after Microchip's data sheet DS21713: 4 KiB in pages of 32 bytes.
import type { AccessBytes, Alarm, DevicePorts, I2cDevice, I2cIdentity, I2cTarget, Register } from "./device.ts";
import { allOnes } from "./registers.ts";

export interface At24Config {
  readonly bytes: number;
  readonly pageBytes: number;
  /** How long a page takes to be written; until then the device does not answer. */
  readonly writeNanos: number;
  readonly address: number;
}

export const at24Defaults: At24Config = { bytes: 4096, pageBytes: 32, writeNanos: 5_000_000, address: 0x50 };

/** It has no registers that a bus could address: offsets are those of its memory, for the views. */
export class At24 implements I2cDevice {
  readonly name = "at24";
  readonly i2c: I2cIdentity;
  readonly registers: readonly Register[] = [];
  readonly target: I2cTarget;
  /** What it keeps without power. */
  readonly memory: Uint8Array;
  private readonly ports: DevicePorts;
  private readonly config: At24Config;
  /** Where the next byte is read or written. */
  private position = 0;
  /** Bytes of the address that are still to come in this transfer. */
  private addressing = 0;
  /** Bytes that wait for the stop condition, by their place in the memory. */
  private page = new Map<number, number>();
  private writing: Alarm | undefined;

  constructor(ports: DevicePorts, config: Partial<At24Config> = {}) {
    this.ports = ports;
    this.config = { ...at24Defaults, ...config };
    this.i2c = { compatible: ["atmel,24c32"], address: this.config.address };
    this.memory = new Uint8Array(this.config.bytes).fill(0xff);
    this.target = {
      start: (isRead) => this.start(isRead),
      write: (byte) => this.take(byte),
      read: () => this.give(),
      stop: () => this.stop(),
    };
  }

  read(_offset: number, bytes: AccessBytes): bigint {
    return allOnes(bytes);
  }

  write(): void {}

  peek(offset: number, bytes: AccessBytes): bigint {
    let value = 0n;
    for (let index = bytes - 1; index >= 0; index--) {
      value = (value << 8n) | BigInt(this.memory[offset + index] ?? 0xff);
    }
    return value;
  }

  reaches(): undefined {
    return undefined;
  }

  held(): bigint {
    return 0n;
  }

  /** What was not written yet is lost. */
  reset(): void {
    this.writing?.cancel();
    this.writing = undefined;
    this.page.clear();
    this.position = 0;
    this.addressing = 0;
  }

  /** A write cycle keeps it from answering: drivers poll for the end. */
  private start(isRead: boolean): boolean {
    if (this.writing !== undefined) return false;
    // A repeated start ends what came before it without a write.
    this.page.clear();
    this.addressing = isRead ? 0 : 2;
    return true;
  }

  private take(byte: number): boolean {
    const { bytes, pageBytes } = this.config;
    if (this.addressing > 0) {
      const shift = 8 * --this.addressing;
      this.position = ((this.position & ~(0xff << shift)) | (byte << shift)) % bytes;
      return true;
    }
    if (this.page.has(this.position)) {
      this.ports.log(`more than a page of ${pageBytes} bytes in one write: it goes round to the start of the page`);
    }
    this.page.set(this.position, byte);
    // Within a page only the lower bits of the address count.
    const start = this.position - (this.position % pageBytes);
    this.position = start + ((this.position + 1 - start) % pageBytes);
    return true;
  }

  private give(): number {
    const byte = this.memory[this.position]!;
    this.position = (this.position + 1) % this.config.bytes;
    return byte;
  }

  private stop(): void {
    this.addressing = 0;
    if (this.page.size === 0) return;
    const page = this.page;
    this.page = new Map();
    this.writing = this.ports.clock.after(this.config.writeNanos, () => {
      for (const [at, byte] of page) this.memory[at] = byte;
      this.writing = undefined;
    });
  }
}
