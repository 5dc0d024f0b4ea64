// serial3-locking.ts with one mistake: a process takes the lock with the interrupt on that takes it too.
// devices: ns16550a

import { devm_kzalloc } from "linux/device";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EAGAIN, EFAULT, EINVAL, ENOMEM, ERESTARTSYS } from "linux/errno";
import { type file, file_operations, type inode, O_NONBLOCK, stream_open } from "linux/fs";
import { devm_request_irq, IRQ_HANDLED, IRQ_NONE, type irqreturn_t } from "linux/interrupt";
import { readb, writeb } from "linux/io";
import { DIV_ROUND_CLOSEST, min } from "linux/kernel";
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
import { device_property_read_u32 } from "linux/property";
import { GFP_KERNEL } from "linux/slab";
import {
  spin_lock,
  spin_lock_init,
  spin_lock_irqsave,
  spin_unlock,
  spin_unlock_irqrestore,
  spinlock_t,
} from "linux/spinlock";
import {
  type ArrayOf,
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
import { init_waitqueue_head, wait_event_interruptible, wait_queue_head_t, wake_up_interruptible } from "linux/wait";

// Registers: include/uapi/linux/serial_reg.h.
const UART_RX = 0;
const UART_TX = 0;
const UART_DLL = 0;
const UART_IER = 1;
const UART_IER_RDI = 0x01;
const UART_IER_THRI = 0x02;
const UART_DLM = 1;
const UART_IIR = 2;
const UART_IIR_NO_INT = 0x01;
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
const FIFO = 16;
const CHUNK = 16;
/** Places of the ring, a power of two: counters may then wrap. */
const RING = 256;

const ring = struct("ring", { head: u32, tail: u32, bytes: array(u8, RING) });

const serial = struct("serial", {
  regs: iomem,
  misc: miscdevice,
  rx_wait: wait_queue_head_t,
  tx_wait: wait_queue_head_t,
  /** Guards all below and the UART's registers: a spinlock, which processes take with interrupts off. */
  lock: spinlock_t,
  /** What is in UART_IER. */
  ier: u8,
  rx: ring,
  tx: ring,
});

/** The rings: the caller holds the lock. */
function ring_fill(r: Ref<typeof ring>): u32 {
  return u32(r.head - r.tail);
}

function ring_put(r: Ref<typeof ring>, c: u8): void {
  r.bytes[r.head % RING] = c;
  r.head += 1;
}

function ring_take(r: Ref<typeof ring>): u8 {
  const c = r.bytes[r.tail % RING];
  r.tail += 1;
  return c;
}

function serial_open(inode: Ref<inode>, file: Ref<file>): int {
  file.private_data = container_of(cast(miscdevice, file.private_data), serial, "misc");
  return stream_open(inode, file);
}

/** The lock is held. A ring that is full loses the newest, which is read all the same: else the line stays up. */
function serial_receive(s: Ref<typeof serial>): void {
  while (readb(s.regs.add(UART_LSR)) & UART_LSR_DR) {
    const c = readb(s.regs.add(UART_RX));
    if (ring_fill(s.rx) < RING) ring_put(s.rx, c);
  }
}

/** The lock is held. Fills an empty FIFO; with nothing left to send the interrupt goes off. */
function serial_transmit(s: Ref<typeof serial>): void {
  if (readb(s.regs.add(UART_LSR)) & UART_LSR_THRE) {
    for (let room = FIFO; room > 0 && ring_fill(s.tx) > 0; room--) writeb(ring_take(s.tx), s.regs.add(UART_TX));
  }
  s.ier = ring_fill(s.tx) > 0 ? s.ier | UART_IER_THRI : s.ier & ~UART_IER_THRI;
  writeb(s.ier, s.regs.add(UART_IER));
}

/** Hardirq context, so that interrupts of this CPU are off already. */
function serial_irq(irq: int, s: Ref<typeof serial>): irqreturn_t {
  spin_lock(s.lock); // reports: irq-unsafe-lock
  if (readb(s.regs.add(UART_IIR)) & UART_IIR_NO_INT) {
    spin_unlock(s.lock);
    return IRQ_NONE;
  }
  serial_receive(s);
  serial_transmit(s);
  spin_unlock(s.lock);

  wake_up_interruptible(s.rx_wait);
  wake_up_interruptible(s.tx_wait);
  return IRQ_HANDLED;
}

/** Puts as much as fits into the ring, and the first of it on its way. */
function serial_send(s: Ref<typeof serial>, chunk: Ref<ArrayOf<typeof u8>>, bytes: u32): u32 {
  let sent = 0;
  spin_lock(s.lock);
  while (sent < bytes && ring_fill(s.tx) < RING) {
    ring_put(s.tx, chunk[sent]);
    sent++;
  }
  serial_transmit(s);
  spin_unlock(s.lock);
  return sent;
}

function serial_write(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const s = cast(serial, file.private_data);
  const chunk = on_stack(array(u8, CHUNK));
  const bytes = min(count, CHUNK);

  if (count === 0) return 0;
  // Before the lock, since it may sleep.
  if (copy_from_user(chunk, buf, bytes)) return -EFAULT;

  let sent = serial_send(s, chunk, bytes);
  while (sent === 0) {
    if (file.f_flags & O_NONBLOCK) return -EAGAIN;
    // The condition takes the lock by itself: what it says is looked at again when it is held.
    if (wait_event_interruptible(s.tx_wait, () => serial_room(s) > 0)) return -ERESTARTSYS;
    sent = serial_send(s, chunk, bytes);
  }
  return sent;
}

function serial_room(s: Ref<typeof serial>): u32 {
  const flags = spin_lock_irqsave(s.lock);
  const room = RING - ring_fill(s.tx);
  spin_unlock_irqrestore(s.lock, flags);
  return room;
}

function serial_received(s: Ref<typeof serial>): u32 {
  const flags = spin_lock_irqsave(s.lock);
  const received = ring_fill(s.rx);
  spin_unlock_irqrestore(s.lock, flags);
  return received;
}

function serial_take(s: Ref<typeof serial>, chunk: Ref<ArrayOf<typeof u8>>, most: u32): u32 {
  let got = 0;
  const flags = spin_lock_irqsave(s.lock);
  while (got < most && ring_fill(s.rx) > 0) {
    chunk[got] = ring_take(s.rx);
    got++;
  }
  spin_unlock_irqrestore(s.lock, flags);
  return got;
}

function serial_read(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const s = cast(serial, file.private_data);
  const chunk = on_stack(array(u8, CHUNK));

  if (count === 0) return 0;
  let got = serial_take(s, chunk, min(count, CHUNK));
  while (got === 0) {
    if (file.f_flags & O_NONBLOCK) return -EAGAIN;
    if (wait_event_interruptible(s.rx_wait, () => serial_received(s) > 0)) return -ERESTARTSYS;
    got = serial_take(s, chunk, min(count, CHUNK));
  }
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

/** No interrupts any more; what was not sent is lost. */
function serial_quiet(s: Ref<typeof serial>): void {
  const flags = spin_lock_irqsave(s.lock);
  s.ier = 0;
  s.tx.tail = s.tx.head;
  writeb(s.ier, s.regs.add(UART_IER));
  spin_unlock_irqrestore(s.lock, flags);
}

function serial_probe(pdev: Ref<platform_device>): int {
  const clock = on_stack(u32);
  if (device_property_read_u32(pdev.dev, "clock-frequency", clock)) return -EINVAL;

  const s = devm_kzalloc(pdev.dev, serial, GFP_KERNEL);
  if (!s) return -ENOMEM;
  spin_lock_init(s.lock);
  init_waitqueue_head(s.rx_wait);
  init_waitqueue_head(s.tx_wait);

  const regs = devm_platform_ioremap_resource(pdev, 0);
  if (IS_ERR(regs)) return PTR_ERR(regs);
  s.regs = regs;
  const irq = platform_get_irq(pdev, 0);
  if (irq < 0) return irq;
  serial_setup(s, clock.value);
  platform_set_drvdata(pdev, s);

  // The handler can run from here on, so that all it uses is ready.
  let err = devm_request_irq(pdev.dev, irq, serial_irq, 0, "serial", s);
  if (err) return err;
  const flags = spin_lock_irqsave(s.lock);
  s.ier = UART_IER_RDI;
  writeb(s.ier, s.regs.add(UART_IER));
  spin_unlock_irqrestore(s.lock, flags);

  s.misc.minor = MISC_DYNAMIC_MINOR;
  s.misc.name = "serial0";
  s.misc.fops = serial_fops;
  s.misc.parent = pdev.dev;
  err = misc_register(s.misc);
  if (err) serial_quiet(s);
  return err;
}

function serial_remove(pdev: Ref<platform_device>): void {
  const s = platform_get_drvdata(pdev, serial);
  misc_deregister(s.misc);
  // The device is quiet before the driver core takes the handler and the memory away, in this order.
  serial_quiet(s);
}

module_platform_driver(
  platform_driver({
    probe: serial_probe,
    remove: serial_remove,
    driver: { name: "serial3-locking", of_match_table: [{ compatible: "ns16550a" }] },
  }),
);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("The 16550A, by interrupt");
