// A serial port in four steps, 2: receiving by interrupt. A ring with one writer and one reader needs no lock.
// devices: ns16550a
import { smp_load_acquire, smp_store_release } from "asm/barrier";
import { READ_ONCE } from "linux/compiler";
import { devm_kzalloc } from "linux/device";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EAGAIN, EFAULT, EINVAL, ENOMEM, ERESTARTSYS } from "linux/errno";
import { type file, file_operations, type inode, O_NONBLOCK, stream_open } from "linux/fs";
import { devm_request_irq, IRQ_HANDLED, IRQ_NONE, type irqreturn_t } from "linux/interrupt";
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
  platform_get_irq,
  platform_set_drvdata,
} from "linux/platform_device";
import { device_property_read_u32 } from "linux/property";
import { GFP_KERNEL } from "linux/slab";
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
/** A character takes 87 us at this speed, and a full FIFO of them 1.4 ms: what takes longer than 10 ms is broken. */
const TX_TIMEOUT_US = 10000;
const CHUNK = 16;
/** Places of the ring, a power of two: counters may then wrap. */
const RING = 256;

const serial = struct("serial", {
  regs: iomem,
  misc: miscdevice,
  /** One sender at a time. */
  tx_lock: mutex,
  /** One reader at a time. */
  rx_lock: mutex,
  rx_wait: wait_queue_head_t,
  /** Characters that came and that were read so far. The handler alone writes `rx_head`, the reader alone `rx_tail`. */
  rx_head: u32,
  rx_tail: u32,
  rx_ring: array(u8, RING),
});

function serial_open(inode: Ref<inode>, file: Ref<file>): int {
  file.private_data = container_of(cast(miscdevice, file.private_data), serial, "misc");
  return stream_open(inode, file);
}

/** Hardirq context: takes what has come and wakes who waits for it. */
function serial_irq(irq: int, s: Ref<typeof serial>): irqreturn_t {
  if (readb(s.regs.add(UART_IIR)) & UART_IIR_NO_INT) return IRQ_NONE;

  let head = s.rx_head;
  while (readb(s.regs.add(UART_LSR)) & UART_LSR_DR) {
    const c = readb(s.regs.add(UART_RX));
    // A ring that is full loses the newest. It is read all the same: the line stays up until the FIFO is empty.
    if (u32(head - READ_ONCE(s.rx_tail)) < RING) {
      s.rx_ring[head % RING] = c;
      head = u32(head + 1);
    }
  }
  // The characters are there before the counter says so.
  s.rx_head = smp_store_release(head);

  wake_up_interruptible(s.rx_wait);
  return IRQ_HANDLED;
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
  const bytes = min(count, CHUNK);
  let sent = 0;
  let err = 0;

  if (copy_from_user(chunk, buf, bytes)) return -EFAULT;
  if (mutex_lock_interruptible(s.tx_lock)) return -ERESTARTSYS;
  while (sent < bytes && !err) {
    err = serial_put(s, chunk[sent]);
    if (!err) sent++;
  }
  mutex_unlock(s.tx_lock);
  // What was sent was sent: the error comes with the next call.
  return sent > 0 ? sent : err;
}

function serial_has_received(s: Ref<typeof serial>): boolean {
  return READ_ONCE(s.rx_head) !== READ_ONCE(s.rx_tail);
}

/** Takes characters out of the ring. The caller holds `rx_lock`. */
function serial_take(s: Ref<typeof serial>, chunk: Ref<ArrayOf<typeof u8>>, most: u32): u32 {
  // What the counter says was there before it.
  const head = smp_load_acquire(s.rx_head);
  const got = min(most, u32(head - s.rx_tail));
  for (let i = 0; i < got; i++) chunk[i] = s.rx_ring[u32(s.rx_tail + i) % RING];
  // They are taken before the counter says that there is room.
  s.rx_tail = smp_store_release(u32(s.rx_tail + got));
  return got;
}

function serial_read(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const s = cast(serial, file.private_data);
  const chunk = on_stack(array(u8, CHUNK));
  let got = 0;

  if (count === 0) return 0;
  // Another reader may have been faster: who finds nothing waits again.
  while (got === 0) {
    if (!serial_has_received(s)) {
      if (file.f_flags & O_NONBLOCK) return -EAGAIN;
      if (wait_event_interruptible(s.rx_wait, () => serial_has_received(s))) return -ERESTARTSYS;
    }
    if (mutex_lock_interruptible(s.rx_lock)) return -ERESTARTSYS;
    got = serial_take(s, chunk, min(count, CHUNK));
    mutex_unlock(s.rx_lock);
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

function serial_probe(pdev: Ref<platform_device>): int {
  const clock = on_stack(u32);
  if (device_property_read_u32(pdev.dev, "clock-frequency", clock)) return -EINVAL;

  const s = devm_kzalloc(pdev.dev, serial, GFP_KERNEL);
  if (!s) return -ENOMEM;
  mutex_init(s.tx_lock);
  mutex_init(s.rx_lock);
  init_waitqueue_head(s.rx_wait);

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
  writeb(UART_IER_RDI, s.regs.add(UART_IER));

  s.misc.minor = MISC_DYNAMIC_MINOR;
  s.misc.name = "serial0";
  s.misc.fops = serial_fops;
  s.misc.parent = pdev.dev;
  err = misc_register(s.misc);
  if (err) writeb(0, s.regs.add(UART_IER));
  return err;
}

function serial_remove(pdev: Ref<platform_device>): void {
  const s = platform_get_drvdata(pdev, serial);
  misc_deregister(s.misc);
  // The device is quiet before the driver core takes the handler and the memory away, in this order.
  writeb(0, s.regs.add(UART_IER));
}

module_platform_driver(
  platform_driver({
    probe: serial_probe,
    remove: serial_remove,
    driver: { name: "serial2-interrupt", of_match_table: [{ compatible: "ns16550a" }] },
  }),
);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("The 16550A, receiving by interrupt");
