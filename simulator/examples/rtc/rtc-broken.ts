// rtc.ts with one mistake: setting the alarm calls a function that takes the lock which is held.
// devices: goldfish-rtc
import { devm_kzalloc } from "linux/device";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EFAULT, EINVAL, ENOMEM, ENOTTY, ERESTARTSYS } from "linux/errno";
import { type file, file_operations, type inode, stream_open } from "linux/fs";
import { devm_request_irq, IRQ_HANDLED, type irqreturn_t } from "linux/interrupt";
import { readl, writel } from "linux/io";
import { _IOR, _IOW } from "linux/ioctl";
import { lower_32_bits, upper_32_bits } from "linux/kernel";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE, THIS_MODULE } from "linux/module";
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
  spin_lock,
  spin_lock_init,
  spin_lock_irqsave,
  spin_unlock,
  spin_unlock_irqrestore,
  spinlock_t,
} from "linux/spinlock";
import { mktime64, time64_to_tm, tm } from "linux/time64";
import {
  cast,
  container_of,
  int,
  iomem,
  type loff_t,
  type long,
  on_stack,
  type Ref,
  type size_t,
  sizeof,
  type ssize_t,
  struct,
  type UserPtr,
  u32,
  type u64,
  type uint,
  type ulong,
  user,
} from "linux/types";
import { copy_from_user, copy_to_user, get_user, put_user } from "linux/uaccess";
import { init_waitqueue_head, wait_event_interruptible, wait_queue_head_t, wake_up_interruptible } from "linux/wait";

// Registers: drivers/rtc/rtc-goldfish.c.
const TIMER_TIME_LOW = 0x00;
const TIMER_TIME_HIGH = 0x04;
const TIMER_ALARM_LOW = 0x08;
const TIMER_ALARM_HIGH = 0x0c;
const TIMER_IRQ_ENABLED = 0x10;
const TIMER_CLEAR_ALARM = 0x14;
const TIMER_CLEAR_INTERRUPT = 0x1c;

const NSEC_PER_SEC = 1000000000n;

/** `struct rtc_time`: include/uapi/linux/rtc.h. */
const rtc_time = struct("rtc_time", {
  tm_sec: int,
  tm_min: int,
  tm_hour: int,
  tm_mday: int,
  /** 0 to 11. */
  tm_mon: int,
  /** Since 1900. */
  tm_year: int,
  tm_wday: int,
  tm_yday: int,
  tm_isdst: int,
});
const RTC_RD_TIME = _IOR(0x70, 0x09, rtc_time);
const RTC_SET_TIME = _IOW(0x70, 0x0a, rtc_time);
/** Rings so many seconds from now. */
const RTC_IOC_ALARM_IN = _IOW(0x70, 0x80, u32);

const rtc = struct("rtc", {
  regs: iomem,
  misc: miscdevice,
  wait: wait_queue_head_t,
  /** Guards the halves of the time and of the alarm, which belong together, and the count of the handler. */
  lock: spinlock_t,
  rung: u32,
});

function rtc_irq(irq: int, r: Ref<typeof rtc>): irqreturn_t {
  writel(1, r.regs.add(TIMER_CLEAR_INTERRUPT));
  spin_lock(r.lock);
  r.rung += 1;
  spin_unlock(r.lock);
  wake_up_interruptible(r.wait);
  return IRQ_HANDLED;
}

/** Nanoseconds since 1970. The caller holds the lock: reading the low half keeps the high half for the next read. */
function __rtc_now(r: Ref<typeof rtc>): u64 {
  const low = readl(r.regs.add(TIMER_TIME_LOW));
  const high = readl(r.regs.add(TIMER_TIME_HIGH));
  return (BigInt(high) << 32n) | BigInt(low);
}

function rtc_now(r: Ref<typeof rtc>): u64 {
  const flags = spin_lock_irqsave(r.lock); // reports: double-lock
  const now = __rtc_now(r);
  spin_unlock_irqrestore(r.lock, flags);
  return now;
}

function rtc_read_time(r: Ref<typeof rtc>, arg: ulong): long {
  const broken_down = on_stack(tm);
  const time = on_stack(rtc_time);

  time64_to_tm(rtc_now(r) / NSEC_PER_SEC, 0, broken_down);
  time.tm_sec = broken_down.tm_sec;
  time.tm_min = broken_down.tm_min;
  time.tm_hour = broken_down.tm_hour;
  time.tm_mday = broken_down.tm_mday;
  time.tm_mon = broken_down.tm_mon;
  time.tm_year = broken_down.tm_year;
  time.tm_wday = broken_down.tm_wday;
  time.tm_yday = broken_down.tm_yday;
  time.tm_isdst = 0;
  return copy_to_user(user(arg), time, sizeof(rtc_time)) ? -EFAULT : 0;
}

function is_valid(time: Ref<typeof rtc_time>): boolean {
  if (time.tm_year < 70 || time.tm_mon < 0 || time.tm_mon > 11 || time.tm_mday < 1 || time.tm_mday > 31) return false;
  return (
    time.tm_hour >= 0 &&
    time.tm_hour < 24 &&
    time.tm_min >= 0 &&
    time.tm_min < 60 &&
    time.tm_sec >= 0 &&
    time.tm_sec < 60
  );
}

function rtc_set_time(r: Ref<typeof rtc>, arg: ulong): long {
  const time = on_stack(rtc_time);

  if (copy_from_user(time, user(arg), sizeof(rtc_time))) return -EFAULT;
  if (!is_valid(time)) return -EINVAL;
  const { tm_year, tm_mon, tm_mday, tm_hour, tm_min, tm_sec } = time;
  const now = mktime64(tm_year + 1900, tm_mon + 1, tm_mday, tm_hour, tm_min, tm_sec) * NSEC_PER_SEC;

  const flags = spin_lock_irqsave(r.lock);
  writel(upper_32_bits(now), r.regs.add(TIMER_TIME_HIGH));
  writel(lower_32_bits(now), r.regs.add(TIMER_TIME_LOW));
  spin_unlock_irqrestore(r.lock, flags);
  return 0;
}

function rtc_alarm_in(r: Ref<typeof rtc>, arg: ulong): long {
  const seconds = on_stack(u32);
  if (get_user(seconds, user(arg))) return -EFAULT;

  // The low half last: writing it arms the alarm.
  const flags = spin_lock_irqsave(r.lock);
  const at = rtc_now(r) + BigInt(seconds.value) * NSEC_PER_SEC;
  writel(upper_32_bits(at), r.regs.add(TIMER_ALARM_HIGH));
  writel(lower_32_bits(at), r.regs.add(TIMER_ALARM_LOW));
  spin_unlock_irqrestore(r.lock, flags);
  return 0;
}

function rtc_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  const r = cast(rtc, file.private_data);

  switch (cmd) {
    case RTC_RD_TIME:
      return rtc_read_time(r, arg);
    case RTC_SET_TIME:
      return rtc_set_time(r, arg);
    case RTC_IOC_ALARM_IN:
      return rtc_alarm_in(r, arg);
    default:
      return -ENOTTY;
  }
}

function rtc_take(r: Ref<typeof rtc>): u32 {
  const flags = spin_lock_irqsave(r.lock);
  const rung = r.rung;
  r.rung = 0;
  spin_unlock_irqrestore(r.lock, flags);
  return rung;
}

/** Waits for the alarm and says how often it has rung since somebody asked. */
function rtc_read(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const r = cast(rtc, file.private_data);
  let rung = 0;

  if (count < sizeof(u32)) return -EINVAL;
  const has_rung = (): boolean => {
    rung = rtc_take(r);
    return rung > 0;
  };
  if (wait_event_interruptible(r.wait, has_rung)) return -ERESTARTSYS;
  return put_user(rung, buf) ? -EFAULT : sizeof(u32);
}

function rtc_open(inode: Ref<inode>, file: Ref<file>): int {
  file.private_data = container_of(cast(miscdevice, file.private_data), rtc, "misc");
  return stream_open(inode, file);
}

const rtc_fops = file_operations({
  owner: THIS_MODULE,
  open: rtc_open,
  read: rtc_read,
  unlocked_ioctl: rtc_ioctl,
});

function rtc_probe(pdev: Ref<platform_device>): int {
  const r = devm_kzalloc(pdev.dev, rtc, GFP_KERNEL);
  if (!r) return -ENOMEM;
  spin_lock_init(r.lock);
  init_waitqueue_head(r.wait);
  platform_set_drvdata(pdev, r);

  const regs = devm_platform_ioremap_resource(pdev, 0);
  if (IS_ERR(regs)) return PTR_ERR(regs);
  r.regs = regs;

  const irq = platform_get_irq(pdev, 0);
  if (irq < 0) return irq;
  let err = devm_request_irq(pdev.dev, irq, rtc_irq, 0, "rtc", r);
  if (err) return err;

  r.misc.minor = MISC_DYNAMIC_MINOR;
  r.misc.name = "rtc0";
  r.misc.fops = rtc_fops;
  r.misc.parent = pdev.dev;
  err = misc_register(r.misc);
  if (err) return err;
  // What rang before anybody listened is forgotten.
  writel(1, r.regs.add(TIMER_CLEAR_INTERRUPT));
  writel(1, r.regs.add(TIMER_IRQ_ENABLED));
  return 0;
}

function rtc_remove(pdev: Ref<platform_device>): void {
  const r = platform_get_drvdata(pdev, rtc);
  misc_deregister(r.misc);
  writel(0, r.regs.add(TIMER_IRQ_ENABLED));
  writel(1, r.regs.add(TIMER_CLEAR_ALARM));
}

module_platform_driver(
  platform_driver({
    probe: rtc_probe,
    remove: rtc_remove,
    driver: { name: "rtc", of_match_table: [{ compatible: "google,goldfish-rtc" }] },
  }),
);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("The clock of the goldfish platform");
