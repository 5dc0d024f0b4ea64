// Character devices behind device numbers of one's own.
import type { cdev, file_operations } from "./fs.d.ts";
import type { dev_t, int, Ref, uint } from "./types.d.ts";

export { cdev } from "./fs.ts";

/** Makes a cdev ready: it can then be added. Context: any. Source: fs/char_dev.c */
export function cdev_init(cdev: Ref<cdev>, fops: Ref<file_operations>): void;

/**
 * Makes the device live: from here on it can be opened, before this returns too.
 *
 * Context: process, may sleep. Result: 0 or a negative errno. Source: fs/char_dev.c
 */
export function cdev_add(p: Ref<cdev>, dev: dev_t, count: uint): int;

/** Removes the device; files that are open stay so. Context: process, may sleep. Source: fs/char_dev.c */
export function cdev_del(p: Ref<cdev>): void;
