// What the firmware says of a device.
import type { device } from "./device.d.ts";
import type { int, Pointer, Ref } from "./types.d.ts";

/** A number of a device. Context: any. Result: 0 or a negative errno. Source: include/linux/property.h, as for all of these */
export function device_property_read_u32(dev: Ref<device>, propname: string, val: Ref<number>): int;
/** A text of a device. Context: any. Result: 0 or a negative errno. */
export function device_property_read_string(dev: Ref<device>, propname: string, val: Pointer<unknown>): int;
/** Whether a device has a property. Context: any. */
export function device_property_read_bool(dev: Ref<device>, propname: string): boolean;
/** Whether a device has a property. Context: any. */
export function device_property_present(dev: Ref<device>, propname: string): boolean;
