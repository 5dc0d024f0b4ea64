// KUnit: linux/interrupt, with an edu device that interrupts when it is told to.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_NE,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { cpumask_of } from "linux/cpumask";
import { msleep } from "linux/delay";
import { EINVAL, ENOMEM } from "linux/errno";
import {
  disable_hardirq,
  disable_irq,
  disable_irq_nosync,
  disable_irq_wake,
  enable_irq,
  enable_irq_wake,
  free_irq,
  IRQ_HANDLED,
  IRQ_NONE,
  IRQ_RETVAL,
  IRQ_WAKE_THREAD,
  IRQC_IS_HARDIRQ,
  IRQF_NO_AUTOEN,
  IRQF_ONESHOT,
  IRQF_SHARED,
  IRQF_TRIGGER_RISING,
  irq_set_affinity,
  irq_set_affinity_and_hint,
  irq_set_affinity_hint,
  irq_set_irq_type,
  irq_set_irq_wake,
  type irqreturn_t,
  probe_irq_off,
  probe_irq_on,
  request_any_context_irq,
  request_irq,
  request_threaded_irq,
  synchronize_hardirq,
  synchronize_irq,
} from "linux/interrupt";
import { readl, writel } from "linux/io";
import { MODULE_LICENSE } from "linux/module";
import {
  module_pci_driver,
  type pci_dev,
  pci_disable_device,
  pci_driver,
  pci_enable_device,
  pci_iomap,
  pci_iounmap,
  pci_release_regions,
  pci_request_regions,
} from "linux/pci";
import { in_hardirq, in_task } from "linux/preempt";
import { num_online_cpus, raw_smp_processor_id } from "linux/smp";
import { type int, iomem, type Ref, struct, u32 } from "linux/types";

const EDU_IRQ_STATUS = 0x24;
const EDU_IRQ_RAISE = 0x60;
const EDU_IRQ_ACK = 0x64;

const line = struct("line", {
  regs: iomem,
  irq: u32,
  hard: u32,
  soft: u32,
  context: u32,
  cpu: u32,
  busy: u32,
  most: u32,
});
const d = line({});

function raise(): void {
  writel(2, d.regs.add(EDU_IRQ_RAISE));
  msleep(1);
}

function reset(): void {
  d.hard = 0;
  d.soft = 0;
  d.most = 0;
}

function plain(irq: int, it: Ref<typeof line>): irqreturn_t {
  const status = readl(it.regs.add(EDU_IRQ_STATUS));
  writel(status, it.regs.add(EDU_IRQ_ACK));
  it.hard += 1;
  it.cpu = raw_smp_processor_id();
  it.context = in_hardirq() ? 1 : 0;
  return IRQ_RETVAL(status !== 0 && irq === it.irq);
}

function wake(irq: int, it: Ref<typeof line>): irqreturn_t {
  it.hard += 1;
  return irq === it.irq ? IRQ_WAKE_THREAD : IRQ_NONE;
}

function thread(irq: int, it: Ref<typeof line>): irqreturn_t {
  it.busy += 1;
  if (it.busy > it.most) it.most = it.busy;
  it.context = in_task() ? 2 : 0;
  msleep(2);
  writel(readl(it.regs.add(EDU_IRQ_STATUS)), it.regs.add(EDU_IRQ_ACK));
  it.soft += 1;
  it.busy -= 1;
  return irq === it.irq ? IRQ_HANDLED : IRQ_NONE;
}

function irq_test_plain(test: Ref<kunit>): void {
  reset();
  KUNIT_EXPECT_EQ(test, request_irq(d.irq, plain, IRQF_SHARED, "plain", d), 0);
  raise();
  synchronize_irq(d.irq);
  KUNIT_EXPECT_EQ(test, d.hard, 1);
  KUNIT_EXPECT_EQ(test, d.context, 1);
  disable_irq(d.irq);
  disable_irq_nosync(d.irq);
  raise();
  KUNIT_EXPECT_EQ(test, d.hard, 1);
  enable_irq(d.irq);
  KUNIT_EXPECT_EQ(test, d.hard, 1);
  enable_irq(d.irq);
  msleep(1);
  KUNIT_EXPECT_EQ(test, d.hard, 2);
  free_irq(d.irq, d);
  KUNIT_EXPECT_EQ(test, request_any_context_irq(d.irq, plain, 0, "any", d), IRQC_IS_HARDIRQ);
  raise();
  msleep(1);
  KUNIT_EXPECT_EQ(test, d.hard, 3);
  free_irq(d.irq, d);
}

function irq_test_threaded(test: Ref<kunit>): void {
  reset();
  KUNIT_EXPECT_EQ(test, request_threaded_irq(d.irq, wake, thread, IRQF_ONESHOT, "threaded", d), 0);
  raise();
  // The line is still asserted, and masked as long as the thread runs.
  KUNIT_EXPECT_EQ(test, d.hard, 1);
  KUNIT_EXPECT_EQ(test, d.soft, 0);
  KUNIT_EXPECT_EQ(test, synchronize_hardirq(d.irq), false);
  synchronize_irq(d.irq);
  KUNIT_EXPECT_EQ(test, d.soft, 1);
  KUNIT_EXPECT_EQ(test, d.context, 2);
  KUNIT_EXPECT_EQ(test, synchronize_hardirq(d.irq), true);
  raise();
  msleep(5);
  KUNIT_EXPECT_EQ(test, d.soft, 2);
  KUNIT_EXPECT_EQ(test, d.hard, 2);
  KUNIT_EXPECT_EQ(test, disable_hardirq(d.irq), true);
  raise();
  msleep(5);
  KUNIT_EXPECT_EQ(test, d.soft, 2);
  enable_irq(d.irq);
  free_irq(d.irq, d);
  // Who frees it waits for the thread.
  KUNIT_EXPECT_EQ(test, d.soft, 3);
  KUNIT_EXPECT_EQ(test, d.most, 1);
}

function irq_test_default(test: Ref<kunit>): void {
  reset();
  KUNIT_EXPECT_EQ(test, request_threaded_irq(d.irq, null, thread, 0, "careless", d), -EINVAL);
  KUNIT_EXPECT_EQ(test, request_threaded_irq(d.irq, null, null, IRQF_ONESHOT, "nothing", d), -EINVAL);
  KUNIT_EXPECT_EQ(test, request_threaded_irq(d.irq, null, thread, IRQF_ONESHOT | IRQF_NO_AUTOEN, "late", d), 0);
  raise();
  msleep(5);
  KUNIT_EXPECT_EQ(test, d.soft, 0);
  enable_irq(d.irq);
  msleep(5);
  KUNIT_EXPECT_EQ(test, d.soft, 1);
  KUNIT_EXPECT_NE(test, request_irq(d.irq, plain, IRQF_SHARED, "other", d), 0);
  free_irq(d.irq, d);
}

function irq_test_settings(test: Ref<kunit>): void {
  reset();
  const last = num_online_cpus() - 1;
  KUNIT_EXPECT_EQ(test, request_irq(d.irq, plain, 0, "bound", d), 0);
  KUNIT_EXPECT_EQ(test, irq_set_affinity(d.irq, cpumask_of(last)), 0);
  for (let i = 0; i < 4; i++) {
    raise();
    msleep(1);
    KUNIT_EXPECT_EQ(test, d.cpu, last);
  }
  KUNIT_EXPECT_EQ(test, d.hard, 4);
  KUNIT_EXPECT_EQ(test, irq_set_affinity_and_hint(d.irq, cpumask_of(0)), 0);
  raise();
  msleep(1);
  KUNIT_EXPECT_EQ(test, d.cpu, 0);
  KUNIT_EXPECT_EQ(test, irq_set_affinity_hint(d.irq, cpumask_of(last)), 0);
  KUNIT_EXPECT_EQ(test, irq_set_affinity_hint(d.irq, null), 0);
  raise();
  msleep(1);
  KUNIT_EXPECT_EQ(test, d.cpu, last);
  KUNIT_EXPECT_NE(test, irq_set_affinity(d.irq, cpumask_of(9)), 0);
  KUNIT_EXPECT_EQ(test, enable_irq_wake(d.irq), 0);
  KUNIT_EXPECT_EQ(test, irq_set_irq_wake(d.irq, 1), 0);
  KUNIT_EXPECT_EQ(test, irq_set_irq_wake(d.irq, 0), 0);
  KUNIT_EXPECT_EQ(test, disable_irq_wake(d.irq), 0);
  free_irq(d.irq, d);
}

function irq_test_edge(test: Ref<kunit>): void {
  reset();
  const lazy = (irq: int, it: Ref<typeof line>): irqreturn_t => {
    it.hard += 1;
    return irq === it.irq ? IRQ_HANDLED : IRQ_NONE;
  };
  KUNIT_EXPECT_EQ(test, request_irq(d.irq, lazy, IRQF_TRIGGER_RISING, "edge", d), 0);
  raise();
  msleep(1);
  // Nobody lowered the line, and yet it comes but once.
  KUNIT_EXPECT_EQ(test, d.hard, 1);
  raise();
  KUNIT_EXPECT_EQ(test, d.hard, 1);
  writel(2, d.regs.add(EDU_IRQ_ACK));
  disable_irq(d.irq);
  raise();
  writel(2, d.regs.add(EDU_IRQ_ACK));
  KUNIT_EXPECT_EQ(test, d.hard, 1);
  // An edge that came while it was off is not lost.
  enable_irq(d.irq);
  msleep(1);
  KUNIT_EXPECT_EQ(test, d.hard, 2);
  KUNIT_EXPECT_EQ(test, irq_set_irq_type(d.irq, 0), 0);
  free_irq(d.irq, d);
}

function irq_test_type(test: Ref<kunit>): void {
  reset();
  KUNIT_EXPECT_EQ(test, irq_set_irq_type(d.irq, IRQF_TRIGGER_RISING), 0);
  KUNIT_EXPECT_EQ(test, request_irq(d.irq, wake, 0, "typed", d), 0);
  raise();
  msleep(1);
  KUNIT_EXPECT_EQ(test, d.hard, 1);
  writel(2, d.regs.add(EDU_IRQ_ACK));
  free_irq(d.irq, d);
}

function irq_test_probe(test: Ref<kunit>): void {
  const mask = probe_irq_on();
  KUNIT_EXPECT_TRUE(test, mask !== 0);
  raise();
  KUNIT_EXPECT_EQ(test, probe_irq_off(mask), d.irq);
  writel(2, d.regs.add(EDU_IRQ_ACK));
  KUNIT_EXPECT_EQ(test, probe_irq_off(probe_irq_on()), 0);
}

function probe(pdev: Ref<pci_dev>): int {
  let err = pci_enable_device(pdev);
  if (err) return err;
  err = pci_request_regions(pdev, "edu");
  if (err) return err;
  const regs = pci_iomap(pdev, 0, 0);
  if (!regs) return -ENOMEM;
  d.regs = regs;
  d.irq = pdev.irq;
  return 0;
}

function remove(pdev: Ref<pci_dev>): void {
  pci_iounmap(pdev, d.regs);
  pci_release_regions(pdev);
  pci_disable_device(pdev);
}

const driver = pci_driver({ name: "irq-test", id_table: [{ vendor: 0x1234, device: 0x11e8 }], probe, remove });
module_pci_driver(driver);

kunit_test_suite(
  kunit_suite({
    name: "interrupt",
    test_cases: [
      KUNIT_CASE(irq_test_plain),
      KUNIT_CASE(irq_test_threaded),
      KUNIT_CASE(irq_test_default),
      KUNIT_CASE(irq_test_settings),
      KUNIT_CASE(irq_test_edge),
      KUNIT_CASE(irq_test_type),
      KUNIT_CASE(irq_test_probe),
    ],
  }),
);

MODULE_LICENSE("GPL");
