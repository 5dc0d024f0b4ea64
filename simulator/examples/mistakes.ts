// A driver for edu with one mistake of each kind, each made on demand by an ioctl of /dev/mistakes.
import { ENOMEM, ENOTTY } from "linux/errno";
import { type file, file_operations } from "linux/fs";
import { free_irq, IRQ_HANDLED, IRQ_NONE, IRQF_SHARED, type irqreturn_t, request_irq } from "linux/interrupt";
import { readl, writel } from "linux/io";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_DESCRIPTION, MODULE_LICENSE, THIS_MODULE } from "linux/module";
import { mutex, mutex_init, mutex_lock, mutex_unlock } from "linux/mutex";
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
import { GFP_KERNEL, kfree, kmalloc, kzalloc } from "linux/slab";
import { spin_lock, spin_lock_init, spin_unlock, spinlock_t } from "linux/spinlock";
import {
  array,
  cast,
  char,
  container_of,
  type int,
  iomem,
  type long,
  ptr,
  type Ref,
  struct,
  u32,
  type uint,
  type ulong,
} from "linux/types";

const EDU_IRQ_STATUS = 0x24;
const EDU_IRQ_RAISE = 0x60;
const EDU_IRQ_ACK = 0x64;
const EDU_BAR_BYTES = 0x100000;

// The commands; mistakes.scenario.ts has them too.
const SLEEP_UNDER_SPINLOCK = 1;
const SLEEP_IN_INTERRUPT = 2;
const USE_AFTER_FREE = 3;
const DOUBLE_FREE = 4;
const OUT_OF_BOUNDS = 5;
const UNLOCK_NOT_HELD = 6;
const MMIO_OUT_OF_RANGE = 7;
const DOUBLE_LOCK = 8;

const sample = struct("sample", { count: u32, name: array(char, 12) });

const mistakes_dev = struct("mistakes_dev", {
  regs: iomem,
  misc: miscdevice,
  lock: spinlock_t,
  mutex: mutex,
  interrupts: u32,
  history: ptr(sample),
});

function sleep_under_spinlock(d: Ref<typeof mistakes_dev>): void {
  spin_lock(d.lock);
  const p = kmalloc(sample, GFP_KERNEL); // reports: sleep-in-atomic
  spin_unlock(d.lock);
  kfree(p);
}

function mistakes_irq(irq: int, d: Ref<typeof mistakes_dev>): irqreturn_t {
  const status = readl(d.regs.add(EDU_IRQ_STATUS));
  if (status === 0) return IRQ_NONE;
  writel(status, d.regs.add(EDU_IRQ_ACK));

  mutex_lock(d.mutex); // reports: sleep-in-atomic
  d.interrupts += 1;
  mutex_unlock(d.mutex);
  return IRQ_HANDLED;
}

function use_after_free(): void {
  const p = kzalloc(sample, GFP_KERNEL);
  if (!p) return;
  kfree(p);
  p.count = 1; // reports: use-after-free
}

function double_free(): void {
  const p = kzalloc(sample, GFP_KERNEL);
  if (!p) return;
  kfree(p);
  kfree(p); // reports: double-free
}

function out_of_bounds(): void {
  const text = kzalloc(array(char, 16), GFP_KERNEL);
  if (!text) return;
  text[16] = 0; // reports: out-of-bounds
  kfree(text);
}

function unlock_not_held(d: Ref<typeof mistakes_dev>): void {
  mutex_unlock(d.mutex); // reports: unlock-not-held
}

function mmio_out_of_range(d: Ref<typeof mistakes_dev>): void {
  readl(d.regs.add(EDU_BAR_BYTES)); // reports: mmio-out-of-range
}

/** Waits for itself, for ever. */
function double_lock(d: Ref<typeof mistakes_dev>): void {
  mutex_lock(d.mutex);
  mutex_lock(d.mutex); // reports: double-lock
  mutex_unlock(d.mutex);
  mutex_unlock(d.mutex);
}

function mistakes_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  const d = container_of(cast(miscdevice, file.private_data), mistakes_dev, "misc");

  switch (cmd) {
    case SLEEP_UNDER_SPINLOCK:
      sleep_under_spinlock(d);
      return 0;
    case SLEEP_IN_INTERRUPT:
      writel(0x40, d.regs.add(EDU_IRQ_RAISE));
      return 0;
    case USE_AFTER_FREE:
      use_after_free();
      return 0;
    case DOUBLE_FREE:
      double_free();
      return 0;
    case OUT_OF_BOUNDS:
      out_of_bounds();
      return 0;
    case UNLOCK_NOT_HELD:
      unlock_not_held(d);
      return 0;
    case MMIO_OUT_OF_RANGE:
      mmio_out_of_range(d);
      return 0;
    case DOUBLE_LOCK:
      double_lock(d);
      return 0;
    default:
      return -ENOTTY;
  }
}

const mistakes_fops = file_operations({
  owner: THIS_MODULE,
  unlocked_ioctl: mistakes_ioctl,
});

function mistakes_probe(pdev: Ref<pci_dev>): int {
  let err: int;

  const d = kzalloc(mistakes_dev, GFP_KERNEL);
  if (!d) return -ENOMEM;
  spin_lock_init(d.lock);
  mutex_init(d.mutex);

  err_free: {
    err = pci_enable_device(pdev);
    if (err) break err_free;

    err_disable: {
      err = pci_request_regions(pdev, "mistakes");
      if (err) break err_disable;

      err_release: {
        const regs = pci_iomap(pdev, 0, 0);
        if (!regs) {
          err = -ENOMEM;
          break err_release;
        }
        d.regs = regs;

        err_unmap: {
          err = request_irq(pdev.irq, mistakes_irq, IRQF_SHARED, "mistakes", d);
          if (err) break err_unmap;
          pci_set_drvdata(pdev, d);

          err_irq: {
            d.misc.minor = MISC_DYNAMIC_MINOR;
            d.misc.name = "mistakes";
            d.misc.fops = mistakes_fops;
            d.misc.parent = pdev.dev;
            err = misc_register(d.misc);
            if (err) break err_irq;

            // Nothing frees it: remove gives back everything else.
            d.history = kzalloc(sample, GFP_KERNEL); // reports: missing-release
            return 0;
          }
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

function mistakes_remove(pdev: Ref<pci_dev>): void {
  const d = pci_get_drvdata(pdev, mistakes_dev);

  misc_deregister(d.misc);
  free_irq(pdev.irq, d);
  pci_iounmap(pdev, d.regs);
  pci_release_regions(pdev);
  pci_disable_device(pdev);
  kfree(d);
}

const mistakes_driver = pci_driver({
  name: "mistakes",
  id_table: [{ vendor: 0x1234, device: 0x11e8 }],
  probe: mistakes_probe,
  remove: mistakes_remove,
});

module_pci_driver(mistakes_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("One mistake of each kind");
