// What power management knows of each device: users, children, status, and the order of system sleep.
// Source: drivers/base/power/{main,runtime}.c
import type { Alarm } from "../devices/device.ts";
import type { Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import type { Core } from "./core.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import { dev_pm_ops, device, device_driver, offsetOf } from "./layouts.ts";

export type RuntimeStatus = "active" | "resuming" | "suspended" | "suspending";

/** What a worker is asked to do with a device. */
export type Request = "none" | "idle" | "suspend" | "autosuspend" | "resume";

export interface Power {
  usage: number;
  /** Children that are active. */
  children: number;
  ignoresChildren: boolean;
  /** How often runtime PM was disabled; it works at 0. */
  disabled: number;
  status: RuntimeStatus;
  /** What it was when runtime PM was disabled. */
  lastStatus: RuntimeStatus | undefined;
  /** What a callback returned; nothing works any more until the status is set. */
  error: number;
  request: Request;
  isRequested: boolean;
  isIdling: boolean;
  resumesAfter: boolean;
  /** False: /sys/…/power/control is `on`. */
  isAuto: boolean;
  isIrqSafe: boolean;
  hasNoCallbacks: boolean;
  needsForceResume: boolean;
  usesAutosuspend: boolean;
  /** In milliseconds. */
  delay: number;
  /** In nanoseconds. */
  lastBusy: number;
  alarm: Alarm | undefined;
  readonly waiters: Task[];
}

export class DevicePower {
  private readonly core: Core;
  private readonly devices: Devices;
  private readonly powers = new Map<number, Power>();
  /** dpm_list: devices in the order in which they resume; parents come before their children. */
  private readonly order: number[] = [];

  constructor(core: Core, devices: Devices) {
    this.core = core;
    this.devices = devices;
    devices.whenAdded((dev) => {
      this.powers.delete(dev);
      this.order.push(dev);
    });
  }

  /** Runtime PM of a device, for the views too. */
  of(dev: number): Power {
    let power = this.powers.get(dev);
    if (power === undefined) {
      power = {
        ...{ usage: 0, children: 0, ignoresChildren: false, disabled: 1, status: "suspended", lastStatus: undefined },
        ...{ error: 0, request: "none", isRequested: false, isIdling: false, resumesAfter: false, isAuto: true },
        ...{ isIrqSafe: false, hasNoCallbacks: false, needsForceResume: false },
        ...{ usesAutosuspend: false, delay: 0, lastBusy: 0, alarm: undefined, waiters: [] },
      };
      this.powers.set(dev, power);
    }
    return power;
  }

  /** Devices as system sleep resumes them. */
  get inOrder(): readonly number[] {
    const { order } = this;
    for (let i = order.length - 1; i >= 0; i--) if (!this.devices.has(order[i]!)) order.splice(i, 1);
    return [...order];
  }

  /** device_pm_move_to_tail(): what was probed late depends on what was there before. */
  moveToTail(dev: number): void {
    const index = this.order.indexOf(dev);
    if (index >= 0) this.order.push(...this.order.splice(index, 1));
    for (const child of this.inOrder) if (this.parentOf(child) === dev) this.moveToTail(child);
  }

  /** A callback of the driver's, by its name in struct dev_pm_ops; 0 when it has none. */
  *call(dev: number, member: string, via = "__rpm_callback"): Steps<number> {
    const { memory } = this.core;
    const driver = this.devices.driverOf(dev);
    const ops = driver === 0 ? 0 : memory.load(driver + offsetOf(device_driver, "pm"), 4, false);
    const fn = ops === 0 ? 0 : memory.load(ops + offsetOf(dev_pm_ops, member), 4, false);
    return fn === 0 ? 0 : yield* this.core.steps(via, this.core.callDriver(fn, [dev]));
  }

  /** What the device's state of life is while it has a driver. */
  enter(dev: number): void {
    const known = this.devices.stateOf(dev);
    if (known !== "bound" && known !== "suspended") return;
    const { disabled, status } = this.of(dev);
    const state = disabled === 0 && status === "suspended" ? "suspended" : "bound";
    if (known !== state) this.devices.enter(dev, state);
  }

  parentOf(dev: number): number {
    const parent = this.core.memory.peek(dev + offsetOf(device, "parent"), 4);
    return this.devices.has(parent) ? parent : 0;
  }

  /** rpm_drop_usage_count(): how many users are left, or -EINVAL. */
  drop(dev: number): number {
    const power = this.of(dev);
    if (power.usage > 0) return --power.usage;
    this.warn(dev, "Runtime PM usage count underflow!");
    return -errno.EINVAL;
  }

  has(dev: number, member: string): boolean {
    const { memory } = this.core;
    const driver = this.devices.driverOf(dev);
    const ops = driver === 0 ? 0 : memory.peek(driver + offsetOf(device_driver, "pm"), 4);
    return ops !== 0 && memory.peek(ops + offsetOf(dev_pm_ops, member), 4) !== 0;
  }

  *wait(power: Power): Steps<void> {
    power.waiters.push(this.core.task);
    yield* this.core.schedule({ words: "runtime PM" });
  }

  wakeAll(power: Power): void {
    for (const task of power.waiters.splice(0)) this.core.engine.wake(task);
  }

  /** What drivers do wrong, in the words of the log. */
  warn(dev: number, text: string): void {
    this.core.emit({ kind: "misuse", text: `${this.devices.label(dev)}: ${text}`, stack: this.core.stack() });
  }
}
