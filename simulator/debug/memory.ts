// Memory as the debugger reads and writes it, byte by byte: the one heap, and the registers of devices at their addresses.
import type { Device, Register } from "../devices/device.ts";
import type { Machine } from "../machine.ts";

/** What lies at an address of device memory, mapped by a driver or where the bus has it. */
interface DevicePlace {
  readonly device: Device;
  readonly offset: number;
}

/** A byte, read without any effect; undefined where nothing is. */
export function byteAt(machine: Machine, address: number): number | undefined {
  if (address < 0 || address > 0xffffffff) return undefined;
  if (machine.memory.isMapped(address, 1)) return machine.memory.peek(address, 1);
  const place = placeAt(machine, address);
  if (place === undefined) return undefined;
  const { device, offset } = place;
  const register = registerAt(device, offset);
  // Between registers, and where one can only be written, a bus reads as zeros.
  if (register === undefined || register.access === "write-only") return 0;
  const shift = BigInt(8 * (offset - register.offset));
  return Number((BigInt.asUintN(register.bits, device.held(register)) >> shift) & 0xffn);
}

/** The registers that a range of bytes covers wholly, with the values that the bytes give them; undefined: heap. */
export function registersIn(
  machine: Machine,
  address: number,
  bytes: Uint8Array,
): readonly { readonly device: Device; readonly register: Register; readonly value: bigint }[] | undefined {
  const place = machine.memory.isMapped(address, 1) ? undefined : placeAt(machine, address);
  if (place === undefined) return undefined;
  const { device, offset } = place;
  return device.registers
    .filter((one) => one.alternate !== true && one.offset >= offset && end(one) <= offset + bytes.length)
    .filter((one) => device.reaches(one.offset, (one.bits / 8) as 1 | 2 | 4 | 8, true) === one)
    .map((register) => {
      let value = 0n;
      for (let at = register.bits / 8 - 1; at >= 0; at--) {
        value = (value << 8n) | BigInt(bytes[register.offset - offset + at]!);
      }
      return { device, register, value };
    });
}

export function isHeap(machine: Machine, address: number, bytes: number): boolean {
  return address >= 0 && address + bytes <= 0x100000000 && machine.memory.isMapped(address, bytes);
}

function placeAt({ kernel }: Machine, address: number): DevicePlace | undefined {
  return kernel.mmio.mappingAt(address) ?? kernel.mmio.busAt(address);
}

function registerAt(device: Device, offset: number): Register | undefined {
  const here = device.registers.filter((one) => one.offset <= offset && offset < end(one));
  const reached = here.find((one) => device.reaches(one.offset, (one.bits / 8) as 1 | 2 | 4 | 8, false) === one);
  return reached ?? here[0];
}

function end({ offset, bits }: Register): number {
  return offset + bits / 8;
}
