// A serial port in four steps, 4: DMA. The 16550A cannot reach memory by itself, so that here an edu moves the blocks.
// devices: edu
import {
  complete,
  completion,
  init_completion,
  reinit_completion,
  wait_for_completion_timeout,
} from "linux/completion";
import { dev_err } from "linux/device";
import {
  DMA_BIT_MASK,
  DMA_FROM_DEVICE,
  DMA_TO_DEVICE,
  dma_map_single,
  dma_mapping_error,
  dma_set_mask_and_coherent,
  dma_unmap_single,
} from "linux/dma-mapping";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EFAULT, ENOMEM, ERESTARTSYS, ETIMEDOUT } from "linux/errno";
import { type file, file_operations, fixed_size_llseek, type inode } from "linux/fs";
import { free_irq, IRQ_HANDLED, IRQ_NONE, IRQF_SHARED, type irqreturn_t, request_irq } from "linux/interrupt";
import { readl, writel, writeq } from "linux/io";
import { msecs_to_jiffies } from "linux/jiffies";
import { min } from "linux/kernel";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE, THIS_MODULE } from "linux/module";
import { mutex, mutex_init, mutex_lock_interruptible, mutex_unlock } from "linux/mutex";
import {
  module_pci_driver,
  pci_clear_master,
  pci_dev,
  pci_disable_device,
  pci_driver,
  pci_enable_device,
  pci_get_drvdata,
  pci_iomap,
  pci_iounmap,
  pci_release_regions,
  pci_request_regions,
  pci_set_drvdata,
  pci_set_master,
} from "linux/pci";
import { GFP_KERNEL, kfree, kmalloc, kzalloc } from "linux/slab";
import { memdup_user } from "linux/string";
import {
  cast,
  container_of,
  type int,
  iomem,
  type loff_t,
  ptr,
  type Ref,
  type size_t,
  type ssize_t,
  struct,
  type UserPtr,
  type u32,
} from "linux/types";
import { copy_to_user } from "linux/uaccess";

// Registers: docs/specs/edu.rst of QEMU.
const EDU_IRQ_STATUS = 0x24;
const EDU_IRQ_ACK = 0x64;
const EDU_IRQ_DMA = 0x100;
const EDU_DMA_SRC = 0x80;
const EDU_DMA_DST = 0x88;
const EDU_DMA_COUNT = 0x90;
const EDU_DMA_CMD = 0x98;
const EDU_DMA_RUN = 0x1;
const EDU_DMA_TO_RAM = 0x2;
const EDU_DMA_IRQ = 0x4;

/** The device's own memory, as its bus master sees it. */
const EDU_BUFFER = 0x40000;
const EDU_BUFFER_BYTES = 4096;
const DMA_TIMEOUT_MS = 1000;

const edu_dev = struct("edu_dev", {
  regs: iomem,
  misc: miscdevice,
  pdev: ptr(pci_dev),
  /** One transfer at a time. */
  lock: mutex,
  /** The handler says by it that the transfer is over. */
  done: completion,
});

function edu_irq(irq: int, d: Ref<typeof edu_dev>): irqreturn_t {
  const status = readl(d.regs.add(EDU_IRQ_STATUS));
  if (status === 0) return IRQ_NONE;
  writel(status, d.regs.add(EDU_IRQ_ACK));
  if (status & EDU_IRQ_DMA) complete(d.done);
  return IRQ_HANDLED;
}

/** Moves bytes between memory and the device, and sleeps until they are there. The caller holds the lock. */
function edu_transfer(d: Ref<typeof edu_dev>, from: u32, to: u32, bytes: size_t, direction: u32): int {
  // A transfer that timed out may have completed since.
  reinit_completion(d.done);
  writeq(BigInt(from), d.regs.add(EDU_DMA_SRC));
  writeq(BigInt(to), d.regs.add(EDU_DMA_DST));
  writeq(BigInt(bytes), d.regs.add(EDU_DMA_COUNT));
  writeq(BigInt(direction | EDU_DMA_IRQ | EDU_DMA_RUN), d.regs.add(EDU_DMA_CMD));

  if (!wait_for_completion_timeout(d.done, msecs_to_jiffies(DMA_TIMEOUT_MS))) {
    // Interrupts get lost. The device itself knows whether it is done, and is told that nobody waits for its word.
    if (!(readl(d.regs.add(EDU_DMA_CMD)) & EDU_DMA_RUN)) {
      writel(EDU_IRQ_DMA, d.regs.add(EDU_IRQ_ACK));
      return 0;
    }
    dev_err(d.pdev!.dev, "a transfer takes more than %u ms\n", DMA_TIMEOUT_MS);
    // It cannot be called off, and must not reach memory that is somebody else's by then.
    pci_clear_master(d.pdev!);
    return -ETIMEDOUT;
  }
  return 0;
}

function edu_open(inode: Ref<inode>, file: Ref<file>): int {
  file.private_data = container_of(cast(miscdevice, file.private_data), edu_dev, "misc");
  return 0;
}

function edu_write(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const d = cast(edu_dev, file.private_data);
  const dev = d.pdev!.dev;
  const bytes = min(count, EDU_BUFFER_BYTES - ppos.value);
  let err: int;

  if (bytes === 0) return 0;
  // The device reads memory that kmalloc gave: neither the user's, nor the stack, can be mapped.
  const data = memdup_user(buf, bytes);
  if (IS_ERR(data)) return PTR_ERR(data);

  out_free: {
    if (mutex_lock_interruptible(d.lock)) {
      err = -ERESTARTSYS;
      break out_free;
    }
    out_unlock: {
      // From here on until it is unmapped the memory is the device's.
      const handle = dma_map_single(dev, data, bytes, DMA_TO_DEVICE);
      err = dma_mapping_error(dev, handle);
      if (err) break out_unlock;
      err = edu_transfer(d, handle, EDU_BUFFER + ppos.value, bytes, 0);
      dma_unmap_single(dev, handle, bytes, DMA_TO_DEVICE);
    }
    mutex_unlock(d.lock);
  }
  kfree(data);

  if (err) return err;
  ppos.value += bytes;
  return bytes;
}

function edu_read(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const d = cast(edu_dev, file.private_data);
  const dev = d.pdev!.dev;
  const bytes = min(count, EDU_BUFFER_BYTES - ppos.value);
  let err: int;

  if (bytes === 0) return 0;
  const data = kmalloc(bytes, GFP_KERNEL);
  if (!data) return -ENOMEM;

  out_free: {
    if (mutex_lock_interruptible(d.lock)) {
      err = -ERESTARTSYS;
      break out_free;
    }
    out_unlock: {
      const handle = dma_map_single(dev, data, bytes, DMA_FROM_DEVICE);
      err = dma_mapping_error(dev, handle);
      if (err) break out_unlock;
      err = edu_transfer(d, EDU_BUFFER + ppos.value, handle, bytes, EDU_DMA_TO_RAM);
      // Only now does the CPU see what the device wrote.
      dma_unmap_single(dev, handle, bytes, DMA_FROM_DEVICE);
      if (!err && copy_to_user(buf, data, bytes)) err = -EFAULT;
    }
    mutex_unlock(d.lock);
  }
  kfree(data);

  if (err) return err;
  ppos.value += bytes;
  return bytes;
}

function edu_llseek(file: Ref<file>, offset: loff_t, whence: int): loff_t {
  return fixed_size_llseek(file, offset, whence, EDU_BUFFER_BYTES);
}

const edu_fops = file_operations({
  owner: THIS_MODULE,
  open: edu_open,
  read: edu_read,
  write: edu_write,
  llseek: edu_llseek,
});

function edu_probe(pdev: Ref<pci_dev>): int {
  let err: int;

  const d = kzalloc(edu_dev, GFP_KERNEL);
  if (!d) return -ENOMEM;
  d.pdev = pdev;
  mutex_init(d.lock);
  init_completion(d.done);

  err_free: {
    err = pci_enable_device(pdev);
    if (err) break err_free;

    err_disable: {
      // The device has 28 address lines.
      err = dma_set_mask_and_coherent(pdev.dev, DMA_BIT_MASK(28));
      if (err) break err_disable;
      err = pci_request_regions(pdev, "edu-dma");
      if (err) break err_disable;

      err_release: {
        const regs = pci_iomap(pdev, 0, 0);
        if (!regs) {
          err = -ENOMEM;
          break err_release;
        }
        d.regs = regs;

        err_unmap: {
          err = request_irq(pdev.irq, edu_irq, IRQF_SHARED, "edu-dma", d);
          if (err) break err_unmap;
          pci_set_master(pdev);
          pci_set_drvdata(pdev, d);

          err_irq: {
            d.misc.minor = MISC_DYNAMIC_MINOR;
            d.misc.name = "edu-dma";
            d.misc.fops = edu_fops;
            d.misc.parent = pdev.dev;
            err = misc_register(d.misc);
            if (err) break err_irq;
            return 0;
          }
          pci_clear_master(pdev);
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
  pci_clear_master(pdev);
  free_irq(pdev.irq, d);
  pci_iounmap(pdev, d.regs);
  pci_release_regions(pdev);
  pci_disable_device(pdev);
  kfree(d);
}

module_pci_driver(
  pci_driver({
    name: "edu-dma",
    id_table: [{ vendor: 0x1234, device: 0x11e8 }],
    probe: edu_probe,
    remove: edu_remove,
  }),
);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("DMA with QEMU's edu device");
