// linux/cdev and what is used beside it: numbers of devices, operations that come with the kernel, small things.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_NE,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { __test_and_set_bit, find_first_zero_bit } from "linux/bitops";
import { cdev, cdev_add, cdev_del, cdev_init } from "linux/cdev";
import { complete_all, completion, init_completion, wait_for_completion } from "linux/completion";
import { msleep } from "linux/delay";
import { dev_err, dev_warn } from "linux/device";
import { ENOTTY } from "linux/errno";
import {
  alloc_chrdev_region,
  type file,
  file_operations,
  iminor,
  type inode,
  MAJOR,
  MINOR,
  MKDEV,
  noop_llseek,
  register_chrdev,
  simple_write_to_buffer,
  unregister_chrdev,
  unregister_chrdev_region,
} from "linux/fs";
import { __get_free_pages, free_pages, GFP_KERNEL } from "linux/gfp";
import { kthread_run } from "linux/kthread";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { mutex, mutex_init, mutex_is_locked, mutex_lock_interruptible, mutex_unlock } from "linux/mutex";
import {
  addr,
  array,
  char,
  dev_t,
  type int,
  type loff_t,
  type long,
  type Ref,
  type ssize_t,
  struct,
  type UserPtr,
  u32,
  type uint,
  type ulong,
} from "linux/types";

const state = struct("state", {
  cdev: cdev,
  number: dev_t,
  bytes: array(char, 16),
  done: completion,
  lock: mutex,
  seen: u32,
  bits: u32,
});
const the = state({});

function chrdev_open(inode: Ref<inode>, file: Ref<file>): int {
  the.seen = iminor(inode);
  return 0;
}

function chrdev_write(file: Ref<file>, buf: UserPtr, count: number, ppos: Ref<typeof loff_t>): ssize_t {
  return simple_write_to_buffer(the.bytes, 16, ppos, buf, count);
}

function chrdev_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  switch (cmd) {
    case 1:
      return the.seen;
    case 2:
      return the.bytes[0] * 256 + the.bytes[4];
    default:
      return -ENOTTY;
  }
}

const chrdev_fops = file_operations({
  owner: THIS_MODULE,
  open: chrdev_open,
  write: chrdev_write,
  llseek: noop_llseek,
  unlocked_ioctl: chrdev_ioctl,
});

const chrdev_misc = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "chrdev", fops: chrdev_fops });

function chrdev_test_numbers(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, MAJOR(MKDEV(240, 7)), 240);
  KUNIT_EXPECT_EQ(test, MINOR(MKDEV(240, 7)), 7);
  KUNIT_EXPECT_EQ(test, alloc_chrdev_region(addr(the, "number"), 3, 2, "chrdev"), 0);
  KUNIT_EXPECT_NE(test, MAJOR(the.number), 0);
  KUNIT_EXPECT_EQ(test, MINOR(the.number), 3);
  cdev_init(the.cdev, chrdev_fops);
  KUNIT_EXPECT_TRUE(test, the.cdev.ops !== null);
  the.cdev.owner = THIS_MODULE;
  KUNIT_EXPECT_EQ(test, cdev_add(the.cdev, the.number, 2), 0);
  KUNIT_EXPECT_EQ(test, the.cdev.dev, the.number);
  cdev_del(the.cdev);
  unregister_chrdev_region(the.number, 2);
  const first = register_chrdev(0, "any", chrdev_fops);
  KUNIT_EXPECT_TRUE(test, first > 0);
  KUNIT_EXPECT_NE(test, register_chrdev(first, "again", chrdev_fops), 0);
  unregister_chrdev(first, "any");
  KUNIT_EXPECT_EQ(test, register_chrdev(first, "again", chrdev_fops), 0);
  unregister_chrdev(first, "again");
}

function chrdev_test_small(test: Ref<kunit>): void {
  the.bits = 0b1011;
  const bits = addr(the, "bits");
  KUNIT_EXPECT_EQ(test, find_first_zero_bit(bits, 32), 2);
  KUNIT_EXPECT_EQ(test, __test_and_set_bit(2, bits), 0);
  KUNIT_EXPECT_EQ(test, __test_and_set_bit(2, bits), 1);
  KUNIT_EXPECT_EQ(test, find_first_zero_bit(bits, 32), 4);
  const pages = __get_free_pages(GFP_KERNEL, 1);
  KUNIT_EXPECT_NE(test, pages, 0);
  free_pages(pages, 1);
  mutex_init(the.lock);
  KUNIT_EXPECT_EQ(test, mutex_lock_interruptible(the.lock), 0);
  KUNIT_EXPECT_TRUE(test, mutex_is_locked(the.lock));
  mutex_unlock(the.lock);
  const dev = chrdev_misc.this_device;
  if (dev === null) return;
  dev_warn(dev, "warned of %d\n", 1);
  dev_err(dev, "failed with %d\n", 2);
}

function chrdev_test_complete(test: Ref<kunit>): void {
  the.seen = 0;
  init_completion(the.done);
  for (let n = 0; n < 2; n++) {
    kthread_run(
      () => {
        wait_for_completion(the.done);
        the.seen += 1;
        return 0;
      },
      null,
      "waits",
    );
  }
  msleep(2);
  KUNIT_EXPECT_EQ(test, the.seen, 0);
  complete_all(the.done);
  msleep(2);
  KUNIT_EXPECT_EQ(test, the.seen, 2);
}

kunit_test_suite(
  kunit_suite({
    name: "chrdev",
    test_cases: [KUNIT_CASE(chrdev_test_numbers), KUNIT_CASE(chrdev_test_small), KUNIT_CASE(chrdev_test_complete)],
  }),
);

function chrdev_init(): int {
  return misc_register(chrdev_misc);
}

function chrdev_exit(): void {
  misc_deregister(chrdev_misc);
}

module_init(chrdev_init);
module_exit(chrdev_exit);
MODULE_LICENSE("GPL");
