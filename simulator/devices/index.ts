// The devices that can be put into the simulated machine, by name, and where each of them lies.
import { Edu } from "./edu.ts";
import type { DeviceModel } from "./model.ts";

/** Sorted by name. Addresses and interrupts are those of this machine, as a device tree would tell them. */
export const devices: readonly DeviceModel[] = [
  {
    name: "edu",
    bus: "pci",
    summary: "QEMU's educational PCI device: factorials, interrupts and DMA.",
    create: (ports) => new Edu(ports),
  },
];

/** What a machine has when nobody says otherwise. */
export const DEFAULT_DEVICES: readonly string[] = ["edu"];

/** The models of these names; a device that lies behind a controller brings it. Throws an Error that names the others. */
export function chosen(names: readonly string[]): readonly DeviceModel[] {
  const models: DeviceModel[] = [];
  const take = (name: string): void => {
    const model = devices.find((candidate) => candidate.name === name);
    if (model === undefined) {
      throw new Error(`no such device: ${name}; there are ${devices.map((one) => one.name).join(", ")}`);
    }
    if (models.includes(model)) return;
    if (model.bus === "i2c") take(model.behind);
    models.push(model);
  };
  for (const name of names) take(name);
  return models;
}
