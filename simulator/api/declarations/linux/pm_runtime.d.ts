// Runtime power management: devices sleep while nobody uses them.
import type { device } from "./device.d.ts";
import type { int, Ref } from "./types.d.ts";

/** Turns runtime PM of a device on; it begins off. Context: any. Source: drivers/base/power/runtime.c, include/linux/pm_runtime.h, as for all of these */
export function pm_runtime_enable(dev: Ref<device>): void;
/** Turns runtime PM off; calls nest. Context: process, may sleep. */
export function pm_runtime_disable(dev: Ref<device>): void;
/** One more user, for whom the device is resumed. The user counts also when it fails. Context: process, may sleep. Result: 1 when it was active, 0, or a negative errno. */
export function pm_runtime_get_sync(dev: Ref<device>): int;
/** pm_runtime_get_sync, after which the user does not count when it fails. Context: process, may sleep. Result: 0 or a negative errno. */
export function pm_runtime_resume_and_get(dev: Ref<device>): int;
/** One more user; the device stays as it is. Context: any. */
export function pm_runtime_get_noresume(dev: Ref<device>): void;
/** One user less; the device stays as it is. Context: any. */
export function pm_runtime_put_noidle(dev: Ref<device>): void;
/** One user less; after the last a worker suspends the device. Context: any. Result: 0 or a negative errno. */
export function pm_runtime_put(dev: Ref<device>): int;
/** One user less; after the last the device is suspended before this returns. Context: process, may sleep. Result: 0 or a negative errno. */
export function pm_runtime_put_sync(dev: Ref<device>): int;
/** One user less; after the last the device is suspended when its delay is over. Context: any. Result: 0 or a negative errno. */
export function pm_runtime_put_autosuspend(dev: Ref<device>): int;
/** Says that the device is active, while runtime PM is off or after an error. Context: any. Result: 0, -EAGAIN while it is on, -EBUSY when its parent is not active. */
export function pm_runtime_set_active(dev: Ref<device>): int;
/** Says that the device is suspended, while runtime PM is off. Context: any. Result: 0, or -EAGAIN while it is on. */
export function pm_runtime_set_suspended(dev: Ref<device>): int;
/** Suspensions wait until the delay is over. Context: any. */
export function pm_runtime_use_autosuspend(dev: Ref<device>): void;
/** Suspensions do not wait. Context: any. */
export function pm_runtime_dont_use_autosuspend(dev: Ref<device>): void;
/** The delay begins now. Context: any. */
export function pm_runtime_mark_last_busy(dev: Ref<device>): void;
/** Whether the device is suspended while runtime PM is on. Context: any. */
export function pm_runtime_suspended(dev: Ref<device>): boolean;
/** Whether the device is active, or runtime PM is off. Context: any. */
export function pm_runtime_active(dev: Ref<device>): boolean;
/** How long a device stays awake after it was last busy, in milliseconds; negative: for ever. Context: any. */
export function pm_runtime_set_autosuspend_delay(dev: Ref<device>, delay: int): void;
/** One more user, for whom a worker resumes the device; the user counts also when it fails. Context: any. Result: 1 when it was active, 0, or a negative errno. */
export function pm_runtime_get(dev: Ref<device>): int;
/** One more user where the device is active, whoever else uses it. Context: any. Result: 1, 0, or -EINVAL while runtime PM is off. */
export function pm_runtime_get_if_active(dev: Ref<device>): int;
/** One more user where the device is active and has one. Context: any. Result: 1, 0, or -EINVAL while runtime PM is off. */
export function pm_runtime_get_if_in_use(dev: Ref<device>): int;
/** One user less; after the last the device is suspended before this returns, whatever runtime_idle would say. Context: process, may sleep. Result: 0 or a negative errno. */
export function pm_runtime_put_sync_suspend(dev: Ref<device>): int;
/** One user less; after the last the device is suspended, at once where there is no delay. Context: process, may sleep. Result: 0 or a negative errno. */
export function pm_runtime_put_sync_autosuspend(dev: Ref<device>): int;
/** Suspends a device that nobody uses. Context: process, may sleep. Result: 0, 1 when it is suspended, or a negative errno: -EAGAIN while it has users, -EBUSY while children are active. */
export function pm_runtime_suspend(dev: Ref<device>): int;
/** The same, when the delay is over. Context: process, may sleep. Result: as pm_runtime_suspend. */
export function pm_runtime_autosuspend(dev: Ref<device>): int;
/** Resumes a device, after its parent. Context: process, may sleep. Result: 0, 1 when it is active, or a negative errno. */
export function pm_runtime_resume(dev: Ref<device>): int;
/** Suspends a device that nobody uses, where its runtime_idle returns 0. Context: process, may sleep. Result: 0 or a negative errno. */
export function pm_runtime_idle(dev: Ref<device>): int;
/** pm_runtime_idle by a worker. Context: any. Result: 0 or a negative errno. */
export function pm_request_idle(dev: Ref<device>): int;
/** pm_runtime_resume by a worker. Context: any. Result: 0, 1 when it is active, or a negative errno. */
export function pm_request_resume(dev: Ref<device>): int;
/** Waits until nothing is under way or asked for; a resume that is asked for is done. Context: process, may sleep. Result: 1 when it was, else 0. */
export function pm_runtime_barrier(dev: Ref<device>): int;
/** Suspends a device for system sleep by its runtime_suspend, whoever uses it. Context: process, may sleep. Result: 0 or a negative errno. */
export function pm_runtime_force_suspend(dev: Ref<device>): int;
/** Undoes pm_runtime_force_suspend. Context: process, may sleep. Result: 0 or a negative errno. */
export function pm_runtime_force_resume(dev: Ref<device>): int;
/** pm_runtime_enable, undone when the driver leaves. Context: process, may sleep. Result: 0, or -ENOMEM. */
export function devm_pm_runtime_enable(dev: Ref<device>): int;
/** The device stays awake until pm_runtime_allow: as `on` in /sys/devices/…/power/control. Context: process, may sleep. */
export function pm_runtime_forbid(dev: Ref<device>): void;
/** The device may sleep: as `auto` in power/control. Context: any. */
export function pm_runtime_allow(dev: Ref<device>): void;
/** Whether the device may sleep while its children are awake. Context: any. */
export function pm_suspend_ignore_children(dev: Ref<device>, enable: boolean): void;
/** Nothing is called for this device; it sleeps and wakes with its children. Context: any. */
export function pm_runtime_no_callbacks(dev: Ref<device>): void;
/** The driver's functions may be called with interrupts disabled; its parent stays awake for good. Context: process, may sleep. */
export function pm_runtime_irq_safe(dev: Ref<device>): void;
/** Whether runtime PM is on. Context: any. */
export function pm_runtime_enabled(dev: Ref<device>): boolean;
/** Whether the device is suspended, be runtime PM on or off. Context: any. */
export function pm_runtime_status_suspended(dev: Ref<device>): boolean;
