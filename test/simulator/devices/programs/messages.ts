// A driver for edu with MSI and DMA: an ioctl computes a factorial, another copies a word through the device.
// devices: edu
import { EIO, ENODEV, ENOMEM, ENOTTY } from "linux/errno";
import { type file, file_operations, type inode } from "linux/fs";
import { free_irq, IRQ_HANDLED, IRQ_NONE, type irqreturn_t, request_irq } from "linux/interrupt";
import { readl, writel, writeq } from "linux/io";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, THIS_MODULE } from "linux/module";
import {
  module_pci_driver,
  PCI_IRQ_MSI,
  pci_alloc_irq_vectors,
  type pci_dev,
  pci_disable_device,
  pci_driver,
  pci_enable_device,
  pci_free_irq_vectors,
  pci_get_drvdata,
  pci_iomap,
  pci_iounmap,
  pci_irq_vector,
  pci_set_drvdata,
  pci_set_master,
} from "linux/pci";
import { pr_info } from "linux/printk";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import {
  cast,
  container_of,
  type int,
  iomem,
  type long,
  type Ref,
  struct,
  u32,
  type uint,
  type ulong,
} from "linux/types";
import { init_waitqueue_head, wait_event, wait_queue_head_t, wake_up } from "linux/wait";

const FACTORIAL = 0x08;
const STATUS = 0x20;
const IRQ_STATUS = 0x24;
const IRQ_ACK = 0x64;

const messages = struct("messages", {
  regs: iomem,
  misc: miscdevice,
  wait: wait_queue_head_t,
  status: u32,
  irqs: u32,
});

function messages_irq(irq: int, d: Ref<typeof messages>): irqreturn_t {
  const status = readl(d.regs.add(IRQ_STATUS));
  d.irqs += 1;
  if (status === 0) return IRQ_NONE;
  writel(status, d.regs.add(IRQ_ACK));
  d.status |= status;
  wake_up(d.wait);
  return IRQ_HANDLED;
}

function messages_open(inode: Ref<inode>, file: Ref<file>): int {
  file.private_data = container_of(cast(miscdevice, file.private_data), messages, "misc");
  return 0;
}

function messages_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  const d = cast(messages, file.private_data);
  if (readl(d.regs) === 0xffffffff) return -ENODEV;
  switch (cmd) {
    case 1:
      writel(arg, d.regs.add(FACTORIAL));
      wait_event(d.wait, () => (d.status & 1) !== 0);
      d.status &= ~1;
      return readl(d.regs.add(FACTORIAL)) | 0;
    case 2:
      return d.irqs;
    case 3: {
      // From a physical address to the device's buffer.
      writeq(BigInt(arg), d.regs.add(0x80));
      writeq(0x40000n, d.regs.add(0x88));
      writeq(4n, d.regs.add(0x90));
      writeq(5n, d.regs.add(0x98));
      wait_event(d.wait, () => (d.status & 0x100) !== 0);
      d.status &= ~0x100;
      return 0;
    }
    case 4:
      return readl(d.regs.add(STATUS)) & 1 ? -EIO : 0;
    default:
      return -ENOTTY;
  }
}

const fops = file_operations({ owner: THIS_MODULE, open: messages_open, unlocked_ioctl: messages_ioctl });

function messages_probe(pdev: Ref<pci_dev>): int {
  let err = 0;
  const d = kzalloc(messages, GFP_KERNEL);
  if (!d) return -ENOMEM;
  init_waitqueue_head(d.wait);
  err = pci_enable_device(pdev);
  if (err) return err;
  const regs = pci_iomap(pdev, 0, 0);
  if (!regs) return -ENOMEM;
  d.regs = regs;
  pci_set_master(pdev);
  err = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI);
  if (err < 0) return err;
  const irq = pci_irq_vector(pdev, 0);
  err = request_irq(irq, messages_irq, 0, "messages", d);
  if (err) return err;
  pr_info("irq %d\n", irq);
  writel(0x80, d.regs.add(STATUS));
  pci_set_drvdata(pdev, d);
  d.misc.minor = MISC_DYNAMIC_MINOR;
  d.misc.name = "messages";
  d.misc.fops = fops;
  return misc_register(d.misc);
}

function messages_remove(pdev: Ref<pci_dev>): void {
  const d = pci_get_drvdata(pdev, messages);
  misc_deregister(d.misc);
  free_irq(pci_irq_vector(pdev, 0), d);
  pci_free_irq_vectors(pdev);
  pci_iounmap(pdev, d.regs);
  pci_disable_device(pdev);
  kfree(d);
}

module_pci_driver(
  pci_driver({
    name: "messages",
    id_table: [{ vendor: 0x1234, device: 0x11e8 }],
    probe: messages_probe,
    remove: messages_remove,
  }),
);
MODULE_LICENSE("GPL");
