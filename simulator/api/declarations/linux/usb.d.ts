// Functions of which only the contract is known here.
import type { Pointer, Ref } from "./types.d.ts";

// Contract stubs, written by test/simulator/write-contracts.ts.
/** What a table of devices says of one that is known by vendor and product. Context: any. Result: 0. Source: include/linux/usb.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function USB_DEVICE(vend: unknown, prod: unknown): number;
/** The device that an interface belongs to. Context: any. Result: a cleared object. Source: include/linux/usb.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function interface_to_usbdev(intf: unknown): Ref<unknown>;
/** Memory that a device and the CPU see alike; NULL when there is none. Context: as its gfp flags say. Result: a cleared object. Source: drivers/usb/core/usb.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_alloc_coherent(
  dev: Pointer<unknown> | null,
  size: number,
  mem_flags: number,
  dma: Pointer<unknown> | null,
): Ref<unknown> | null;
/** Makes a request for a device; NULL when there is no memory. Context: as its gfp flags say. Result: a cleared object. Source: drivers/usb/core/urb.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_alloc_urb(iso_packets: number, mem_flags: number): Ref<unknown> | null;
/** Sends or receives a message, and waits for its end. Context: process, may sleep. Result: 0. Source: drivers/usb/core/message.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_bulk_msg(
  usb_dev: Pointer<unknown> | null,
  pipe: number,
  arg2: Pointer<unknown> | null,
  len: number,
  actual_length: Pointer<unknown> | null,
  timeout: number,
): number;
/** Takes a driver back from all its devices. Context: process, may sleep. Source: drivers/usb/core/driver.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_deregister(driver: Pointer<unknown> | null): void;
/** Removes the character device of an interface. Context: process, may sleep. Source: drivers/usb/core/file.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_deregister_dev(intf: Pointer<unknown> | null, class_driver: Pointer<unknown> | null): void;
/** Fills in a request for a bulk transfer. Context: any. Source: include/linux/usb.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_fill_bulk_urb(
  urb: Pointer<unknown> | null,
  dev: Pointer<unknown> | null,
  pipe: number,
  transfer_buffer: Pointer<unknown> | null,
  buffer_length: number,
  complete_fn: ((...args: never[]) => unknown) | null,
  context: Pointer<unknown> | null,
): void;
/** The interface of a driver whose character device has a minor number. Context: any. Result: a cleared object. Source: drivers/usb/core/usb.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_find_interface(drv: Pointer<unknown> | null, minor: number): Ref<unknown> | null;
/** Frees what usb_alloc_coherent gave. Context: not known. Source: drivers/usb/core/usb.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_free_coherent(
  dev: Pointer<unknown> | null,
  size: number,
  addr: Pointer<unknown> | null,
  dma: number,
): void;
/** Gives a reference to a request back. Context: any. Source: drivers/usb/core/urb.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_free_urb(urb: Pointer<unknown> | null): void;
/** Takes a reference to a device. Context: any. Result: a cleared object. Source: drivers/usb/core/usb.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_get_dev(dev: Pointer<unknown> | null): Ref<unknown>;
/** What the driver has set for an interface. Context: any. Result: a cleared object. Source: include/linux/usb.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_get_intfdata(intf: Pointer<unknown> | null): Ref<unknown>;
/** Gives a reference to a device back. Context: any. Source: drivers/usb/core/usb.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_put_dev(dev: Pointer<unknown> | null): void;
/** The number of a bulk endpoint that is read. Context: any. Result: 0. Source: include/linux/usb.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_rcvbulkpipe(dev: unknown, endpoint: unknown): number;
/** Makes a driver known, which is then given its devices. Context: process, may sleep. Result: 0. Source: include/linux/usb.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_register(driver: unknown): number;
/** Makes a character device for an interface. Context: process, may sleep. Result: 0. Source: drivers/usb/core/file.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_register_dev(intf: Pointer<unknown> | null, class_driver: Pointer<unknown> | null): number;
/** Sets what the driver knows of an interface. Context: any. Source: include/linux/usb.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_set_intfdata(intf: Pointer<unknown> | null, arg1: Pointer<unknown> | null): void;
/** The number of a bulk endpoint that is written. Context: any. Result: 0. Source: include/linux/usb.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_sndbulkpipe(dev: unknown, endpoint: unknown): number;
/** Hands a request to the host controller; its completion is called from an interrupt. Context: as its gfp flags say. Result: 0. Source: drivers/usb/core/urb.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_submit_urb(urb: Pointer<unknown> | null, mem_flags: number): number;
