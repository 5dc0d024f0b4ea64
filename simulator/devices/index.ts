// The devices that can be put into the simulated machine, by name, and where each of them lies.
import { At24 } from "./at24.ts";
import { DesignwareI2c } from "./designware-i2c.ts";
import { Edu } from "./edu.ts";
import { GoldfishRtc } from "./goldfish-rtc.ts";
import type { DeviceModel } from "./model.ts";
import { Ns16550a } from "./ns16550a.ts";
import { Pl061 } from "./pl061.ts";
import { Sp804 } from "./sp804.ts";

/** Sorted by name. Addresses and interrupts are those of this machine, as a device tree would tell them. */
export const devices: readonly DeviceModel[] = [
  {
    name: "at24",
    bus: "i2c",
    behind: "designware-i2c",
    summary: "A serial EEPROM of 4 KiB in pages of 32 bytes.",
    create: (ports) => new At24(ports),
  },
  {
    name: "designware-i2c",
    bus: "mmio",
    at: { start: 0x09040000, irq: 36 },
    isI2cController: true,
    summary: "The DesignWare I2C controller: FIFOs of commands, aborts, registers that clear when read.",
    create: (ports) => new DesignwareI2c(ports),
  },
  {
    name: "edu",
    bus: "pci",
    summary: "QEMU's educational PCI device: factorials, interrupts and DMA.",
    create: (ports) => new Edu(ports),
  },
  {
    name: "goldfish-rtc",
    bus: "mmio",
    at: { start: 0x09010000, irq: 34 },
    summary: "A clock of 64 bits with an alarm, read and written in halves.",
    create: (ports) => new GoldfishRtc(ports),
  },
  {
    name: "ns16550a",
    bus: "mmio",
    at: { start: 0x09000000, irq: 33 },
    ports: 0x3f8,
    summary: "The 16550A serial port: FIFOs, banked registers, interrupts by priority, loopback.",
    create: (ports) => new Ns16550a(ports),
  },
  {
    name: "pl061",
    bus: "mmio",
    at: { start: 0x09030000, irq: 35 },
    summary: "ARM's GPIO: eight pins, data masked by the address, edges and levels that interrupt.",
    create: (ports) => new Pl061(ports),
  },
  {
    name: "sp804",
    bus: "mmio",
    at: { start: 0x09020000, irq: 37 },
    summary: "ARM's dual timer: periodic, one-shot, free running.",
    create: (ports) => new Sp804(ports),
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
