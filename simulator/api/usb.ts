// linux/usb: the entries of an id table; what else drivers call of it are contracts.
import { usb_device_id } from "../kernel/contract-layouts.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { offsetOf } from "../kernel/layouts.ts";
import { Header } from "./header.ts";

const MATCH = {
  USB_DEVICE_ID_MATCH_VENDOR: 0x1,
  USB_DEVICE_ID_MATCH_PRODUCT: 0x2,
  USB_DEVICE_ID_MATCH_DEVICE: 0x3,
  USB_DEVICE_ID_MATCH_INT_CLASS: 0x80,
};

export function usb({ core, statics }: Kernel): Header {
  const header = new Header(core);
  header.constants(MATCH);
  /** An entry for a device, by vendor and product. At file scope. */
  header.plain("USB_DEVICE", ["u16", "u16"], usb_device_id, (vendor: number, product: number) => {
    const address = statics.global(usb_device_id.size, usb_device_id.align, "usb_device_id");
    const members = { match_flags: MATCH.USB_DEVICE_ID_MATCH_DEVICE, idVendor: vendor, idProduct: product };
    for (const [name, value] of Object.entries(members)) {
      core.memory.poke(address + offsetOf(usb_device_id, name), 2, value);
    }
    return address;
  });
  return header;
}
