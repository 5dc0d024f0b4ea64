// KUnit: linux/of, nodes of the device tree that point to others.
// devices: sp804
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_NOT_NULL,
  KUNIT_EXPECT_NULL,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_STREQ,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { MODULE_LICENSE } from "linux/module";
import { of_device_is_compatible, of_node_get, of_node_put, of_parse_phandle } from "linux/of";
import {
  type platform_device,
  platform_driver,
  platform_driver_register,
  platform_driver_unregister,
} from "linux/platform_device";
import type { int, Ref } from "linux/types";

let current_test: Ref<kunit>;

function of_probe(pdev: Ref<platform_device>): int {
  const test = current_test;
  const node = pdev.dev.of_node;
  const clock = of_parse_phandle(node, "clocks", 0);
  KUNIT_EXPECT_NOT_NULL(test, clock);
  if (!clock) return 0;
  KUNIT_EXPECT_EQ(test, of_device_is_compatible(clock, "fixed-clock"), 1);
  KUNIT_EXPECT_STREQ(test, clock.name, clock.full_name);
  KUNIT_EXPECT_PTR_EQ(test, of_node_get(clock), clock);
  of_node_put(clock);
  of_node_put(clock);
  of_node_put(clock); // reports: lifecycle-misuse
  of_node_put(null);
  KUNIT_EXPECT_NULL(test, of_parse_phandle(node, "clocks", 99));
  KUNIT_EXPECT_NULL(test, of_parse_phandle(node, "supplies", 0));
  return 0;
}

const of_driver = platform_driver({
  probe: of_probe,
  driver: { name: "of", of_match_table: [{ compatible: "arm,sp804" }] },
});

function of_test_phandles(test: Ref<kunit>): void {
  current_test = test;
  KUNIT_EXPECT_EQ(test, platform_driver_register(of_driver), 0);
  platform_driver_unregister(of_driver);
}

kunit_test_suite(kunit_suite({ name: "of", test_cases: [KUNIT_CASE(of_test_phandles)] }));

MODULE_LICENSE("GPL");
