// KUnit: what a module says of itself, and its messages for debugging.
// devices: pl061
import { KUNIT_CASE, KUNIT_EXPECT_EQ, type kunit, kunit_suite, kunit_test_suite } from "kunit/test";
import { msleep } from "linux/delay";
import { dev_dbg } from "linux/device";
import { jiffies } from "linux/jiffies";
import {
  MODULE_AUTHOR,
  MODULE_DESCRIPTION,
  MODULE_DEVICE_TABLE,
  MODULE_LICENSE,
  MODULE_PARM_DESC,
  module_param,
} from "linux/module";
import { module_platform_driver, type platform_device, platform_driver } from "linux/platform_device";
import { pr_debug } from "linux/printk";
import { del_timer_sync, mod_timer, timer_list, timer_setup } from "linux/timer";
import { type int, type Ref, struct, u32, uint } from "linux/types";

const state = struct("state", { timer: timer_list, ticks: u32 })({});
const howmany = module_param("howmany", uint, 1, 0o444);

function modinfo_tick(_t: Ref<timer_list>): void {
  state.ticks += 1;
  pr_debug("in an interrupt\n");
}

function modinfo_probe(pdev: Ref<platform_device>): int {
  dev_dbg(pdev.dev, "probed, %u\n", howmany.value);
  return 0;
}

const driver = platform_driver({
  probe: modinfo_probe,
  driver: { name: "modinfo", of_match_table: [{ compatible: "arm,pl061" }, { compatible: "acme,pl061" }] },
});
module_platform_driver(driver);

function modinfo_test_debug(test: Ref<kunit>): void {
  pr_debug("in a %s\n", "test");
  timer_setup(state.timer, modinfo_tick, 0);
  mod_timer(state.timer, jiffies() + 1);
  msleep(5);
  del_timer_sync(state.timer);
  KUNIT_EXPECT_EQ(test, state.ticks, 1);
}

kunit_test_suite(kunit_suite({ name: "modinfo", test_cases: [KUNIT_CASE(modinfo_test_debug)] }));

MODULE_LICENSE("GPL");
MODULE_AUTHOR("One");
MODULE_AUTHOR("Another");
MODULE_DESCRIPTION("Says what it is");
MODULE_PARM_DESC("howmany", "How many there are");
MODULE_DEVICE_TABLE("of", driver.driver.of_match_table!);
