// Power management: runtime PM of devices, and system sleep.
// Source: drivers/base/power/{runtime,main}.c
import type { Alarm } from "../devices/device.ts";
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import { dev_pm_ops, device_driver, offsetOf } from "./layouts.ts";
import type { Log } from "./printk.ts";

interface Power {
  usage: number;
  /** How often runtime PM was disabled; it works at 0. */
  disabled: number;
  status: "active" | "suspended";
  usesAutosuspend: boolean;
  /** In milliseconds. */
  delay: number;
  lastBusy: number;
  alarm: Alarm | undefined;
  /** System sleep: its driver has suspended it. */
  isAsleep: boolean;
}

/** Phases of system sleep with what undoes each. */
const PHASES = [
  ["prepare", "complete"],
  ["suspend", "resume"],
  ["suspend_late", "resume_early"],
  ["suspend_noirq", "resume_noirq"],
] as const;

export class PowerManagement {
  private readonly core: Core;
  private readonly log: Log;
  private readonly devices: Devices;
  private readonly powers = new Map<number, Power>();

  constructor(core: Core, log: Log, devices: Devices) {
    this.core = core;
    this.log = log;
    this.devices = devices;
  }

  /** Runtime PM of a device, for the views. */
  of(dev: number): Readonly<Power> {
    let power = this.powers.get(dev);
    if (power === undefined) {
      power = {
        usage: 0,
        disabled: 1,
        status: "suspended",
        usesAutosuspend: false,
        delay: 0,
        lastBusy: 0,
        alarm: undefined,
        isAsleep: false,
      };
      this.powers.set(dev, power);
    }
    return power;
  }

  enable(dev: number): void {
    const power = this.own(dev);
    if (power.disabled > 0) power.disabled--;
    else this.log.write(`${this.devices.label(dev)}: Unbalanced pm_runtime_enable!`, 4);
  }

  disable(dev: number): void {
    // __pm_runtime_barrier() waits for a worker.
    this.core.mightSleep("__pm_runtime_disable", "kernel/workqueue.c:4393");
    const power = this.own(dev);
    power.disabled++;
    power.alarm?.cancel();
  }

  /** pm_runtime_set_active() and _suspended(): only while runtime PM is disabled. */
  setStatus(dev: number, status: Power["status"]): number {
    const power = this.own(dev);
    if (power.disabled === 0) return -errno.EAGAIN;
    power.status = status;
    return 0;
  }

  /** pm_runtime_use_autosuspend() and _dont_use_autosuspend(). */
  useAutosuspend(dev: number, isUsed: boolean): void {
    this.own(dev).usesAutosuspend = isUsed;
  }

  setDelay(dev: number, millis: number): void {
    this.own(dev).delay = millis;
  }

  markLastBusy(dev: number): void {
    this.own(dev).lastBusy = this.core.engine.clock.nanos;
  }

  getNoResume(dev: number): void {
    this.own(dev).usage++;
  }

  putNoIdle(dev: number): void {
    const power = this.own(dev);
    if (power.usage > 0) power.usage--;
  }

  /** __pm_runtime_resume() with RPM_GET_PUT: 1 when it was active, 0, or a negative errno. */
  *getSync(dev: number): Steps<number> {
    this.core.mightSleep("__pm_runtime_resume", "drivers/base/power/runtime.c:1165");
    this.own(dev).usage++;
    return yield* this.resume(dev);
  }

  *resumeAndGet(dev: number): Steps<number> {
    const result = yield* this.getSync(dev);
    if (result >= 0) return 0;
    this.putNoIdle(dev);
    return result;
  }

  /** pm_runtime_put_sync(): the last user is gone, so that the device is idle. */
  *putSync(dev: number): Steps<number> {
    this.core.mightSleep("__pm_runtime_idle", "drivers/base/power/runtime.c:1101");
    return this.drop(dev) ? yield* this.idle(dev) : 0;
  }

  /** pm_runtime_put(): the same, by a worker. */
  put(dev: number): number {
    if (!this.drop(dev)) return 0;
    if (this.of(dev).disabled > 0) return -errno.EACCES;
    this.later(() => this.idle(dev));
    return 0;
  }

  /** pm_runtime_put_autosuspend(): it is suspended when its delay is over, unless it is used again. */
  putAutosuspend(dev: number): number {
    if (!this.drop(dev)) return 0;
    if (this.of(dev).disabled > 0) return -errno.EACCES;
    this.later(() => this.autosuspend(dev));
    return 0;
  }

  /** pm_runtime_suspend(). */
  *suspend(dev: number): Steps<number> {
    const power = this.own(dev);
    if (power.disabled > 0) return -errno.EACCES;
    if (power.usage > 0) return -errno.EAGAIN;
    if (power.status === "suspended") return 1;
    const result = yield* this.call(dev, "runtime_suspend");
    if (result < 0) return result;
    // Whoever took it meanwhile waits for the end of the suspension, and wakes it again.
    power.status = "suspended";
    this.enter(dev);
    return 0;
  }

  /** The driver is about to leave: the device is awake for its remove function, where somebody holds it. */
  *leaving(dev: number): Steps<void> {
    if (!this.powers.has(dev)) return;
    this.own(dev).usage++;
    yield* this.resume(dev);
    this.drop(dev);
    if (this.of(dev).usage === 0) yield* this.idle(dev);
  }

  /** pm_runtime_reinit(): the driver has left. */
  left(dev: number): void {
    const power = this.powers.get(dev);
    if (power === undefined) return;
    power.alarm?.cancel();
    if (power.disabled === 0) return;
    if (power.status === "active") power.status = "suspended";
    power.usage = 0;
  }

  /** `echo mem > /sys/power/state` as far as to where the system sleeps: 0, or a negative errno. */
  *sleep(): Steps<number> {
    this.log.write("PM: suspend entry (deep)", 6);
    for (const [index, [phase, undo]] of PHASES.entries()) {
      const done: number[] = [];
      for (const dev of phase === "prepare" ? this.bound : [...this.bound].reverse()) {
        const power = this.own(dev);
        if (phase === "prepare") power.usage++;
        const result = yield* this.call(dev, phase);
        if (result === 0) {
          done.push(dev);
          if (phase === "suspend") {
            power.isAsleep = true;
            power.alarm?.cancel();
          }
          if (phase === "suspend_late") power.disabled++;
          this.enter(dev);
          continue;
        }
        if (phase === "prepare") power.usage--;
        this.log.write(`${this.devices.label(dev)}: PM: failed to suspend: error ${result}`, 3);
        this.log.write("PM: Some devices failed to suspend, or early wake event detected", 3);
        yield* this.undo(phase, undo, done);
        for (const [earlier, back] of PHASES.slice(0, index).reverse()) yield* this.undo(earlier, back, this.bound);
        this.log.write("PM: suspend exit", 6);
        return result;
      }
    }
    return 0;
  }

  /** The system wakes up. */
  *wake(): Steps<number> {
    for (const [phase, back] of [...PHASES].reverse()) yield* this.undo(phase, back, this.bound);
    this.log.write("PM: suspend exit", 6);
    return 0;
  }

  private *undo(phase: string, back: string, devices: readonly number[]): Steps<void> {
    const order = back === "complete" ? [...devices].reverse() : [...devices];
    for (const dev of order) {
      const power = this.own(dev);
      if (phase === "suspend" && !power.isAsleep) {
        this.devices.enter(dev, this.devices.stateOf(dev) ?? "bound", `${back}() of a device that is not suspended`);
        continue;
      }
      const result = yield* this.call(dev, back);
      if (result < 0) this.log.write(`${this.devices.label(dev)}: PM: failed to resume: error ${result}`, 3);
      if (phase === "suspend") power.isAsleep = false;
      if (phase === "suspend_late" && power.disabled > 0) power.disabled--;
      if (phase === "prepare" && power.usage > 0) power.usage--;
      this.enter(dev);
    }
  }

  /** Devices with drivers, in the order in which they came. */
  private get bound(): readonly number[] {
    return this.devices.all.filter((dev) => this.devices.driverOf(dev) !== 0);
  }

  private *resume(dev: number): Steps<number> {
    const power = this.own(dev);
    if (power.disabled > 0) return power.status === "active" ? 1 : -errno.EACCES;
    power.alarm?.cancel();
    if (power.status === "active") return 1;
    const result = yield* this.call(dev, "runtime_resume");
    if (result < 0) return result;
    power.status = "active";
    this.enter(dev);
    return 0;
  }

  /** rpm_idle(): the driver may say that it is not. */
  private *idle(dev: number): Steps<number> {
    const power = this.own(dev);
    if (power.disabled > 0) return -errno.EACCES;
    if (power.usage > 0 || power.status !== "active") return -errno.EAGAIN;
    const result = yield* this.call(dev, "runtime_idle");
    return result === 0 ? yield* this.autosuspend(dev) : result;
  }

  private *autosuspend(dev: number): Steps<number> {
    const power = this.own(dev);
    const { clock } = this.core.engine;
    const until = power.lastBusy + power.delay * 1e6;
    if (!power.usesAutosuspend || until <= clock.nanos) return yield* this.suspend(dev);
    if (power.delay < 0) return -errno.EAGAIN;
    power.alarm?.cancel();
    power.alarm = clock.after(until - clock.nanos, () => this.later(() => this.autosuspend(dev)));
    return 0;
  }

  private drop(dev: number): boolean {
    const power = this.own(dev);
    if (power.usage > 0) return --power.usage === 0;
    this.log.write(`${this.devices.label(dev)}: Runtime PM usage count underflow!`, 4);
    return false;
  }

  /** pm_wq: a worker does it. */
  private later(run: () => Steps<number>): void {
    const body = function* (): Steps<Raw> {
      return yield* run();
    };
    this.core.engine.spawn("kworker/0:pm", body(), undefined, { isDaemon: true });
  }

  private enter(dev: number): void {
    const { isAsleep, disabled, status } = this.of(dev);
    const isSuspended = isAsleep || (disabled === 0 && status === "suspended");
    const state = isSuspended ? "suspended" : "bound";
    if (this.devices.stateOf(dev) !== state) this.devices.enter(dev, state);
  }

  private *call(dev: number, member: string): Steps<number> {
    const { memory } = this.core;
    const driver = this.devices.driverOf(dev);
    const ops = driver === 0 ? 0 : memory.load(driver + offsetOf(device_driver, "pm"), 4, false);
    const fn = ops === 0 ? 0 : memory.load(ops + offsetOf(dev_pm_ops, member), 4, false);
    if (fn === 0) return 0;
    const via = member.startsWith("runtime_") ? `pm_generic_${member}` : "dpm_run_callback";
    return yield* this.core.steps(via, this.core.callDriver(fn, [dev]));
  }

  private own(dev: number): Power {
    return this.of(dev) as Power;
  }
}
