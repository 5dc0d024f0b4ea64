// KUnit: runtime PM of a device and its parent: requests, users, children, what user space forbids, system sleep.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { msleep, udelay } from "linux/delay";
import { dev_info, type device } from "linux/device";
import { EAGAIN, EBUSY, EINVAL } from "linux/errno";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import {
  type platform_device,
  platform_device_add,
  platform_device_alloc,
  platform_device_unregister,
  platform_driver,
  platform_driver_register,
  platform_driver_unregister,
} from "linux/platform_device";
import { DEFINE_RUNTIME_DEV_PM_OPS, pm_ptr } from "linux/pm";
import {
  devm_pm_runtime_enable,
  pm_request_idle,
  pm_request_resume,
  pm_runtime_allow,
  pm_runtime_autosuspend,
  pm_runtime_barrier,
  pm_runtime_disable,
  pm_runtime_enable,
  pm_runtime_enabled,
  pm_runtime_forbid,
  pm_runtime_force_resume,
  pm_runtime_force_suspend,
  pm_runtime_get,
  pm_runtime_get_if_active,
  pm_runtime_get_if_in_use,
  pm_runtime_get_sync,
  pm_runtime_idle,
  pm_runtime_irq_safe,
  pm_runtime_mark_last_busy,
  pm_runtime_no_callbacks,
  pm_runtime_put,
  pm_runtime_put_noidle,
  pm_runtime_put_sync,
  pm_runtime_put_sync_autosuspend,
  pm_runtime_put_sync_suspend,
  pm_runtime_resume,
  pm_runtime_set_active,
  pm_runtime_set_autosuspend_delay,
  pm_runtime_status_suspended,
  pm_runtime_suspend,
  pm_runtime_suspended,
  pm_runtime_use_autosuspend,
  pm_suspend_ignore_children,
} from "linux/pm_runtime";
import { DEFINE_SPINLOCK, spin_lock_irqsave, spin_unlock_irqrestore } from "linux/spinlock";
import { type int, type Ref, struct, u32 } from "linux/types";

const state = struct("state", { suspends: u32, resumes: u32, busy: u32 })({});
const lock = DEFINE_SPINLOCK("lock");
let parent: Ref<platform_device>;
let child: Ref<platform_device>;

function part_suspend(dev: Ref<device>): int {
  state.suspends += 1;
  dev_info(dev, "suspends\n");
  return 0;
}

function part_resume(dev: Ref<device>): int {
  state.resumes += 1;
  dev_info(dev, "resumes\n");
  return 0;
}

function part_idle(dev: Ref<device>): int {
  return state.busy ? -EBUSY : 0;
}

const part_pm = DEFINE_RUNTIME_DEV_PM_OPS("part_pm", part_suspend, part_resume, part_idle);

function part_probe(pdev: Ref<platform_device>): int {
  return devm_pm_runtime_enable(pdev.dev);
}

function part_shutdown(pdev: Ref<platform_device>): void {
  dev_info(pdev.dev, "shuts down\n");
}

const part_driver = platform_driver({
  probe: part_probe,
  shutdown: part_shutdown,
  driver: { name: "part", pm: pm_ptr(part_pm) },
});

function rpm_test_family(test: Ref<kunit>): void {
  const [up, down] = [parent.dev, child.dev];
  KUNIT_EXPECT_TRUE(test, pm_runtime_enabled(up));
  // It was awake for the probe of its child, and a worker lets it sleep again.
  msleep(1);
  KUNIT_EXPECT_TRUE(test, pm_runtime_suspended(up));
  KUNIT_EXPECT_EQ(test, pm_runtime_resume(down), 0);
  KUNIT_EXPECT_FALSE(test, pm_runtime_suspended(up));
  KUNIT_EXPECT_EQ(test, pm_runtime_resume(down), 1);
  // It has an active child. The second resume has dropped what the first had asked of the worker.
  KUNIT_EXPECT_EQ(test, pm_runtime_suspend(up), -EBUSY);
  KUNIT_EXPECT_EQ(test, pm_request_idle(down), 0);
  msleep(5);
  KUNIT_EXPECT_TRUE(test, pm_runtime_status_suspended(down));
  KUNIT_EXPECT_TRUE(test, pm_runtime_status_suspended(up));
  KUNIT_EXPECT_EQ(test, pm_runtime_suspend(up), 1);

  pm_runtime_get_sync(down);
  pm_suspend_ignore_children(up, true);
  KUNIT_EXPECT_EQ(test, pm_runtime_suspend(up), 0);
  pm_suspend_ignore_children(up, false);
  KUNIT_EXPECT_EQ(test, pm_runtime_resume(up), 0);
  KUNIT_EXPECT_EQ(test, pm_runtime_put_sync_suspend(down), 0);
  msleep(5);

  pm_runtime_disable(down);
  pm_runtime_disable(up);
  KUNIT_EXPECT_FALSE(test, pm_runtime_enabled(up));
  pm_runtime_enable(up);
  KUNIT_EXPECT_EQ(test, pm_runtime_set_active(down), -EBUSY); // reports: lifecycle-misuse
  pm_runtime_enable(down);
  pm_runtime_enable(down); // reports: lifecycle-misuse
}

function rpm_test_requests(test: Ref<kunit>): void {
  const down = child.dev;
  state.resumes = 0;
  KUNIT_EXPECT_EQ(test, pm_runtime_get(down), 0);
  KUNIT_EXPECT_EQ(test, state.resumes, 0);
  KUNIT_EXPECT_EQ(test, pm_runtime_barrier(down), 1);
  KUNIT_EXPECT_FALSE(test, pm_runtime_suspended(down));
  KUNIT_EXPECT_EQ(test, pm_runtime_get_if_active(down), 1);
  KUNIT_EXPECT_EQ(test, pm_runtime_get_if_in_use(down), 1);
  KUNIT_EXPECT_EQ(test, pm_runtime_suspend(down), -EAGAIN);
  pm_runtime_put_noidle(down);
  pm_runtime_put_noidle(down);
  pm_runtime_put_noidle(down);
  KUNIT_EXPECT_EQ(test, pm_runtime_get_if_in_use(down), 0);
  state.busy = 1;
  KUNIT_EXPECT_EQ(test, pm_runtime_idle(down), -EBUSY);
  state.busy = 0;
  KUNIT_EXPECT_EQ(test, pm_request_idle(down), 0);
  KUNIT_EXPECT_FALSE(test, pm_runtime_suspended(down));
  msleep(1);
  KUNIT_EXPECT_TRUE(test, pm_runtime_suspended(down));
  KUNIT_EXPECT_EQ(test, pm_runtime_get_if_active(down), 0);
  pm_runtime_disable(down);
  KUNIT_EXPECT_EQ(test, pm_runtime_get_if_active(down), -EINVAL);
  pm_runtime_enable(down);

  pm_runtime_set_autosuspend_delay(down, 5);
  pm_runtime_use_autosuspend(down);
  KUNIT_EXPECT_EQ(test, pm_request_resume(down), 0);
  msleep(1);
  KUNIT_EXPECT_FALSE(test, pm_runtime_suspended(down));
  KUNIT_EXPECT_EQ(test, pm_runtime_autosuspend(down), 0);
  KUNIT_EXPECT_FALSE(test, pm_runtime_suspended(down));
  msleep(10);
  KUNIT_EXPECT_TRUE(test, pm_runtime_suspended(down));
  pm_runtime_get_sync(down);
  pm_runtime_mark_last_busy(down);
  KUNIT_EXPECT_EQ(test, pm_runtime_put_sync_autosuspend(down), 0);
  KUNIT_EXPECT_FALSE(test, pm_runtime_suspended(down));
  // A delay below 0 keeps it awake.
  pm_runtime_set_autosuspend_delay(down, -1);
  msleep(10);
  KUNIT_EXPECT_FALSE(test, pm_runtime_suspended(down));
  pm_runtime_set_autosuspend_delay(down, 0);
  msleep(1);
  KUNIT_EXPECT_TRUE(test, pm_runtime_suspended(down));
  state.busy = 1;
  pm_runtime_resume(down);
  KUNIT_EXPECT_EQ(test, pm_runtime_autosuspend(down), 0);
  KUNIT_EXPECT_TRUE(test, pm_runtime_suspended(down));
  state.busy = 0;
}

function rpm_test_forbidden(test: Ref<kunit>): void {
  const down = child.dev;
  pm_runtime_forbid(down);
  KUNIT_EXPECT_FALSE(test, pm_runtime_suspended(down));
  KUNIT_EXPECT_EQ(test, pm_runtime_suspend(down), -EAGAIN);
  pm_runtime_allow(down);
  msleep(1);
  KUNIT_EXPECT_TRUE(test, pm_runtime_suspended(down));

  // One user is system sleep itself: only a second one has the device resumed.
  pm_runtime_get_sync(down);
  pm_runtime_get_sync(down);
  KUNIT_EXPECT_EQ(test, pm_runtime_force_suspend(down), 0);
  KUNIT_EXPECT_TRUE(test, pm_runtime_status_suspended(down));
  KUNIT_EXPECT_FALSE(test, pm_runtime_enabled(down));
  state.resumes = 0;
  KUNIT_EXPECT_EQ(test, pm_runtime_force_resume(down), 0);
  KUNIT_EXPECT_EQ(test, state.resumes, 1);
  KUNIT_EXPECT_TRUE(test, pm_runtime_enabled(down));
  pm_runtime_put_noidle(down);
  pm_runtime_put_sync(down);

  msleep(1);
  KUNIT_EXPECT_TRUE(test, pm_runtime_suspended(parent.dev));
  state.resumes = 0;
  pm_runtime_no_callbacks(parent.dev);
  pm_runtime_get_sync(parent.dev);
  KUNIT_EXPECT_EQ(test, state.resumes, 0);
  pm_runtime_put(parent.dev);

  pm_runtime_irq_safe(down);
  const flags = spin_lock_irqsave(lock);
  pm_runtime_get_sync(down);
  udelay(1);
  pm_runtime_put_sync(down);
  spin_unlock_irqrestore(lock, flags);
}

function rpm_init(): int {
  platform_driver_register(part_driver);
  parent = platform_device_alloc("part", 0)!;
  platform_device_add(parent);
  child = platform_device_alloc("part", 1)!;
  child.dev.parent = parent.dev;
  return platform_device_add(child);
}

function rpm_exit(): void {
  platform_device_unregister(child);
  platform_device_unregister(parent);
  platform_driver_unregister(part_driver);
}

module_init(rpm_init);
module_exit(rpm_exit);
kunit_test_suite(
  kunit_suite({
    name: "runtime_pm",
    test_cases: [KUNIT_CASE(rpm_test_family), KUNIT_CASE(rpm_test_requests), KUNIT_CASE(rpm_test_forbidden)],
  }),
);

MODULE_LICENSE("GPL");
