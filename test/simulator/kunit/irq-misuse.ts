// KUnit: interrupt lines used against the rules, each mistake found by its check.
import { KUNIT_CASE, KUNIT_EXPECT_EQ, KUNIT_EXPECT_GT, type kunit, kunit_suite, kunit_test_suite } from "kunit/test";
import { msleep } from "linux/delay";
import { ENOMEM } from "linux/errno";
import {
  disable_irq,
  enable_irq,
  free_irq,
  IRQ_HANDLED,
  IRQ_NONE,
  type irqreturn_t,
  request_irq,
} from "linux/interrupt";
import { readl, writel } from "linux/io";
import { local_irq_enable } from "linux/irqflags";
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
import { type int, iomem, type Ref, struct, u32 } from "linux/types";

const EDU_IRQ_STATUS = 0x24;
const EDU_IRQ_RAISE = 0x60;
const EDU_IRQ_ACK = 0x64;

const line = struct("line", { regs: iomem, irq: u32, calls: u32 });
const d = line({});

function raise(): void {
  d.calls = 0;
  writel(2, d.regs.add(EDU_IRQ_RAISE));
  msleep(50);
}

function acknowledge(): void {
  writel(readl(d.regs.add(EDU_IRQ_STATUS)), d.regs.add(EDU_IRQ_ACK));
}

/** It neither acknowledges the interrupt nor says that it is its own. */
function careless_irq(irq: int, it: Ref<typeof line>): irqreturn_t {
  it.calls += 1; // reports: irq-misuse
  return IRQ_NONE;
}

function bogus_irq(irq: int, it: Ref<typeof line>): irqreturn_t {
  acknowledge(); // reports: irq-misuse
  it.calls += 1;
  return 7 as irqreturn_t;
}

function enabling_irq(irq: int, it: Ref<typeof line>): irqreturn_t {
  acknowledge(); // reports: irq-misuse
  it.calls += 1;
  local_irq_enable();
  return IRQ_HANDLED;
}

function nobody_cared(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, request_irq(d.irq, careless_irq, 0, "careless", d), 0);
  raise();
  const { calls } = d;
  KUNIT_EXPECT_GT(test, calls, 100);
  // The line is off now.
  msleep(10);
  KUNIT_EXPECT_EQ(test, d.calls, calls);
  acknowledge();
  free_irq(d.irq, d);
}

function bogus_return(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, request_irq(d.irq, bogus_irq, 0, "bogus", d), 0);
  raise();
  KUNIT_EXPECT_EQ(test, d.calls, 1);
  free_irq(d.irq, d);
}

function enables_interrupts(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, request_irq(d.irq, enabling_irq, 0, "enabling", d), 0);
  raise();
  KUNIT_EXPECT_EQ(test, d.calls, 1);
  free_irq(d.irq, d);
}

function unbalanced(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, request_irq(d.irq, enabling_irq, 0, "unbalanced", d), 0);
  disable_irq(d.irq);
  enable_irq(d.irq);
  enable_irq(d.irq); // reports: irq-misuse
  free_irq(d.irq, test); // reports: irq-misuse
  free_irq(d.irq, d);
  free_irq(d.irq, d); // reports: irq-misuse
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

const driver = pci_driver({ name: "irq-misuse", id_table: [{ vendor: 0x1234, device: 0x11e8 }], probe, remove });
module_pci_driver(driver);

kunit_test_suite(
  kunit_suite({
    name: "irq-misuse",
    test_cases: [
      KUNIT_CASE(nobody_cared),
      KUNIT_CASE(bogus_return),
      KUNIT_CASE(enables_interrupts),
      KUNIT_CASE(unbalanced),
    ],
  }),
);

MODULE_LICENSE("GPL");
