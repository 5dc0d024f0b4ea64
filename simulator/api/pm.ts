// linux/pm and linux/pm_runtime: what drivers do when the system or their device sleeps.
import type { Kernel } from "../kernel/kernel.ts";
import { dev_pm_ops, device, offsetOf } from "../kernel/layouts.ts";
import { Header } from "./header.ts";

const SLEEP: readonly (readonly string[])[] = [
  ["suspend", "freeze", "poweroff"],
  ["resume", "thaw", "restore"],
];
const RUNTIME = ["runtime_suspend", "runtime_resume", "runtime_idle"];

export function pm(kernel: Kernel): Header {
  const { core, statics } = kernel;
  const header = new Header(core);
  header.layout("dev_pm_ops", dev_pm_ops);
  const define = (name: number, set: ReadonlyMap<string, number>): number => {
    const ops = statics.global(dev_pm_ops.size, dev_pm_ops.align, kernel.textAt(name));
    for (const [member, fn] of set) core.memory.poke(ops + offsetOf(dev_pm_ops, member), 4, fn);
    return ops;
  };
  for (const name of ["SIMPLE_DEV_PM_OPS", "DEFINE_SIMPLE_DEV_PM_OPS"]) {
    /** Operations for system sleep and hibernation, of two functions. At file scope. */
    header.plain(name, ["string", "callback", "callback"], dev_pm_ops, (text: number, ...fns: number[]) =>
      define(text, new Map(SLEEP.flatMap((members, index) => members.map((member) => [member, fns[index]!] as const)))),
    );
  }
  /** Operations for runtime PM. At file scope. Differs from Linux: for system sleep they do nothing. */
  header.plain(
    "DEFINE_RUNTIME_DEV_PM_OPS",
    ["string", "callback", "callback", "callback"],
    dev_pm_ops,
    (text: number, ...fns: number[]) => define(text, new Map(RUNTIME.map((member, i) => [member, fns[i]!] as const))),
  );
  for (const name of ["pm_ptr", "pm_sleep_ptr"]) {
    /** The operations, since this kernel has power management. At file scope. */
    header.plain(name, [dev_pm_ops], dev_pm_ops, (ops: number) => ops, { mayBeNull: true });
  }
  return header;
}

export function pmRuntime(kernel: Kernel): Header {
  const { core, power } = kernel;
  const header = new Header(core);
  /** Turns runtime PM of a device on; a device begins with it off. Any context. */
  header.plain("pm_runtime_enable", [device], "void", (dev: number) => power.enable(dev));
  /** Turns it off; calls nest. Task context, may sleep. */
  header.plain("pm_runtime_disable", [device], "void", (dev: number) => power.disable(dev));
  /** One more user; the device is resumed. Task context, may sleep. 1: it was active, 0, or a negative errno; the user counts all the same. */
  header.steps("pm_runtime_get_sync", [device], "int", (dev: number) => power.getSync(dev));
  /** The same, without the user where it fails. Task context, may sleep. 0, or a negative errno. */
  header.steps("pm_runtime_resume_and_get", [device], "int", (dev: number) => power.resumeAndGet(dev));
  /** One more user, and no more. Any context. */
  header.plain("pm_runtime_get_noresume", [device], "void", (dev: number) => power.getNoResume(dev));
  /** One user less, and no more. Any context. */
  header.plain("pm_runtime_put_noidle", [device], "void", (dev: number) => power.putNoIdle(dev));
  /** One user less; the last lets the device be suspended, by a worker. Any context. 0, or a negative errno. */
  header.plain("pm_runtime_put", [device], "int", (dev: number) => power.put(dev));
  /** The same, before it returns. Task context, may sleep. 0, or a negative errno. */
  header.steps("pm_runtime_put_sync", [device], "int", (dev: number) => power.putSync(dev));
  /** The same, when the delay is over. Any context. 0, or a negative errno. */
  header.plain("pm_runtime_put_autosuspend", [device], "int", (dev: number) => power.putAutosuspend(dev));
  /** Says that the device is active, while runtime PM is off. Any context. 0, or -EAGAIN. */
  header.plain("pm_runtime_set_active", [device], "int", (dev: number) => power.setStatus(dev, "active"));
  /** Says that it is suspended, while runtime PM is off. Any context. 0, or -EAGAIN. */
  header.plain("pm_runtime_set_suspended", [device], "int", (dev: number) => power.setStatus(dev, "suspended"));
  /** Suspensions wait for the delay. Any context. */
  header.plain("pm_runtime_use_autosuspend", [device], "void", (dev: number) => power.useAutosuspend(dev, true));
  /** They do not. Any context. */
  header.plain("pm_runtime_dont_use_autosuspend", [device], "void", (dev: number) => power.useAutosuspend(dev, false));
  /** The delay, in milliseconds. Any context. */
  header.plain("pm_runtime_set_autosuspend_delay", [device, "int"], "void", (dev: number, millis: number) =>
    power.setDelay(dev, millis),
  );
  /** The delay begins now. Any context. */
  header.plain("pm_runtime_mark_last_busy", [device], "void", (dev: number) => power.markLastBusy(dev));
  /** Whether it is suspended, and runtime PM is on. Any context. */
  header.plain("pm_runtime_suspended", [device], "bool", (dev: number) => {
    const { status, disabled } = power.of(dev);
    return status === "suspended" && disabled === 0;
  });
  /** Whether it is active, or runtime PM is off. Any context. */
  header.plain("pm_runtime_active", [device], "bool", (dev: number) => {
    const { status, disabled } = power.of(dev);
    return status === "active" || disabled > 0;
  });
  return header;
}
