// System sleep and shutdown: every device in its order, children before their parents.
// Source: drivers/base/power/main.c, drivers/base/core.c, drivers/pci/pci-driver.c
import type { Steps } from "../engine/interfaces.ts";
import type { Buses } from "./bus.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import type { Hardware } from "./hardware.ts";
import { offsetOf, pci_dev } from "./layouts.ts";
import type { PciBus } from "./pci.ts";
import type { Log } from "./printk.ts";
import type { RuntimePm } from "./runtime-pm.ts";

/** Phases of system sleep with what undoes each, and what messages call it. */
const PHASES = [
  ["prepare", "complete", "prepare"],
  ["suspend", "resume", "suspend"],
  ["suspend_late", "resume_early", "suspend late"],
  ["suspend_noirq", "resume_noirq", "suspend noirq"],
] as const;

type Phase = (typeof PHASES)[number][0];

const PCI = offsetOf(pci_dev, "dev");

export class SystemSleep {
  private readonly log: Log;
  private readonly devices: Devices;
  private readonly runtime: RuntimePm;
  private readonly buses: Buses;
  private readonly pci: PciBus;
  private readonly hardware: Hardware;
  /** Devices that passed a phase, in that order. */
  private readonly passed = new Map<Phase, number[]>();
  private isAsleep = false;

  constructor(log: Log, devices: Devices, runtime: RuntimePm, buses: Buses, pci: PciBus, hardware: Hardware) {
    this.log = log;
    this.devices = devices;
    this.runtime = runtime;
    this.buses = buses;
    this.pci = pci;
    this.hardware = hardware;
  }

  /** `echo mem > /sys/power/state` as far as to where the system sleeps: 0, or a negative errno. */
  *suspend(): Steps<number> {
    if (this.isAsleep) {
      this.devices.misuse("PM: suspend of a system that is suspended");
      return -errno.EBUSY;
    }
    this.log.write("PM: suspend entry (deep)", 6);
    for (const [index, [phase, , verb]] of PHASES.entries()) {
      const { inOrder } = this.runtime.states;
      const done: number[] = [];
      this.passed.set(phase, done);
      for (const dev of phase === "prepare" ? inOrder : inOrder.toReversed()) {
        if (!this.devices.has(dev)) continue;
        const result = yield* this.enter(phase, dev);
        if (result === 0) {
          done.push(dev);
          continue;
        }
        this.log.write(`${this.devices.label(dev)}: PM: failed to ${verb}: error ${result}`, 3);
        this.log.write("PM: Some devices failed to suspend, or early wake event detected", 3);
        for (const earlier of PHASES.slice(0, index + 1).reverse()) yield* this.undo(earlier[0], earlier[1]);
        this.log.write("PM: suspend exit", 6);
        return result;
      }
    }
    this.isAsleep = true;
    // Nothing but memory has power now.
    for (const device of this.hardware.all) device.reset();
    for (const it of this.pci.all) it.master = false;
    return 0;
  }

  /** The system wakes up: 0, or -EINVAL when it does not sleep. */
  *resume(): Steps<number> {
    if (!this.isAsleep) {
      this.devices.misuse("PM: resume of a system that is not suspended");
      return -errno.EINVAL;
    }
    this.isAsleep = false;
    for (const [phase, back] of [...PHASES].reverse()) yield* this.undo(phase, back);
    this.log.write("PM: suspend exit", 6);
    return 0;
  }

  /** device_shutdown(): the youngest device first. */
  *shutdown(): Steps<number> {
    for (const dev of this.runtime.states.inOrder.toReversed()) {
      if (!this.devices.has(dev)) continue;
      this.runtime.of(dev).usage++;
      yield* this.runtime.settle(dev);
      yield* this.buses.shutdown(dev);
    }
    this.log.write("reboot: Restarting system", 0);
    return 0;
  }

  private *enter(phase: Phase, dev: number): Steps<number> {
    const power = this.runtime.of(dev);
    const isPci = this.devices.subsystemOf(dev) === "pci";
    if (phase === "prepare") power.usage++;
    if (phase === "suspend") {
      yield* this.runtime.settle(dev);
      if (isPci) {
        // The driver's functions find the device awake.
        yield* this.runtime.resume(dev);
        this.pci.config.forget(this.pci.at(dev - PCI));
      }
    }
    if (phase === "suspend_late") yield* this.runtime.disable(dev, false);
    const result = yield* this.runtime.states.call(dev, phase, "dpm_run_callback");
    if (result !== 0) {
      if (phase === "prepare") this.runtime.putNoIdle(dev);
      if (phase === "suspend_late") this.runtime.enable(dev);
      return result;
    }
    if (phase === "suspend" && this.devices.driverOf(dev) !== 0) this.devices.enter(dev, "suspended");
    if (phase === "suspend_noirq" && isPci) {
      const it = this.pci.at(dev - PCI);
      if (!this.pci.config.isSaved(it)) this.pci.config.save(it);
    }
    return 0;
  }

  /** Resumes what passed a phase, in the order of the list; `complete` goes the other way. */
  private *undo(phase: Phase, back: string): Steps<void> {
    const done = this.passed.get(phase) ?? [];
    this.passed.delete(phase);
    for (const dev of done.reverse()) {
      if (!this.devices.has(dev)) continue;
      if (phase === "suspend_noirq" && this.devices.subsystemOf(dev) === "pci") {
        this.pci.config.restore(this.pci.at(dev - PCI));
      }
      const result = yield* this.runtime.states.call(dev, back, "dpm_run_callback");
      if (result < 0) this.log.write(`${this.devices.label(dev)}: PM: failed to resume: error ${result}`, 3);
      if (phase === "suspend_late") this.runtime.enable(dev);
      if (phase === "suspend" && this.devices.driverOf(dev) !== 0) this.runtime.states.enter(dev);
      if (phase === "prepare") yield* this.runtime.idle(dev, { isPut: true, isAsync: true });
    }
  }
}
