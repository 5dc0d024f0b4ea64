// QEMU's educational PCI device, after docs/specs/edu.rst and hw/misc/edu.c (commit 06b40d250ecf) of QEMU.
import type { Alarm, DevicePorts, PciDevice, PciIdentity, Register } from "./device.ts";
import { hex, RegisterDevice } from "./register-device.ts";
import { mask, RegisterMap } from "./registers.ts";

const ID: Register = {
  name: "ID",
  offset: 0x00,
  bits: 32,
  access: "read-only",
  reset: 0x010000ed,
  fields: [
    { name: "MAJOR", high: 31, low: 24 },
    { name: "MINOR", high: 23, low: 16 },
    { name: "MAGIC", high: 15, low: 0 },
  ],
  description: "Identification: version, and 0x00ed.",
};

const LIVENESS: Register = {
  name: "LIVENESS",
  offset: 0x04,
  bits: 32,
  access: "read-write",
  reset: 0,
  description: "Reads as the complement of what was written.",
};

const FACTORIAL: Register = {
  name: "FACTORIAL",
  offset: 0x08,
  bits: 32,
  access: "read-write",
  reset: 0,
  description: "Writing n starts the computation of n!, modulo 2^32; ignored while one runs.",
};

const STATUS: Register = {
  name: "STATUS",
  offset: 0x20,
  bits: 32,
  access: "read-write",
  reset: 0,
  fields: [
    { name: "COMPUTING", high: 0, low: 0, access: "read-only" },
    { name: "IRQFACT", high: 7, low: 7 },
  ],
  description: "Whether a factorial is being computed, and whether its end interrupts.",
};

const IRQ_STATUS: Register = {
  name: "IRQ_STATUS",
  offset: 0x24,
  bits: 32,
  access: "read-only",
  reset: 0,
  fields: [
    { name: "FACT", high: 0, low: 0 },
    { name: "DMA", high: 8, low: 8 },
    { name: "USER", high: 31, low: 0 },
  ],
  description: "Why the device interrupts; USER is whatever IRQ_RAISE put there. The line is up while it is not 0.",
};

const IRQ_RAISE: Register = {
  name: "IRQ_RAISE",
  offset: 0x60,
  bits: 32,
  access: "write-only",
  reset: 0,
  description: "Sets bits of IRQ_STATUS.",
};

const IRQ_ACK: Register = {
  name: "IRQ_ACK",
  offset: 0x64,
  bits: 32,
  access: "write-only",
  reset: 0,
  fields: [{ name: "ACK", high: 31, low: 0, modifiedWriteValues: "oneToClear" }],
  description: "Clears bits of IRQ_STATUS.",
};

const DMA_SRC: Register = {
  name: "DMA_SRC",
  offset: 0x80,
  bits: 64,
  access: "read-write",
  reset: 0n,
  description: "Where a transfer reads; ignored while one runs.",
};

const DMA_DST: Register = {
  name: "DMA_DST",
  offset: 0x88,
  bits: 64,
  access: "read-write",
  reset: 0n,
  description: "Where a transfer writes; ignored while one runs.",
};

const DMA_COUNT: Register = {
  name: "DMA_COUNT",
  offset: 0x90,
  bits: 64,
  access: "read-write",
  reset: 0n,
  description: "Bytes of a transfer; ignored while one runs.",
};

const DMA_CMD: Register = {
  name: "DMA_CMD",
  offset: 0x98,
  bits: 64,
  access: "read-write",
  reset: 0n,
  fields: [
    { name: "RUN", high: 0, low: 0 },
    { name: "DIR", high: 1, low: 1, values: { 0: "RAM_TO_EDU", 1: "EDU_TO_RAM" } },
    { name: "IRQ", high: 2, low: 2 },
  ],
  description: "Starts a transfer when RUN is written as 1; the device clears RUN at the end.",
};

const map = new RegisterMap(
  [ID, LIVENESS, FACTORIAL, STATUS, IRQ_STATUS, IRQ_RAISE, IRQ_ACK, DMA_SRC, DMA_DST, DMA_COUNT, DMA_CMD],
  { lowerHalfOnly: true },
);

const COMPUTING = mask(STATUS, "COMPUTING");
const IRQFACT = mask(STATUS, "IRQFACT");
const IRQ_FACT = mask(IRQ_STATUS, "FACT");
const IRQ_DMA = mask(IRQ_STATUS, "DMA");
const RUN = mask(DMA_CMD, "RUN");
const EDU_TO_RAM = mask(DMA_CMD, "DIR");
const DMA_IRQ = mask(DMA_CMD, "IRQ");

/** The device's own memory, as its bus master sees it; the BAR does not show it. */
const BUFFER_START = 0x40000n;
const BUFFER_BYTES = 4096n;

export interface EduConfig {
  /** Address bits that reach memory. */
  readonly dmaMask: bigint;
  /** A transfer takes this long, whatever its size. */
  readonly dmaNanos: number;
  /** A factorial takes this long for each factor: long enough to be interrupted, short enough to be polled for. */
  readonly factorNanos: number;
}

export const eduDefaults: EduConfig = { dmaMask: (1n << 28n) - 1n, dmaNanos: 100_000_000, factorNanos: 1_000 };

/** QEMU gives it no reset when a driver leaves: what one leaves behind, the next one finds. */
export class Edu extends RegisterDevice implements PciDevice {
  readonly name = "edu";
  readonly pci: PciIdentity = {
    vendor: 0x1234,
    device: 0x11e8,
    revision: 0x10,
    class: 0x00ff00,
    bars: [{ bytes: 0x100000 }],
    pin: 1,
    msiVectors: 1,
  };
  private readonly config: EduConfig;
  private readonly buffer = new Uint8Array(Number(BUFFER_BYTES));
  /** The ends of what is under way. */
  private computed: Alarm | undefined;
  private transferred: Alarm | undefined;

  constructor(ports: DevicePorts, config: Partial<EduConfig> = {}) {
    super(map, ports);
    this.config = { ...eduDefaults, ...config };
  }

  protected override accepts(register: Register, value: bigint): boolean {
    switch (register) {
      case FACTORIAL:
        if ((this.get(STATUS) & COMPUTING) === 0) return true;
        this.ports.log(`write of ${value} to FACTORIAL ignored: a factorial is being computed`);
        return false;
      case DMA_SRC:
      case DMA_DST:
      case DMA_COUNT:
      case DMA_CMD:
        if (this.get(DMA_CMD) & RUN) {
          this.ports.log(`write to ${register.name} ignored: a transfer runs`);
          return false;
        }
        // Without RUN nothing is stored in DMA_CMD, not even the other bits.
        return register !== DMA_CMD || (Number(value) & RUN) !== 0;
      default:
        return true;
    }
  }

  protected override onWrite(register: Register, value: bigint): void {
    switch (register) {
      case LIVENESS:
        this.set(LIVENESS, ~value);
        break;
      case FACTORIAL:
        this.compute(Number(value));
        break;
      case IRQ_RAISE:
        this.raise(Number(value));
        break;
      case IRQ_ACK:
        this.acknowledge(Number(value));
        break;
      case DMA_CMD:
        this.transferred = this.ports.clock.after(this.config.dmaNanos, () => this.transfer());
        break;
    }
  }

  protected override onReset(): void {
    this.computed?.cancel();
    this.transferred?.cancel();
    this.buffer.fill(0);
  }

  /** QEMU computes on another thread, so that a driver must poll or take the interrupt. */
  private compute(n: number): void {
    this.set(STATUS, this.get(STATUS) | COMPUTING);
    this.computed = this.ports.clock.after(this.config.factorNanos * Math.max(n, 1), () => {
      this.set(FACTORIAL, factorial(n));
      this.set(STATUS, this.get(STATUS) & ~COMPUTING);
      if (this.get(STATUS) & IRQFACT) this.raise(IRQ_FACT);
    });
  }

  /** With MSI each raise is a message of its own, while bits of earlier ones may still be there. */
  private raise(bits: number): void {
    this.set(IRQ_STATUS, this.get(IRQ_STATUS) | bits);
    if (this.get(IRQ_STATUS) === 0) return;
    if (this.ports.msi.enabled) this.ports.msi.send(0);
    else this.line(true);
  }

  private acknowledge(bits: number): void {
    this.set(IRQ_STATUS, this.get(IRQ_STATUS) & ~bits);
    if (this.get(IRQ_STATUS) === 0) this.line(false);
  }

  /** QEMU logs a transfer outside of the buffer and then makes it; here it is refused, and does not interrupt. */
  private transfer(): void {
    const source = this.getLong(DMA_SRC);
    const destination = this.getLong(DMA_DST);
    const count = this.getLong(DMA_COUNT);
    const toMemory = (this.get(DMA_CMD) & EDU_TO_RAM) !== 0;
    const own = toMemory ? source : destination;
    if (own < BUFFER_START || own + count > BUFFER_START + BUFFER_BYTES) {
      this.endTransfer(`${hex(own)}, ${count} bytes, is not in the buffer at 0x40000 to 0x40fff`);
      return;
    }
    const start = Number(own - BUFFER_START);
    const bytes = this.buffer.subarray(start, start + Number(count));
    const address = this.masked(toMemory ? destination : source);
    const done = (refusal?: string): void =>
      this.endTransfer(refusal === undefined ? undefined : `${hex(address)}, ${count} bytes: ${refusal}`);
    if (toMemory) this.ports.dma.write(address, bytes, done);
    else this.ports.dma.read(address, bytes, done);
  }

  private endTransfer(refusal: string | undefined): void {
    this.set(DMA_CMD, this.get(DMA_CMD) & ~RUN);
    if (refusal !== undefined) this.ports.log(`DMA refused: ${refusal}`);
    else if (this.get(DMA_CMD) & DMA_IRQ) this.raise(IRQ_DMA);
  }

  private masked(address: bigint): number {
    const reached = address & this.config.dmaMask;
    if (reached !== address) {
      this.ports.log(`DMA address ${hex(address)} is beyond the device's reach and becomes ${hex(reached)}`);
    }
    return Number(reached);
  }
}

/** n! modulo 2^32. From 34 on it is 0, since 2^32 divides 34!. */
function factorial(n: number): number {
  let product = 1;
  for (let factor = 2; factor <= Math.min(n, 34); factor++) product = Math.imul(product, factor);
  return product >>> 0;
}
