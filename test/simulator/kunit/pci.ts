// KUnit: linux/pci, on QEMU's edu device.
import {
  KUNIT_ASSERT_NOT_NULL,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_NULL,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { dev_info, type device } from "linux/device";
import { IS_ERR } from "linux/err";
import { EBUSY, EIO, ENODEV } from "linux/errno";
import { readl } from "linux/io";
import { IORESOURCE_MEM } from "linux/ioport";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import {
  PCI_COMMAND,
  PCI_COMMAND_MASTER,
  PCI_D0,
  PCI_D3hot,
  PCI_DEVICE,
  PCI_DEVICE_CLASS,
  PCI_DEVICE_SUB,
  PCI_INTERRUPT_LINE,
  pci_channel_offline,
  type pci_dev,
  pci_dev_get,
  pci_dev_put,
  pci_device_is_present,
  pci_disable_device,
  pci_driver,
  pci_enable_device,
  pci_read_config_byte,
  pci_read_config_dword,
  pci_read_config_word,
  pci_register_driver,
  pci_release_region,
  pci_release_regions,
  pci_request_region,
  pci_request_regions,
  pci_resource_end,
  pci_resource_flags,
  pci_resource_start,
  pci_restore_state,
  pci_save_state,
  pci_set_master,
  pci_set_power_state,
  pci_unregister_driver,
  pci_write_config_byte,
  pci_write_config_dword,
  pci_write_config_word,
  pcim_enable_device,
  pcim_iomap_region,
  pcim_request_all_regions,
} from "linux/pci";
import { dev_pm_ops } from "linux/pm";
import { pm_runtime_get_noresume, pm_runtime_put_noidle, pm_runtime_suspended } from "linux/pm_runtime";
import { pr_info } from "linux/printk";
import { type int, on_stack, type Ref, struct, u8, u16, u32 } from "linux/types";

const state = struct("state", { probed: u32, removed: u32, suspends: u32, master: u32, id: u32, gone: u32, shut: u32 })(
  {},
);
let found: Ref<pci_dev> | null = null;

function command(pdev: Ref<pci_dev>): number {
  const word = on_stack(u16);
  pci_read_config_word(pdev, PCI_COMMAND, word);
  return word.value;
}

function edu_probe(pdev: Ref<pci_dev>): int {
  const err = pcim_enable_device(pdev);
  if (err) return err;
  const regs = pcim_iomap_region(pdev, 0, "edu");
  if (IS_ERR(regs)) return -EBUSY;
  state.id = readl(regs);
  pci_set_master(pdev);
  found = pdev;
  state.probed += 1;
  pm_runtime_put_noidle(pdev.dev);
  return 0;
}

function edu_remove(pdev: Ref<pci_dev>): void {
  pm_runtime_get_noresume(pdev.dev);
  state.removed += 1;
  state.gone = (pci_device_is_present(pdev) ? 0 : 1) + (pci_channel_offline(pdev) ? 1 : 0);
  found = null;
}

function edu_shutdown(pdev: Ref<pci_dev>): void {
  dev_info(pdev.dev, "shut down\n");
  state.shut += 1;
}

function edu_suspend(dev: Ref<device>): int {
  state.suspends += 1;
  return 0;
}

function edu_resume(dev: Ref<device>): int {
  if (!found) return -ENODEV;
  state.master = command(found) & PCI_COMMAND_MASTER;
  dev_info(dev, "bus master: %u\n", state.master);
  return 0;
}

const edu_pm = dev_pm_ops({
  suspend: edu_suspend,
  resume: edu_resume,
  runtime_suspend: edu_suspend,
  runtime_resume: edu_resume,
});
const edu_driver = pci_driver({
  name: "edu",
  id_table: [PCI_DEVICE_CLASS(0x020000, 0xffff00), PCI_DEVICE(0x1234, 0x11e8)],
  probe: edu_probe,
  remove: edu_remove,
  shutdown: edu_shutdown,
  driver: { pm: edu_pm },
});
const by_class = pci_driver({ name: "by-class", id_table: [PCI_DEVICE_CLASS(0x00ff00, 0xffff00)], probe: take });
const by_part = pci_driver({ name: "by-part", id_table: [PCI_DEVICE_SUB(0x1234, 0x11e8, 1, 2)], probe: take });

function take(pdev: Ref<pci_dev>): int {
  found = pdev;
  return 0;
}

function pci_test_regions(test: Ref<kunit>): void {
  const pdev = found;
  KUNIT_ASSERT_NOT_NULL(test, pdev);
  if (!pdev) return;
  KUNIT_EXPECT_EQ(test, state.id, 0x010000ed);
  KUNIT_EXPECT_EQ(test, pci_resource_end(pdev, 0) - pci_resource_start(pdev, 0), 0xfffff);
  KUNIT_EXPECT_EQ(test, pci_resource_end(pdev, 1), 0);
  KUNIT_EXPECT_EQ(test, pci_resource_flags(pdev, 0), IORESOURCE_MEM);
  // The driver has the region.
  KUNIT_EXPECT_EQ(test, pci_request_region(pdev, 0, "other"), -EBUSY);
  KUNIT_EXPECT_EQ(test, pci_request_regions(pdev, "other"), -EBUSY);
}

function pci_test_tables(test: Ref<kunit>): void {
  pci_unregister_driver(edu_driver);
  KUNIT_EXPECT_EQ(test, state.removed, 1);
  KUNIT_EXPECT_EQ(test, pci_register_driver(by_class), 0);
  const pdev = found;
  KUNIT_ASSERT_NOT_NULL(test, pdev);
  if (!pdev) return;
  KUNIT_EXPECT_EQ(test, pci_request_region(pdev, 0, "one"), 0);
  pci_release_region(pdev, 0);
  KUNIT_EXPECT_EQ(test, pci_request_regions(pdev, "all"), 0);
  pci_release_regions(pdev);
  KUNIT_EXPECT_EQ(test, pcim_request_all_regions(pdev, "managed"), 0);
  KUNIT_EXPECT_EQ(test, pci_request_region(pdev, 0, "one"), -EBUSY);
  pci_unregister_driver(by_class);
  found = null;
  KUNIT_EXPECT_EQ(test, pci_register_driver(by_part), 0);
  KUNIT_EXPECT_PTR_EQ(test, found, pdev);
  KUNIT_EXPECT_EQ(test, pci_request_region(pdev, 0, "one"), 0);
  pci_release_region(pdev, 0);
  pci_disable_device(pdev); // reports: lifecycle-misuse
  KUNIT_EXPECT_EQ(test, pci_enable_device(pdev), 0);
  pci_disable_device(pdev);
  pci_unregister_driver(by_part);
  KUNIT_EXPECT_EQ(test, pci_register_driver(edu_driver), 0);
}

function pci_test_state(test: Ref<kunit>): void {
  const pdev = found;
  KUNIT_ASSERT_NOT_NULL(test, pdev);
  if (!pdev) return;
  KUNIT_EXPECT_TRUE(test, pci_device_is_present(pdev));
  KUNIT_EXPECT_EQ(test, pci_channel_offline(pdev), 0);
  KUNIT_EXPECT_EQ(test, pci_set_power_state(pdev, PCI_D0), 0);
  KUNIT_EXPECT_EQ(test, pci_set_power_state(pdev, PCI_D3hot), -EIO);
  KUNIT_EXPECT_EQ(test, command(pdev), 6);
  KUNIT_EXPECT_EQ(test, pci_save_state(pdev), 0);
  KUNIT_EXPECT_EQ(test, pci_write_config_word(pdev, PCI_COMMAND, 2), 0);
  KUNIT_EXPECT_EQ(test, command(pdev), 2);
  pci_restore_state(pdev);
  KUNIT_EXPECT_EQ(test, command(pdev), 6);
  const word = on_stack(u32);
  KUNIT_EXPECT_EQ(test, pci_write_config_dword(pdev, 0x40, 0x12345678), 0);
  KUNIT_EXPECT_EQ(test, pci_write_config_byte(pdev, 0x41, 0xff), 0);
  pci_read_config_dword(pdev, 0x40, word);
  KUNIT_EXPECT_EQ(test, word.value, 0x1234ff78);
  const byte = on_stack(u8);
  KUNIT_EXPECT_EQ(test, pci_read_config_byte(pdev, 0x41, byte), 0);
  KUNIT_EXPECT_EQ(test, byte.value, 0xff);
  KUNIT_EXPECT_EQ(test, pci_write_config_byte(pdev, PCI_INTERRUPT_LINE, 5), 0);
  // User space has not allowed it to sleep.
  KUNIT_EXPECT_FALSE(test, pm_runtime_suspended(pdev.dev));
}

const second_driver = pci_driver({ name: "messages", id_table: [PCI_DEVICE(0x1234, 0x11e9)], probe: take });

function pci_test_removal(test: Ref<kunit>): void {
  const first = found;
  found = null;
  KUNIT_EXPECT_EQ(test, pci_register_driver(second_driver), 0);
  KUNIT_EXPECT_NULL(test, found);
  pci_unregister_driver(second_driver);
  found = first;
  KUNIT_EXPECT_PTR_EQ(test, pci_dev_get(first), first);
  pci_dev_put(first);
}

function pci_init(): int {
  return pci_register_driver(edu_driver);
}

function pci_exit(): void {
  pr_info("removed %u, gone %u\n", state.removed, state.gone);
  pci_unregister_driver(edu_driver);
}

module_init(pci_init);
module_exit(pci_exit);
kunit_test_suite(
  kunit_suite({
    name: "pci",
    test_cases: [
      KUNIT_CASE(pci_test_regions),
      KUNIT_CASE(pci_test_tables),
      KUNIT_CASE(pci_test_state),
      KUNIT_CASE(pci_test_removal),
    ],
  }),
);

MODULE_LICENSE("GPL");
