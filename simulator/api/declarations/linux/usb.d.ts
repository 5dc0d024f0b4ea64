// Structs and functions of which only the contract is known here.
import type { device } from "./device.d.ts";
import type { file_operations } from "./fs.d.ts";
import type { CString, InitialisedBy, int, Pointer, Ref, Struct, u8, u16, uint, ulong } from "./types.d.ts";

export interface UsbDeviceIdMembers {
  match_flags: u16;
  idVendor: u16;
  idProduct: u16;
  bcdDevice_lo: u16;
  bcdDevice_hi: u16;
  bDeviceClass: u8;
  bDeviceSubClass: u8;
  bDeviceProtocol: u8;
  bInterfaceClass: u8;
  bInterfaceSubClass: u8;
  bInterfaceProtocol: u8;
  bInterfaceNumber: u8;
  driver_info: ulong;
}

/** `struct usb_device_id`, which devices a driver drives. Nothing looks into it here. Source: include/linux/mod_devicetable.h */
export type usb_device_id = Struct<"usb_device_id", UsbDeviceIdMembers>;
/** `struct usb_device_id`, which devices a driver drives. Nothing looks into it here. Source: include/linux/mod_devicetable.h */
export const usb_device_id: usb_device_id;

export interface UsbDeviceDescriptorMembers {
  bLength: u8;
  bDescriptorType: u8;
  bcdUSB: u16;
  bDeviceClass: u8;
  bDeviceSubClass: u8;
  bDeviceProtocol: u8;
  bMaxPacketSize0: u8;
  idVendor: u16;
  idProduct: u16;
  bcdDevice: u16;
  bNumConfigurations: u8;
}

/** `struct usb_device_descriptor`, what a device says of itself. Nothing looks into it here. Source: include/uapi/linux/usb/ch9.h */
export type usb_device_descriptor = Struct<"usb_device_descriptor", UsbDeviceDescriptorMembers>;
/** `struct usb_device_descriptor`, what a device says of itself. Nothing looks into it here. Source: include/uapi/linux/usb/ch9.h */
export const usb_device_descriptor: usb_device_descriptor;

export interface UsbDeviceMembers {
  devnum: int;
  speed: uint;
  product: CString;
  manufacturer: CString;
  serial: CString;
  readonly descriptor: Ref<usb_device_descriptor>;
  readonly dev: Ref<device>;
}

/** `struct usb_device`, a device on a USB bus. Nothing looks into it here. Source: include/linux/usb.h */
export type usb_device = Struct<"usb_device", UsbDeviceMembers>;
/** `struct usb_device`, a device on a USB bus. Nothing looks into it here. Source: include/linux/usb.h */
export const usb_device: usb_device;

export interface UsbEndpointDescriptorMembers {
  bLength: u8;
  bDescriptorType: u8;
  bEndpointAddress: u8;
  bmAttributes: u8;
  wMaxPacketSize: u16;
  bInterval: u8;
}

/** `struct usb_endpoint_descriptor`, what a device says of one of its endpoints. Nothing looks into it here. Source: include/uapi/linux/usb/ch9.h */
export type usb_endpoint_descriptor = Struct<"usb_endpoint_descriptor", UsbEndpointDescriptorMembers>;
/** `struct usb_endpoint_descriptor`, what a device says of one of its endpoints. Nothing looks into it here. Source: include/uapi/linux/usb/ch9.h */
export const usb_endpoint_descriptor: usb_endpoint_descriptor;

export interface UsbInterfaceDescriptorMembers {
  bInterfaceNumber: u8;
  bAlternateSetting: u8;
  bNumEndpoints: u8;
  bInterfaceClass: u8;
  bInterfaceSubClass: u8;
  bInterfaceProtocol: u8;
}

/** `struct usb_interface_descriptor`, what a device says of an interface. Nothing looks into it here. Source: include/uapi/linux/usb/ch9.h */
export type usb_interface_descriptor = Struct<"usb_interface_descriptor", UsbInterfaceDescriptorMembers>;
/** `struct usb_interface_descriptor`, what a device says of an interface. Nothing looks into it here. Source: include/uapi/linux/usb/ch9.h */
export const usb_interface_descriptor: usb_interface_descriptor;

export interface UsbHostEndpointMembers {
  readonly desc: Ref<usb_endpoint_descriptor>;
}

/** `struct usb_host_endpoint`, an endpoint of an interface. Nothing looks into it here. Source: include/linux/usb.h */
export type usb_host_endpoint = Struct<"usb_host_endpoint", UsbHostEndpointMembers>;
/** `struct usb_host_endpoint`, an endpoint of an interface. Nothing looks into it here. Source: include/linux/usb.h */
export const usb_host_endpoint: usb_host_endpoint;

export interface UsbHostInterfaceMembers {
  readonly desc: Ref<usb_interface_descriptor>;
  endpoint: Ref<usb_host_endpoint> | null;
}

/** `struct usb_host_interface`, a setting of an interface. Nothing looks into it here. Source: include/linux/usb.h */
export type usb_host_interface = Struct<"usb_host_interface", UsbHostInterfaceMembers>;
/** `struct usb_host_interface`, a setting of an interface. Nothing looks into it here. Source: include/linux/usb.h */
export const usb_host_interface: usb_host_interface;

export interface UsbInterfaceMembers {
  altsetting: Ref<usb_host_interface> | null;
  cur_altsetting: Ref<usb_host_interface> | null;
  num_altsetting: uint;
  minor: int;
  readonly dev: Ref<device>;
}

/** `struct usb_interface`, an interface of a device, which is what a driver drives. Nothing looks into it here. Source: include/linux/usb.h */
export type usb_interface = Struct<"usb_interface", UsbInterfaceMembers>;
/** `struct usb_interface`, an interface of a device, which is what a driver drives. Nothing looks into it here. Source: include/linux/usb.h */
export const usb_interface: usb_interface;

export interface UsbDriverInit {
  name: CString;
  probe?: (intf: Ref<usb_interface>, id: Ref<usb_device_id>) => int;
  disconnect?: (intf: Ref<usb_interface>) => void;
  unlocked_ioctl?: (intf: Ref<usb_interface>, code: uint, buf: Ref<unknown>) => int;
  suspend?: (intf: Ref<usb_interface>, message: int) => int;
  resume?: (intf: Ref<usb_interface>) => int;
  reset_resume?: (intf: Ref<usb_interface>) => int;
  pre_reset?: (intf: Ref<usb_interface>) => int;
  post_reset?: (intf: Ref<usb_interface>) => int;
  shutdown?: (intf: Ref<usb_interface>) => void;
  id_table?: readonly (Partial<UsbDeviceIdMembers> | Ref<usb_device_id>)[];
  dev_groups?: Pointer<unknown>;
  no_dynamic_id?: uint;
  supports_autosuspend?: uint;
  soft_unbind?: uint;
}

/** `struct usb_driver`, a driver of USB interfaces. Nothing looks into it here. Source: include/linux/usb.h */
export type usb_driver = Struct<"usb_driver", InitialisedBy<UsbDriverInit>>;
/** `struct usb_driver`, a driver of USB interfaces. Nothing looks into it here. Source: include/linux/usb.h */
export const usb_driver: usb_driver;

export interface UsbClassDriverInit {
  name: CString;
  devnode?: (dev: Ref<device>, mode: Ref<unknown>) => Ref<unknown> | null;
  fops?: Ref<file_operations>;
  minor_base?: int;
}

/** `struct usb_class_driver`, a character device that interfaces are given. Nothing looks into it here. Source: include/linux/usb.h */
export type usb_class_driver = Struct<"usb_class_driver", InitialisedBy<UsbClassDriverInit>>;
/** `struct usb_class_driver`, a character device that interfaces are given. Nothing looks into it here. Source: include/linux/usb.h */
export const usb_class_driver: usb_class_driver;

export interface UrbMembers {
  dev: Ref<usb_device> | null;
  pipe: uint;
  status: int;
  transfer_flags: uint;
  transfer_buffer: Pointer<unknown> | null;
  transfer_dma: uint;
  transfer_buffer_length: uint;
  actual_length: uint;
  setup_packet: Pointer<unknown> | null;
  start_frame: int;
  number_of_packets: int;
  interval: int;
  error_count: int;
  context: Pointer<unknown> | null;
  complete: (urb: Ref<urb>) => void;
}

/** `struct urb`, a request for a device. Nothing looks into it here. Source: include/linux/usb.h */
export type urb = Struct<"urb", UrbMembers>;
/** `struct urb`, a request for a device. Nothing looks into it here. Source: include/linux/usb.h */
export const urb: urb;

export const USB_DEVICE_ID_MATCH_VENDOR: u16;
export const USB_DEVICE_ID_MATCH_PRODUCT: u16;
export const USB_DEVICE_ID_MATCH_DEVICE: u16;
export const USB_DEVICE_ID_MATCH_INT_CLASS: u16;
/** An entry for a device, by vendor and product: `id_table: [USB_DEVICE(0x1234, 0x5678)]`. At file scope. Source: include/linux/usb.h */
export function USB_DEVICE(vend: u16, prod: u16): Ref<usb_device_id>;

// Contract stubs, written by test/simulator/write-contracts.ts.
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
  data: Pointer<unknown> | null,
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
export function usb_set_intfdata(intf: Pointer<unknown> | null, data: Pointer<unknown> | null): void;
/** The number of a bulk endpoint that is written. Context: any. Result: 0. Source: include/linux/usb.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_sndbulkpipe(dev: unknown, endpoint: unknown): number;
/** Hands a request to the host controller; its completion is called from an interrupt. Context: as its gfp flags say. Result: 0. Source: drivers/usb/core/urb.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function usb_submit_urb(urb: Pointer<unknown> | null, mem_flags: number): number;
