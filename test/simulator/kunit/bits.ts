// KUnit: linux/bits, linux/bitops, linux/bitmap and linux/bitfield.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { FIELD_FIT, FIELD_GET, FIELD_PREP } from "linux/bitfield";
import {
  __change_bit,
  __clear_bit,
  __ffs,
  __fls,
  __set_bit,
  __test_and_change_bit,
  __test_and_clear_bit,
  __test_and_set_bit,
  BIT,
  BIT_MASK,
  BIT_ULL,
  BIT_WORD,
  BITS_PER_LONG,
  BITS_TO_LONGS,
  bitmap_clear,
  bitmap_empty,
  bitmap_fill,
  bitmap_full,
  bitmap_set,
  bitmap_weight,
  bitmap_zero,
  change_bit,
  clear_bit,
  clear_bit_unlock,
  DECLARE_BITMAP,
  ffs,
  find_first_bit,
  find_first_zero_bit,
  find_last_bit,
  find_next_bit,
  find_next_zero_bit,
  fls,
  GENMASK,
  hweight8,
  hweight16,
  hweight32,
  ilog2,
  is_power_of_2,
  rol32,
  ror32,
  rounddown_pow_of_two,
  roundup_pow_of_two,
  set_bit,
  sign_extend32,
  test_and_change_bit,
  test_and_clear_bit,
  test_and_set_bit,
  test_and_set_bit_lock,
  test_bit,
} from "linux/bitops";
import {
  BIT as bit,
  BIT_MASK as bit_mask,
  BIT_ULL as bit_ull,
  BIT_WORD as bit_word,
  BITS_TO_LONGS as bits_to_longs,
  GENMASK as genmask,
} from "linux/bits";
import { MODULE_LICENSE } from "linux/module";
import type { Ref } from "linux/types";

const map = DECLARE_BITMAP("map", 70);

function masks(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, BIT(31), 0x80000000);
  KUNIT_EXPECT_EQ(test, bit(3), 8);
  KUNIT_EXPECT_EQ(test, BIT_ULL(40), 1n << 40n);
  KUNIT_EXPECT_EQ(test, bit_ull(33), 1n << 33n);
  KUNIT_EXPECT_EQ(test, BIT_MASK(33) + bit_mask(34), 2 + 4);
  KUNIT_EXPECT_EQ(test, BIT_WORD(70) + bit_word(32), 3);
  KUNIT_EXPECT_EQ(test, BITS_TO_LONGS(70) + bits_to_longs(1), 3 + 1);
  KUNIT_EXPECT_EQ(test, GENMASK(7, 4), 0xf0);
  KUNIT_EXPECT_EQ(test, genmask(31, 0), 0xffffffff);
  KUNIT_EXPECT_EQ(test, FIELD_PREP(0xf0, 5), 0x50);
  KUNIT_EXPECT_EQ(test, FIELD_GET(0xf0, 0xa5), 10);
  KUNIT_EXPECT_FALSE(test, FIELD_FIT(0xf0, 16));
  KUNIT_EXPECT_TRUE(test, FIELD_FIT(0xf0, 15));
  KUNIT_EXPECT_EQ(test, BITS_PER_LONG, 32);
}

function words(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, ffs(0x50), 5);
  KUNIT_EXPECT_EQ(test, fls(0x50), 7);
  KUNIT_EXPECT_EQ(test, __ffs(0x50), 4);
  KUNIT_EXPECT_EQ(test, __fls(0x80000000), 31);
  KUNIT_EXPECT_EQ(test, hweight8(0x1ff) + hweight16(0x1ffff) + hweight32(0xffffffff), 8 + 16 + 32);
  KUNIT_EXPECT_EQ(test, rol32(0x80000001, 1), 3);
  KUNIT_EXPECT_EQ(test, ror32(3, 1), 0x80000001);
  KUNIT_EXPECT_EQ(test, sign_extend32(0xf, 3), -1);
  KUNIT_EXPECT_EQ(test, ilog2(1000), 9);
  KUNIT_EXPECT_TRUE(test, is_power_of_2(64));
  KUNIT_EXPECT_EQ(test, roundup_pow_of_two(65), 128);
  KUNIT_EXPECT_EQ(test, rounddown_pow_of_two(65), 64);
}

function maps(test: Ref<kunit>): void {
  set_bit(3, map);
  __set_bit(64, map);
  KUNIT_EXPECT_TRUE(test, test_bit(3, map));
  KUNIT_EXPECT_TRUE(test, test_and_set_bit(3, map));
  KUNIT_EXPECT_FALSE(test, __test_and_set_bit(5, map));
  clear_bit(3, map);
  __clear_bit(5, map);
  change_bit(7, map);
  __change_bit(8, map);
  KUNIT_EXPECT_TRUE(test, test_and_clear_bit(7, map));
  KUNIT_EXPECT_TRUE(test, __test_and_clear_bit(8, map));
  KUNIT_EXPECT_FALSE(test, test_and_change_bit(9, map));
  KUNIT_EXPECT_TRUE(test, __test_and_change_bit(9, map));
  KUNIT_EXPECT_FALSE(test, test_and_set_bit_lock(0, map));
  clear_bit_unlock(0, map);
  KUNIT_EXPECT_EQ(test, find_first_bit(map, 70), 64);
  KUNIT_EXPECT_EQ(test, find_first_zero_bit(map, 70), 0);
  bitmap_set(map, 10, 4);
  KUNIT_EXPECT_EQ(test, find_next_bit(map, 70, 14), 64);
  KUNIT_EXPECT_EQ(test, find_next_zero_bit(map, 70, 10), 14);
  KUNIT_EXPECT_EQ(test, find_last_bit(map, 70), 64);
  bitmap_clear(map, 11, 2);
  KUNIT_EXPECT_EQ(test, bitmap_weight(map, 70), 3);
  bitmap_fill(map, 70);
  KUNIT_EXPECT_TRUE(test, bitmap_full(map, 70));
  bitmap_zero(map, 70);
  KUNIT_EXPECT_TRUE(test, bitmap_empty(map, 70));
}

kunit_test_suite(kunit_suite({ name: "bits", test_cases: [KUNIT_CASE(masks), KUNIT_CASE(words), KUNIT_CASE(maps)] }));

MODULE_LICENSE("GPL");
