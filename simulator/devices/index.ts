// The devices that can be put into the simulated machine, by name.
import type { DevicePorts, PciDevice } from "./device.ts";
import { Edu } from "./edu.ts";

export interface DeviceModel {
  readonly name: string;
  /** One sentence for people who choose. */
  readonly summary: string;
  create(ports: DevicePorts): PciDevice;
}

/** Sorted by name. */
export const devices: readonly DeviceModel[] = [
  {
    name: "edu",
    summary: "QEMU's educational PCI device: factorials, interrupts and DMA.",
    create: (ports) => new Edu(ports),
  },
];
