// A device made of the registers of an SVD file: it does what their access words say, and nothing else.
import type { DevicePorts, MmioDevice, MmioIdentity } from "./device.ts";
import type { MmioModel } from "./model.ts";
import { RegisterDevice } from "./register-device.ts";
import { RegisterMap } from "./registers.ts";
import type { SvdPeripheral } from "./svd.ts";

class SvdRegisters extends RegisterDevice implements MmioDevice {
  readonly name: string;
  readonly mmio: MmioIdentity;

  constructor(peripheral: SvdPeripheral, ports: DevicePorts) {
    super(new RegisterMap(peripheral.registers, { widths: [2, 4] }), ports);
    this.name = nameOf(peripheral);
    const { bytes, interrupts } = peripheral;
    const irqs = interrupts.length === 0 ? ["irq"] : interrupts.map(({ name }) => name);
    this.mmio = { compatible: [`svd,${this.name}`], bytes, irqs };
  }
}

/** Lies where the file says; `irq`: the number of its first interrupt in this machine. */
export function svdModel(peripheral: SvdPeripheral, irq: number): MmioModel {
  return {
    name: nameOf(peripheral),
    bus: "mmio",
    at: { start: peripheral.baseAddress, irq },
    summary: peripheral.description,
    create: (ports) => new SvdRegisters(peripheral, ports),
  };
}

/** As device trees write names: `UART0` is `uart0`. */
function nameOf({ name }: SvdPeripheral): string {
  return name.toLowerCase().replaceAll(/[^\w-]/g, "-");
}
