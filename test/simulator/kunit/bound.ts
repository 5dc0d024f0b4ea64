// linux/platform_device: a module whose exit function forgets its driver, which still has a device.
// devices: pl061
import { dev_info } from "linux/device";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import { type platform_device, platform_driver, platform_driver_register } from "linux/platform_device";
import { pr_info } from "linux/printk";
import type { int, Ref } from "linux/types";

function bound_probe(pdev: Ref<platform_device>): int {
  dev_info(pdev.dev, "bound\n");
  return 0;
}

const bound_driver = platform_driver({
  probe: bound_probe,
  driver: { name: "bound", of_match_table: [{ compatible: "arm,pl061" }] },
});

function bound_init(): int {
  return platform_driver_register(bound_driver); // reports: lifecycle-misuse, missing-release
}

function bound_exit(): void {
  pr_info("bound: exit\n");
}

module_init(bound_init);
module_exit(bound_exit);
MODULE_LICENSE("GPL");
