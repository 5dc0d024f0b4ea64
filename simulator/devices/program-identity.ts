// What a device model that is a program says of itself: its name, its registers, and how it hangs on a bus.
import type { Exported } from "../engine/interfaces.ts";
import type { AccessBytes, Field, MmioIdentity, PciIdentity, Register } from "./device.ts";
import { WORDS } from "./registers.ts";

export interface ProgramIdentity {
  readonly name: string;
  readonly summary: string;
  readonly registers: readonly Register[];
  readonly widths: readonly AccessBytes[];
  readonly mmio?: MmioIdentity;
  readonly pci?: PciIdentity;
}

type Data = Readonly<Record<string, unknown>>;

/** What a model may take of the machine. */
const MOST_REGISTERS = 10_000;
const MOST_BYTES = 0x100000;
const MOST_IRQS = 4;

/** Reads the exports of a model. Throws an Error that says what is missing or wrong. */
export function identityOf(exported: (name: string) => Exported | undefined): ProgramIdentity {
  const data = (name: string): unknown => {
    const found = exported(name);
    return found?.kind === "data" ? found.value : undefined;
  };
  const name = data("name");
  if (typeof name !== "string" || !/^[\w-]+$/.test(name)) {
    throw new Error('a device model exports its name: export const name = "counter"');
  }
  const registers = data("registers");
  if (!Array.isArray(registers) || registers.length === 0) {
    throw new Error(
      "a device model exports its registers: export const registers = [{ name, offset, bits, access, reset }]",
    );
  }
  if (registers.length > MOST_REGISTERS) throw new Error(`a device has at most ${MOST_REGISTERS} registers`);
  const mmio = data("mmio") as Data | undefined;
  const pci = data("pci") as Data | undefined;
  if ((mmio === undefined) === (pci === undefined)) {
    throw new Error("a device model exports either mmio or pci: how it hangs on a bus");
  }
  const read = (registers as readonly Data[]).map(registerOf).sort((a, b) => a.offset - b.offset);
  const bytes = read.reduce((end, one) => Math.max(end, one.offset + one.bits / 8), 0);
  return {
    name,
    summary: text(data("summary")) ?? "A device of the user's.",
    registers: read,
    widths: numbers(data("widths")) as readonly AccessBytes[],
    ...(mmio === undefined ? {} : { mmio: mmioOf(mmio, name, bytes) }),
    ...(pci === undefined ? {} : { pci: pciOf(pci, bytes) }),
  };
}

function mmioOf(data: Data, name: string, least: number): MmioIdentity {
  const compatible = texts(data.compatible);
  const irqs = texts(data.irqs);
  if (irqs.length > MOST_IRQS) throw new Error(`a device has at most ${MOST_IRQS} interrupts`);
  const regShift = number(data.regShift);
  const clockHz = number(data.clockHz);
  return {
    compatible: compatible.length === 0 ? [`driverlab,${name}`] : compatible,
    bytes: limited(number(data.bytes) ?? least),
    irqs: irqs.length === 0 ? ["irq"] : irqs,
    ...(regShift === undefined ? {} : { regShift }),
    ...(clockHz === undefined ? {} : { clockHz }),
  };
}

function pciOf(data: Data, least: number): PciIdentity {
  const vendor = number(data.vendor);
  const device = number(data.device);
  if (vendor === undefined || device === undefined) throw new Error("pci needs a vendor and a device: 16 bits each");
  const bars = Array.isArray(data.bars) ? (data.bars as readonly Data[]) : [{}];
  return {
    vendor,
    device,
    revision: number(data.revision) ?? 0,
    class: number(data.class) ?? 0x00ff00,
    bars: bars.map((bar) => ({ bytes: powerOfTwo(number(bar.bytes) ?? least), from: number(bar.from) ?? 0 })),
    pin: number(data.pin) ?? 1,
    msiVectors: number(data.msiVectors) ?? 0,
  };
}

function limited(bytes: number): number {
  if (bytes >= 1 && bytes <= MOST_BYTES) return bytes;
  throw new Error(`a device has at most ${MOST_BYTES} bytes of addresses, not ${bytes}`);
}

/** As BARs are. */
function powerOfTwo(bytes: number): number {
  limited(bytes);
  return Math.max(4096, 2 ** Math.ceil(Math.log2(Math.max(bytes, 1))));
}

function registerOf(data: Data): Register {
  const name = text(data.name) ?? "?";
  const offset = number(data.offset);
  const bits = number(data.bits) ?? 32;
  const access = text(data.access) ?? "read-write";
  const reset = data.reset ?? 0;
  if (offset === undefined || offset < 0) throw new Error(`register ${name} needs an offset`);
  limited(offset + (number(data.span) ?? bits / 8));
  if (![8, 16, 32, 64].includes(bits)) throw new Error(`register ${name} has 8, 16, 32 or 64 bits, not ${bits}`);
  if (typeof reset !== "bigint" && !Number.isInteger(reset)) throw new Error(`reset of ${name} is a whole number`);
  checkWords(name, data);
  const fields = Array.isArray(data.fields) ? (data.fields as readonly Data[]).map((one) => fieldOf(name, one)) : [];
  // What else a register may say passes as it is: the map checks what contradicts itself.
  const { fields: _, ...rest } = data;
  return {
    ...rest,
    name,
    offset,
    bits,
    access,
    reset,
    ...(fields.length === 0 ? {} : { fields }),
  } as unknown as Register;
}

function fieldOf(register: string, data: Data): Field {
  const name = text(data.name) ?? "?";
  const low = number(data.low ?? data.high);
  const high = number(data.high ?? data.low);
  if (low === undefined || high === undefined) throw new Error(`field ${register}.${name} needs high and low`);
  checkWords(`${register}.${name}`, data);
  return { ...data, name, low, high } as Field;
}

function checkWords(name: string, data: Data): void {
  for (const [word, known] of Object.entries(WORDS)) {
    const given = data[word];
    if (given === undefined || known.includes(given as string)) continue;
    throw new Error(`${word} of ${name} is one of ${known.join(", ")}, not ${given}`);
  }
}

function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function numbers(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "number") : [];
}
