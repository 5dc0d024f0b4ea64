// KUnit: linux/list, and what its debugging finds.
import {
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
import { ARRAY_SIZE } from "linux/kernel";
import {
  hlist_add_head,
  hlist_del,
  hlist_del_init,
  hlist_empty,
  hlist_for_each_entry,
  hlist_for_each_entry_safe,
  hlist_head,
  hlist_node,
  hlist_unhashed,
  INIT_HLIST_HEAD,
  INIT_HLIST_NODE,
  INIT_LIST_HEAD,
  LIST_HEAD,
  list_add,
  list_add_tail,
  list_del,
  list_del_init,
  list_empty,
  list_entry,
  list_first_entry,
  list_first_entry_or_null,
  list_for_each,
  list_for_each_entry,
  list_for_each_entry_reverse,
  list_for_each_entry_safe,
  list_for_each_safe,
  list_head,
  list_is_first,
  list_is_last,
  list_is_singular,
  list_last_entry,
  list_move,
  list_move_tail,
  list_replace,
  list_rotate_left,
  list_splice,
  list_splice_init,
  list_splice_tail,
  list_splice_tail_init,
} from "linux/list";
import { MODULE_LICENSE } from "linux/module";
import { array, on_stack, type Ref, struct, u32 } from "linux/types";

const item = struct("item", { value: u32, node: list_head, hash: hlist_node });
const items = LIST_HEAD("items");
const others = LIST_HEAD("others");
const pool = struct("pool", { of: array(item, 4) })({});

function values(head: Ref<list_head>): number {
  let all = 0;
  for (const one of list_for_each_entry(head, item, "node")) all = all * 10 + one.value;
  return all;
}

/** The list is 1, 2, 3, 4. */
function fill(): void {
  INIT_LIST_HEAD(items);
  INIT_LIST_HEAD(others);
  for (let i = 0; i < ARRAY_SIZE(pool.of); i++) {
    pool.of[i].value = i + 1;
    list_add_tail(pool.of[i].node, items);
  }
}

function entries(test: Ref<kunit>): void {
  fill();
  KUNIT_EXPECT_EQ(test, values(items), 1234);
  let backwards = 0;
  for (const one of list_for_each_entry_reverse(items, item, "node")) backwards = backwards * 10 + one.value;
  KUNIT_EXPECT_EQ(test, backwards, 4321);
  let links = 0;
  for (const link of list_for_each(items)) links = links * 10 + list_entry(link, item, "node").value;
  KUNIT_EXPECT_EQ(test, links, 1234);
  KUNIT_EXPECT_EQ(test, list_first_entry(items, item, "node").value, 1);
  KUNIT_EXPECT_EQ(test, list_last_entry(items, item, "node").value, 4);
  KUNIT_EXPECT_TRUE(test, list_is_first(pool.of[0].node, items));
  KUNIT_EXPECT_TRUE(test, list_is_last(pool.of[3].node, items));
  for (const one of list_for_each_entry_safe(items, item, "node")) if (one.value === 2) list_del(one.node);
  for (const link of list_for_each_safe(items)) if (link === pool.of[2].node) list_del_init(link);
  KUNIT_EXPECT_EQ(test, values(items), 14);
  KUNIT_EXPECT_TRUE(test, list_empty(pool.of[2].node));
  list_add(pool.of[2].node, items);
  KUNIT_EXPECT_EQ(test, values(items), 314);
  KUNIT_EXPECT_NULL(test, list_first_entry_or_null(others, item, "node"));
}

function moves(test: Ref<kunit>): void {
  fill();
  list_move(pool.of[3].node, items);
  list_move_tail(pool.of[0].node, items);
  KUNIT_EXPECT_EQ(test, values(items), 4231);
  list_rotate_left(items);
  KUNIT_EXPECT_EQ(test, values(items), 2314);
  list_move(pool.of[0].node, others);
  KUNIT_EXPECT_TRUE(test, list_is_singular(others));
  const fresh = on_stack(item);
  fresh.value = 9;
  list_replace(pool.of[0].node, fresh.node);
  list_splice_init(others, items);
  KUNIT_EXPECT_EQ(test, values(items), 9234);
  KUNIT_EXPECT_TRUE(test, list_empty(others));
  list_splice_tail_init(items, others);
  KUNIT_EXPECT_EQ(test, values(others), 9234);
  list_splice(others, items);
  KUNIT_EXPECT_EQ(test, values(items), 9234);
  INIT_LIST_HEAD(others);
  list_splice_tail(items, others);
  KUNIT_EXPECT_EQ(test, values(others), 9234);
}

function hash_lists(test: Ref<kunit>): void {
  const head = on_stack(hlist_head);
  INIT_HLIST_HEAD(head);
  KUNIT_EXPECT_TRUE(test, hlist_empty(head));
  for (const i of [0, 1, 2]) {
    pool.of[i].value = i;
    INIT_HLIST_NODE(pool.of[i].hash);
    KUNIT_EXPECT_TRUE(test, hlist_unhashed(pool.of[i].hash));
    hlist_add_head(pool.of[i].hash, head);
  }
  let all = 0;
  for (const one of hlist_for_each_entry(head, item, "hash")) all = all * 10 + one.value;
  KUNIT_EXPECT_EQ(test, all, 210);
  for (const one of hlist_for_each_entry_safe(head, item, "hash")) if (one.value < 2) hlist_del_init(one.hash);
  KUNIT_EXPECT_PTR_EQ(test, head.first, pool.of[2].hash);
  hlist_del(pool.of[2].hash);
  KUNIT_EXPECT_TRUE(test, hlist_empty(head));
}

/** Each of these leaves the list as it was. */
function corruption(test: Ref<kunit>): void {
  fill();
  list_add(pool.of[0].node, items); // reports: list-corruption
  list_del(pool.of[1].node);
  list_del(pool.of[1].node); // reports: list-corruption
  pool.of[2].node.prev = pool.of[2].node;
  list_del(pool.of[3].node);
  list_del(pool.of[2].node); // reports: list-corruption
  KUNIT_EXPECT_FALSE(test, list_empty(items));
}

kunit_test_suite(
  kunit_suite({
    name: "list",
    test_cases: [KUNIT_CASE(entries), KUNIT_CASE(moves), KUNIT_CASE(hash_lists), KUNIT_CASE(corruption)],
  }),
);

MODULE_LICENSE("GPL");
