// linux/pm_runtime: devices sleep while nobody uses them.
import type { Steps } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { device } from "../kernel/layouts.ts";
import { Header } from "./header.ts";

export function pmRuntime(kernel: Kernel): Header {
  const { core } = kernel;
  const header = new Header(core);
  users(header, kernel);
  requests(header, kernel);
  settings(header, kernel);
  autosuspend(header, kernel);
  return header;
}

/** Who needs the device. */
function users(header: Header, { runtime }: Kernel): void {
  /** One more user, for whom a worker resumes the device. Any context. 1: it was active, 0, or a negative errno; the user counts all the same. */
  header.steps("pm_runtime_get", [device], "int", (dev: number) => runtime.resume(dev, { isGet: true, isAsync: true }));
  /** One more user; the device is resumed. Task context, may sleep. 1: it was active, 0, or a negative errno; the user counts all the same. */
  header.steps("pm_runtime_get_sync", [device], "int", (dev: number) => runtime.resume(dev, { isGet: true }));
  /** The same, without the user where it fails. Task context, may sleep. 0, or a negative errno. */
  header.steps("pm_runtime_resume_and_get", [device], "int", (dev: number) => runtime.resumeAndGet(dev));
  /** One more user, and no more. Any context. */
  header.plain("pm_runtime_get_noresume", [device], "void", (dev: number) => {
    runtime.of(dev).usage++;
  });
  /** One more user where the device is active. Any context. 1, 0, or -EINVAL while runtime PM is off. */
  header.plain("pm_runtime_get_if_active", [device], "int", (dev: number) => runtime.getIf(dev, true));
  /** One more user where there is one already. Any context. 1, 0, or -EINVAL while runtime PM is off. */
  header.plain("pm_runtime_get_if_in_use", [device], "int", (dev: number) => runtime.getIf(dev, false));
  /** One user less, and no more. Any context. */
  header.plain("pm_runtime_put_noidle", [device], "void", (dev: number) => runtime.putNoIdle(dev));
  /** One user less; the last lets the device be suspended, by a worker. Any context. 0, or a negative errno. */
  header.steps("pm_runtime_put", [device], "int", (dev: number) => runtime.idle(dev, { isPut: true, isAsync: true }));
  /** The same, before it returns. Task context, may sleep. 0, or a negative errno. */
  header.steps("pm_runtime_put_sync", [device], "int", (dev: number) => runtime.idle(dev, { isPut: true }));
  /** The same, without asking the driver whether it is idle. Task context, may sleep. 0, or a negative errno. */
  header.steps("pm_runtime_put_sync_suspend", [device], "int", (dev: number) => runtime.suspend(dev, { isPut: true }));
  /** One user less; the last lets it be suspended when the delay is over. Any context. 0, or a negative errno. */
  header.steps("pm_runtime_put_autosuspend", [device], "int", (dev: number) =>
    runtime.suspend(dev, { isPut: true, isAsync: true, isAuto: true }),
  );
  /** The same, before it returns where there is no delay. Task context, may sleep. 0, or a negative errno. */
  header.steps("pm_runtime_put_sync_autosuspend", [device], "int", (dev: number) =>
    runtime.suspend(dev, { isPut: true, isAuto: true }),
  );
}

/** What is done at once, or asked of a worker. */
function requests(header: Header, { runtime }: Kernel): void {
  /** Suspends the device where nobody uses it. Task context, may sleep. 0, 1: it is suspended, or a negative errno. */
  header.steps("pm_runtime_suspend", [device], "int", (dev: number) => runtime.suspend(dev));
  /** The same, when the delay is over. Task context, may sleep. 0, 1, or a negative errno. */
  header.steps("pm_runtime_autosuspend", [device], "int", (dev: number) => runtime.suspend(dev, { isAuto: true }));
  /** Resumes the device. Task context, may sleep. 0, 1: it is active, or a negative errno. */
  header.steps("pm_runtime_resume", [device], "int", (dev: number) => runtime.resume(dev));
  /** Suspends the device where the driver says that it is idle. Task context, may sleep. 0, or a negative errno. */
  header.steps("pm_runtime_idle", [device], "int", (dev: number) => runtime.idle(dev));
  /** The same by a worker. Any context. 0, or a negative errno. */
  header.steps("pm_request_idle", [device], "int", (dev: number) => runtime.idle(dev, { isAsync: true }));
  /** A worker resumes the device. Any context. 0, 1: it is active, or a negative errno. */
  header.steps("pm_request_resume", [device], "int", (dev: number) => runtime.resume(dev, { isAsync: true }));
  /** Waits until nothing is under way or asked for. Task context, may sleep. 0. */
  header.steps("pm_runtime_barrier", [device], "int", function* (dev: number): Steps<number> {
    const { isRequested, request } = runtime.of(dev);
    if (isRequested && request === "resume") yield* runtime.resume(dev);
    yield* runtime.settle(dev);
    return isRequested && request === "resume" ? 1 : 0;
  });
  /** Suspends the device for system sleep, whoever uses it. Task context, may sleep. 0, or a negative errno. */
  header.steps("pm_runtime_force_suspend", [device], "int", (dev: number) => runtime.forceSuspend(dev));
  /** Undoes that. Task context, may sleep. 0, or a negative errno. */
  header.steps("pm_runtime_force_resume", [device], "int", (dev: number) => runtime.forceResume(dev));
}

function settings(header: Header, { core, devices, runtime }: Kernel): void {
  /** Turns runtime PM of a device on; a device begins with it off. Any context. */
  header.plain("pm_runtime_enable", [device], "void", (dev: number) => runtime.enable(dev));
  /** The same; it is turned off again when the driver leaves. Task context, may sleep. 0, or -ENOMEM. */
  header.plain("devm_pm_runtime_enable", [device], "int", (dev: number) => {
    core.mightSleep("devm_pm_runtime_enable", "include/linux/sched/mm.h:321");
    runtime.enable(dev);
    devices.managed.add(dev, "action", `pm_runtime_disable ${dev}`, function* () {
      yield* runtime.setAutosuspend(dev, { isUsed: false });
      yield* runtime.disable(dev);
    });
    return 0;
  });
  /** Turns it off; calls nest. Task context, may sleep. */
  header.steps("pm_runtime_disable", [device], "void", (dev: number) => runtime.disable(dev));
  /** Says that the device is active, while runtime PM is off. Any context. 0, -EAGAIN, -EBUSY: its parent is not. */
  header.plain("pm_runtime_set_active", [device], "int", (dev: number) => runtime.setStatus(dev, "active"));
  /** Says that it is suspended, while runtime PM is off. Any context. 0, or -EAGAIN. */
  header.plain("pm_runtime_set_suspended", [device], "int", (dev: number) => runtime.setStatus(dev, "suspended"));
  /** User space may not let the device sleep: `on` in power/control. Task context, may sleep. */
  header.steps("pm_runtime_forbid", [device], "void", (dev: number) => runtime.forbid(dev));
  /** It may: `auto`. Any context. */
  header.steps("pm_runtime_allow", [device], "void", (dev: number) => runtime.allow(dev));
  /** The device may sleep while its children do not. Any context. */
  header.plain("pm_suspend_ignore_children", [device, "bool"], "void", (dev: number, ignores: number) => {
    runtime.of(dev).ignoresChildren = ignores !== 0;
  });
  /** There is nothing to be called; the device follows its children. Any context. */
  header.plain("pm_runtime_no_callbacks", [device], "void", (dev: number) => {
    runtime.of(dev).hasNoCallbacks = true;
  });
  /** The functions may be called with interrupts disabled; the parent stays awake. Task context, may sleep. */
  header.steps("pm_runtime_irq_safe", [device], "void", function* (dev: number): Steps<void> {
    const parent = runtime.states.parentOf(dev);
    if (parent !== 0) yield* runtime.resume(parent, { isGet: true });
    runtime.of(dev).isIrqSafe = true;
  });
  /** Whether runtime PM is on. Any context. */
  header.plain("pm_runtime_enabled", [device], "bool", (dev: number) => runtime.of(dev).disabled === 0);
  /** Whether it is suspended, and runtime PM is on. Any context. */
  header.plain("pm_runtime_suspended", [device], "bool", (dev: number) => {
    const { status, disabled } = runtime.of(dev);
    return status === "suspended" && disabled === 0;
  });
  /** Whether it is suspended. Any context. */
  header.plain(
    "pm_runtime_status_suspended",
    [device],
    "bool",
    (dev: number) => runtime.of(dev).status === "suspended",
  );
  /** Whether it is active, or runtime PM is off. Any context. */
  header.plain("pm_runtime_active", [device], "bool", (dev: number) => {
    const { status, disabled } = runtime.of(dev);
    return status === "active" || disabled > 0;
  });
}

function autosuspend(header: Header, { runtime }: Kernel): void {
  /** Suspensions wait for the delay. Any context. */
  header.steps("pm_runtime_use_autosuspend", [device], "void", (dev: number) =>
    runtime.setAutosuspend(dev, { isUsed: true }),
  );
  /** They do not. Any context. */
  header.steps("pm_runtime_dont_use_autosuspend", [device], "void", (dev: number) =>
    runtime.setAutosuspend(dev, { isUsed: false }),
  );
  /** The delay, in milliseconds; less than 0: for ever. Any context. */
  header.steps("pm_runtime_set_autosuspend_delay", [device, "int"], "void", (dev: number, delay: number) =>
    runtime.setAutosuspend(dev, { delay }),
  );
  /** The delay begins now. Any context. */
  header.plain("pm_runtime_mark_last_busy", [device], "void", (dev: number) => runtime.markLastBusy(dev));
}
