// One device node without a device number of one's own.
import type { device } from "./device.d.ts";
import type { file_operations } from "./fs.d.ts";
import type { CString, int, Ref, Struct } from "./types.d.ts";

export interface MiscdeviceMembers {
  /** MISC_DYNAMIC_MINOR, or one from Documentation/admin-guide/devices.txt. */
  minor: int;
  /** The name in /dev. */
  name: CString;
  fops: Ref<file_operations> | null;
  parent: Ref<device> | null;
  /** Set by misc_register. */
  readonly this_device: Ref<device> | null;
}

/** open finds it in `file.private_data`. Source: include/linux/miscdevice.h */
export type miscdevice = Struct<"miscdevice", MiscdeviceMembers>;
/** `struct miscdevice`; open finds it in `file.private_data`. Source: include/linux/miscdevice.h */
export const miscdevice: miscdevice;

/** The kernel chooses the minor number. */
export const MISC_DYNAMIC_MINOR: int;

/**
 * Makes the node and the device live: it can be opened before this returns.
 *
 * Context: process, may sleep. Result: 0 or a negative errno. Source: drivers/char/misc.c
 */
export function misc_register(misc: Ref<miscdevice>): int;

/** Removes the node; files that are open stay so. Context: process, may sleep. Source: drivers/char/misc.c */
export function misc_deregister(misc: Ref<miscdevice>): void;
