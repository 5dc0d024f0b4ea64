// An egg timer (SP804): registers by regmap, a clock that runs and a device that is awake only while it counts.
// devices: sp804
import { atomic_cmpxchg, atomic_t, atomic_xchg } from "linux/atomic";
import { BIT } from "linux/bits";
import { clk, clk_disable_unprepare, clk_get_rate, clk_prepare_enable, devm_clk_get } from "linux/clk";
import {
  DEVICE_ATTR_RO,
  DEVICE_ATTR_WO,
  dev_err_probe,
  dev_get_drvdata,
  dev_info,
  device,
  type device_attribute,
  devm_kzalloc,
} from "linux/device";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EBUSY, EINVAL, ENOMEM } from "linux/errno";
import { devm_request_irq, IRQ_HANDLED, IRQ_NONE, type irqreturn_t } from "linux/interrupt";
import { kstrtouint } from "linux/kernel";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE } from "linux/module";
import {
  devm_platform_ioremap_resource,
  module_platform_driver,
  type platform_device,
  platform_driver,
  platform_get_drvdata,
  platform_get_irq,
  platform_set_drvdata,
} from "linux/platform_device";
import { DEFINE_RUNTIME_DEV_PM_OPS, pm_ptr } from "linux/pm";
import {
  devm_pm_runtime_enable,
  pm_runtime_get_if_in_use,
  pm_runtime_get_sync,
  pm_runtime_mark_last_busy,
  pm_runtime_put_autosuspend,
  pm_runtime_put_noidle,
  pm_runtime_put_sync_suspend,
  pm_runtime_resume_and_get,
  pm_runtime_set_autosuspend_delay,
  pm_runtime_use_autosuspend,
} from "linux/pm_runtime";
import {
  devm_regmap_init_mmio,
  REGCACHE_MAPLE,
  regcache_cache_only,
  regcache_mark_dirty,
  regcache_sync,
  regmap,
  regmap_config,
  regmap_read,
  regmap_test_bits,
  regmap_write,
} from "linux/regmap";
import { GFP_KERNEL } from "linux/slab";
import { ATTRIBUTE_GROUPS, attribute_group, sysfs_emit } from "linux/sysfs";
import { type int, on_stack, ptr, type Ref, type size_t, type ssize_t, struct, u32, uint } from "linux/types";

// Registers of the first timer: ARM DDI 0271D.
const LOAD = 0x00;
const VALUE = 0x04;
const CTRL = 0x08;
const INTCLR = 0x0c;
const MIS = 0x14;
const BGLOAD = 0x18;

const CTRL_ONESHOT = BIT(0);
const CTRL_SIZE32 = BIT(1);
const CTRL_IE = BIT(5);
const CTRL_ENABLE = BIT(7);

const AUTOSUSPEND_MS = 20;

const egg = struct("egg", {
  dev: ptr(device),
  map: ptr(regmap),
  clk: ptr(clk),
  /** 1 from the start to the interrupt; so long it is a user of the device. */
  counting: atomic_t,
});

/** What the device changes on its own, or what only happens. */
function egg_volatile(dev: Ref<device>, reg: uint): boolean {
  return reg === VALUE || reg === INTCLR || reg === MIS;
}

const egg_regmap = regmap_config({
  reg_bits: 32,
  reg_stride: 4,
  val_bits: 32,
  max_register: BGLOAD,
  volatile_reg: egg_volatile,
  cache_type: REGCACHE_MAPLE,
});

function egg_ticks_per_us(e: Ref<typeof egg>): uint {
  return Math.trunc(clk_get_rate(e.clk) / 1000000);
}

function start_store(dev: Ref<device>, attr: Ref<device_attribute>, buf: Ref<unknown>, count: size_t): ssize_t {
  const e = dev_get_drvdata(dev, egg);
  const us = on_stack(uint);

  let err = kstrtouint(buf, 0, us);
  if (err) return err;
  if (us.value === 0 || us.value > 10000000) return -EINVAL;

  err = pm_runtime_resume_and_get(dev);
  if (err) return err;
  if (atomic_cmpxchg(e.counting, 0, 1) !== 0) {
    pm_runtime_put_autosuspend(dev);
    return -EBUSY;
  }

  // The interrupt lets go of the device.
  regmap_write(e.map!, LOAD, us.value * egg_ticks_per_us(e));
  regmap_write(e.map!, CTRL, CTRL_ENABLE | CTRL_IE | CTRL_SIZE32 | CTRL_ONESHOT);
  return count;
}

function left_show(dev: Ref<device>, attr: Ref<device_attribute>, buf: Ref<unknown>): ssize_t {
  const e = dev_get_drvdata(dev, egg);
  const ticks = on_stack(u32);

  // A device that sleeps counts nothing, and need not be woken for that.
  ticks.value = 0;
  if (pm_runtime_get_if_in_use(dev) > 0) {
    regmap_read(e.map!, VALUE, ticks);
    pm_runtime_put_autosuspend(dev);
  }
  return sysfs_emit(buf, "%u\n", Math.trunc(ticks.value / egg_ticks_per_us(e)));
}

const dev_attr_start = DEVICE_ATTR_WO("start", start_store);
const dev_attr_left = DEVICE_ATTR_RO("left", left_show);
const egg_groups = ATTRIBUTE_GROUPS(
  attribute_group({ attrs: [{ attr: dev_attr_start.attr }, { attr: dev_attr_left.attr }] }),
);

function egg_irq(irq: int, e: Ref<typeof egg>): irqreturn_t {
  if (regmap_test_bits(e.map!, MIS, 1) !== 1) return IRQ_NONE;

  regmap_write(e.map!, INTCLR, 1);
  regmap_write(e.map!, CTRL, 0);
  dev_info(e.dev!, "the eggs are done\n");
  if (atomic_xchg(e.counting, 0)) {
    pm_runtime_mark_last_busy(e.dev!);
    pm_runtime_put_autosuspend(e.dev!);
  }
  return IRQ_HANDLED;
}

function egg_runtime_suspend(dev: Ref<device>): int {
  const e = dev_get_drvdata(dev, egg);

  regcache_cache_only(e.map!, true);
  regcache_mark_dirty(e.map!);
  clk_disable_unprepare(e.clk);
  return 0;
}

function egg_runtime_resume(dev: Ref<device>): int {
  const e = dev_get_drvdata(dev, egg);

  const err = clk_prepare_enable(e.clk);
  if (err) return err;
  regcache_cache_only(e.map!, false);
  return regcache_sync(e.map!);
}

const egg_pm = DEFINE_RUNTIME_DEV_PM_OPS("egg_pm", egg_runtime_suspend, egg_runtime_resume, null);

function egg_probe(pdev: Ref<platform_device>): int {
  const e = devm_kzalloc(pdev.dev, egg, GFP_KERNEL);
  if (!e) return -ENOMEM;
  e.dev = pdev.dev;

  const regs = devm_platform_ioremap_resource(pdev, 0);
  if (IS_ERR(regs)) return PTR_ERR(regs);
  const map = devm_regmap_init_mmio(pdev.dev, regs, egg_regmap);
  if (IS_ERR(map)) return PTR_ERR(map);
  e.map = map;
  // The clock does not run yet.
  regcache_cache_only(map, true);

  const timer_clk = devm_clk_get(pdev.dev, "timer0clk");
  if (IS_ERR(timer_clk)) return dev_err_probe(pdev.dev, PTR_ERR(timer_clk), "no clock\n");
  e.clk = timer_clk;
  platform_set_drvdata(pdev, e);

  pm_runtime_set_autosuspend_delay(pdev.dev, AUTOSUSPEND_MS);
  pm_runtime_use_autosuspend(pdev.dev);
  const err = devm_pm_runtime_enable(pdev.dev);
  if (err) return err;

  const irq = platform_get_irq(pdev, 0);
  if (irq < 0) return irq;
  return devm_request_irq(pdev.dev, irq, egg_irq, 0, "egg", e);
}

/** Whatever counts is stopped, and the clock with it. */
function egg_remove(pdev: Ref<platform_device>): void {
  const e = platform_get_drvdata(pdev, egg);

  pm_runtime_get_sync(pdev.dev);
  regmap_write(e.map!, CTRL, 0);
  if (atomic_xchg(e.counting, 0)) pm_runtime_put_noidle(pdev.dev);
  pm_runtime_put_sync_suspend(pdev.dev);
}

const egg_driver = platform_driver({
  probe: egg_probe,
  remove: egg_remove,
  driver: {
    name: "egg",
    of_match_table: [{ compatible: "arm,sp804" }],
    pm: pm_ptr(egg_pm),
    dev_groups: egg_groups,
  },
});
module_platform_driver(egg_driver);

MODULE_DESCRIPTION("Egg timer");
MODULE_AUTHOR("Driverlab");
MODULE_LICENSE("GPL");
