// Power management of devices.
import type { device } from "./device.d.ts";
import type { InitialisedBy, int, Ref, Struct } from "./types.d.ts";

type Callback = (dev: Ref<device>) => int;

/** Members of `struct dev_pm_ops` that drivers set. Each returns 0 or a negative errno. */
export interface DevPmOpsInit {
  prepare?: Callback;
  complete?: (dev: Ref<device>) => void;
  suspend?: Callback;
  resume?: Callback;
  freeze?: Callback;
  thaw?: Callback;
  poweroff?: Callback;
  restore?: Callback;
  suspend_late?: Callback;
  resume_early?: Callback;
  suspend_noirq?: Callback;
  resume_noirq?: Callback;
  runtime_suspend?: Callback;
  runtime_resume?: Callback;
  runtime_idle?: Callback;
}

/** `struct dev_pm_ops`, what a driver does when the system or its device sleeps. Source: include/linux/pm.h */
export type dev_pm_ops = Struct<"dev_pm_ops", InitialisedBy<DevPmOpsInit>>;
/** `struct dev_pm_ops`, what a driver does when the system or its device sleeps. Source: include/linux/pm.h */
export const dev_pm_ops: dev_pm_ops;

/** Operations for system sleep and hibernation: `const ops = DEFINE_SIMPLE_DEV_PM_OPS("ops", suspend, resume)`. At file scope. Source: include/linux/pm.h */
export function DEFINE_SIMPLE_DEV_PM_OPS(name: string, suspend: Callback, resume: Callback): Ref<dev_pm_ops>;
/** The older name of DEFINE_SIMPLE_DEV_PM_OPS. At file scope. Source: include/linux/pm.h */
export function SIMPLE_DEV_PM_OPS(name: string, suspend: Callback, resume: Callback): Ref<dev_pm_ops>;
/** Operations for runtime PM; system sleep uses them through pm_runtime_force_suspend and _resume. At file scope. Source: include/linux/pm_runtime.h */
export function DEFINE_RUNTIME_DEV_PM_OPS(
  name: string,
  suspend: Callback,
  resume: Callback,
  idle: Callback | null,
): Ref<dev_pm_ops>;
/** The operations, where the kernel has power management, as this one has. At file scope. Source: include/linux/pm.h */
export function pm_ptr(ops: Ref<dev_pm_ops>): Ref<dev_pm_ops> | null;
/** The operations, where the kernel has system sleep, as this one has. At file scope. Source: include/linux/pm.h */
export function pm_sleep_ptr(ops: Ref<dev_pm_ops>): Ref<dev_pm_ops> | null;
