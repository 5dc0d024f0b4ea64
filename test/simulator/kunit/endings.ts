// What ends a task of a driver, and what a module leaves behind: each is found by its check.
import { EINVAL } from "linux/errno";
import { type file, file_operations } from "linux/fs";
import { IRQ_NONE, IRQF_SHARED, type irqreturn_t, request_irq } from "linux/interrupt";
import { jiffies } from "linux/jiffies";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { mod_timer, timer_list, timer_setup } from "linux/timer";
import {
  array,
  cast,
  char,
  type int,
  type long,
  on_stack,
  ptr,
  type Ref,
  sizeof,
  struct,
  u32,
  type uint,
  type ulong,
  user,
} from "linux/types";
import { copy_from_user } from "linux/uaccess";
import { delayed_work, INIT_DELAYED_WORK, schedule_delayed_work } from "linux/workqueue";

const RECURSE = 1;
const LARGE_FRAME = 2;
const FOLLOW = 3;
const FILL = 4;
const TOUCH = 5;

const request = struct("request", { where: ptr(u32) });
const registers_number = struct("registers_number", { address: u32 });
const page = struct("page_of_text", { text: array(char, 4096) });
const endings_dev = struct("endings_dev", { misc: miscdevice, timer: timer_list, work: delayed_work, count: u32 });
const d = endings_dev({});

function recurse(n: int): int {
  return recurse(n + 1) + 1; // reports: large-stack
}

/** Two pages and red zones are more than there is. */
function large_frame(): int {
  const one = on_stack(page);
  const two = on_stack(page); // reports: large-stack
  return one.text[0] + two.text[0];
}

/** Half of it is no trouble. */
function fill(n: int): int {
  const part = on_stack(request);
  return n === 0 ? 0 : fill(n - 1) + (part === null ? 1 : 0);
}

/** The pointer came from user space, and must not be followed. */
function follow(arg: ulong): long {
  const asked = on_stack(request);
  if (copy_from_user(asked, user(arg), sizeof(request))) return -EINVAL;
  if (!asked.where) return -EINVAL;
  return asked.where.value; // reports: oops, user-pointer-deref
}

/** A mapping whose type was lost on the way: only linux/io may follow it. */
function touch_registers(): long {
  const lost = on_stack(registers_number);
  lost.address = 0xf0000000;
  const found = cast(request, lost);
  if (!found.where) return -EINVAL;
  found.where.value = 1; // reports: iomem-deref, oops
  return 0;
}

function endings_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  switch (cmd) {
    case RECURSE:
      return recurse(0);
    case LARGE_FRAME:
      return large_frame();
    case FOLLOW:
      return follow(arg);
    case FILL:
      return fill(20);
    case TOUCH:
      return touch_registers();
    default:
      return -EINVAL;
  }
}

const endings_fops = file_operations({ owner: THIS_MODULE, unlocked_ioctl: endings_ioctl });

function endings_irq(): irqreturn_t {
  return IRQ_NONE;
}

function tick(): void {
  d.count += 1;
}

function endings_init(): int {
  d.misc.minor = MISC_DYNAMIC_MINOR;
  d.misc.name = "endings";
  d.misc.fops = endings_fops;
  const err = misc_register(d.misc);
  if (err) return err;
  // None of these is undone.
  request_irq(9, endings_irq, IRQF_SHARED, "endings", d); // reports: missing-release
  timer_setup(d.timer, tick, 0);
  mod_timer(d.timer, jiffies() + 5000); // reports: missing-cancel-on-remove
  INIT_DELAYED_WORK(d.work, tick);
  schedule_delayed_work(d.work, 5000); // reports: missing-cancel-on-remove
  return 0;
}

function endings_exit(): void {
  misc_deregister(d.misc);
}

module_init(endings_init);
module_exit(endings_exit);
MODULE_LICENSE("GPL");
