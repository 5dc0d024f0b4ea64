// QEMU's educational PCI device, after docs/specs/edu.rst and hw/misc/edu.c (commit 06b40d250ecf) of QEMU.
import type { AccessBytes, DevicePorts, PciDevice, PciIdentity, Register } from "./device.ts";
import { allOnes, mask, RegisterMap, truncate } from "./registers.ts";

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
  fields: [{ name: "ACK", high: 31, low: 0, access: "oneToClear" }],
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

const map = new RegisterMap([
  ID,
  LIVENESS,
  FACTORIAL,
  STATUS,
  IRQ_STATUS,
  IRQ_RAISE,
  IRQ_ACK,
  DMA_SRC,
  DMA_DST,
  DMA_COUNT,
  DMA_CMD,
]);

const COMPUTING = mask(STATUS, "COMPUTING");
const IRQFACT = mask(STATUS, "IRQFACT");
const IRQ_FACT = mask(IRQ_STATUS, "FACT");
const IRQ_DMA = mask(IRQ_STATUS, "DMA");
const RUN = BigInt(mask(DMA_CMD, "RUN"));
const EDU_TO_RAM = BigInt(mask(DMA_CMD, "DIR"));
const DMA_IRQ = BigInt(mask(DMA_CMD, "IRQ"));

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

/** QEMU gives it no reset: what a driver leaves behind, the next one finds. */
export class Edu implements PciDevice {
  readonly name = "edu";
  readonly pci: PciIdentity = { vendor: 0x1234, device: 0x11e8, revision: 0x10, barBytes: 0x100000 };
  readonly registers = map.registers;
  private readonly ports: DevicePorts;
  private readonly config: EduConfig;
  private liveness = 0;
  private factorial = 0;
  private status = 0;
  private irqStatus = 0;
  private line = false;
  private readonly dma = { source: 0n, destination: 0n, count: 0n, command: 0n };
  private readonly buffer = new Uint8Array(Number(BUFFER_BYTES));

  constructor(ports: DevicePorts, config: Partial<EduConfig> = {}) {
    this.ports = ports;
    this.config = { ...eduDefaults, ...config };
  }

  read(offset: number, bytes: AccessBytes): bigint {
    const register = this.reached(offset, bytes);
    if (register === undefined) this.ports.log(`read of ${bytes} bytes at ${hex(offset)}: no such register`);
    else if (register.access === "write-only") this.ports.log(`read of ${register.name}, which is write-only`);
    return this.peek(offset, bytes);
  }

  /** Reading an edu changes nothing, so this is what `read` gives. */
  peek(offset: number, bytes: AccessBytes): bigint {
    const register = this.reached(offset, bytes);
    const value = register && this.valueOf(register);
    return value === undefined ? allOnes(bytes) : truncate(value, bytes);
  }

  write(offset: number, bytes: AccessBytes, value: bigint): void {
    const register = this.reached(offset, bytes);
    if (register === undefined) this.ports.log(`write of ${bytes} bytes at ${hex(offset)}: no such register`);
    else if (register.access === "read-only") this.ports.log(`write to ${register.name}, which is read-only`);
    else if (register.bits === 64) this.writeDma(register, truncate(value, bytes));
    else this.writeWord(register, Number(truncate(value, bytes)));
  }

  /** Everything takes 32-bit accesses; the 64-bit registers take 64-bit ones too. */
  private reached(offset: number, bytes: AccessBytes): Register | undefined {
    const register = map.at(offset);
    return bytes === 4 || bytes * 8 === register?.bits ? register : undefined;
  }

  private valueOf(register: Register): bigint | undefined {
    switch (register) {
      case ID:
        return BigInt(ID.reset);
      case LIVENESS:
        return BigInt(this.liveness);
      case FACTORIAL:
        return BigInt(this.factorial);
      case STATUS:
        return BigInt(this.status);
      case IRQ_STATUS:
        return BigInt(this.irqStatus);
      case DMA_SRC:
        return this.dma.source;
      case DMA_DST:
        return this.dma.destination;
      case DMA_COUNT:
        return this.dma.count;
      case DMA_CMD:
        return this.dma.command;
      default:
        return undefined;
    }
  }

  private writeWord(register: Register, value: number): void {
    switch (register) {
      case LIVENESS:
        this.liveness = ~value >>> 0;
        break;
      case FACTORIAL:
        this.compute(value);
        break;
      case STATUS:
        this.status = (this.status & ~IRQFACT) | (value & IRQFACT);
        break;
      case IRQ_RAISE:
        this.setIrqStatus(this.irqStatus | value);
        break;
      case IRQ_ACK:
        this.setIrqStatus(this.irqStatus & ~value);
        break;
    }
  }

  /** QEMU computes on another thread, so that a driver must poll or take the interrupt. */
  private compute(n: number): void {
    if (this.status & COMPUTING) {
      this.ports.log(`write of ${n} to FACTORIAL ignored: a factorial is being computed`);
      return;
    }
    this.factorial = n;
    this.status |= COMPUTING;
    this.ports.clock.after(this.config.factorNanos * Math.max(n, 1), () => {
      this.factorial = factorial(n);
      this.status &= ~COMPUTING;
      if (this.status & IRQFACT) this.setIrqStatus(this.irqStatus | IRQ_FACT);
    });
  }

  private setIrqStatus(status: number): void {
    this.irqStatus = status >>> 0;
    const line = this.irqStatus !== 0;
    if (line === this.line) return;
    this.line = line;
    this.ports.irq(line);
  }

  private writeDma(register: Register, value: bigint): void {
    if (this.dma.command & RUN) {
      this.ports.log(`write to ${register.name} ignored: a transfer runs`);
      return;
    }
    switch (register) {
      case DMA_SRC:
        this.dma.source = value;
        break;
      case DMA_DST:
        this.dma.destination = value;
        break;
      case DMA_COUNT:
        this.dma.count = value;
        break;
      case DMA_CMD:
        // Without RUN nothing is stored, not even the other bits.
        if ((value & RUN) === 0n) return;
        this.dma.command = value;
        this.ports.clock.after(this.config.dmaNanos, () => this.endTransfer());
        break;
    }
  }

  /** QEMU logs a transfer outside of the buffer and then makes it; here it is refused, and does not interrupt. */
  private endTransfer(): void {
    this.dma.command &= ~RUN;
    const refusal = this.transfer();
    if (refusal !== undefined) this.ports.log(`DMA refused: ${refusal}`);
    else if (this.dma.command & DMA_IRQ) this.setIrqStatus(this.irqStatus | IRQ_DMA);
  }

  /** Moves the bytes, or says why not. */
  private transfer(): string | undefined {
    const { source, destination, count, command } = this.dma;
    const toMemory = (command & EDU_TO_RAM) !== 0n;
    const own = toMemory ? source : destination;
    if (own < BUFFER_START || own + count > BUFFER_START + BUFFER_BYTES) {
      return `${hex(own)}, ${count} bytes, is not in the buffer at 0x40000 to 0x40fff`;
    }
    const start = Number(own - BUFFER_START);
    const bytes = this.buffer.subarray(start, start + Number(count));
    const address = this.masked(toMemory ? destination : source);
    try {
      if (toMemory) this.ports.dma.write(address, bytes);
      else this.ports.dma.read(address, bytes);
    } catch (error) {
      return `${hex(address)}, ${count} bytes: ${error instanceof Error ? error.message : error}`;
    }
    return undefined;
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

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
