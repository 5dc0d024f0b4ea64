// Two keys on pins of the PL061: an edge interrupts, and what the pins say once they are quiet is an input event.
// devices: pl061
import { devm_kzalloc } from "linux/device";
import { IS_ERR, PTR_ERR } from "linux/err";
import { ENOMEM } from "linux/errno";
import {
  BUS_HOST,
  input_allocate_device,
  input_dev,
  input_free_device,
  input_get_drvdata,
  input_register_device,
  input_report_key,
  input_set_capability,
  input_set_drvdata,
  input_sync,
  input_unregister_device,
} from "linux/input";
import { EV_KEY, KEY_VOLUMEDOWN, KEY_VOLUMEUP } from "linux/input-event-codes";
import { devm_request_irq, IRQ_HANDLED, IRQ_NONE, type irqreturn_t } from "linux/interrupt";
import { readb, writeb } from "linux/io";
import { jiffies, msecs_to_jiffies } from "linux/jiffies";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE } from "linux/module";
import {
  devm_platform_ioremap_resource,
  module_platform_driver,
  type platform_device,
  platform_driver,
  platform_get_drvdata,
  platform_get_irq,
  platform_set_drvdata,
} from "linux/platform_device";
import { GFP_KERNEL } from "linux/slab";
import { from_timer, mod_timer, timer_delete_sync, timer_list, timer_setup } from "linux/timer";
import { type int, iomem, ptr, type Ref, struct } from "linux/types";

// Registers: ARM DDI 0190B. Bits 9 to 2 of the address of an access to the data say which pins it is about.
const GPIODIR = 0x400;
const GPIOIS = 0x404;
const GPIOIBE = 0x408;
const GPIOIE = 0x410;
const GPIOMIS = 0x418;
const GPIOIC = 0x41c;

const UP = 0x01;
const DOWN = 0x02;

/** Contacts bounce: a key has changed once its pin has been quiet for so long. */
const DEBOUNCE_MS = 10;

const buttons = struct("buttons", {
  regs: iomem,
  input: ptr(input_dev),
  debounce: timer_list,
});

/** Hardirq context: makes the device quiet, and puts the reading off for as long as contacts bounce. */
function buttons_irq(irq: int, d: Ref<typeof buttons>): irqreturn_t {
  const pending = readb(d.regs.add(GPIOMIS));
  if (!pending) return IRQ_NONE;

  writeb(pending, d.regs.add(GPIOIC));
  mod_timer(d.debounce, jiffies() + msecs_to_jiffies(DEBOUNCE_MS));
  return IRQ_HANDLED;
}

/** Softirq context. The input layer drops what is no news, so that all keys can be reported. */
function buttons_debounced(t: Ref<timer_list>): void {
  const d = from_timer(buttons, t, "debounce");
  const pins = readb(d.regs.add((UP | DOWN) << 2));

  input_report_key(d.input!, KEY_VOLUMEUP, pins & UP);
  input_report_key(d.input!, KEY_VOLUMEDOWN, pins & DOWN);
  input_sync(d.input!);
}

/** The first process opens the event node: from now on somebody listens. */
function buttons_open(input: Ref<input_dev>): int {
  const d = input_get_drvdata(input, buttons);
  writeb(0xff, d.regs.add(GPIOIC));
  writeb(UP | DOWN, d.regs.add(GPIOIE));
  return 0;
}

/** The last one has closed it, or the device goes. No interrupt may set the timer again once it is deleted. */
function buttons_close(input: Ref<input_dev>): void {
  const d = input_get_drvdata(input, buttons);
  writeb(0, d.regs.add(GPIOIE));
  timer_delete_sync(d.debounce);
}

function buttons_probe(pdev: Ref<platform_device>): int {
  const d = devm_kzalloc(pdev.dev, buttons, GFP_KERNEL);
  if (!d) return -ENOMEM;
  timer_setup(d.debounce, buttons_debounced, 0);

  const regs = devm_platform_ioremap_resource(pdev, 0);
  if (IS_ERR(regs)) return PTR_ERR(regs);
  d.regs = regs;
  writeb(0, regs.add(GPIOIE));
  writeb(0, regs.add(GPIODIR));
  writeb(0, regs.add(GPIOIS));
  writeb(UP | DOWN, regs.add(GPIOIBE));

  const irq = platform_get_irq(pdev, 0);
  if (irq < 0) return irq;
  let err = devm_request_irq(pdev.dev, irq, buttons_irq, 0, "buttons", d);
  if (err) return err;

  const input = input_allocate_device();
  if (!input) return -ENOMEM;
  d.input = input;
  input.name = "Volume keys";
  input.id.bustype = BUS_HOST;
  input.open = buttons_open;
  input.close = buttons_close;
  input_set_capability(input, EV_KEY, KEY_VOLUMEUP);
  input_set_capability(input, EV_KEY, KEY_VOLUMEDOWN);
  input_set_drvdata(input, d);
  input.dev.parent = pdev.dev;
  platform_set_drvdata(pdev, d);

  // From here on the device can be opened, so this comes last.
  err = input_register_device(input);
  if (err) input_free_device(input);
  return err;
}

function buttons_remove(pdev: Ref<platform_device>): void {
  const d = platform_get_drvdata(pdev, buttons);
  // Closes the device where it is open, and frees it. The driver core takes the handler away, and then the memory.
  input_unregister_device(d.input!);
}

const buttons_driver = platform_driver({
  probe: buttons_probe,
  remove: buttons_remove,
  driver: { name: "buttons", of_match_table: [{ compatible: "arm,pl061" }] },
});

module_platform_driver(buttons_driver);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("Keys on pins of a PL061");
