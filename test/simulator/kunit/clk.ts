// KUnit: linux/clk and linux/clk-provider; registers of a timer stand for those of a clock controller.
// devices: sp804
import {
  KUNIT_ASSERT_FALSE,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_NULL,
  KUNIT_EXPECT_STREQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import {
  type clk,
  clk_disable,
  clk_disable_unprepare,
  clk_enable,
  clk_get,
  clk_get_parent,
  clk_get_rate,
  clk_prepare,
  clk_prepare_enable,
  clk_put,
  clk_round_rate,
  clk_set_rate,
  clk_unprepare,
  devm_clk_get,
  devm_clk_get_enabled,
  devm_clk_get_optional,
  devm_clk_get_optional_enabled,
  devm_clk_get_optional_prepared,
  devm_clk_get_prepared,
  devm_clk_put,
} from "linux/clk";
import {
  CLK_DIVIDER_ONE_BASED,
  CLK_DIVIDER_POWER_OF_TWO,
  CLK_GATE_SET_TO_DISABLE,
  CLK_SET_RATE_PARENT,
  clk_hw,
  clk_hw_get_name,
  clk_hw_get_rate,
  clk_hw_is_enabled,
  clk_hw_register,
  clk_hw_register_clkdev,
  clk_hw_register_divider,
  clk_hw_register_fixed_rate,
  clk_hw_register_gate,
  clk_hw_unregister,
  clk_hw_unregister_divider,
  clk_hw_unregister_fixed_rate,
  clk_hw_unregister_gate,
  clk_init_data,
  clk_ops,
  devm_clk_hw_register,
  devm_clk_hw_register_clkdev,
} from "linux/clk-provider";
import type { device } from "linux/device";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EEXIST, EINVAL, EIO, ENOENT, ESHUTDOWN } from "linux/errno";
import { readl } from "linux/io";
import { MODULE_LICENSE } from "linux/module";
import {
  devm_platform_ioremap_resource,
  module_platform_driver,
  type platform_device,
  platform_driver,
} from "linux/platform_device";
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from "linux/spinlock";
import { container_of, type IoMem, type int, iomem, type long, type Ref, struct, u32, type ulong } from "linux/types";

const own_clk = struct("own_clk", { hw: clk_hw, rate: u32, prepared: u32, enabled: u32, fail: u32 });
const state = struct("state", { regs: iomem, enabled: u32 })({});
const source = own_clk({});
const managed = own_clk({});
const lock = DEFINE_SPINLOCK("lock");
const outer = DEFINE_SPINLOCK("outer");
let dev: Ref<device>;

function own_prepare(hw: Ref<clk_hw>): int {
  const c = container_of(hw, own_clk, "hw");
  if (c.fail) return -EIO;
  c.prepared += 1;
  return 0;
}

function own_unprepare(hw: Ref<clk_hw>): void {
  container_of(hw, own_clk, "hw").prepared -= 1;
}

function own_enable(hw: Ref<clk_hw>): int {
  container_of(hw, own_clk, "hw").enabled += 1;
  return 0;
}

function own_disable(hw: Ref<clk_hw>): void {
  container_of(hw, own_clk, "hw").enabled -= 1;
}

function own_recalc_rate(hw: Ref<clk_hw>, parent_rate: ulong): ulong {
  return container_of(hw, own_clk, "hw").rate;
}

/** Rates are multiples of 1 kHz, at least one of them. */
function own_round_rate(hw: Ref<clk_hw>, rate: ulong, parent_rate: Ref<typeof u32>): long {
  if (rate < 1000) return -EINVAL;
  return rate - (rate % 1000);
}

function own_set_rate(hw: Ref<clk_hw>, rate: ulong, parent_rate: ulong): int {
  container_of(hw, own_clk, "hw").rate = rate;
  return 0;
}

const own_ops = clk_ops({
  prepare: own_prepare,
  unprepare: own_unprepare,
  enable: own_enable,
  disable: own_disable,
  recalc_rate: own_recalc_rate,
  round_rate: own_round_rate,
  set_rate: own_set_rate,
});
const source_init = clk_init_data({ name: "source", ops: own_ops });
const managed_init = clk_init_data({ name: "managed", ops: own_ops });

function timer_probe(pdev: Ref<platform_device>): int {
  const regs = devm_platform_ioremap_resource(pdev, 0);
  if (IS_ERR(regs)) return PTR_ERR(regs);
  state.regs = regs;
  dev = pdev.dev;
  const bus = devm_clk_get_enabled(dev, "apb_pclk");
  if (IS_ERR(bus)) return PTR_ERR(bus);
  const timer = devm_clk_get_prepared(dev, "timer0clk");
  if (IS_ERR(timer)) return PTR_ERR(timer);
  state.enabled = clk_enable(timer) === 0 ? 1 : 0;
  clk_disable(timer);
  const none = devm_clk_get_optional(dev, "none");
  if (none) return -EINVAL;
  if (devm_clk_get_optional_enabled(dev, "none") || devm_clk_get_optional_prepared(dev, "none")) return -EINVAL;
  managed.hw.init = managed_init;
  managed.rate = 5000;
  const err = devm_clk_hw_register(dev, managed.hw);
  return err ? err : devm_clk_hw_register_clkdev(dev, managed.hw, "managed", null);
}

const timer_driver = platform_driver({
  probe: timer_probe,
  driver: { name: "timer", of_match_table: [{ compatible: "arm,sp804" }] },
});
module_platform_driver(timer_driver);

function clk_test_lookup(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, state.enabled, 1);
  const bus = clk_get(dev, "apb_pclk");
  KUNIT_ASSERT_FALSE(test, IS_ERR(bus));
  if (IS_ERR(bus)) return;
  KUNIT_EXPECT_EQ(test, clk_get_rate(bus), 24000000);
  KUNIT_EXPECT_NULL(test, clk_get_parent(bus));
  clk_put(bus);
  const first = devm_clk_get(dev, null);
  if (IS_ERR(first)) return;
  KUNIT_EXPECT_EQ(test, clk_get_rate(first), 1000000);
  // It is what it is.
  KUNIT_EXPECT_EQ(test, clk_set_rate(first, 5), 0);
  KUNIT_EXPECT_EQ(test, clk_get_rate(first), 1000000);
  devm_clk_put(dev, first);
  const none = clk_get(dev, "none");
  KUNIT_EXPECT_TRUE(test, IS_ERR(none));
  if (IS_ERR(none)) KUNIT_EXPECT_EQ(test, PTR_ERR(none), -ENOENT);
  const anywhere = clk_get(null, "managed");
  KUNIT_ASSERT_FALSE(test, IS_ERR(anywhere));
  if (IS_ERR(anywhere)) return;
  KUNIT_EXPECT_EQ(test, clk_get_rate(anywhere), 5000);
  clk_put(anywhere);
  KUNIT_EXPECT_EQ(test, clk_prepare_enable(null), 0);
  KUNIT_EXPECT_EQ(test, clk_get_rate(null), 0);
}

function clk_test_counts(test: Ref<kunit>): void {
  source.hw.init = source_init;
  source.rate = 8000;
  KUNIT_EXPECT_EQ(test, clk_hw_register(null, source.hw), 0);
  KUNIT_EXPECT_NULL(test, source.hw.init);
  KUNIT_EXPECT_STREQ(test, clk_hw_get_name(source.hw), "source");
  KUNIT_EXPECT_EQ(test, clk_hw_get_rate(source.hw), 8000);
  const again = own_clk({});
  again.hw.init = source_init;
  KUNIT_EXPECT_EQ(test, clk_hw_register(null, again.hw), -EEXIST);
  KUNIT_EXPECT_EQ(test, clk_hw_register_clkdev(source.hw, "source", "tester"), 0);
  KUNIT_EXPECT_EQ(test, clk_hw_register_clkdev(source.hw, "source", null), 0);
  const c = clk_get(dev, "source");
  KUNIT_ASSERT_FALSE(test, IS_ERR(c));
  if (IS_ERR(c)) return;
  KUNIT_EXPECT_EQ(test, clk_enable(c), -ESHUTDOWN); // reports: lifecycle-misuse
  KUNIT_EXPECT_EQ(test, clk_prepare(c), 0);
  KUNIT_EXPECT_EQ(test, clk_prepare(c), 0);
  KUNIT_EXPECT_EQ(test, source.prepared, 1);
  spin_lock(outer);
  KUNIT_EXPECT_EQ(test, clk_enable(c), 0);
  spin_unlock(outer);
  KUNIT_EXPECT_EQ(test, source.enabled, 1);
  KUNIT_EXPECT_TRUE(test, clk_hw_is_enabled(source.hw));
  clk_unprepare(c);
  clk_unprepare(c); // reports: lifecycle-misuse
  KUNIT_EXPECT_EQ(test, source.prepared, 0);
  clk_disable(c);
  KUNIT_EXPECT_FALSE(test, clk_hw_is_enabled(source.hw));
  clk_disable(c); // reports: lifecycle-misuse
  clk_unprepare(c); // reports: lifecycle-misuse
  source.fail = 1;
  KUNIT_EXPECT_EQ(test, clk_prepare_enable(c), -EIO);
  source.fail = 0;
  KUNIT_EXPECT_EQ(test, clk_prepare_enable(c), 0);
  clk_disable_unprepare(c);
  KUNIT_EXPECT_EQ(test, source.prepared + source.enabled, 0);
  KUNIT_EXPECT_EQ(test, clk_round_rate(c, 5678), 5000);
  KUNIT_EXPECT_EQ(test, clk_round_rate(c, 5), -EINVAL);
  KUNIT_EXPECT_EQ(test, clk_set_rate(c, 5678), 0);
  KUNIT_EXPECT_EQ(test, clk_get_rate(c), 5000);
  const enabled = devm_clk_get_enabled(dev, "source");
  KUNIT_ASSERT_FALSE(test, IS_ERR(enabled));
  KUNIT_EXPECT_EQ(test, source.enabled, 1);
  if (!IS_ERR(enabled)) devm_clk_put(dev, enabled);
  KUNIT_EXPECT_EQ(test, source.prepared + source.enabled, 0);
  const prepared = devm_clk_get_prepared(dev, "source");
  KUNIT_EXPECT_EQ(test, source.prepared, 1);
  if (!IS_ERR(prepared)) devm_clk_put(dev, prepared);
  const optional = devm_clk_get_optional(dev, "source");
  if (!IS_ERR(optional)) KUNIT_EXPECT_EQ(test, clk_get_rate(optional), 5000);
  const running = devm_clk_get_optional_enabled(dev, "source");
  KUNIT_EXPECT_EQ(test, source.enabled, 1);
  if (running && !IS_ERR(running)) devm_clk_put(dev, running);
  const ready = devm_clk_get_optional_prepared(dev, "source");
  KUNIT_EXPECT_EQ(test, source.prepared, 1);
  if (ready && !IS_ERR(ready)) devm_clk_put(dev, ready);
  clk_prepare(c);
  clk_hw_unregister(source.hw); // reports: lifecycle-misuse
  clk_put(c);
}

function rate_of(test: Ref<kunit>, c: Ref<clk>, wanted: ulong): ulong {
  KUNIT_EXPECT_EQ(test, clk_set_rate(c, wanted), 0);
  return clk_get_rate(c);
}

function clk_test_kinds(test: Ref<kunit>): void {
  const regs: IoMem = state.regs!;
  const fixed = clk_hw_register_fixed_rate(null, "fixed", null, 0, 1000000);
  const divider = clk_hw_register_divider(null, "divider", "fixed", 0, regs, 4, 4, 0, lock);
  const power = clk_hw_register_divider(null, "power", "fixed", 0, regs, 8, 3, CLK_DIVIDER_POWER_OF_TWO, null);
  const based = clk_hw_register_divider(null, "based", "fixed", 0, regs, 12, 4, CLK_DIVIDER_ONE_BASED, null);
  const gate = clk_hw_register_gate(null, "gate", "divider", CLK_SET_RATE_PARENT, regs, 0, 0, lock);
  const inverse = clk_hw_register_gate(null, "inverse", "power", 0, regs, 1, CLK_GATE_SET_TO_DISABLE, null);
  KUNIT_EXPECT_TRUE(test, IS_ERR(clk_hw_register_fixed_rate(null, "fixed", null, 0, 5)));
  if (IS_ERR(fixed) || IS_ERR(divider) || IS_ERR(power) || IS_ERR(based) || IS_ERR(gate) || IS_ERR(inverse)) return;
  for (const hw of [gate, inverse, based]) clk_hw_register_clkdev(hw, clk_hw_get_name(hw), null);
  const g = clk_get(null, "gate");
  const i = clk_get(null, "inverse");
  const b = clk_get(null, "based");
  KUNIT_ASSERT_FALSE(test, IS_ERR(g) || IS_ERR(i) || IS_ERR(b));
  if (IS_ERR(g) || IS_ERR(i) || IS_ERR(b)) return;
  KUNIT_EXPECT_EQ(test, clk_get_rate(g), 1000000);
  // The gate asks its parent.
  KUNIT_EXPECT_EQ(test, rate_of(test, g, 300000), 250000);
  KUNIT_EXPECT_EQ(test, (readl(regs) >>> 4) & 15, 3);
  KUNIT_EXPECT_EQ(test, rate_of(test, b, 500000), 500000);
  KUNIT_EXPECT_EQ(test, (readl(regs) >>> 12) & 15, 2);
  KUNIT_EXPECT_EQ(test, clk_prepare_enable(g), 0);
  KUNIT_EXPECT_EQ(test, clk_prepare_enable(i), 0);
  KUNIT_EXPECT_EQ(test, readl(regs) & 3, 1);
  clk_disable_unprepare(i);
  clk_disable_unprepare(g);
  KUNIT_EXPECT_EQ(test, readl(regs) & 3, 2);
  const parent = clk_get_parent(i);
  if (parent) KUNIT_EXPECT_EQ(test, rate_of(test, parent, 300000), 250000);
  KUNIT_EXPECT_EQ(test, clk_get_rate(i), 250000);
  for (const one of [g, i, b]) clk_put(one);
  clk_hw_unregister_gate(gate);
  clk_hw_unregister_gate(inverse);
  clk_hw_unregister_divider(divider);
  clk_hw_unregister_divider(power);
  clk_hw_unregister_divider(based);
  clk_hw_unregister_fixed_rate(fixed);
  // Their names are free again.
  const later = clk_hw_register_fixed_rate(null, "fixed", null, 0, 5);
  const last = clk_hw_register_fixed_rate(null, "gate", null, 0, 5);
  const divided = clk_hw_register_fixed_rate(null, "divider", null, 0, 5);
  KUNIT_EXPECT_FALSE(test, IS_ERR(later) || IS_ERR(last) || IS_ERR(divided));
  if (!IS_ERR(later)) clk_hw_unregister_fixed_rate(later);
}

kunit_test_suite(
  kunit_suite({
    name: "clk",
    test_cases: [KUNIT_CASE(clk_test_lookup), KUNIT_CASE(clk_test_counts), KUNIT_CASE(clk_test_kinds)],
  }),
);

MODULE_LICENSE("GPL");
