// A driver for QEMU's edu device: factorials by interrupt behind /dev/edu0, and two ioctls.
import { dev_err, dev_info } from "linux/device";
import { EAGAIN, EBUSY, EFAULT, EINVAL, EIO, ENODATA, ENODEV, ENOMEM, ENOTTY } from "linux/errno";
import { default_llseek, type file, file_operations, type inode, O_NONBLOCK, simple_read_from_buffer } from "linux/fs";
import { free_irq, IRQ_HANDLED, IRQ_NONE, IRQF_SHARED, type irqreturn_t, request_irq } from "linux/interrupt";
import { readl, writel } from "linux/io";
import { _IOW, _IOWR } from "linux/ioctl";
import { kstrtouint_from_user, scnprintf } from "linux/kernel";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE, THIS_MODULE } from "linux/module";
import {
  module_pci_driver,
  type pci_dev,
  pci_disable_device,
  pci_driver,
  pci_enable_device,
  pci_get_drvdata,
  pci_iomap,
  pci_iounmap,
  pci_release_regions,
  pci_request_regions,
  pci_set_drvdata,
} from "linux/pci";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import {
  spin_lock,
  spin_lock_init,
  spin_lock_irqsave,
  spin_unlock,
  spin_unlock_irqrestore,
  spinlock_t,
} from "linux/spinlock";
import {
  array,
  bool,
  cast,
  char,
  container_of,
  type int,
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
  type uint,
  type ulong,
  user,
} from "linux/types";
import { copy_from_user, copy_to_user } from "linux/uaccess";
import { init_waitqueue_head, wait_event, wait_event_interruptible, wait_queue_head_t, wake_up } from "linux/wait";

// Registers: docs/specs/edu.rst of QEMU.
const EDU_ID = 0x00;
const EDU_LIVENESS = 0x04;
const EDU_FACTORIAL = 0x08;
const EDU_STATUS = 0x20;
const EDU_IRQ_STATUS = 0x24;
const EDU_IRQ_RAISE = 0x60;
const EDU_IRQ_ACK = 0x64;

const EDU_ID_MAGIC = 0xed;
const EDU_STATUS_IRQFACT = 0x80;
const EDU_IRQ_FACT = 0x001;
const EDU_IRQ_DMA = 0x100;

/** Gives the device a number and takes back what its liveness register makes of it. */
const EDU_IOC_LIVENESS = _IOWR(0xed, 1, u32);
/** Makes the device interrupt, with the argument as status. */
const EDU_IOC_RAISE = _IOW(0xed, 2, u32);

const edu_dev = struct("edu_dev", {
  regs: iomem,
  misc: miscdevice,
  /** Guards everything below, which the interrupt handler shares. */
  lock: spinlock_t,
  wait: wait_queue_head_t,
  computing: bool,
  ready: bool,
  result: u32,
  raised: u32,
});

function edu_irq(irq: int, d: Ref<typeof edu_dev>): irqreturn_t {
  const status = readl(d.regs.add(EDU_IRQ_STATUS));
  if (status === 0) return IRQ_NONE;

  // The line stays up until every bit is acknowledged.
  writel(status, d.regs.add(EDU_IRQ_ACK));

  spin_lock(d.lock);
  if (status & EDU_IRQ_FACT) {
    d.result = readl(d.regs.add(EDU_FACTORIAL));
    d.computing = false;
    d.ready = true;
  } else {
    d.raised += 1;
  }
  spin_unlock(d.lock);

  wake_up(d.wait);
  return IRQ_HANDLED;
}

function edu_open(inode: Ref<inode>, file: Ref<file>): int {
  // misc_open left the miscdevice here; the other operations want what it lies in.
  const misc = cast(miscdevice, file.private_data);
  file.private_data = container_of(misc, edu_dev, "misc");
  return 0;
}

/** Starts a factorial and does not wait for it. */
function edu_write(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const d = cast(edu_dev, file.private_data);
  const n = on_stack(u32);

  const err = kstrtouint_from_user(buf, count, 0, n);
  if (err) return err;

  const flags = spin_lock_irqsave(d.lock);
  if (d.computing) {
    spin_unlock_irqrestore(d.lock, flags);
    return -EBUSY;
  }
  d.computing = true;
  d.ready = false;
  writel(n.value, d.regs.add(EDU_FACTORIAL));
  spin_unlock_irqrestore(d.lock, flags);

  // The result is read from its start.
  ppos.value = 0;
  return count;
}

function edu_idle(d: Ref<typeof edu_dev>): boolean {
  const flags = spin_lock_irqsave(d.lock);
  const idle = !d.computing;
  spin_unlock_irqrestore(d.lock, flags);
  return idle;
}

/** Waits for the factorial and gives it as text. */
function edu_read(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const d = cast(edu_dev, file.private_data);
  const text = on_stack(array(char, 16));

  if (file.f_flags & O_NONBLOCK && !edu_idle(d)) return -EAGAIN;
  const err = wait_event_interruptible(d.wait, () => edu_idle(d));
  if (err) return err;

  const flags = spin_lock_irqsave(d.lock);
  const ready = d.ready;
  const result = d.result;
  spin_unlock_irqrestore(d.lock, flags);
  if (!ready) return -ENODATA;

  const length = scnprintf(text, 16, "%u\n", result);
  return simple_read_from_buffer(buf, count, ppos, text, length);
}

function edu_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  const d = cast(edu_dev, file.private_data);
  const value = on_stack(u32);

  switch (cmd) {
    case EDU_IOC_LIVENESS:
      if (copy_from_user(value, user(arg), sizeof(u32))) return -EFAULT;
      writel(value.value, d.regs.add(EDU_LIVENESS));
      value.value = readl(d.regs.add(EDU_LIVENESS));
      if (copy_to_user(user(arg), value, sizeof(u32))) return -EFAULT;
      return 0;
    case EDU_IOC_RAISE:
      // These two the device raises itself, and the handler would believe them.
      if (arg === 0 || arg & (EDU_IRQ_FACT | EDU_IRQ_DMA)) return -EINVAL;
      writel(arg, d.regs.add(EDU_IRQ_RAISE));
      return 0;
    default:
      return -ENOTTY;
  }
}

const edu_fops = file_operations({
  owner: THIS_MODULE,
  open: edu_open,
  read: edu_read,
  write: edu_write,
  llseek: default_llseek,
  unlocked_ioctl: edu_ioctl,
});

/** Whether this is an edu, and alive: it answers with the complement of what is written. */
function edu_check(pdev: Ref<pci_dev>, d: Ref<typeof edu_dev>): int {
  const id = readl(d.regs.add(EDU_ID));
  if ((id & 0xffff) !== EDU_ID_MAGIC) {
    dev_err(pdev.dev, "unexpected id %08x\n", id);
    return -ENODEV;
  }

  writel(0x12345678, d.regs.add(EDU_LIVENESS));
  if (readl(d.regs.add(EDU_LIVENESS)) !== u32(~0x12345678)) {
    dev_err(pdev.dev, "liveness check failed\n");
    return -EIO;
  }

  dev_info(pdev.dev, "edu version %u.%u\n", id >>> 24, (id >>> 16) & 0xff);
  return 0;
}

function edu_probe(pdev: Ref<pci_dev>): int {
  let err: int;

  const d = kzalloc(edu_dev, GFP_KERNEL);
  if (!d) return -ENOMEM;
  spin_lock_init(d.lock);
  init_waitqueue_head(d.wait);

  err_free: {
    err = pci_enable_device(pdev);
    if (err) break err_free;

    err_disable: {
      err = pci_request_regions(pdev, "edu");
      if (err) break err_disable;

      err_release: {
        const regs = pci_iomap(pdev, 0, 0);
        if (!regs) {
          err = -ENOMEM;
          break err_release;
        }
        d.regs = regs;

        err_unmap: {
          err = edu_check(pdev, d);
          if (err) break err_unmap;

          err = request_irq(pdev.irq, edu_irq, IRQF_SHARED, "edu", d);
          if (err) break err_unmap;
          writel(EDU_STATUS_IRQFACT, d.regs.add(EDU_STATUS));
          pci_set_drvdata(pdev, d);

          err_irq: {
            d.misc.minor = MISC_DYNAMIC_MINOR;
            d.misc.name = "edu0";
            d.misc.fops = edu_fops;
            d.misc.parent = pdev.dev;
            // From here on the device can be opened, so this comes last.
            err = misc_register(d.misc);
            if (err) break err_irq;
            return 0;
          }
          writel(0, d.regs.add(EDU_STATUS));
          free_irq(pdev.irq, d);
        }
        pci_iounmap(pdev, d.regs);
      }
      pci_release_regions(pdev);
    }
    pci_disable_device(pdev);
  }
  kfree(d);
  return err;
}

function edu_remove(pdev: Ref<pci_dev>): void {
  const d = pci_get_drvdata(pdev, edu_dev);

  misc_deregister(d.misc);
  // Unbinding resets nothing: who probes next would get the interrupt of a factorial that still runs.
  wait_event(d.wait, () => edu_idle(d));
  writel(0, d.regs.add(EDU_STATUS));
  free_irq(pdev.irq, d);
  if (d.raised) dev_info(pdev.dev, "interrupts raised by hand: %u\n", d.raised);
  pci_iounmap(pdev, d.regs);
  pci_release_regions(pdev);
  pci_disable_device(pdev);
  kfree(d);
}

const edu_driver = pci_driver({
  name: "edu",
  id_table: [{ vendor: 0x1234, device: 0x11e8 }],
  probe: edu_probe,
  remove: edu_remove,
});

module_pci_driver(edu_driver);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("QEMU's edu device");
