// How drivers and devices come together and part: probe, deferral, remove.
// Source: drivers/base/dd.c
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import type { Core } from "./core.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import { device_driver, offsetOf } from "./layouts.ts";
import type { ModelFiles } from "./model-files.ts";
import type { Log } from "./printk.ts";
import type { RuntimePm } from "./runtime-pm.ts";
import { textAt } from "./text.ts";

export interface Bus {
  readonly name: string;
  /** Whether a driver fits a device: not 0. */
  match(dev: number, drv: number): Steps<number>;
  probe(dev: number, drv: number): Steps<number>;
  remove(dev: number, drv: number): Steps<void>;
  shutdown(dev: number, drv: number): Steps<void>;
}

export interface OnBus extends Bus {
  readonly devices: number[];
  readonly drivers: number[];
}

interface Deferred {
  readonly bus: OnBus;
  readonly dev: number;
  /** What dev_err_probe() said. */
  reason: string;
}

/** Results of probe that are no failure: nothing is logged. */
const QUIET: readonly number[] = [-errno.EPROBE_DEFER, -errno.ENODEV, -errno.ENXIO];

export class Binding {
  private readonly core: Core;
  private readonly log: Log;
  private readonly devices: Devices;
  private readonly files: ModelFiles;
  private readonly power: RuntimePm;
  /** Devices whose probe was put off, in that order. */
  private readonly deferred: Deferred[] = [];
  private readonly reasons = new Map<number, string>();
  /** device_lock(): who waits for a device that somebody has. */
  private readonly locked = new Map<number, Task[]>();
  /** Workers that try again. */
  private workers = 0;
  private readonly waiters: Task[] = [];

  constructor(core: Core, log: Log, devices: Devices, files: ModelFiles, power: RuntimePm) {
    this.core = core;
    this.log = log;
    this.devices = devices;
    this.files = files;
    this.power = power;
  }

  /** Devices that wait for something that their drivers need: `devices_deferred` of debugfs. */
  get waiting(): readonly { readonly device: string; readonly reason: string }[] {
    return this.deferred.map(({ dev, reason }) => ({ device: this.devices.nameOf(dev), reason }));
  }

  /** dev_err_probe() of a probe that is put off. */
  because(dev: number, reason: string): void {
    const found = this.deferred.find((one) => one.dev === dev);
    if (found !== undefined) found.reason = reason;
    else this.reasons.set(dev, reason);
  }

  /** device_attach(): the first driver of the bus that fits and takes it. */
  *attach(bus: OnBus, dev: number): Steps<void> {
    yield* this.lock(dev);
    for (const drv of [...bus.drivers]) {
      if (this.devices.driverOf(dev) !== 0) break;
      if ((yield* bus.match(dev, drv)) > 0 && (yield* this.probe(bus, dev, drv)) === 0) break;
    }
    this.unlock(dev);
  }

  /** driver_attach(): every device of the bus that fits and has no driver. */
  *attachDriver(bus: OnBus, drv: number): Steps<void> {
    for (const dev of [...bus.devices]) yield* this.bind(bus, dev, drv);
  }

  /** device_driver_attach() of a device that fits: 0, or a negative errno. */
  *bind(bus: OnBus, dev: number, drv: number): Steps<number> {
    if ((yield* bus.match(dev, drv)) <= 0) return -errno.ENODEV;
    yield* this.lock(dev);
    const result = this.devices.driverOf(dev) === 0 ? yield* this.probe(bus, dev, drv) : -errno.EBUSY;
    this.unlock(dev);
    return result === -errno.EPROBE_DEFER ? -errno.EAGAIN : result;
  }

  /** device_release_driver(): remove runs, what the driver manages is undone, the device has no driver. */
  *release(bus: OnBus, dev: number, wanted?: number): Steps<boolean> {
    yield* this.lock(dev);
    const drv = this.devices.driverOf(dev);
    const isBound = drv !== 0 && (wanted === undefined || wanted === drv);
    if (isBound) {
      this.devices.enter(dev, "removing");
      yield* this.power.leaving(dev);
      this.files.unbound(dev, drv);
      yield* this.core.steps("device_remove", this.remove(bus, dev, drv));
      yield* this.devices.unbind(dev);
      this.power.left(dev);
      this.files.tell("unbind", dev);
    }
    this.unlock(dev);
    return isBound;
  }

  /** A device goes, and waits for nothing any more. */
  forget(dev: number): void {
    const index = this.deferred.findIndex((one) => one.dev === dev);
    if (index >= 0) this.deferred.splice(index, 1);
    this.reasons.delete(dev);
  }

  /** wait_for_device_probe(): those whose turn it is again have had it. */
  *flush(): Steps<void> {
    while (this.workers > 0) {
      this.waiters.push(this.core.task);
      yield* this.core.schedule({ words: "deferred probe" });
    }
  }

  /** driver_deferred_probe_trigger(): what was put off may now succeed; a worker tries. */
  trigger(): void {
    if (this.deferred.length === 0) return;
    const active = this.deferred.splice(0);
    this.workers++;
    this.core.engine.spawn("kworker/u8:0", this.retry(active), undefined, { isDaemon: true });
  }

  /** deferred_probe_work_func() */
  private *retry(active: readonly Deferred[]): Steps<Raw> {
    for (const { bus, dev } of active) {
      if (!this.devices.has(dev)) continue;
      this.power.states.moveToTail(dev);
      yield* this.core.steps("deferred_probe_work_func", this.attach(bus, dev));
    }
    this.workers--;
    for (const waiter of this.waiters.splice(0)) this.core.engine.wake(waiter);
    return 0;
  }

  /** really_probe(): 0, or a negative errno. */
  private *probe(bus: OnBus, dev: number, drv: number): Steps<number> {
    if (this.devices.managed.of(dev).length > 0) {
      const text = `${this.devices.label(dev)}: Resources present before probing`;
      this.devices.misuse(text);
      return -errno.EBUSY;
    }
    yield* this.power.beforeProbe(dev);
    this.devices.bind(dev, drv);
    this.files.bound(dev, drv);
    let result = yield* this.core.steps("really_probe", bus.probe(dev, drv));
    if (result !== 0 && !QUIET.includes(result)) {
      this.log.write(
        `${this.devices.label(dev)}: probe with driver ${this.nameOf(drv)} failed with error ${result}`,
        3,
      );
    }
    if (result === 0) {
      result = yield* this.files.addGroups(dev, this.groupsOf(drv));
      if (result !== 0) {
        this.log.write(`${this.devices.label(dev)}: device_add_groups() failed`, 3);
        yield* this.core.steps("device_remove", this.remove(bus, dev, drv));
      }
    }
    if (result !== 0) {
      this.files.unbound(dev, drv);
      yield* this.devices.unbind(dev);
      this.power.left(dev);
      const reason = this.reasons.get(dev) ?? "";
      this.forget(dev);
      if (result === -errno.EPROBE_DEFER) this.deferred.push({ bus, dev, reason });
      yield* this.power.afterProbe(dev);
      return result;
    }
    this.devices.enter(dev, "bound");
    // Runtime PM begins with the device suspended, where the driver did not say otherwise.
    this.power.states.enter(dev);
    this.forget(dev);
    this.files.tell("bind", dev);
    yield* this.power.afterProbe(dev);
    this.trigger();
    return 0;
  }

  /** device_remove(): the attributes that go with the driver, and its remove function. */
  private *remove(bus: OnBus, dev: number, drv: number): Steps<void> {
    yield* this.files.removeGroups(dev, this.groupsOf(drv));
    yield* bus.remove(dev, drv);
  }

  private *lock(dev: number): Steps<void> {
    for (let queue = this.locked.get(dev); queue !== undefined; queue = this.locked.get(dev)) {
      queue.push(this.core.task);
      yield* this.core.schedule({ words: "device_lock" });
    }
    this.locked.set(dev, []);
  }

  private unlock(dev: number): void {
    const queue = this.locked.get(dev) ?? [];
    this.locked.delete(dev);
    for (const task of queue) this.core.engine.wake(task);
  }

  private groupsOf(drv: number): number {
    return this.core.memory.load(drv + offsetOf(device_driver, "dev_groups"), 4, false);
  }

  private nameOf(drv: number): string {
    return textAt(this.core.memory, this.core.memory.load(drv, 4, false));
  }
}
