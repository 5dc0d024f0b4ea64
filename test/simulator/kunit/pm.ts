// KUnit: linux/pm and linux/pm_runtime.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { msleep } from "linux/delay";
import { dev_info, type device } from "linux/device";
import { IS_ERR } from "linux/err";
import { EACCES, EAGAIN, EBUSY, EINVAL, EIO } from "linux/errno";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import {
  type platform_device,
  platform_device_register_simple,
  platform_device_unregister,
  platform_driver,
  platform_driver_register,
  platform_driver_unregister,
} from "linux/platform_device";
import { DEFINE_RUNTIME_DEV_PM_OPS, DEFINE_SIMPLE_DEV_PM_OPS, pm_ptr, pm_sleep_ptr, SIMPLE_DEV_PM_OPS } from "linux/pm";
import {
  pm_runtime_active,
  pm_runtime_disable,
  pm_runtime_dont_use_autosuspend,
  pm_runtime_enable,
  pm_runtime_get_noresume,
  pm_runtime_get_sync,
  pm_runtime_mark_last_busy,
  pm_runtime_put,
  pm_runtime_put_autosuspend,
  pm_runtime_put_noidle,
  pm_runtime_put_sync,
  pm_runtime_resume_and_get,
  pm_runtime_set_active,
  pm_runtime_set_autosuspend_delay,
  pm_runtime_set_suspended,
  pm_runtime_suspended,
  pm_runtime_use_autosuspend,
} from "linux/pm_runtime";
import { type int, type Ref, struct, u32 } from "linux/types";

const state = struct("state", { suspends: u32, resumes: u32, idles: u32, fail: u32, busy: u32, naps: u32 })({});

function toy_runtime_suspend(): int {
  state.suspends += 1;
  return 0;
}
function toy_runtime_resume(): int {
  state.resumes += 1;
  return state.fail ? -EIO : 0;
}
function toy_runtime_idle(): int {
  state.idles += 1;
  return state.busy ? -EBUSY : 0;
}
function nap(dev: Ref<device>): int {
  dev_info(dev, "asleep\n");
  state.naps += 1;
  return state.naps === 2 ? -EBUSY : 0;
}
function wake(dev: Ref<device>): int {
  dev_info(dev, "awake\n");
  return 0;
}
function doze(dev: Ref<device>): int {
  dev_info(dev, "dozes\n");
  return 0;
}

const runtime_ops = DEFINE_RUNTIME_DEV_PM_OPS("runtime_ops", toy_runtime_suspend, toy_runtime_resume, toy_runtime_idle);
const sleep_ops = DEFINE_SIMPLE_DEV_PM_OPS("sleep_ops", nap, wake);
const old_ops = SIMPLE_DEV_PM_OPS("old_ops", doze, doze);
let toy: Ref<device>;

const runtime_driver = platform_driver({
  probe: (pdev: Ref<platform_device>) => {
    toy = pdev.dev;
    return 0;
  },
  driver: { name: "runtime", pm: pm_ptr(runtime_ops) },
});
const sleepy_driver = platform_driver({ probe: () => 0, driver: { name: "sleepy", pm: pm_sleep_ptr(sleep_ops) } });
const dozing_driver = platform_driver({ probe: () => 0, driver: { name: "dozing", pm: old_ops } });

function pm_test_usage(test: Ref<kunit>): void {
  KUNIT_EXPECT_PTR_EQ(test, pm_ptr(runtime_ops), runtime_ops);
  KUNIT_EXPECT_EQ(test, pm_runtime_get_sync(toy), -EACCES);
  pm_runtime_put_noidle(toy);
  KUNIT_EXPECT_TRUE(test, pm_runtime_active(toy));
  pm_runtime_enable(toy);
  KUNIT_EXPECT_TRUE(test, pm_runtime_suspended(toy));
  KUNIT_EXPECT_EQ(test, pm_runtime_set_active(toy), -EAGAIN);
  KUNIT_EXPECT_EQ(test, pm_runtime_get_sync(toy), 0);
  KUNIT_EXPECT_EQ(test, state.resumes, 1);
  KUNIT_EXPECT_EQ(test, pm_runtime_get_sync(toy), 1);
  KUNIT_EXPECT_EQ(test, pm_runtime_put_sync(toy), 0);
  KUNIT_EXPECT_EQ(test, state.suspends, 0);
  KUNIT_EXPECT_EQ(test, pm_runtime_put_sync(toy), 0);
  KUNIT_EXPECT_EQ(test, state.suspends, 1);
  KUNIT_EXPECT_EQ(test, state.idles, 1);
  KUNIT_EXPECT_TRUE(test, pm_runtime_suspended(toy));
  KUNIT_EXPECT_EQ(test, pm_runtime_put_sync(toy), -EINVAL); // reports: lifecycle-misuse

  // The user counts though it failed, and the error stays until the status is set.
  state.fail = 1;
  KUNIT_EXPECT_EQ(test, pm_runtime_get_sync(toy), -EIO);
  state.fail = 0;
  KUNIT_EXPECT_EQ(test, pm_runtime_get_sync(toy), -EINVAL);
  pm_runtime_put_noidle(toy);
  pm_runtime_put_noidle(toy);
  KUNIT_EXPECT_EQ(test, pm_runtime_resume_and_get(toy), -EINVAL);
  KUNIT_EXPECT_EQ(test, pm_runtime_set_suspended(toy), 0);
  KUNIT_EXPECT_EQ(test, pm_runtime_resume_and_get(toy), 0);
  KUNIT_EXPECT_EQ(test, pm_runtime_put(toy), 0);
  msleep(10);
  KUNIT_EXPECT_EQ(test, state.suspends, 2);
  state.busy = 1;
  pm_runtime_get_sync(toy);
  KUNIT_EXPECT_EQ(test, pm_runtime_put_sync(toy), -EBUSY);
  KUNIT_EXPECT_FALSE(test, pm_runtime_suspended(toy));
  state.busy = 0;
  pm_runtime_get_noresume(toy);
  KUNIT_EXPECT_EQ(test, pm_runtime_put_sync(toy), 0);
  KUNIT_EXPECT_EQ(test, state.suspends, 3);
}

function pm_test_autosuspend(test: Ref<kunit>): void {
  state.suspends = 0;
  pm_runtime_set_autosuspend_delay(toy, 20);
  pm_runtime_use_autosuspend(toy);
  pm_runtime_get_sync(toy);
  pm_runtime_mark_last_busy(toy);
  KUNIT_EXPECT_EQ(test, pm_runtime_put_autosuspend(toy), 0);
  msleep(10);
  KUNIT_EXPECT_EQ(test, state.suspends, 0);
  msleep(30);
  KUNIT_EXPECT_EQ(test, state.suspends, 1);
  pm_runtime_get_sync(toy);
  pm_runtime_mark_last_busy(toy);
  pm_runtime_dont_use_autosuspend(toy);
  pm_runtime_put_sync(toy);
  KUNIT_EXPECT_EQ(test, state.suspends, 2);
  pm_runtime_disable(toy);
  KUNIT_EXPECT_EQ(test, pm_runtime_set_active(toy), 0);
  // It was suspended when runtime PM was disabled.
  KUNIT_EXPECT_EQ(test, pm_runtime_get_sync(toy), -EACCES);
  pm_runtime_put_noidle(toy);
  KUNIT_EXPECT_EQ(test, pm_runtime_set_suspended(toy), 0);
}

const drivers = [runtime_driver, sleepy_driver, dozing_driver];
const devices: Ref<platform_device>[] = [];

function toys_init(): int {
  for (const driver of drivers) platform_driver_register(driver);
  for (const name of ["runtime", "sleepy", "dozing"]) {
    const pdev = platform_device_register_simple(name, -1, null, 0);
    if (!IS_ERR(pdev)) devices.push(pdev);
  }
  return 0;
}

function toys_exit(): void {
  for (const pdev of devices) platform_device_unregister(pdev);
  for (const driver of drivers) platform_driver_unregister(driver);
}

module_init(toys_init);
module_exit(toys_exit);
kunit_test_suite(kunit_suite({ name: "pm", test_cases: [KUNIT_CASE(pm_test_usage), KUNIT_CASE(pm_test_autosuspend)] }));

MODULE_LICENSE("GPL");
