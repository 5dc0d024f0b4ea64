// KUnit: memory touched where it must not be, of every kind that KASAN tells apart.
import { KUNIT_CASE, KUNIT_EXPECT_EQ, KUNIT_EXPECT_NE, type kunit, kunit_suite, kunit_test_suite } from "kunit/test";
import { MODULE_LICENSE } from "linux/module";
import { GFP_KERNEL, kfree, kmalloc, kzalloc } from "linux/slab";
import { memcpy, memset, strlen } from "linux/string";
import { array, cast, char, on_stack, type Ref, struct, u8, u32, u64 } from "linux/types";
import { vfree, vmalloc } from "linux/vmalloc";

const small = struct("small", { text: array(char, 12) });
const words = struct("words", { of: array(u32, 4) });
const bytes = array(u8, 64);

const table = words({});
const text = small({});

function globals(test: Ref<kunit>): void {
  table.of[3] = 1;
  table.of[4] = 2; // reports: out-of-bounds
  text.text[11] = 0;
  // The last granule of eight bytes is only half the variable's.
  text.text[12] = 1; // reports: out-of-bounds
  KUNIT_EXPECT_EQ(test, table.of[3], 1);
}

function leaves(): Ref<typeof words> {
  const local = on_stack(words);
  local.of[0] = 5;
  return local;
}

function stack(test: Ref<kunit>): void {
  const local = on_stack(words);
  local.of[3] = 1;
  local.of[4] = 2; // reports: out-of-bounds
  const gone = leaves();
  KUNIT_EXPECT_NE(test, gone.of[0], 6); // reports: out-of-bounds
}

function slab(test: Ref<kunit>): void {
  const p = kzalloc(array(u8, 13), GFP_KERNEL);
  if (!p) return;
  p[12] = 1;
  p[13] = 1; // reports: out-of-bounds
  memset(p, 0, 14); // reports: out-of-bounds
  memcpy(table, p, 16); // reports: out-of-bounds
  kfree(p);
  KUNIT_EXPECT_EQ(test, p[0], 0x6b); // reports: use-after-free
  memcpy(table, p, 4); // reports: use-after-free
  const s = kzalloc(small, GFP_KERNEL);
  if (!s) return;
  memset(s, 65, 12);
  strlen(s.text); // reports: out-of-bounds
  kfree(s);
  strlen(s.text); // reports: use-after-free
}

function wide(): void {
  const p = kmalloc(array(u8, 12), GFP_KERNEL);
  if (!p) return;
  const long = cast(array(u64, 2), p);
  long[0] = 1n;
  long[1] = 1n; // reports: out-of-bounds
  kfree(p);
}

function frees(): void {
  const p = kzalloc(bytes, GFP_KERNEL);
  if (!p) return;
  const local = on_stack(words);
  const inside = cast(struct_at, p);
  kfree(inside.second); // reports: double-free
  kfree(local); // reports: double-free
  kfree(table); // reports: double-free
  kfree(p);
}

const struct_at = struct("two_words", { first: words, second: words });

function areas(): void {
  const p = vmalloc(4096);
  if (!p) return;
  const area = cast(array(u8, 8192), p);
  area[4095] = 1;
  area[4096] = 1; // reports: out-of-bounds
  vfree(p);
  area[0] = 1; // reports: out-of-bounds
}

kunit_test_suite(
  kunit_suite({
    name: "kasan",
    test_cases: [
      KUNIT_CASE(globals),
      KUNIT_CASE(stack),
      KUNIT_CASE(slab),
      KUNIT_CASE(wide),
      KUNIT_CASE(frees),
      KUNIT_CASE(areas),
    ],
  }),
);

MODULE_LICENSE("GPL");
