// KUnit: linux/list.
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
import {
  INIT_LIST_HEAD,
  LIST_HEAD,
  list_add,
  list_add_tail,
  list_del,
  list_del_init,
  list_empty,
  list_for_each_entry,
  list_head,
} from "linux/list";
import { MODULE_LICENSE } from "linux/module";
import { on_stack, type Ref, struct, u32 } from "linux/types";

const item = struct("item", { value: u32, node: list_head });

const items = LIST_HEAD("items");

function list_test_add(test: Ref<kunit>): void {
  const a = on_stack(item);
  const b = on_stack(item);
  a.value = 1;
  b.value = 2;
  KUNIT_EXPECT_TRUE(test, list_empty(items));
  list_add(a.node, items);
  list_add_tail(b.node, items);
  let seen = 0;
  for (const one of list_for_each_entry(items, item, "node")) seen = seen * 10 + one.value;
  KUNIT_EXPECT_EQ(test, seen, 12);
  KUNIT_EXPECT_PTR_EQ(test, items.next, a.node);
  list_del(a.node);
  list_del_init(b.node);
  KUNIT_EXPECT_TRUE(test, list_empty(items));
  KUNIT_EXPECT_TRUE(test, list_empty(b.node));
}

function list_test_init(test: Ref<kunit>): void {
  const head = on_stack(list_head);
  INIT_LIST_HEAD(head);
  KUNIT_EXPECT_FALSE(test, !list_empty(head));
}

kunit_test_suite(kunit_suite({ name: "list", test_cases: [KUNIT_CASE(list_test_add), KUNIT_CASE(list_test_init)] }));

MODULE_LICENSE("GPL");
