// Runtime power management: devices sleep while nobody uses them.
// Source: drivers/base/power/runtime.c
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import { DevicePower, type Power, type Request } from "./device-power.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";

/** RPM_ASYNC, RPM_NOWAIT and RPM_AUTO. */
interface How {
  readonly isAsync?: boolean;
  readonly doesNotWait?: boolean;
  readonly isAuto?: boolean;
}

const MAY_SLEEP = { idle: 1101, suspend: 1139, resume: 1165 } as const;

export class RuntimePm {
  readonly states: DevicePower;
  private readonly core: Core;
  private readonly devices: Devices;

  constructor(core: Core, devices: Devices) {
    this.core = core;
    this.devices = devices;
    this.states = new DevicePower(core, devices);
  }

  /** Runtime PM of a device, for the views too. */
  of(dev: number): Power {
    return this.states.of(dev);
  }

  enable(dev: number): void {
    const power = this.of(dev);
    if (power.disabled === 0) {
      this.states.warn(dev, "Unbalanced pm_runtime_enable!");
      return;
    }
    if (--power.disabled > 0) return;
    power.lastStatus = undefined;
    if (power.status === "suspended" && !power.ignoresChildren && power.children > 0) {
      this.states.warn(dev, "Enabling runtime PM for inactive device with active children");
    }
    this.states.enter(dev);
  }

  /** __pm_runtime_disable(): what is under way comes to its end first. */
  *disable(dev: number, checksResume = true): Steps<void> {
    // __pm_runtime_barrier() waits for a worker.
    this.core.mightSleep("__pm_runtime_disable", "kernel/workqueue.c:4393");
    const power = this.of(dev);
    if (power.disabled > 0) {
      power.disabled++;
      return;
    }
    if (checksResume && power.isRequested && power.request === "resume") {
      power.usage++;
      yield* this.resumeDevice(dev, {});
      this.putNoIdle(dev);
    }
    power.disabled++;
    yield* this.settle(dev);
    power.lastStatus = power.status;
  }

  /** __pm_runtime_set_status(): only while runtime PM is disabled, or after an error. */
  setStatus(dev: number, status: "active" | "suspended"): number {
    const power = this.of(dev);
    if (power.error === 0 && power.disabled === 0) return -errno.EAGAIN;
    const parent = this.states.parentOf(dev);
    if (parent !== 0 && power.status !== status) {
      const above = this.of(parent);
      if (status === "suspended") {
        above.children = Math.max(0, above.children - 1);
        if (!above.ignoresChildren) this.requestIdle(parent);
      } else if (above.disabled === 0 && !above.ignoresChildren && above.status !== "active") {
        const [child, up] = [this.devices.nameOf(dev), this.devices.nameOf(parent)];
        const text = `runtime PM trying to activate child device ${child} but parent (${up}) is not active`;
        this.states.warn(dev, text);
        return -errno.EBUSY;
      } else above.children++;
    }
    power.status = status;
    power.error = 0;
    return 0;
  }

  /** pm_runtime_forbid(): it stays awake, as with `on` in /sys/…/power/control. */
  *forbid(dev: number): Steps<void> {
    const power = this.of(dev);
    if (!power.isAuto) return;
    power.isAuto = false;
    power.usage++;
    if (power.status !== "active") this.sleeps("resume");
    yield* this.resumeDevice(dev, {});
  }

  *allow(dev: number): Steps<void> {
    const power = this.of(dev);
    if (power.isAuto) return;
    power.isAuto = true;
    if (this.states.drop(dev) === 0) yield* this.idleDevice(dev, { isAsync: true, isAuto: true });
  }

  /** pm_runtime_use_autosuspend() and its kin: suspensions wait, or may not be at all. */
  *setAutosuspend(dev: number, change: { readonly isUsed?: boolean; readonly delay?: number }): Steps<void> {
    const power = this.of(dev);
    const [oldUse, oldDelay] = [power.usesAutosuspend, power.delay];
    power.usesAutosuspend = change.isUsed ?? oldUse;
    power.delay = change.delay ?? oldDelay;
    const wasPrevented = oldUse && oldDelay < 0;
    if (power.usesAutosuspend && power.delay < 0) {
      if (wasPrevented) return;
      power.usage++;
      yield* this.resumeDevice(dev, {});
      return;
    }
    if (wasPrevented) power.usage--;
    yield* this.idleDevice(dev, { isAuto: true });
  }

  markLastBusy(dev: number): void {
    this.of(dev).lastBusy = this.core.engine.clock.nanos;
  }

  putNoIdle(dev: number): void {
    const power = this.of(dev);
    if (power.usage > 0) power.usage--;
  }

  /** pm_runtime_get_if_active() and _in_use(): 1: one more user, 0, or -EINVAL while runtime PM is off. */
  getIf(dev: number, isUnusedEnough: boolean): number {
    const power = this.of(dev);
    if (power.disabled > 0) return -errno.EINVAL;
    if (power.status !== "active" || (!isUnusedEnough && power.usage === 0)) return 0;
    power.usage++;
    return 1;
  }

  /** __pm_runtime_resume(), with RPM_GET_PUT for one more user, who counts also when it fails. */
  *resume(dev: number, how: How & { readonly isGet?: boolean } = {}): Steps<number> {
    const power = this.of(dev);
    if (!how.isAsync && !power.isIrqSafe && power.status !== "active") this.sleeps("resume");
    if (how.isGet) power.usage++;
    return yield* this.resumeDevice(dev, how);
  }

  /** pm_runtime_resume_and_get() */
  *resumeAndGet(dev: number): Steps<number> {
    const result = yield* this.resume(dev, { isGet: true });
    if (result >= 0) return 0;
    this.putNoIdle(dev);
    return result;
  }

  /** __pm_runtime_idle(), with RPM_GET_PUT for one user less. */
  *idle(dev: number, how: How & { readonly isPut?: boolean } = {}): Steps<number> {
    if (how.isPut) {
      const left = this.states.drop(dev);
      if (left !== 0) return Math.min(left, 0);
    }
    if (!how.isAsync && !this.of(dev).isIrqSafe) this.sleeps("idle");
    return yield* this.idleDevice(dev, how);
  }

  /** __pm_runtime_suspend(), with RPM_GET_PUT for one user less. */
  *suspend(dev: number, how: How & { readonly isPut?: boolean } = {}): Steps<number> {
    if (how.isPut) {
      const left = this.states.drop(dev);
      if (left !== 0) return Math.min(left, 0);
    }
    if (!how.isAsync && !this.of(dev).isIrqSafe) this.sleeps("suspend");
    return yield* this.suspendDevice(dev, how);
  }

  /** pm_request_idle() */
  requestIdle(dev: number): void {
    const power = this.of(dev);
    if (this.mayNotSuspend(power) === 0 && power.status === "active" && !power.isRequested) this.queue(dev, "idle");
  }

  /** pm_runtime_force_suspend(): by the callback of runtime PM, whoever uses it. */
  *forceSuspend(dev: number): Steps<number> {
    const power = this.of(dev);
    yield* this.disable(dev);
    if (power.status === "suspended") return 0;
    const result = yield* this.states.call(dev, "runtime_suspend");
    if (result !== 0) {
      this.enable(dev);
      return result;
    }
    if (power.usage <= 1 && (power.children === 0 || power.ignoresChildren)) this.setStatus(dev, "suspended");
    else {
      power.status = "suspended";
      power.needsForceResume = true;
    }
    return 0;
  }

  *forceResume(dev: number): Steps<number> {
    const power = this.of(dev);
    let result = 0;
    if (power.status === "suspended" && power.needsForceResume) {
      power.status = "active";
      this.sleeps("resume");
      result = yield* this.states.call(dev, "runtime_resume");
      if (result !== 0) this.setStatus(dev, "suspended");
      else this.markLastBusy(dev);
    }
    power.needsForceResume = false;
    this.enable(dev);
    return result;
  }

  /** The driver is about to come: its parent is awake for the probe. */
  *beforeProbe(dev: number): Steps<void> {
    const parent = this.states.parentOf(dev);
    if (parent !== 0) yield* this.resume(parent, { isGet: true });
    yield* this.settle(dev);
  }

  *afterProbe(dev: number): Steps<void> {
    this.requestIdle(dev);
    const parent = this.states.parentOf(dev);
    if (parent !== 0) yield* this.idle(parent, { isPut: true, isAsync: true });
  }

  /** The driver is about to leave: the device is awake for its remove function, where somebody holds it. */
  *leaving(dev: number): Steps<void> {
    yield* this.resume(dev, { isGet: true });
    yield* this.idle(dev, { isPut: true });
  }

  /** pm_runtime_reinit(): the driver has left. */
  left(dev: number): void {
    const power = this.of(dev);
    if (power.disabled === 0) return;
    if (power.status === "active") this.setStatus(dev, "suspended");
    power.isIrqSafe = false;
    power.needsForceResume = false;
  }

  /** __pm_runtime_barrier(): nothing is under way, and nothing is asked for. */
  *settle(dev: number): Steps<void> {
    const power = this.of(dev);
    power.alarm?.cancel();
    power.alarm = undefined;
    power.request = "none";
    power.isRequested = false;
    while (power.status === "suspending" || power.status === "resuming" || power.isIdling)
      yield* this.states.wait(power);
  }

  /** rpm_check_suspend_allowed() */
  private mayNotSuspend(power: Power): number {
    if (power.error !== 0) return -errno.EINVAL;
    if (power.disabled > 0) return -errno.EACCES;
    if (power.usage > 0) return -errno.EAGAIN;
    if (!power.ignoresChildren && power.children > 0) return -errno.EBUSY;
    if (power.resumesAfter && power.status === "suspending") return -errno.EAGAIN;
    if (power.isRequested && power.request === "resume") return -errno.EAGAIN;
    return power.status === "suspended" ? 1 : 0;
  }

  /** rpm_idle(): the driver may say that it is not. */
  private *idleDevice(dev: number, how: How): Steps<number> {
    const power = this.of(dev);
    let result = this.mayNotSuspend(power);
    if (result >= 0 && power.status !== "active") result = -errno.EAGAIN;
    else if (result === 0 && power.isRequested && power.request !== "none" && power.request !== "idle")
      result = -errno.EAGAIN;
    else if (result === 0 && power.isIdling) result = -errno.EINPROGRESS;
    if (result !== 0) return result;
    power.request = "none";
    if (!power.hasNoCallbacks && this.states.has(dev, "runtime_idle")) {
      if (how.isAsync) {
        this.queue(dev, "idle");
        return 0;
      }
      power.isIdling = true;
      result = yield* this.states.call(dev, "runtime_idle");
      power.isIdling = false;
      this.states.wakeAll(power);
      if (result !== 0) return result;
    }
    return yield* this.suspendDevice(dev, { ...how, isAuto: true });
  }

  /** rpm_suspend() */
  private *suspendDevice(dev: number, how: How): Steps<number> {
    const power = this.of(dev);
    for (;;) {
      const refusal = this.mayNotSuspend(power);
      if (refusal !== 0) return refusal;
      if (power.status === "resuming" && !how.isAsync) return -errno.EAGAIN;
      if (how.isAuto && power.status !== "suspending" && this.waitsForDelay(dev)) return 0;
      this.cancel(power);
      if (power.status === "suspending") {
        if (how.isAsync || how.doesNotWait) return -errno.EINPROGRESS;
        yield* this.states.wait(power);
        continue;
      }
      if (how.isAsync && !power.hasNoCallbacks) {
        this.queue(dev, how.isAuto ? "autosuspend" : "suspend");
        return 0;
      }
      power.status = "suspending";
      const result = power.hasNoCallbacks ? 0 : yield* this.callback(dev, "runtime_suspend");
      if (result === 0) return yield* this.suspended(dev);
      power.status = "active";
      power.resumesAfter = false;
      this.states.wakeAll(power);
      if (result !== -errno.EAGAIN && result !== -errno.EBUSY) {
        this.cancel(power);
        return result;
      }
      power.error = 0;
      if (!how.isAuto || this.expiration(power) === 0) return result;
    }
  }

  private *suspended(dev: number): Steps<number> {
    const power = this.of(dev);
    power.status = "suspended";
    power.alarm?.cancel();
    power.alarm = undefined;
    const parent = this.states.parentOf(dev);
    if (parent !== 0) this.of(parent).children = Math.max(0, this.of(parent).children - 1);
    this.states.wakeAll(power);
    this.states.enter(dev);
    if (power.resumesAfter) {
      power.resumesAfter = false;
      yield* this.resumeDevice(dev, {});
      return -errno.EAGAIN;
    }
    if (parent !== 0 && !this.of(parent).ignoresChildren) yield* this.idleDevice(parent, { isAsync: true });
    return 0;
  }

  /** rpm_resume(): 1 when it is awake. */
  private *resumeDevice(dev: number, how: How): Steps<number> {
    const power = this.of(dev);
    const parent = this.states.parentOf(dev);
    let isParentHeld = false;
    let result = 0;
    for (;;) {
      if (power.error !== 0) result = -errno.EINVAL;
      else if (power.disabled > 0) {
        result = power.status === "active" && power.lastStatus === "active" ? 1 : -errno.EACCES;
      }
      if (result !== 0) break;
      power.request = "none";
      if (power.status === "active") {
        result = 1;
        break;
      }
      if (power.status === "resuming" || power.status === "suspending") {
        if (how.isAsync || how.doesNotWait) {
          power.resumesAfter ||= power.status === "suspending";
          result = power.status === "resuming" || how.doesNotWait ? -errno.EINPROGRESS : 0;
          break;
        }
        yield* this.states.wait(power);
        continue;
      }
      if (how.isAsync) {
        this.queue(dev, "resume");
        break;
      }
      if (!isParentHeld && parent !== 0 && !power.isIrqSafe) {
        isParentHeld = true;
        const above = this.of(parent);
        above.usage++;
        if (above.disabled === 0 && !above.ignoresChildren) {
          yield* this.resumeDevice(parent, {});
          if (above.status !== "active") {
            result = -errno.EBUSY;
            break;
          }
        }
        continue;
      }
      power.status = "resuming";
      result = power.hasNoCallbacks ? 0 : yield* this.callback(dev, "runtime_resume");
      if (result === 0) {
        power.status = "active";
        this.markLastBusy(dev);
        if (parent !== 0) this.of(parent).children++;
        this.states.enter(dev);
      } else {
        power.status = "suspended";
        this.cancel(power);
      }
      this.states.wakeAll(power);
      if (result >= 0) yield* this.idleDevice(dev, { isAsync: true });
      break;
    }
    if (isParentHeld) yield* this.idle(parent, { isPut: true, isAsync: true });
    return result;
  }

  /** rpm_callback(): an error stays until the status is set anew. */
  private *callback(dev: number, member: string): Steps<number> {
    const result = yield* this.states.call(dev, member);
    this.of(dev).error = result;
    return result === -errno.EACCES ? -errno.EIO : result;
  }

  /** The delay is not over yet: it is suspended when it is. */
  private waitsForDelay(dev: number): boolean {
    const power = this.of(dev);
    const expires = this.expiration(power);
    if (expires === 0) return false;
    power.request = "none";
    power.alarm?.cancel();
    const { clock } = this.core.engine;
    power.alarm = clock.after(expires - clock.nanos, () => {
      power.alarm = undefined;
      this.queue(dev, "autosuspend");
    });
    return true;
  }

  /** pm_runtime_autosuspend_expiration(): 0 when it has been unused for long enough. */
  private expiration({ usesAutosuspend, delay, lastBusy }: Power): number {
    if (!usesAutosuspend || delay < 0) return 0;
    const expires = lastBusy + delay * 1e6;
    return expires > this.core.engine.clock.nanos ? expires : 0;
  }

  /** pm_runtime_work(): what is asked for when the worker comes to it. */
  private queue(dev: number, request: Request): void {
    const power = this.of(dev);
    power.request = request;
    if (power.isRequested) return;
    power.isRequested = true;
    this.core.engine.spawn("kworker/0:pm", this.work(dev), undefined, { isDaemon: true });
  }

  private *work(dev: number): Steps<Raw> {
    const power = this.of(dev);
    if (!power.isRequested || !this.devices.has(dev)) return 0;
    const { request } = power;
    power.request = "none";
    power.isRequested = false;
    const how = { doesNotWait: true };
    if (request === "idle") yield* this.core.steps("pm_runtime_work", this.idleDevice(dev, how));
    else if (request === "suspend") yield* this.core.steps("pm_runtime_work", this.suspendDevice(dev, how));
    else if (request === "autosuspend") {
      yield* this.core.steps("pm_runtime_work", this.suspendDevice(dev, { ...how, isAuto: true }));
    } else if (request === "resume") yield* this.core.steps("pm_runtime_work", this.resumeDevice(dev, how));
    return 0;
  }

  private cancel(power: Power): void {
    power.alarm?.cancel();
    power.alarm = undefined;
    power.request = "none";
  }

  private sleeps(what: keyof typeof MAY_SLEEP): void {
    this.core.mightSleep(`__pm_runtime_${what}`, `drivers/base/power/runtime.c:${MAY_SLEEP[what]}`);
  }
}
