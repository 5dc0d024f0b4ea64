// The DesignWare I2C controller as a master, after the data book of DW_apb_i2c: FIFOs of commands, aborts, reads that clear.

import {
  CLEARS,
  CLR_INTR,
  CON,
  DATA_CMD,
  ENABLE,
  ENABLE_STATUS,
  FIFO_DEPTH,
  FS_SCL_HCNT,
  FS_SCL_LCNT,
  INTR_MASK,
  INTR_STAT,
  RAW_INTR_STAT,
  REGISTERS,
  RX_TL,
  RXFLR,
  SS_SCL_HCNT,
  SS_SCL_LCNT,
  STATUS,
  TAR,
  TX_ABRT_SOURCE,
  TX_TL,
  TXFLR,
} from "./designware-i2c-registers.ts";
import type { Alarm, DevicePorts, MmioDevice, MmioIdentity, Register } from "./device.ts";
import { hex, RegisterDevice } from "./register-device.ts";
import { mask, RegisterMap } from "./registers.ts";

const map = new RegisterMap(REGISTERS);

const ENABLED = mask(ENABLE, "ENABLE");
const ABORT = mask(ENABLE, "ABORT");
const READ = mask(DATA_CMD, "CMD");
const STOP = mask(DATA_CMD, "STOP");
const RESTART = mask(DATA_CMD, "RESTART");
const FIRST = mask(DATA_CMD, "FIRST_DATA_BYTE");
const FAST = 2;

const cause = (name: string): number => mask(RAW_INTR_STAT, name);
const RX_FULL = cause("RX_FULL");
const TX_EMPTY = cause("TX_EMPTY");
const TX_ABRT = cause("TX_ABRT");
/** They are true or not, and no read clears them. */
const LEVELS = RX_FULL | TX_EMPTY | cause("MST_ON_HOLD");

export interface DesignwareI2cConfig {
  readonly clockHz: number;
}

export const designwareI2cDefaults: DesignwareI2cConfig = { clockHz: 100_000_000 };

/** Slave mode, 10-bit addresses and high speed are not there. */
export class DesignwareI2c extends RegisterDevice implements MmioDevice {
  readonly name = "designware-i2c";
  readonly mmio: MmioIdentity;
  private readonly config: DesignwareI2cConfig;
  /** Commands as they were written to DATA_CMD. */
  private commands: number[] = [];
  private taken: number[] = [];
  /** Causes that stay until they are cleared. */
  private latched = 0;
  /** The direction of the transfer that has the bus; undefined: the bus is free. */
  private direction: "read" | "write" | undefined;
  private isFirst = false;
  /** The end of the byte that is on the wires. */
  private moving: Alarm | undefined;

  constructor(ports: DevicePorts, config: Partial<DesignwareI2cConfig> = {}) {
    super(map, ports);
    this.config = { ...designwareI2cDefaults, ...config };
    const { clockHz } = this.config;
    this.mmio = { compatible: ["snps,designware-i2c"], bytes: 0x100, irqs: ["irq"], clockHz };
  }

  protected override valueOf(register: Register, offset: number | undefined): bigint {
    switch (register) {
      case DATA_CMD:
        return BigInt(this.taken[0] ?? 0);
      case RAW_INTR_STAT:
        return BigInt(this.causes);
      case INTR_STAT:
        return BigInt(this.causes & this.get(INTR_MASK));
      case TXFLR:
        return BigInt(this.commands.length);
      case RXFLR:
        return BigInt(this.taken.length);
      case ENABLE_STATUS:
        return BigInt(this.get(ENABLE) & ENABLED);
      case STATUS:
        return BigInt(this.status);
      default:
        return super.valueOf(register, offset);
    }
  }

  protected override onRead(register: Register): void {
    const cleared = CLEARS.get(register);
    if (register === DATA_CMD) this.take();
    else if (register === CLR_INTR) this.latched = 0;
    else if (cleared !== undefined) this.latched &= ~cause(cleared);
    // While an abort is not cleared, commands are thrown away.
    if (register === CLR_INTR || cleared === "TX_ABRT") this.set(TX_ABRT_SOURCE, 0);
    this.proceed();
    this.update();
  }

  protected override accepts(register: Register, value: bigint): boolean {
    const isSetting = register === CON || register === TAR || register.name.includes("_SCL_");
    if (!isSetting || (this.get(ENABLE) & ENABLED) === 0) return true;
    this.ports.log(`write of ${hex(value)} to ${register.name} ignored: the controller is enabled`);
    return false;
  }

  protected override onWrite(register: Register, value: bigint): void {
    if (register === DATA_CMD) this.queue(Number(value) & 0x7ff);
    else if (register === ENABLE) this.enable(Number(value));
    this.proceed();
    this.update();
  }

  protected override onReset(): void {
    this.moving?.cancel();
    this.moving = undefined;
    this.free();
    this.commands = [];
    this.taken = [];
    this.latched = 0;
  }

  private get causes(): number {
    if ((this.get(ENABLE) & ENABLED) === 0) return this.latched;
    const full = this.taken.length > this.get(RX_TL) ? RX_FULL : 0;
    const empty = this.commands.length <= this.get(TX_TL) ? TX_EMPTY : 0;
    return this.latched | full | empty | (this.isHeld ? cause("MST_ON_HOLD") : 0);
  }

  /** A transfer has the bus, and nobody says how it goes on. */
  private get isHeld(): boolean {
    return this.direction !== undefined && this.commands.length === 0 && this.moving === undefined;
  }

  private get status(): number {
    const active = this.direction !== undefined || this.moving !== undefined;
    return (
      (active ? mask(STATUS, "ACTIVITY") | mask(STATUS, "MST_ACTIVITY") : 0) |
      (this.commands.length < FIFO_DEPTH ? mask(STATUS, "TFNF") : 0) |
      (this.commands.length === 0 ? mask(STATUS, "TFE") : 0) |
      (this.taken.length > 0 ? mask(STATUS, "RFNE") : 0) |
      (this.taken.length === FIFO_DEPTH ? mask(STATUS, "RFF") : 0) |
      (this.isHeld ? mask(STATUS, "MST_HOLD_TX_FIFO_EMPTY") : 0)
    );
  }

  /** Nine bits: a byte, and whether it was acknowledged. */
  private get byteNanos(): number {
    const isFast = ((this.get(CON) >> 1) & 3) >= FAST;
    const cycles = isFast
      ? this.get(FS_SCL_HCNT) + this.get(FS_SCL_LCNT)
      : this.get(SS_SCL_HCNT) + this.get(SS_SCL_LCNT);
    return Math.round((9 * cycles * 1e9) / this.config.clockHz);
  }

  private queue(command: number): void {
    if ((this.get(ENABLE) & ENABLED) === 0) {
      this.ports.log("IC_DATA_CMD was written while the controller is disabled");
    } else if (this.latched & TX_ABRT) this.ports.log("IC_DATA_CMD was written before IC_CLR_TX_ABRT was read");
    else if (this.commands.length === FIFO_DEPTH) this.latched |= cause("TX_OVER");
    else this.commands.push(command);
  }

  private take(): void {
    if (this.taken.length === 0) this.latched |= cause("RX_UNDER");
    this.taken.shift();
  }

  private enable(value: number): void {
    if (value & ABORT) {
      this.set(ENABLE, this.get(ENABLE) & ~ABORT);
      if (this.direction !== undefined || this.moving !== undefined) this.abort("ABRT_USER_ABRT");
    }
    if (value & ENABLED) return;
    this.moving?.cancel();
    this.moving = undefined;
    this.free();
    this.commands = [];
    this.taken = [];
  }

  /** Puts the next command on the wires, if there is one and they are not in use. */
  private proceed(): void {
    const command = this.commands[0];
    if (command === undefined || this.moving !== undefined) return;
    // A full FIFO holds the bus where that was asked for; else what is read gets lost.
    const waits = (this.get(CON) & mask(CON, "RX_FIFO_FULL_HLD_CTRL")) !== 0 && this.taken.length === FIFO_DEPTH;
    if (waits && command & READ) return;
    const wanted = command & READ ? "read" : "write";
    const starts = this.direction !== wanted || (command & RESTART) !== 0;
    this.moving = this.ports.clock.after(this.byteNanos * (starts ? 2 : 1), () => {
      this.moving = undefined;
      this.commands.shift();
      const refusal = starts ? this.address(wanted) : undefined;
      if (refusal !== undefined) this.abort(refusal);
      else this.move(command);
      this.proceed();
      this.update();
    });
  }

  /** A start condition and the address; undefined: it was acknowledged. */
  private address(direction: "read" | "write"): string | undefined {
    const repeats = this.direction !== undefined;
    if (repeats && (this.get(CON) & mask(CON, "IC_RESTART_EN")) === 0) this.ports.i2c.stop();
    this.latched |= cause(repeats ? "RESTART_DET" : "START_DET") | cause("ACTIVITY");
    this.direction = direction;
    this.isFirst = true;
    const isThere = this.ports.i2c.start(this.get(TAR) & 0x7f, direction === "read");
    return isThere ? undefined : "ABRT_7B_ADDR_NOACK";
  }

  private move(command: number): void {
    if (command & READ) {
      const byte = this.ports.i2c.read() | (this.isFirst ? FIRST : 0);
      if (this.taken.length === FIFO_DEPTH) this.latched |= cause("RX_OVER");
      else this.taken.push(byte);
    } else if (!this.ports.i2c.write(command & 0xff)) {
      this.abort("ABRT_TXDATA_NOACK");
      return;
    }
    this.isFirst = false;
    if (command & STOP) this.stop();
  }

  private abort(why: string): void {
    const flushed = this.commands.length;
    this.set(TX_ABRT_SOURCE, mask(TX_ABRT_SOURCE, why) + flushed * 2 ** 23);
    this.moving?.cancel();
    this.moving = undefined;
    this.commands = [];
    this.latched |= TX_ABRT;
    this.stop();
  }

  private stop(): void {
    this.free();
    this.latched |= cause("STOP_DET");
  }

  private free(): void {
    if (this.direction !== undefined) this.ports.i2c.stop();
    this.direction = undefined;
  }

  private update(): void {
    this.latched &= ~LEVELS;
    this.line((this.causes & this.get(INTR_MASK)) !== 0);
  }
}
