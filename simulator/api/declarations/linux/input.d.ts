// Devices that people press, turn and touch; types and codes of events are in linux/input-event-codes.
import type { device } from "./device.d.ts";
import type { AnyStruct, ArrayOf, CString, int, Pointer, Ref, Scalar, Struct, s32, u16, uint } from "./types.d.ts";

export interface InputIdMembers {
  /** BUS_…. */
  bustype: u16;
  vendor: u16;
  product: u16;
  version: u16;
}
/** `struct input_id`. Source: include/uapi/linux/input.h */
export type input_id = Struct<"input_id", InputIdMembers>;
/** `struct input_id`. Source: include/uapi/linux/input.h */
export const input_id: input_id;

export interface InputAbsinfoMembers {
  value: s32;
  minimum: s32;
  maximum: s32;
  fuzz: s32;
  flat: s32;
  resolution: s32;
}
/** `struct input_absinfo`, an axis. Source: include/uapi/linux/input.h */
export type input_absinfo = Struct<"input_absinfo", InputAbsinfoMembers>;
/** `struct input_absinfo`, an axis. Source: include/uapi/linux/input.h */
export const input_absinfo: input_absinfo;

/** A bitmap of codes: `set_bit(KEY_ENTER, input.keybit)`, or `input.evbit[0] = BIT(EV_KEY) | BIT(EV_REL)`. */
type Bitmap = Ref<ArrayOf<Scalar<"u32", number>>>;

export interface InputDevMembers {
  name: CString;
  phys: CString;
  uniq: CString;
  readonly id: Ref<input_id>;
  readonly propbit: Bitmap;
  /** Types of events that the device has; types that are not here have no codes. */
  readonly evbit: Bitmap;
  readonly keybit: Bitmap;
  readonly relbit: Bitmap;
  readonly absbit: Bitmap;
  readonly mscbit: Bitmap;
  readonly ledbit: Bitmap;
  readonly sndbit: Bitmap;
  readonly swbit: Bitmap;
  /** How keys, LEDs, sounds and switches stand. */
  readonly key: Bitmap;
  readonly led: Bitmap;
  readonly snd: Bitmap;
  readonly sw: Bitmap;
  /** Delay and period of autorepeat, in milliseconds: set both, and it is the driver's own business. */
  readonly rep: Ref<ArrayOf<Scalar<"s32", number>>>;
  hint_events_per_packet: uint;
  /** The first process opens the device. Process context, may sleep. Result: 0 or a negative errno. */
  open: ((dev: Ref<input_dev>) => int) | null;
  /** The last process has closed it. Process context, may sleep. */
  close: ((dev: Ref<input_dev>) => void) | null;
  /** Something is for the device: LEDs, sounds. Interrupts are off and a spinlock is held. Result: ignored. */
  event: ((dev: Ref<input_dev>, type: uint, code: uint, value: int) => int) | null;
  /** The driver model's part; set its `parent`. */
  readonly dev: Ref<device>;
}
/** `struct input_dev`. Source: include/linux/input.h */
export type input_dev = Struct<"input_dev", InputDevMembers>;
/** `struct input_dev`. Source: include/linux/input.h */
export const input_dev: input_dev;

export const BUS_PCI: u16;
export const BUS_USB: u16;
export const BUS_VIRTUAL: u16;
export const BUS_I2C: u16;
export const BUS_HOST: u16;

/** A new device, to be filled in and registered. Context: process, may sleep. Result: NULL when there is no memory. Source: drivers/input/input.c, as for all of these */
export function input_allocate_device(): Ref<input_dev> | null;
/** A new device that goes with the driver of `dev`, registered or not. Context: process, may sleep. Result: NULL when there is no memory. */
export function devm_input_allocate_device(dev: Ref<device>): Ref<input_dev> | null;
/** Frees a device that was never registered; NULL is ignored. Context: any. */
export function input_free_device(dev: Ref<input_dev> | null): void;
/**
 * Makes a device live: from now on processes read its events from /dev/input/event….
 *
 * Context: process, may sleep. Result: 0 or a negative errno. Differs from Linux: event nodes are the only handlers.
 */
export function input_register_device(dev: Ref<input_dev>): int;
/** Takes a device away, and frees it: input_free_device() must not follow. Context: process, may sleep. */
export function input_unregister_device(dev: Ref<input_dev>): void;
/** Says that a device can report a code, and sets the bit of its type. Context: any; process for axes. */
export function input_set_capability(dev: Ref<input_dev>, type: uint, code: uint): void;
/** Says which values an axis has; `fuzz` filters noise. Context: process, may sleep. */
export function input_set_abs_params(dev: Ref<input_dev>, axis: uint, min: int, max: int, fuzz: int, flat: int): void;
/** How an axis stands. Context: any. Source: include/linux/input.h */
export function input_abs_get_val(dev: Ref<input_dev>, axis: uint): int;
/** Sets how an axis stands, without an event. Context: any. Source: include/linux/input.h */
export function input_abs_set_val(dev: Ref<input_dev>, axis: uint, val: int): void;
/** What the driver stored, as a `layout`. Context: any. Source: include/linux/input.h */
export function input_get_drvdata<T extends AnyStruct>(dev: Ref<input_dev>, layout: T): Ref<T>;
/** Stores the driver's own. Context: any. Source: include/linux/input.h */
export function input_set_drvdata(dev: Ref<input_dev>, data: Pointer<unknown> | null): void;
/** Sets delay and period of autorepeat for a device with EV_REP, in milliseconds. Context: any. */
export function input_enable_softrepeat(dev: Ref<input_dev>, delay: int, period: int): void;

/** Reports something; codes that the device does not have, and states that are no news, are dropped. Context: any. */
export function input_event(dev: Ref<input_dev>, type: uint, code: uint, value: int): void;
/** Reports a key or a button: pressed unless 0. Context: any. Source: include/linux/input.h */
export function input_report_key(dev: Ref<input_dev>, code: uint, value: int): void;
/** Reports a movement. Context: any. Source: include/linux/input.h */
export function input_report_rel(dev: Ref<input_dev>, code: uint, value: int): void;
/** Reports a position. Context: any. Source: include/linux/input.h */
export function input_report_abs(dev: Ref<input_dev>, code: uint, value: int): void;
/** Reports a switch: on unless 0. Context: any. Source: include/linux/input.h */
export function input_report_switch(dev: Ref<input_dev>, code: uint, value: int): void;
/** Ends a packet: only now what was reported reaches processes. Context: any. Source: include/linux/input.h */
export function input_sync(dev: Ref<input_dev>): void;

/** Has `poll_fn` called every 500 ms, or as input_set_poll_interval() says, while somebody has the device open. It runs in process context. Context: process, may sleep. Result: 0 or -ENOMEM. Source: drivers/input/input-poller.c */
export function input_setup_polling(dev: Ref<input_dev>, poll_fn: (dev: Ref<input_dev>) => void): int;
/** How often to poll, in milliseconds. Context: any. Source: drivers/input/input-poller.c */
export function input_set_poll_interval(dev: Ref<input_dev>, interval: uint): void;
/** How often a device is polled. Context: any. Result: milliseconds, or -EINVAL. Source: drivers/input/input-poller.c */
export function input_get_poll_interval(dev: Ref<input_dev>): int;
