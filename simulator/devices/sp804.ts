// ARM's dual timer, after ARM DDI 0271D and hw/timer/arm_timer.c (commit 0bd22736) of QEMU.
import type { Access, Alarm, DevicePorts, MmioDevice, MmioIdentity, Register } from "./device.ts";
import { primeCellId, RegisterDevice } from "./register-device.ts";
import { mask, RegisterMap } from "./registers.ts";

function timerRegisters(number: 1 | 2) {
  const word = (name: string, offset: number, access: Access, reset: number, description: string): Register => ({
    name: `TIMER${number}${name}`,
    offset: 0x20 * (number - 1) + offset,
    bits: 32,
    access,
    reset,
    description,
  });
  return {
    LOAD: word("LOAD", 0x00, "read-write", 0, "Where the count begins again; writing it begins at once."),
    VALUE: word("VALUE", 0x04, "read-only", 0xffffffff, "The count, which goes down."),
    CTRL: {
      ...word("CTRL", 0x08, "read-write", 0x20, "What the timer does."),
      fields: [
        { name: "ONESHOT", high: 0, low: 0 },
        { name: "SIZE32", high: 1, low: 1 },
        { name: "PRESCALE", high: 3, low: 2, values: { 0: "1", 1: "16", 2: "256" } },
        { name: "IE", high: 5, low: 5 },
        { name: "PERIODIC", high: 6, low: 6 },
        { name: "ENABLE", high: 7, low: 7 },
      ],
    } satisfies Register,
    INTCLR: word("INTCLR", 0x0c, "write-only", 0, "Any write clears the interrupt."),
    RIS: word("RIS", 0x10, "read-only", 0, "The count has reached 0."),
    MIS: word("MIS", 0x14, "read-only", 0, "The same, where CTRL.IE lets it out."),
    BGLOAD: word("BGLOAD", 0x18, "read-write", 0, "As LOAD, from the next round on."),
  };
}

type TimerRegisters = ReturnType<typeof timerRegisters>;

const TIMERS = [timerRegisters(1), timerRegisters(2)] as const;
const map = new RegisterMap(
  [
    ...TIMERS.flatMap((timer) => Object.values(timer)),
    ...primeCellId([0x04, 0x18, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1]),
  ],
  { widths: [4] },
);

const { CTRL } = TIMERS[0];
const ONESHOT = mask(CTRL, "ONESHOT");
const SIZE32 = mask(CTRL, "SIZE32");
const IE = mask(CTRL, "IE");
const PERIODIC = mask(CTRL, "PERIODIC");
const ENABLE = mask(CTRL, "ENABLE");
const PRESCALE = [1, 16, 256, 256] as const;

export interface Sp804Config {
  readonly clockHz: number;
}

export const sp804Defaults: Sp804Config = { clockHz: 1_000_000 };

/** A count that goes down, as of some moment. */
interface Timer {
  readonly registers: TimerRegisters;
  count: number;
  /** When the count was that; it stands still while there is no alarm. */
  since: number;
  alarm: Alarm | undefined;
  raw: boolean;
}

export class Sp804 extends RegisterDevice implements MmioDevice {
  readonly name = "sp804";
  readonly mmio: MmioIdentity;
  private readonly config: Sp804Config;
  private readonly timers: readonly Timer[];

  constructor(ports: DevicePorts, config: Partial<Sp804Config> = {}) {
    super(map, ports);
    this.config = { ...sp804Defaults, ...config };
    const { clockHz } = this.config;
    this.mmio = { compatible: ["arm,sp804", "arm,primecell"], bytes: 0x1000, irqs: ["irq"], clockHz };
    this.timers = TIMERS.map((registers) => ({
      registers,
      count: 0xffffffff,
      since: 0,
      alarm: undefined,
      raw: false,
    }));
  }

  protected override valueOf(register: Register, offset: number | undefined): bigint {
    const timer = this.timers.find(({ registers }) => Object.values(registers).includes(register));
    switch (register) {
      case timer?.registers.VALUE:
        return BigInt(this.countOf(timer!));
      case timer?.registers.RIS:
        return timer?.raw ? 1n : 0n;
      case timer?.registers.MIS:
        return timer?.raw && this.get(timer.registers.CTRL) & IE ? 1n : 0n;
      case timer?.registers.BGLOAD:
        return super.valueOf(timer!.registers.LOAD, offset);
      default:
        return super.valueOf(register, offset);
    }
  }

  protected override onWrite(register: Register, value: bigint, before: bigint): void {
    const timer = this.timers.find(({ registers }) => Object.values(registers).includes(register))!;
    const { registers } = timer;
    switch (register) {
      case registers.LOAD:
        this.startAt(timer, this.limited(timer, Number(value)));
        break;
      case registers.BGLOAD:
        this.set(registers.LOAD, value);
        break;
      case registers.CTRL: {
        // The count goes on from where it was, at the pace that holds from now on.
        const control = this.get(registers.CTRL);
        this.set(registers.CTRL, before);
        const count = this.countOf(timer);
        this.set(registers.CTRL, control);
        this.startAt(timer, this.limited(timer, count));
        break;
      }
      case registers.INTCLR:
        timer.raw = false;
        break;
    }
    this.update();
  }

  protected override onReset(): void {
    for (const timer of this.timers) {
      timer.alarm?.cancel();
      Object.assign(timer, { count: 0xffffffff, alarm: undefined, raw: false });
    }
  }

  private tickNanos({ registers }: Timer): number {
    return (PRESCALE[((this.get(registers.CTRL) >> 2) & 3) as 0 | 1 | 2 | 3] * 1e9) / this.config.clockHz;
  }

  private limited({ registers }: Timer, count: number): number {
    return this.get(registers.CTRL) & SIZE32 ? count : count & 0xffff;
  }

  private countOf(timer: Timer): number {
    if (timer.alarm === undefined) return this.limited(timer, timer.count);
    const ticks = Math.floor((this.ports.clock.nanos - timer.since) / this.tickNanos(timer));
    return Math.max(0, timer.count - ticks);
  }

  private startAt(timer: Timer, count: number): void {
    timer.alarm?.cancel();
    timer.alarm = undefined;
    timer.count = count;
    timer.since = this.ports.clock.nanos;
    if ((this.get(timer.registers.CTRL) & ENABLE) === 0) return;
    timer.alarm = this.ports.clock.after(count * this.tickNanos(timer), () => this.expire(timer));
  }

  private expire(timer: Timer): void {
    const control = this.get(timer.registers.CTRL);
    timer.raw = true;
    timer.alarm = undefined;
    timer.count = 0;
    if ((control & ONESHOT) === 0) {
      const load = this.limited(timer, this.get(timer.registers.LOAD));
      const all = control & SIZE32 ? 0xffffffff : 0xffff;
      const next = control & PERIODIC ? load : all;
      // A period of 0 would interrupt without end; the count stays at 0, as after a one-shot.
      if (next > 0) this.startAt(timer, next);
      else this.ports.log(`${timer.registers.LOAD.name} is 0: the timer has no period and stops`);
    }
    this.update();
  }

  private update(): void {
    this.line(this.timers.some(({ raw, registers }) => raw && (this.get(registers.CTRL) & IE) !== 0));
  }
}
