// gpio-irq.ts with one mistake: the handler itself waits until the button is quiet.
// devices: pl061
import { msleep } from "linux/delay";
import { devm_kzalloc } from "linux/device";
import { IS_ERR, PTR_ERR } from "linux/err";
import { ENOMEM } from "linux/errno";
import { type file, file_operations, type inode, simple_read_from_buffer } from "linux/fs";
import { devm_request_threaded_irq, IRQ_HANDLED, IRQ_NONE, IRQ_WAKE_THREAD, type irqreturn_t } from "linux/interrupt";
import { readb, writeb } from "linux/io";
import { scnprintf } from "linux/kernel";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE, THIS_MODULE } from "linux/module";
import { mutex, mutex_init, mutex_lock, mutex_unlock } from "linux/mutex";
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
import {
  array,
  cast,
  char,
  container_of,
  type int,
  iomem,
  type loff_t,
  on_stack,
  type Ref,
  type size_t,
  type ssize_t,
  struct,
  type UserPtr,
  u32,
} from "linux/types";

// Registers: ARM DDI 0190B. Bits 9 to 2 of the address of an access to the data say which pins it is about.
const GPIODIR = 0x400;
const GPIOIS = 0x404;
const GPIOIBE = 0x408;
const GPIOIEV = 0x40c;
const GPIOIE = 0x410;
const GPIOMIS = 0x418;
const GPIOIC = 0x41c;

const BUTTON = 0x01;
const BELL = 0x02;

/** Contacts bounce: what a button says counts once it has been quiet for so long. */
const DEBOUNCE_MS = 10;
const RING_MS = 500;

const door = struct("door", {
  regs: iomem,
  misc: miscdevice,
  /** Guards the count, which the thread of the interrupt shares with readers. */
  lock: mutex,
  visitors: u32,
});

function door_pin(d: Ref<typeof door>, pin: u32): boolean {
  return readb(d.regs.add(pin << 2)) !== 0;
}

function door_set_pin(d: Ref<typeof door>, pin: u32, level: boolean): void {
  writeb(level ? pin : 0, d.regs.add(pin << 2));
}

/** Hardirq context: says whether it was this device, makes it quiet, and leaves the rest to the thread. */
function door_irq(irq: int, d: Ref<typeof door>): irqreturn_t {
  const pending = readb(d.regs.add(GPIOMIS));
  if (!pending) return IRQ_NONE;

  writeb(pending, d.regs.add(GPIOIC));
  msleep(DEBOUNCE_MS); // reports: sleep-in-atomic
  return IRQ_WAKE_THREAD;
}

/** Process context, in the thread of the interrupt: it may sleep. */
function door_thread(irq: int, d: Ref<typeof door>): irqreturn_t {
  if (!door_pin(d, BUTTON)) return IRQ_HANDLED;

  mutex_lock(d.lock);
  d.visitors += 1;
  mutex_unlock(d.lock);

  door_set_pin(d, BELL, true);
  msleep(RING_MS);
  door_set_pin(d, BELL, false);
  return IRQ_HANDLED;
}

function door_open(inode: Ref<inode>, file: Ref<file>): int {
  file.private_data = container_of(cast(miscdevice, file.private_data), door, "misc");
  return 0;
}

/** How many have rung. */
function door_read(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const d = cast(door, file.private_data);
  const text = on_stack(array(char, 16));

  mutex_lock(d.lock);
  const length = scnprintf(text, 16, "%u\n", d.visitors);
  mutex_unlock(d.lock);
  return simple_read_from_buffer(buf, count, ppos, text, length);
}

const door_fops = file_operations({
  owner: THIS_MODULE,
  open: door_open,
  read: door_read,
});

/** The button is an input that interrupts when it goes down, the bell an output that is silent. */
function door_setup(d: Ref<typeof door>): void {
  writeb(0, d.regs.add(GPIOIE));
  writeb(BELL, d.regs.add(GPIODIR));
  door_set_pin(d, BELL, false);
  writeb(0, d.regs.add(GPIOIS));
  writeb(0, d.regs.add(GPIOIBE));
  writeb(BUTTON, d.regs.add(GPIOIEV));
  writeb(0xff, d.regs.add(GPIOIC));
}

function door_probe(pdev: Ref<platform_device>): int {
  const d = devm_kzalloc(pdev.dev, door, GFP_KERNEL);
  if (!d) return -ENOMEM;
  mutex_init(d.lock);
  platform_set_drvdata(pdev, d);

  const regs = devm_platform_ioremap_resource(pdev, 0);
  if (IS_ERR(regs)) return PTR_ERR(regs);
  d.regs = regs;
  door_setup(d);

  const irq = platform_get_irq(pdev, 0);
  if (irq < 0) return irq;
  let err = devm_request_threaded_irq(pdev.dev, irq, door_irq, door_thread, 0, "door", d);
  if (err) return err;

  d.misc.minor = MISC_DYNAMIC_MINOR;
  d.misc.name = "door";
  d.misc.fops = door_fops;
  d.misc.parent = pdev.dev;
  err = misc_register(d.misc);
  if (err) return err;

  // Last, since nobody has to be told of what comes before.
  writeb(BUTTON, d.regs.add(GPIOIE));
  return 0;
}

function door_remove(pdev: Ref<platform_device>): void {
  const d = platform_get_drvdata(pdev, door);
  writeb(0, d.regs.add(GPIOIE));
  misc_deregister(d.misc);
  // The driver core takes the handler away, which waits for its thread, and then the memory.
}

module_platform_driver(
  platform_driver({
    probe: door_probe,
    remove: door_remove,
    driver: { name: "gpio-irq", of_match_table: [{ compatible: "arm,pl061" }] },
  }),
);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("A door bell on a PL061");
