// KUnit: linux/kfifo, rings of bytes and of whole elements.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { EFAULT, EINVAL } from "linux/errno";
import { type file, file_operations } from "linux/fs";
import {
  DECLARE_KFIFO_PTR,
  DEFINE_KFIFO,
  kfifo,
  kfifo_alloc,
  kfifo_avail,
  kfifo_esize,
  kfifo_free,
  kfifo_from_user,
  kfifo_get,
  kfifo_in,
  kfifo_in_spinlocked,
  kfifo_init,
  kfifo_initialized,
  kfifo_is_empty,
  kfifo_is_full,
  kfifo_len,
  kfifo_out,
  kfifo_out_peek,
  kfifo_out_spinlocked,
  kfifo_peek,
  kfifo_put,
  kfifo_reset,
  kfifo_reset_out,
  kfifo_size,
  kfifo_skip,
  kfifo_to_user,
} from "linux/kfifo";
import { misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { GFP_KERNEL } from "linux/slab";
import { DEFINE_SPINLOCK } from "linux/spinlock";
import {
  addr,
  array,
  type int,
  type loff_t,
  on_stack,
  type Ref,
  type size_t,
  type ssize_t,
  struct,
  type UserPtr,
  u8,
  u32,
  u64,
} from "linux/types";

const point = struct("point", { x: u32, y: u32, z: u32 });
const state = struct("state", { word: u32, long: u64, copied: u32, ring: kfifo, place: array(u8, 12) })({});
const numbers = DEFINE_KFIFO(u32, 4);
const longs = DECLARE_KFIFO_PTR(u64);
const points = DEFINE_KFIFO(point, 2);
const lock = DEFINE_SPINLOCK("kfifo");

function kfifo_test_elements(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, kfifo_esize(numbers), 4);
  KUNIT_EXPECT_EQ(test, kfifo_size(numbers), 4);
  KUNIT_EXPECT_TRUE(test, kfifo_is_empty(numbers));
  for (let i = 1; i <= 4; i++) KUNIT_EXPECT_EQ(test, kfifo_put(numbers, 0x10000 * i), 1);
  KUNIT_EXPECT_EQ(test, kfifo_put(numbers, 5), 0);
  KUNIT_EXPECT_TRUE(test, kfifo_is_full(numbers));
  KUNIT_EXPECT_EQ(test, kfifo_peek(numbers, addr(state, "word")), 1);
  KUNIT_EXPECT_EQ(test, state.word, 0x10000);
  KUNIT_EXPECT_EQ(test, kfifo_get(numbers, addr(state, "word")), 1);
  kfifo_skip(numbers);
  KUNIT_EXPECT_EQ(test, kfifo_len(numbers), 2);
  KUNIT_EXPECT_EQ(test, kfifo_avail(numbers), 2);
  KUNIT_EXPECT_FALSE(test, kfifo_is_full(numbers));
  // It goes round its end.
  KUNIT_EXPECT_EQ(test, kfifo_put(numbers, 7), 1);
  const all = on_stack(array(u32, 4));
  KUNIT_EXPECT_EQ(test, kfifo_out_peek(numbers, all, 4), 3);
  KUNIT_EXPECT_EQ(test, all[2], 7);
  KUNIT_EXPECT_EQ(test, kfifo_out(numbers, all, 2), 2);
  KUNIT_EXPECT_EQ(test, all[1], 0x40000);
  kfifo_reset_out(numbers);
  KUNIT_EXPECT_TRUE(test, kfifo_is_empty(numbers));
  KUNIT_EXPECT_EQ(test, kfifo_get(numbers, addr(state, "word")), 0);
  const p = point({ x: 1, y: 2, z: 3 });
  KUNIT_EXPECT_EQ(test, kfifo_put(points, p), 1);
  p.z = 9;
  KUNIT_EXPECT_EQ(test, kfifo_get(points, p), 1);
  KUNIT_EXPECT_EQ(test, p.z, 3);
}

function kfifo_test_room(test: Ref<kunit>): void {
  KUNIT_EXPECT_FALSE(test, kfifo_initialized(state.ring));
  KUNIT_EXPECT_EQ(test, kfifo_alloc(state.ring, 1, GFP_KERNEL), -EINVAL);
  KUNIT_EXPECT_EQ(test, kfifo_alloc(state.ring, 5, GFP_KERNEL), 0);
  KUNIT_EXPECT_TRUE(test, kfifo_initialized(state.ring));
  KUNIT_EXPECT_EQ(test, kfifo_size(state.ring), 8);
  kfifo_free(state.ring);
  KUNIT_EXPECT_FALSE(test, kfifo_initialized(state.ring));
  KUNIT_EXPECT_EQ(test, kfifo_init(state.ring, state.place, 12), 0);
  KUNIT_EXPECT_EQ(test, kfifo_size(state.ring), 8);
  KUNIT_EXPECT_EQ(test, kfifo_init(state.ring, state.place, 1), -EINVAL);
  KUNIT_EXPECT_EQ(test, kfifo_alloc(longs, 2, GFP_KERNEL), 0);
  KUNIT_EXPECT_EQ(test, kfifo_put(longs, 0x123456789an), 1);
  KUNIT_EXPECT_EQ(test, kfifo_get(longs, addr(state, "long")), 1);
  KUNIT_EXPECT_TRUE(test, state.long === 0x123456789an);
  kfifo_free(longs);
}

function kfifo_test_bytes(test: Ref<kunit>): void {
  const bytes = on_stack(array(u8, 8));
  for (let i = 0; i < 8; i++) bytes[i] = i;
  kfifo_alloc(state.ring, 8, GFP_KERNEL);
  KUNIT_EXPECT_EQ(test, kfifo_in(state.ring, bytes, 6), 6);
  KUNIT_EXPECT_EQ(test, kfifo_out(state.ring, bytes, 4), 4);
  KUNIT_EXPECT_EQ(test, kfifo_in_spinlocked(state.ring, bytes, 8, lock), 6);
  KUNIT_EXPECT_EQ(test, kfifo_out_spinlocked(state.ring, bytes, 3, lock), 3);
  KUNIT_EXPECT_EQ(test, bytes[0], 4);
  KUNIT_EXPECT_EQ(test, bytes[2], 0);
  kfifo_reset(state.ring);
  KUNIT_EXPECT_EQ(test, kfifo_len(state.ring), 0);
  kfifo_free(state.ring);
}

function ring_read(_file: Ref<file>, buf: UserPtr, count: size_t, _ppos: Ref<loff_t>): ssize_t {
  const error = kfifo_to_user(state.ring, buf, count, addr(state, "copied"));
  return error || state.copied;
}
function ring_write(_file: Ref<file>, buf: UserPtr, count: size_t, _ppos: Ref<loff_t>): ssize_t {
  const error = kfifo_from_user(state.ring, buf, count, addr(state, "copied"));
  return error === -EFAULT ? -EFAULT : state.copied;
}
const device = miscdevice({
  name: "ring",
  minor: 255,
  fops: file_operations({ owner: THIS_MODULE, read: ring_read, write: ring_write }),
});

function ring_init(): int {
  return misc_register(device);
}
function ring_exit(): void {
  misc_deregister(device);
}
module_init(ring_init);
module_exit(ring_exit);

function kfifo_exit(): void {
  // For the processes of the scenario.
  if (!kfifo_initialized(state.ring)) kfifo_init(state.ring, state.place, 8);
}

kunit_test_suite(
  kunit_suite({
    name: "kfifo",
    suite_exit: kfifo_exit,
    test_cases: [KUNIT_CASE(kfifo_test_elements), KUNIT_CASE(kfifo_test_room), KUNIT_CASE(kfifo_test_bytes)],
  }),
);

MODULE_LICENSE("GPL");
