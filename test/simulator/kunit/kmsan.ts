// KUnit: memory that nobody wrote is found where it decides something, and not where it is only copied.
import { KUNIT_CASE, KUNIT_EXPECT_EQ, KUNIT_EXPECT_TRUE, type kunit, kunit_suite, kunit_test_suite } from "kunit/test";
import { atomic_inc, atomic_set, atomic_t } from "linux/atomic";
import { BUG } from "linux/bug";
import { EFAULT, EINVAL } from "linux/errno";
import { type file, file_operations } from "linux/fs";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { GFP_KERNEL, kfree, kmalloc, kzalloc } from "linux/slab";
import { memcpy, memset } from "linux/string";
import {
  array,
  char,
  type int,
  type long,
  type Ref,
  sizeof,
  struct,
  u8,
  u32,
  u64,
  type uint,
  type ulong,
  user,
} from "linux/types";
import { put_user } from "linux/uaccess";

const record = struct("record", { count: u32, flags: u8, wide: u64, name: array(char, 8), hits: atomic_t });

function create(): Ref<typeof record> {
  const p = kmalloc(record, GFP_KERNEL);
  if (!p) BUG();
  return p;
}

function kmsan_test_decides(test: Ref<kunit>): void {
  const p = create();
  let set = 0;
  if (p.flags & 1) set = 1; // reports: uninitialized-use
  KUNIT_EXPECT_EQ(test, set, 0);
  p.count += 1; // reports: uninitialized-use
  KUNIT_EXPECT_TRUE(test, p.wide !== 0n); // reports: uninitialized-use
  atomic_inc(p.hits); // reports: uninitialized-use
  // Each of them was written now.
  p.count += 1;
  atomic_inc(p.hits);
  kfree(p);
}

function kmsan_test_copies(test: Ref<kunit>): void {
  const [p, q] = [create(), create()];
  q.count = p.count;
  q.wide = p.wide;
  memcpy(q.name, p.name, 8);
  p.count = 1;
  KUNIT_EXPECT_EQ(test, p.count, 1);
  // What was copied is no better than what it came from.
  KUNIT_EXPECT_TRUE(test, q.count !== 0); // reports: uninitialized-use
  kfree(p);
  kfree(q);
}

function kmsan_test_written(test: Ref<kunit>): void {
  const p = kzalloc(record, GFP_KERNEL);
  const q = create();
  if (!p) BUG();
  KUNIT_EXPECT_EQ(test, p.count, 0);
  memset(q, 1, sizeof(record));
  atomic_set(q.hits, 1);
  atomic_inc(q.hits);
  KUNIT_EXPECT_EQ(test, q.count, 0x01010101);
  q.wide = 5n;
  KUNIT_EXPECT_TRUE(test, q.wide === 5n);
  kfree(p);
  kfree(q);
}

const d = struct("kmsan_dev", { misc: miscdevice })({});

function kmsan_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  const p = create();
  p.wide = 1n;
  let err = -EINVAL;
  if (cmd === 1) err = put_user(p.count, user(arg)); // reports: info-leak-to-user
  if (cmd === 2) err = put_user(p.wide, user(arg), u64);
  kfree(p);
  return err ? -EFAULT : 0;
}

const kmsan_fops = file_operations({ owner: THIS_MODULE, unlocked_ioctl: kmsan_ioctl });

function kmsan_init(): int {
  d.misc.minor = MISC_DYNAMIC_MINOR;
  d.misc.name = "kmsan";
  d.misc.fops = kmsan_fops;
  return misc_register(d.misc);
}

function kmsan_exit(): void {
  misc_deregister(d.misc);
}

kunit_test_suite(
  kunit_suite({
    name: "kmsan",
    test_cases: [KUNIT_CASE(kmsan_test_decides), KUNIT_CASE(kmsan_test_copies), KUNIT_CASE(kmsan_test_written)],
  }),
);

module_init(kmsan_init);
module_exit(kmsan_exit);
MODULE_LICENSE("GPL");
