// The 16550A UART, after its data sheet, serial_reg.h of Linux and hw/char/serial.c (commit 003f8dbc) of QEMU.
import type { Alarm, DevicePorts, MmioDevice, MmioIdentity, ModemSignal, Register, SerialEnd } from "./device.ts";
import { RegisterDevice } from "./register-device.ts";
import { mask, RegisterMap } from "./registers.ts";

const RBR: Register = {
  name: "RBR",
  offset: 0,
  bits: 8,
  access: "read-only",
  readAction: "modifyExternal",
  reset: 0,
  when: "LCR.DLAB=0",
  description: "Takes the oldest character out of the receive FIFO.",
};

const THR: Register = {
  name: "THR",
  offset: 0,
  bits: 8,
  access: "write-only",
  reset: 0,
  when: "LCR.DLAB=0",
  description: "Puts a character into the transmit FIFO.",
};

const DLL: Register = {
  name: "DLL",
  offset: 0,
  bits: 8,
  access: "read-write",
  reset: 12,
  when: "LCR.DLAB=1",
  description: "Divisor latch, low byte: baud is clock / (16 * divisor).",
};

const IER: Register = {
  name: "IER",
  offset: 1,
  bits: 8,
  access: "read-write",
  reset: 0,
  when: "LCR.DLAB=0",
  fields: [
    { name: "RDI", high: 0, low: 0, description: "Receive data, and its timeout" },
    { name: "THRI", high: 1, low: 1, description: "Transmit holding register empty" },
    { name: "RLSI", high: 2, low: 2, description: "Receive line status" },
    { name: "MSI", high: 3, low: 3, description: "Modem status" },
  ],
  description: "Which interrupts there are.",
};

const DLM: Register = {
  name: "DLM",
  offset: 1,
  bits: 8,
  access: "read-write",
  reset: 0,
  when: "LCR.DLAB=1",
  description: "Divisor latch, high byte.",
};

const IIR: Register = {
  name: "IIR",
  offset: 2,
  bits: 8,
  access: "read-only",
  readAction: "modify",
  reset: 1,
  fields: [
    { name: "NO_INT", high: 0, low: 0 },
    { name: "ID", high: 3, low: 1, values: { 0: "MSI", 1: "THRI", 2: "RDI", 3: "RLSI", 6: "CTI" } },
    { name: "FIFO_EN", high: 7, low: 6 },
  ],
  description: "The most important interrupt that is pending; reading it acknowledges THRI.",
};

const FCR: Register = {
  name: "FCR",
  offset: 2,
  bits: 8,
  access: "write-only",
  reset: 0,
  fields: [
    { name: "ENABLE", high: 0, low: 0 },
    { name: "CLR_RX", high: 1, low: 1 },
    { name: "CLR_TX", high: 2, low: 2 },
    { name: "DMA", high: 3, low: 3 },
    { name: "TRIGGER", high: 7, low: 6, values: { 0: "1", 1: "4", 2: "8", 3: "14" } },
  ],
  description: "FIFO control. A change of ENABLE empties both.",
};

const LCR: Register = {
  name: "LCR",
  offset: 3,
  bits: 8,
  access: "read-write",
  reset: 0,
  fields: [
    { name: "WLEN", high: 1, low: 0, values: { 0: "5", 1: "6", 2: "7", 3: "8" } },
    { name: "STOP", high: 2, low: 2 },
    { name: "PARITY", high: 3, low: 3 },
    { name: "EPAR", high: 4, low: 4 },
    { name: "SPAR", high: 5, low: 5 },
    { name: "SBC", high: 6, low: 6 },
    { name: "DLAB", high: 7, low: 7 },
  ],
  description: "The format of a character; DLAB shows the divisor latch in place of the first two registers.",
};

const MCR: Register = {
  name: "MCR",
  offset: 4,
  bits: 8,
  access: "read-write",
  reset: 0,
  fields: [
    { name: "DTR", high: 0, low: 0 },
    { name: "RTS", high: 1, low: 1 },
    { name: "OUT1", high: 2, low: 2 },
    { name: "OUT2", high: 3, low: 3 },
    { name: "LOOP", high: 4, low: 4 },
  ],
  description: "Modem control. With LOOP the transmitter feeds the receiver, and these outputs the inputs of MSR.",
};

const LSR: Register = {
  name: "LSR",
  offset: 5,
  bits: 8,
  access: "read-only",
  reset: 0x60,
  fields: [
    { name: "DR", high: 0, low: 0 },
    { name: "OE", high: 1, low: 1, readAction: "clear" },
    { name: "PE", high: 2, low: 2, readAction: "clear" },
    { name: "FE", high: 3, low: 3, readAction: "clear" },
    { name: "BI", high: 4, low: 4, readAction: "clear" },
    { name: "THRE", high: 5, low: 5 },
    { name: "TEMT", high: 6, low: 6 },
    { name: "FIFOE", high: 7, low: 7 },
  ],
  description: "Line status.",
};

const MSR: Register = {
  name: "MSR",
  offset: 6,
  bits: 8,
  access: "read-only",
  reset: 0xb0,
  fields: [
    { name: "DCTS", high: 0, low: 0, readAction: "clear" },
    { name: "DDSR", high: 1, low: 1, readAction: "clear" },
    { name: "TERI", high: 2, low: 2, readAction: "clear" },
    { name: "DDCD", high: 3, low: 3, readAction: "clear" },
    { name: "CTS", high: 4, low: 4 },
    { name: "DSR", high: 5, low: 5 },
    { name: "RI", high: 6, low: 6 },
    { name: "DCD", high: 7, low: 7 },
  ],
  description: "Modem status, and what of it changed since it was last read.",
};

const SCR: Register = { name: "SCR", offset: 7, bits: 8, access: "read-write", reset: 0, description: "Scratch." };

const REGISTERS = [RBR, THR, DLL, IER, DLM, IIR, FCR, LCR, MCR, LSR, MSR, SCR];

const RDI = mask(IER, "RDI");
const THRI = mask(IER, "THRI");
const RLSI = mask(IER, "RLSI");
const MSI = mask(IER, "MSI");
const FIFO = mask(FCR, "ENABLE");
const CLR_RX = mask(FCR, "CLR_RX");
const CLR_TX = mask(FCR, "CLR_TX");
const LOOP = mask(MCR, "LOOP");
const DR = mask(LSR, "DR");
const OE = mask(LSR, "OE");
const BI = mask(LSR, "BI");
const THRE = mask(LSR, "THRE");
const TEMT = mask(LSR, "TEMT");
const ERRORS = OE | mask(LSR, "PE") | mask(LSR, "FE") | BI;
const DELTAS = 0x0f;
const SIGNALS: Readonly<Record<ModemSignal, number>> = {
  cts: mask(MSR, "CTS"),
  dsr: mask(MSR, "DSR"),
  ri: mask(MSR, "RI"),
  dcd: mask(MSR, "DCD"),
};
const DAMAGE = { parity: mask(LSR, "PE"), frame: mask(LSR, "FE"), break: BI } as const;

/** Values of IIR, by priority. */
const ID = { RLSI: 0x06, CTI: 0x0c, RDI: 0x04, THRI: 0x02, MSI: 0x00, none: 0x01 } as const;
const TRIGGERS = [1, 4, 8, 14] as const;
const FIFO_DEPTH = 16;

export interface Ns16550aConfig {
  readonly clockHz: number;
  /** Registers lie 1 << regShift bytes apart: 0 as on a PC, 2 as on most SoCs. */
  readonly regShift: 0 | 2;
}

export const ns16550aDefaults: Ns16550aConfig = { clockHz: 1_843_200, regShift: 0 };

/** As in QEMU errors are told when a character arrives, not when it comes to the front of the FIFO. */
export class Ns16550a extends RegisterDevice implements MmioDevice {
  readonly name = "ns16550a";
  readonly mmio: MmioIdentity;
  readonly serial: SerialEnd;
  private readonly config: Ns16550aConfig;
  private receiveFifo: number[] = [];
  private transmitFifo: number[] = [];
  private thrPending = false;
  private timeoutPending = false;
  private timeout: Alarm | undefined;
  /** The end of the character that is being sent. */
  private sending: Alarm | undefined;
  /** What the other end has on its way, and the end of its first character. */
  private incoming: { readonly byte: number; readonly damage: number }[] = [];
  private arriving: Alarm | undefined;
  private sent: number[] = [];
  /** Inputs as the other end drives them; in loopback they are not seen. */
  private inputs = 0xb0;

  constructor(ports: DevicePorts, config: Partial<Ns16550aConfig> = {}) {
    const { clockHz, regShift } = { ...ns16550aDefaults, ...config };
    super(new RegisterMap(REGISTERS, { widths: regShift === 2 ? [4] : [], regShift }), ports);
    this.config = { clockHz, regShift };
    this.mmio = { compatible: ["ns16550a"], bytes: 8 << regShift, irqs: ["irq"], regShift, clockHz };
    this.serial = {
      send: (bytes) => this.expect([...bytes].map((byte) => ({ byte, damage: 0 }))),
      sendBad: (error, byte = 0) => this.expect([{ byte: error === "break" ? 0 : byte, damage: DAMAGE[error] }]),
      take: () => Uint8Array.from(this.sent.splice(0)),
      signal: (name, level) => {
        this.inputs = level ? this.inputs | SIGNALS[name] : this.inputs & ~SIGNALS[name];
        this.showInputs();
      },
    };
  }

  protected override valueOf(register: Register, offset: number | undefined): bigint {
    switch (register) {
      case RBR:
        return BigInt(this.receiveFifo[0] ?? 0);
      case IIR:
        return BigInt(this.interrupt() | (this.hasFifo ? 0xc0 : 0));
      default:
        return super.valueOf(register, offset);
    }
  }

  protected override onRead(register: Register): void {
    if (register === RBR) {
      this.receiveFifo.shift();
      this.timeoutPending = false;
      if (this.receiveFifo.length === 0) this.clear(LSR, DR);
      this.expectTimeout();
    } else if (register === IIR && this.interrupt() === ID.THRI) this.thrPending = false;
    this.update();
  }

  protected override onWrite(register: Register, value: bigint, before: bigint): void {
    switch (register) {
      case THR:
        this.transmit(Number(value));
        break;
      case IER:
        if (this.get(LSR) & THRE) this.thrPending = true;
        break;
      case FCR:
        this.controlFifo(Number(value), Number(before));
        break;
      case MCR:
        this.showInputs();
        break;
      default:
        break;
    }
    this.update();
  }

  protected override onReset(): void {
    for (const alarm of [this.timeout, this.sending, this.arriving]) alarm?.cancel();
    this.timeout = this.sending = this.arriving = undefined;
    this.receiveFifo = [];
    this.transmitFifo = [];
    this.incoming = [];
    this.thrPending = this.timeoutPending = false;
  }

  private get hasFifo(): boolean {
    return (this.get(FCR) & FIFO) !== 0;
  }

  /** What a character takes on the line: start, data, parity and stop bits. */
  private get characterNanos(): number {
    const lcr = this.get(LCR);
    const data = 5 + (lcr & 3);
    const stop = lcr & mask(LCR, "STOP") ? 2 : 1;
    const frame = 1 + data + (lcr & mask(LCR, "PARITY") ? 1 : 0) + stop;
    // A divisor of 0 divides by all that the counter has.
    const divisor = (this.get(DLM) << 8) | this.get(DLL) || 0x10000;
    return Math.round((frame * 16 * divisor * 1e9) / this.config.clockHz);
  }

  /** The bits of IIR that say what is pending, the most important first. */
  private interrupt(): number {
    const enabled = this.get(IER);
    const status = this.get(LSR);
    const level = this.hasFifo ? TRIGGERS[(this.get(FCR) >> 6) as 0 | 1 | 2 | 3] : 1;
    if (enabled & RLSI && status & ERRORS) return ID.RLSI;
    if (enabled & RDI && this.timeoutPending) return ID.CTI;
    if (enabled & RDI && this.receiveFifo.length >= level) return ID.RDI;
    if (enabled & THRI && this.thrPending) return ID.THRI;
    if (enabled & MSI && this.get(MSR) & DELTAS) return ID.MSI;
    return ID.none;
  }

  private update(): void {
    this.line(this.interrupt() !== ID.none);
  }

  private controlFifo(value: number, before: number): void {
    const toggled = ((value ^ before) & FIFO) !== 0;
    if (value & CLR_RX || toggled) {
      this.receiveFifo = [];
      this.timeoutPending = false;
      this.timeout?.cancel();
      this.clear(LSR, DR);
    }
    if (value & CLR_TX || toggled) {
      this.transmitFifo = [];
      this.raise(LSR, THRE);
    }
    // The bits that clear are gone at once.
    this.set(FCR, value & ~(CLR_RX | CLR_TX));
  }

  private transmit(byte: number): void {
    const depth = this.hasFifo ? FIFO_DEPTH : 1;
    if (this.transmitFifo.length === depth) {
      this.ports.log("THR was written while it was full: a character is lost");
      this.transmitFifo.shift();
    }
    this.transmitFifo.push(byte);
    this.thrPending = false;
    this.clear(LSR, THRE | TEMT);
    if (this.sending === undefined) this.sendNext();
  }

  /** Moves a character into the shift register, which makes room behind it. */
  private sendNext(): void {
    const byte = this.transmitFifo.shift();
    if (byte === undefined) {
      this.sending = undefined;
      this.raise(LSR, TEMT);
      return;
    }
    if (this.transmitFifo.length === 0) {
      this.raise(LSR, THRE);
      this.thrPending = true;
    }
    this.sending = this.ports.clock.after(this.characterNanos, () => {
      const word = byte & (0xff >> (3 - (this.get(LCR) & 3)));
      if (this.get(MCR) & LOOP) this.receive(word, 0);
      else this.sent.push(word);
      this.sendNext();
      this.update();
    });
  }

  private expect(characters: readonly { readonly byte: number; readonly damage: number }[]): void {
    this.incoming.push(...characters);
    if (this.arriving === undefined) this.arriveNext();
  }

  private arriveNext(): void {
    const next = this.incoming[0];
    this.arriving =
      next === undefined
        ? undefined
        : this.ports.clock.after(this.characterNanos, () => {
            this.incoming.shift();
            if (this.get(MCR) & LOOP) this.ports.log("a character from outside is lost: the UART is in loopback");
            else this.receive(next.byte & (0xff >> (3 - (this.get(LCR) & 3))), next.damage);
            this.arriveNext();
            this.update();
          });
  }

  /** With a FIFO an overrun loses the new character, without one the old. */
  private receive(byte: number, damage: number): void {
    const isFull = this.receiveFifo.length === (this.hasFifo ? FIFO_DEPTH : 1);
    if (isFull) this.raise(LSR, OE);
    if (!isFull || !this.hasFifo) {
      if (isFull) this.receiveFifo.shift();
      this.receiveFifo.push(byte);
      this.raise(LSR, DR | damage);
    }
    this.expectTimeout();
  }

  /** Characters that nobody takes for four character times interrupt, however few they are. */
  private expectTimeout(): void {
    this.timeout?.cancel();
    if (!this.hasFifo || this.receiveFifo.length === 0) return;
    this.timeout = this.ports.clock.after(4 * this.characterNanos, () => {
      this.timeoutPending = true;
      this.update();
    });
  }

  private showInputs(): void {
    const mcr = this.get(MCR);
    const looped =
      (mcr & mask(MCR, "RTS") ? SIGNALS.cts : 0) |
      (mcr & mask(MCR, "DTR") ? SIGNALS.dsr : 0) |
      (mcr & mask(MCR, "OUT1") ? SIGNALS.ri : 0) |
      (mcr & mask(MCR, "OUT2") ? SIGNALS.dcd : 0);
    const before = this.get(MSR);
    const now = mcr & LOOP ? looped : this.inputs;
    const changed = ((before ^ now) & 0xf0) >> 4;
    // The ring indicator counts only when it ends.
    const rings = changed & mask(MSR, "TERI") && now & SIGNALS.ri ? mask(MSR, "TERI") : 0;
    this.set(MSR, now | (before & DELTAS) | (changed & ~rings));
    this.update();
  }

  private raise(register: Register, bits: number): void {
    this.set(register, this.get(register) | bits);
  }

  private clear(register: Register, bits: number): void {
    this.set(register, this.get(register) & ~bits);
  }
}
