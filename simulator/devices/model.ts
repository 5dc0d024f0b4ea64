// A model that can be put into a machine: what it is called, how it hangs on a bus, and how it is made.
import type { Device, DevicePorts, I2cDevice, MmioDevice, PciDevice } from "./device.ts";

interface Model<D extends Device> {
  readonly name: string;
  /** One sentence for people who choose. */
  readonly summary: string;
  create(ports: DevicePorts): D;
}

export interface PciModel extends Model<PciDevice> {
  readonly bus: "pci";
}

/** Where it lies in physical memory, and the number of its first interrupt. */
export interface MmioModel extends Model<MmioDevice> {
  readonly bus: "mmio";
  readonly at: { readonly start: number; readonly irq: number };
  /** The first of the ports at which it answers too, as on a PC. */
  readonly ports?: number;
  /** Its I2C bus: devices may be behind it. */
  readonly isI2cController?: true;
}

export interface I2cModel extends Model<I2cDevice> {
  readonly bus: "i2c";
  /** The controller that reaches it, which comes with it. */
  readonly behind: string;
}

export type DeviceModel = PciModel | MmioModel | I2cModel;
