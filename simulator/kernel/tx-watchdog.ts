// The transmit watchdog: a driver whose queue has been stopped for too long is told by its ndo_tx_timeout, in a timer.
// Source: net/sched/sch_generic.c
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import { HZ } from "./jiffies.ts";
import { kernelFunction } from "./kernel-functions.ts";
import type { Locks } from "./locks.ts";
import type { NetDevices } from "./net-devices.ts";
import type { Log } from "./printk.ts";
import type { Timers } from "./timers.ts";

const STOPPED = 0b11;

export class TxWatchdog {
  private readonly core: Core;
  private readonly log: Log;
  private readonly locks: Locks;
  private readonly timers: Timers;
  private readonly devices: NetDevices;
  private expired = 0;

  constructor(core: Core, log: Log, locks: Locks, timers: Timers, devices: NetDevices) {
    this.core = core;
    this.log = log;
    this.locks = locks;
    this.timers = timers;
    this.devices = devices;
  }

  /** dev_watchdog_up(), for drivers that want to be told. */
  up(dev: number): void {
    const { fields } = this.devices;
    if (this.devices.operation(dev, "ndo_tx_timeout") === 0) return;
    if (fields.get(dev, "watchdog_timeo") <= 0) fields.set(dev, "watchdog_timeo", 5 * HZ);
    if (this.expired === 0) {
      this.expired = kernelFunction(this.core.engine, "dev_watchdog", (timer) => this.look(timer!));
    }
    const timer = this.timerOf(dev);
    if (!this.timers.isPending(timer)) this.timers.setup(timer, this.expired, 0);
    this.set(dev, this.timers.jiffies);
  }

  /** dev_watchdog_down() */
  down(dev: number): void {
    if (this.expired !== 0 && this.timers.isPending(this.timerOf(dev))) this.timers.delete(this.timerOf(dev));
  }

  /** dev_watchdog() */
  private *look(timer: number): Steps<Raw> {
    const { devices, locks, core } = this;
    const dev = timer - devices.fields.offset("watchdog_timer");
    const global = dev + devices.fields.offset("tx_global_lock");
    yield* locks.spinLock(global, "");
    if (devices.find(dev)?.isActive === true && devices.isPresent(dev) && devices.isRunning(dev)) {
      const now = this.timers.jiffies;
      const isStopped = (devices.queueState(dev) & STOPPED) !== 0;
      const since = devices.transStart(dev);
      const patience = devices.fields.get(dev, "watchdog_timeo");
      if (isStopped && ((since + patience - now) | 0) < 0) {
        const waited = (now - since) >>> 0;
        this.log.write(
          `${devices.label(dev)}: NETDEV WATCHDOG: CPU: ${core.engine.cpu}: transmit queue 0 timed out ${waited} ms`,
          2,
        );
        devices.freeze(dev, true);
        yield* devices.call(dev, "ndo_tx_timeout", [0]);
        devices.freeze(dev, false);
      }
      this.set(dev, isStopped && ((since - now) | 0) < 0 ? Math.max(since, now - patience) : now);
    }
    yield* locks.spinUnlock(global, "");
    return undefined;
  }

  private set(dev: number, from: number): void {
    this.timers.modify(this.timerOf(dev), (from + this.devices.fields.get(dev, "watchdog_timeo")) >>> 0);
  }

  private timerOf(dev: number): number {
    return dev + this.devices.fields.offset("watchdog_timer");
  }
}
