// The I/O ports of a PC: an address space of its own, 64 KB.
// Source: arch/x86/include/asm/shared/io.h
import type { AccessBytes, Device } from "../devices/device.ts";
import type { Core } from "./core.ts";

interface Range {
  readonly start: number;
  readonly bytes: number;
  readonly device: Device;
}

export class PortIo {
  private readonly core: Core;
  private readonly ranges: Range[] = [];

  constructor(core: Core) {
    this.core = core;
  }

  /** A device answers at these ports. */
  attach(start: number, bytes: number, device: Device): void {
    this.ranges.push({ start, bytes, device });
  }

  /** All ones where nobody answers. */
  read(port: number, bytes: AccessBytes): number {
    const range = this.at(port, bytes);
    const value = range === undefined ? (1n << BigInt(8 * bytes)) - 1n : range.device.read(port - range.start, bytes);
    this.tell(range, port, bytes, false, value);
    return Number(value);
  }

  write(port: number, bytes: AccessBytes, value: number): void {
    const range = this.at(port, bytes);
    this.tell(range, port, bytes, true, BigInt(value));
    range?.device.write(port - range.start, bytes, BigInt(value));
  }

  private at(port: number, bytes: number): Range | undefined {
    return this.ranges.find(({ start, bytes: all }) => port >= start && port + bytes <= start + all);
  }

  private tell(range: Range | undefined, port: number, bytes: number, isWrite: boolean, value: bigint): void {
    const [device, offset] = range === undefined ? ["ports", port] : [range.device.name, port - range.start];
    const register = range?.device.registers.find((one) => one.offset === offset)?.name;
    this.core.emit({ kind: "mmio", device, offset, bytes, isWrite, value, register });
  }
}
