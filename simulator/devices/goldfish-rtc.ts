// The clock of the goldfish platform, after timer-goldfish.h of Linux and hw/rtc/goldfish_rtc.c (commit 01aaf845) of QEMU.
import type { Access, Alarm, DevicePorts, MmioDevice, MmioIdentity, Register } from "./device.ts";
import { RegisterDevice } from "./register-device.ts";
import { mask, RegisterMap } from "./registers.ts";

const word = (name: string, offset: number, access: Access, description: string): Register => ({
  name,
  offset,
  bits: 32,
  access,
  reset: 0,
  description,
});

const TIME_LOW = word(
  "TIME_LOW",
  0x00,
  "read-write",
  "Low half of the time in nanoseconds; reading it keeps the high half for TIME_HIGH.",
);
const TIME_HIGH = word("TIME_HIGH", 0x04, "read-write", "High half of the time when TIME_LOW was last read.");
const ALARM_LOW = word(
  "ALARM_LOW",
  0x08,
  "read-write",
  "Low half of the alarm; writing it arms the alarm, which rings at once when it is past.",
);
const ALARM_HIGH = word("ALARM_HIGH", 0x0c, "read-write", "High half of the alarm, which is written first.");
const IRQ_ENABLED: Register = {
  ...word("IRQ_ENABLED", 0x10, "read-write", "Whether a pending interrupt reaches the output."),
  fields: [{ name: "EN", high: 0, low: 0 }],
};
const CLEAR_ALARM = word("CLEAR_ALARM", 0x14, "write-only", "Any write disarms the alarm.");
const ALARM_STATUS: Register = {
  ...word("ALARM_STATUS", 0x18, "read-only", "Whether the alarm is armed."),
  fields: [{ name: "RUNNING", high: 0, low: 0 }],
};
const CLEAR_INTERRUPT = word("CLEAR_INTERRUPT", 0x1c, "write-only", "Any write clears a pending interrupt.");

const map = new RegisterMap([
  TIME_LOW,
  TIME_HIGH,
  ALARM_LOW,
  ALARM_HIGH,
  IRQ_ENABLED,
  CLEAR_ALARM,
  ALARM_STATUS,
  CLEAR_INTERRUPT,
]);

const EN = mask(IRQ_ENABLED, "EN");

export interface GoldfishRtcConfig {
  /** The time when the machine is switched on, in seconds since 1970: QEMU takes that of the host. */
  readonly epochSeconds: number;
}

/** 2026-01-01 00:00:00 UTC. */
export const goldfishRtcDefaults: GoldfishRtcConfig = { epochSeconds: 1_767_225_600 };

/** As in QEMU, an alarm that is armed does not move when the time is set. */
export class GoldfishRtc extends RegisterDevice implements MmioDevice {
  readonly name = "goldfish-rtc";
  readonly mmio: MmioIdentity = { compatible: ["google,goldfish-rtc"], bytes: 0x24, irqs: ["irq"] };
  /** What is added to virtual time. */
  private offset: bigint;
  private ring: Alarm | undefined;
  private pending = false;

  constructor(ports: DevicePorts, config: Partial<GoldfishRtcConfig> = {}) {
    super(map, ports);
    const { epochSeconds } = { ...goldfishRtcDefaults, ...config };
    this.offset = BigInt(epochSeconds) * 1_000_000_000n - this.uptime;
  }

  protected override valueOf(register: Register, offset: number | undefined): bigint {
    if (register === TIME_LOW) return BigInt.asUintN(32, this.now);
    if (register === ALARM_STATUS) return this.ring === undefined ? 0n : 1n;
    return super.valueOf(register, offset);
  }

  protected override onRead(register: Register): void {
    if (register === TIME_LOW) this.set(TIME_HIGH, this.now >> 32n);
  }

  protected override onWrite(register: Register, value: bigint): void {
    switch (register) {
      case TIME_LOW:
        this.offset += value - BigInt.asUintN(32, this.now);
        break;
      case TIME_HIGH:
        this.offset += (value - (this.now >> 32n)) << 32n;
        break;
      case ALARM_LOW:
        this.arm((this.getLong(ALARM_HIGH) << 32n) | value);
        break;
      case CLEAR_ALARM:
        this.disarm();
        break;
      case CLEAR_INTERRUPT:
        this.pending = false;
        break;
    }
    this.update();
  }

  protected override onReset(): void {
    this.disarm();
    this.pending = false;
  }

  private get uptime(): bigint {
    return BigInt(Math.trunc(this.ports.clock.nanos));
  }

  private get now(): bigint {
    return BigInt.asUintN(64, this.offset + this.uptime);
  }

  private arm(at: bigint): void {
    this.disarm();
    const wait = at - this.now;
    if (wait <= 0n) {
      this.pending = true;
      return;
    }
    this.ring = this.ports.clock.after(Number(wait), () => {
      this.ring = undefined;
      this.pending = true;
      this.update();
    });
  }

  private disarm(): void {
    this.ring?.cancel();
    this.ring = undefined;
  }

  private update(): void {
    this.line(this.pending && (this.get(IRQ_ENABLED) & EN) !== 0);
  }
}
