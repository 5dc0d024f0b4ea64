// linux/miscdevice: one device node without a device number of one's own.
import { MISC_DYNAMIC_MINOR } from "../kernel/char-devices.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { miscdevice as miscdevice_layout } from "../kernel/layouts.ts";
import { Header } from "./header.ts";

export function miscdevice({ core, chardevs }: Kernel): Header {
  const header = new Header(core);
  header.layout("miscdevice", miscdevice_layout);
  header.constant("MISC_DYNAMIC_MINOR", MISC_DYNAMIC_MINOR);

  /** Makes the node and the device live. Task context, may sleep. 0, or a negative errno. */
  header.plain("misc_register", [miscdevice_layout], "int", (misc: number) => chardevs.miscRegister(misc));
  /** Removes the node; open files stay open. Task context, may sleep. */
  header.steps("misc_deregister", [miscdevice_layout], "void", (misc: number) => chardevs.miscDeregister(misc));
  return header;
}
