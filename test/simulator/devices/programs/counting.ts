// A driver of the counter: waits for its interrupt at load.
// devices: ./counter.ts
import { ENOMEM } from "linux/errno";
import { free_irq, IRQ_HANDLED, IRQ_NONE, type irqreturn_t, request_irq } from "linux/interrupt";
import { ioremap, iounmap, readl, writel } from "linux/io";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import { pr_info } from "linux/printk";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { type int, iomem, type Ref, struct, u32 } from "linux/types";
import { init_waitqueue_head, wait_event, wait_queue_head_t, wake_up } from "linux/wait";

const COUNT = 0x00;
const CTRL = 0x04;
const STATUS = 0x08;
const ACK = 0x0c;
const READS = 0x10;
const IRQ = 48;

const counting = struct("counting", { regs: iomem, wait: wait_queue_head_t, done: u32 });
let d: Ref<typeof counting> | null = null;

function counter_irq(irq: int, dev: Ref<typeof counting>): irqreturn_t {
  if (readl(dev.regs.add(STATUS)) === 0) return IRQ_NONE;
  writel(1, dev.regs.add(ACK));
  dev.done = 1;
  wake_up(dev.wait);
  return IRQ_HANDLED;
}

function counting_init(): int {
  const dev = kzalloc(counting, GFP_KERNEL);
  if (!dev) return -ENOMEM;
  const regs = ioremap(0x0a000000, 0x100);
  if (!regs) {
    kfree(dev);
    return -ENOMEM;
  }
  dev.regs = regs;
  init_waitqueue_head(dev.wait);
  const err = request_irq(IRQ, counter_irq, 0, "counting", dev);
  if (err) {
    iounmap(regs);
    kfree(dev);
    return err;
  }
  writel(20, dev.regs.add(COUNT));
  writel(1, dev.regs.add(CTRL));
  wait_event(dev.wait, () => dev.done !== 0);
  pr_info("counted to %u, with %u reads\n", readl(dev.regs.add(COUNT)), readl(dev.regs.add(READS)));
  d = dev;
  return 0;
}

function counting_exit(): void {
  if (!d) return;
  free_irq(IRQ, d);
  iounmap(d.regs);
  kfree(d);
}

module_init(counting_init);
module_exit(counting_exit);
MODULE_LICENSE("GPL");
