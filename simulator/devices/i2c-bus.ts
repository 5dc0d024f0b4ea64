// An I2C bus: a controller on one side, devices by their addresses on the other.
import type { I2cTarget, I2cWires } from "./device.ts";

export class I2cBus implements I2cWires {
  private readonly log: (message: string) => void;
  private readonly targets = new Map<number, I2cTarget>();
  private selected: I2cTarget | undefined;

  constructor(log: (message: string) => void = () => {}) {
    this.log = log;
  }

  attach(address: number, target: I2cTarget): void {
    if (this.targets.has(address)) throw new Error(`two I2C devices at address 0x${address.toString(16)}`);
    this.targets.set(address, target);
  }

  start(address: number, isRead: boolean): boolean {
    const before = this.selected;
    this.selected = this.targets.get(address);
    // A repeated start to another device ends the transfer with the first.
    if (before !== this.selected) before?.stop();
    if (this.selected?.start(isRead) === true) return true;
    this.selected = undefined;
    return false;
  }

  write(byte: number): boolean {
    return this.selected?.write(byte) ?? false;
  }

  /** Nobody pulls the wire down: all ones. */
  read(): number {
    if (this.selected === undefined) this.log("read from an I2C bus on which nobody was addressed");
    return this.selected?.read() ?? 0xff;
  }

  stop(): void {
    this.selected?.stop();
    this.selected = undefined;
  }
}
