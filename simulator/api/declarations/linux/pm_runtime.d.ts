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
/** Says that the device is active, while runtime PM is off. Context: any. Result: 0, or -EAGAIN while it is on. */
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
