// serial1-polled.ts with one mistake: the copy from the user is as long as the user wants.
// devices: ns16550a

import { devm_kzalloc } from "linux/device";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EAGAIN, EFAULT, EINVAL, ENOMEM, ERESTARTSYS } from "linux/errno";
import { type file, file_operations, type inode, O_NONBLOCK, stream_open } from "linux/fs";
import { readb, writeb } from "linux/io";
import { readb_poll_timeout } from "linux/iopoll";
import { DIV_ROUND_CLOSEST, min } from "linux/kernel";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE, THIS_MODULE } from "linux/module";
import { mutex, mutex_init, mutex_lock_interruptible, mutex_unlock } from "linux/mutex";
import {
  devm_platform_ioremap_resource,
  module_platform_driver,
  type platform_device,
  platform_driver,
  platform_get_drvdata,
  platform_set_drvdata,
} from "linux/platform_device";
import { device_property_read_u32 } from "linux/property";
import { GFP_KERNEL } from "linux/slab";
import {
  array,
  cast,
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
  u8,
  u32,
} from "linux/types";
import { copy_from_user, copy_to_user } from "linux/uaccess";

// Registers: include/uapi/linux/serial_reg.h.
const UART_RX = 0;
const UART_TX = 0;
const UART_DLL = 0;
const UART_IER = 1;
const UART_DLM = 1;
const UART_FCR = 2;
const UART_FCR_ENABLE_FIFO = 0x01;
const UART_FCR_CLEAR_RCVR = 0x02;
const UART_FCR_CLEAR_XMIT = 0x04;
const UART_LCR = 3;
const UART_LCR_DLAB = 0x80;
const UART_LCR_WLEN8 = 0x03;
const UART_LSR = 5;
const UART_LSR_DR = 0x01;
const UART_LSR_THRE = 0x20;

const BAUD = 115200;
/** A character takes 87 us at this speed, and a full FIFO of them 1.4 ms: what takes longer than 10 ms is broken. */
const TX_TIMEOUT_US = 10000;
/** How long a reader waits for somebody to type. */
const RX_TIMEOUT_US = 100000;
const CHUNK = 16;

const serial = struct("serial", {
  regs: iomem,
  misc: miscdevice,
  /** One user of the registers at a time. All of them are processes, and they sleep: a mutex. */
  lock: mutex,
});

function serial_open(inode: Ref<inode>, file: Ref<file>): int {
  file.private_data = container_of(cast(miscdevice, file.private_data), serial, "misc");
  return stream_open(inode, file);
}

/** Sends one character as soon as there is room. The caller holds the lock. */
function serial_put(s: Ref<typeof serial>, c: u8): int {
  const has_room = (lsr: u32): boolean => (lsr & UART_LSR_THRE) !== 0;
  const err = readb_poll_timeout(s.regs.add(UART_LSR), has_room, 50, TX_TIMEOUT_US);
  if (err) return err;
  writeb(c, s.regs.add(UART_TX));
  return 0;
}

function serial_write(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const s = cast(serial, file.private_data);
  const chunk = on_stack(array(u8, CHUNK));
  const bytes = count;
  let sent = 0;
  let err = 0;

  if (copy_from_user(chunk, buf, bytes)) return -EFAULT; // reports: out-of-bounds
  if (mutex_lock_interruptible(s.lock)) return -ERESTARTSYS;
  while (sent < bytes && !err) {
    err = serial_put(s, chunk[sent]); // reports: out-of-bounds
    if (!err) sent++;
  }
  mutex_unlock(s.lock);
  // What was sent was sent: the error comes with the next call.
  return sent > 0 ? sent : err;
}

/** Gives what has come, after having waited for the first of it. What nobody reads in time is lost. */
function serial_read(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const s = cast(serial, file.private_data);
  const chunk = on_stack(array(u8, CHUNK));
  const is_there = (lsr: u32): boolean => (lsr & UART_LSR_DR) !== 0;
  const timeout = file.f_flags & O_NONBLOCK ? 1 : RX_TIMEOUT_US;
  let got = 0;

  if (mutex_lock_interruptible(s.lock)) return -ERESTARTSYS;
  readb_poll_timeout(s.regs.add(UART_LSR), is_there, 500, timeout);
  while (got < min(count, CHUNK) && readb(s.regs.add(UART_LSR)) & UART_LSR_DR) {
    chunk[got] = readb(s.regs.add(UART_RX));
    got++;
  }
  mutex_unlock(s.lock);

  if (got === 0) return -EAGAIN;
  return copy_to_user(buf, chunk, got) ? -EFAULT : got;
}

const serial_fops = file_operations({
  owner: THIS_MODULE,
  open: serial_open,
  read: serial_read,
  write: serial_write,
});

/** 115200 baud, eight bits, no parity, both FIFOs on and empty, no interrupts. */
function serial_setup(s: Ref<typeof serial>, clock: u32): void {
  const divisor = DIV_ROUND_CLOSEST(clock, 16 * BAUD);
  writeb(0, s.regs.add(UART_IER));
  writeb(UART_LCR_DLAB | UART_LCR_WLEN8, s.regs.add(UART_LCR));
  writeb(divisor & 0xff, s.regs.add(UART_DLL));
  writeb(divisor >>> 8, s.regs.add(UART_DLM));
  writeb(UART_LCR_WLEN8, s.regs.add(UART_LCR));
  writeb(UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR | UART_FCR_CLEAR_XMIT, s.regs.add(UART_FCR));
}

function serial_probe(pdev: Ref<platform_device>): int {
  const clock = on_stack(u32);
  if (device_property_read_u32(pdev.dev, "clock-frequency", clock)) return -EINVAL;

  const s = devm_kzalloc(pdev.dev, serial, GFP_KERNEL);
  if (!s) return -ENOMEM;
  mutex_init(s.lock);

  const regs = devm_platform_ioremap_resource(pdev, 0);
  if (IS_ERR(regs)) return PTR_ERR(regs);
  s.regs = regs;
  serial_setup(s, clock.value);
  platform_set_drvdata(pdev, s);

  s.misc.minor = MISC_DYNAMIC_MINOR;
  s.misc.name = "serial0";
  s.misc.fops = serial_fops;
  s.misc.parent = pdev.dev;
  return misc_register(s.misc);
}

function serial_remove(pdev: Ref<platform_device>): void {
  misc_deregister(platform_get_drvdata(pdev, serial).misc);
}

module_platform_driver(
  platform_driver({
    probe: serial_probe,
    remove: serial_remove,
    driver: { name: "serial1-polled", of_match_table: [{ compatible: "ns16550a" }] },
  }),
);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("The 16550A, polled");
