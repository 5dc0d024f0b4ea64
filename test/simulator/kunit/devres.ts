// KUnit: what goes with a driver when it leaves its device, in linux/device, linux/interrupt, linux/io and linux/pci.
// devices: edu, ns16550a
import {
  KUNIT_ASSERT_NOT_NULL,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_NOT_NULL,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_STREQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import {
  dev_get_drvdata,
  dev_set_drvdata,
  devm_add_action,
  devm_add_action_or_reset,
  devm_ioremap_resource,
  devm_kasprintf,
  devm_kcalloc,
  devm_kfree,
  devm_kmalloc,
  devm_kmalloc_array,
  devm_kmemdup,
  devm_kstrdup,
  devm_kzalloc,
  devm_release_action,
  devm_remove_action,
} from "linux/device";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EBUSY, EINVAL, ENODEV } from "linux/errno";
import { devm_free_irq, devm_request_irq, devm_request_threaded_irq, IRQ_HANDLED } from "linux/interrupt";
import { devm_ioremap, devm_iounmap, readb } from "linux/io";
import { IORESOURCE_MEM, release_mem_region, request_mem_region, resource } from "linux/ioport";
import { MODULE_LICENSE } from "linux/module";
import {
  type pci_dev,
  pci_driver,
  pci_register_driver,
  pci_unregister_driver,
  pcim_enable_device,
  pcim_iomap,
} from "linux/pci";
import { GFP_KERNEL } from "linux/slab";
import { array, cast, char, type int, type Ref, struct, u8, u32 } from "linux/types";

const UART = 0x09000000;
const progress = struct("state", { number: u32, order: u32, failing: u32, seen: u32 });
const state = progress({});
const uart = resource({ start: UART, end: UART + 7, flags: IORESOURCE_MEM });
const nothing = resource({ start: 0x1000, end: 0x1fff, flags: IORESOURCE_MEM });
const no_memory = resource({ start: UART, end: UART + 7 });
const digits = struct("digit", { value: u32 });
const one = digits({ value: 1 });
const two = digits({ value: 2 });
const three = digits({ value: 3 });

function note(which: Ref<typeof digits>): void {
  state.order = state.order * 10 + which.value;
}

let current_test: Ref<kunit>;

function memory(pdev: Ref<pci_dev>): void {
  const test = current_test;
  const cleared = devm_kzalloc(pdev.dev, digits, GFP_KERNEL)!;
  KUNIT_EXPECT_EQ(test, cleared.value, 0);
  const dirty = devm_kmalloc(pdev.dev, digits, GFP_KERNEL)!;
  KUNIT_EXPECT_EQ(test, dirty.value, 0x5a5a5a5a); // reports: uninitialized-use
  devm_kfree(pdev.dev, dirty);
  devm_kfree(pdev.dev, null);
  const many = devm_kcalloc(pdev.dev, 4, digits, GFP_KERNEL)!;
  KUNIT_EXPECT_EQ(test, many[3].value, 0);
  KUNIT_EXPECT_NOT_NULL(test, devm_kmalloc_array(pdev.dev, 4, digits, GFP_KERNEL));
  const text = cast(array(char, 8), devm_kstrdup(pdev.dev, "edu", GFP_KERNEL)!);
  KUNIT_EXPECT_STREQ(test, text, "edu");
  KUNIT_EXPECT_STREQ(test, cast(array(char, 8), devm_kasprintf(pdev.dev, GFP_KERNEL, "edu%d", 7)!), "edu7");
  const copy = cast(array(u8, 4), devm_kmemdup(pdev.dev, text, 4, GFP_KERNEL)!);
  KUNIT_EXPECT_EQ(test, copy[1], 0x64);
}

function mappings(pdev: Ref<pci_dev>): void {
  const test = current_test;
  const regs = devm_ioremap(pdev.dev, UART, 8);
  KUNIT_ASSERT_NOT_NULL(test, regs);
  if (!regs) return;
  devm_iounmap(pdev.dev, regs);
  const kept = devm_ioremap_resource(pdev.dev, uart);
  KUNIT_EXPECT_TRUE(test, !IS_ERR(kept));
  if (IS_ERR(kept)) return;
  KUNIT_EXPECT_EQ(test, readb(kept.add(5)), 0x60);
  const again = devm_ioremap_resource(pdev.dev, uart);
  KUNIT_EXPECT_EQ(test, IS_ERR(again) ? PTR_ERR(again) : 0, -EBUSY);
  const wrong = devm_ioremap_resource(pdev.dev, no_memory);
  KUNIT_EXPECT_EQ(test, IS_ERR(wrong) ? PTR_ERR(wrong) : 0, -EINVAL);
  KUNIT_EXPECT_TRUE(test, IS_ERR(devm_ioremap_resource(pdev.dev, nothing)));
  KUNIT_EXPECT_NOT_NULL(test, pcim_iomap(pdev, 0, 0));
}

function probe(pdev: Ref<pci_dev>): int {
  const err = pcim_enable_device(pdev);
  if (err) return err;
  devm_add_action(pdev.dev, note, one);
  memory(pdev);
  mappings(pdev);
  devm_add_action_or_reset(pdev.dev, note, two);
  KUNIT_EXPECT_EQ(
    current_test,
    devm_request_irq(pdev.dev, pdev.irq, () => IRQ_HANDLED, 0, null, pdev),
    0,
  );
  devm_free_irq(pdev.dev, pdev.irq, pdev);
  KUNIT_EXPECT_EQ(
    current_test,
    devm_request_irq(pdev.dev, pdev.irq, () => IRQ_HANDLED, 0, "edu", pdev),
    0,
  );
  KUNIT_EXPECT_EQ(
    current_test,
    devm_request_threaded_irq(pdev.dev, pdev.irq, null, () => IRQ_HANDLED, 0, "edu", pdev),
    -EBUSY,
  );
  devm_add_action(pdev.dev, note, three);
  if (state.failing) return -ENODEV;
  dev_set_drvdata(pdev.dev, state);
  KUNIT_EXPECT_PTR_EQ(current_test, dev_get_drvdata(pdev.dev, progress), state);
  devm_release_action(pdev.dev, note, one);
  devm_remove_action(pdev.dev, note, two);
  devm_remove_action(pdev.dev, note, two);
  return 0;
}

function remove(): void {
  state.order = state.order * 10 + 9;
}

const edu_driver = pci_driver({ name: "edu", id_table: [{ vendor: 0x1234, device: 0x11e8 }], probe, remove });

function devres_test_probe_fails(test: Ref<kunit>): void {
  current_test = test;
  state.order = 0;
  state.failing = 1;
  KUNIT_EXPECT_EQ(test, pci_register_driver(edu_driver), 0);
  KUNIT_EXPECT_EQ(test, state.order, 321);
  pci_unregister_driver(edu_driver);
  KUNIT_EXPECT_EQ(test, state.order, 321);
}

function devres_test_remove(test: Ref<kunit>): void {
  current_test = test;
  state.order = 0;
  state.failing = 0;
  pci_register_driver(edu_driver);
  KUNIT_EXPECT_EQ(test, state.order, 1);
  pci_unregister_driver(edu_driver);
  KUNIT_EXPECT_EQ(test, state.order, 193);
  // The region is free again.
  KUNIT_EXPECT_NOT_NULL(test, request_mem_region(UART, 8, "uart"));
  release_mem_region(UART, 8);
}

kunit_test_suite(
  kunit_suite({ name: "devres", test_cases: [KUNIT_CASE(devres_test_probe_fails), KUNIT_CASE(devres_test_remove)] }),
);

MODULE_LICENSE("GPL");
