// linux/uio and read_iter: a memory device that is read and written in pieces, and iterators over memory of the kernel.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_STREQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { EAGAIN, EFAULT, ENOTTY } from "linux/errno";
import {
  type file,
  file_dentry,
  file_inode,
  file_operations,
  IOCB_NOWAIT,
  type inode,
  is_sync_kiocb,
  type kiocb,
  READ,
  WRITE,
} from "linux/fs";
import { alloc_page, GFP_KERNEL } from "linux/gfp";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { page_address, put_page } from "linux/mm";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { strcmp, strscpy } from "linux/string";
import {
  array,
  cast,
  char,
  type int,
  type loff_t,
  type long,
  on_stack,
  type Ref,
  type ssize_t,
  struct,
  type UserPtr,
  u32,
  type uint,
  type ulong,
  user,
} from "linux/types";
import {
  copy_from_iter,
  copy_from_iter_full,
  copy_page_from_iter,
  copy_page_to_iter,
  copy_to_iter,
  ITER_DEST,
  ITER_SOURCE,
  iov_iter,
  iov_iter_advance,
  iov_iter_count,
  iov_iter_init,
  iov_iter_kvec,
  iov_iter_revert,
  iov_iter_rw,
  iov_iter_truncate,
  iov_iter_ubuf,
  iov_iter_zero,
  iovec,
  kvec,
} from "linux/uio";

const SIZE = 16;
const state = struct("state", { bytes: array(char, SIZE), seen: u32, segments: u32, async: u32 });
const the = state({});
const two = array(kvec, 2);
const text = array(char, 16);

function iter_read(iocb: Ref<kiocb>, to: Ref<iov_iter>): ssize_t {
  const at = iocb.ki_pos;
  if (!is_sync_kiocb(iocb) || iov_iter_rw(to) !== READ) return -EFAULT;
  if (iocb.ki_flags & IOCB_NOWAIT) return -EAGAIN;
  the.seen = iov_iter_count(to);
  the.segments = to.nr_segs;
  if (at >= SIZE) return 0;
  iov_iter_truncate(to, SIZE - at);
  const wanted = iov_iter_count(to);
  const copied = copy_to_iter(the.bytes.add(at), wanted, to);
  if (copied === 0 && wanted > 0) return -EFAULT;
  iocb.ki_pos += copied;
  return copied;
}

function iter_write(iocb: Ref<kiocb>, from: Ref<iov_iter>): ssize_t {
  if (iov_iter_rw(from) !== WRITE) return -EFAULT;
  const wanted = Math.min(iov_iter_count(from), SIZE);
  the.seen = iov_iter_count(from);
  the.segments = from.nr_segs;
  if (!copy_from_iter_full(the.bytes, wanted, from)) return iov_iter_count(from) === the.seen ? -EFAULT : -EAGAIN;
  iocb.ki_pos += wanted;
  return wanted;
}

function iter_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  const iter = on_stack(iov_iter);
  const name = file_dentry(file).d_name;
  switch (cmd) {
    case 1:
      return the.segments * 100 + the.seen;
    case 2:
      return name.len === 4 && file_dentry(file).d_inode === file_inode(file) ? strcmp(name.name, "iter") : -1;
    case 3:
      iov_iter_ubuf(iter, ITER_DEST, user(arg), 8);
      return iov_iter_zero(6, iter) * 10 + iov_iter_count(iter);
    default:
      return -ENOTTY;
  }
}

const iter_fops = file_operations({
  owner: THIS_MODULE,
  read_iter: iter_read,
  write_iter: iter_write,
  unlocked_ioctl: iter_ioctl,
});

/** Without iterators, so that readv and writev call it piece by piece. */
const piece_fops = file_operations({
  owner: THIS_MODULE,
  read: (file: Ref<file>, buf: UserPtr, count: number, ppos: Ref<typeof loff_t>): ssize_t => {
    the.seen = the.seen * 10 + count;
    ppos.value += count;
    return ppos.value > 6 ? count - 1 : count;
  },
  write: (file: Ref<file>, buf: UserPtr, count: number, ppos: Ref<typeof loff_t>): ssize_t => {
    the.seen = the.seen * 10 + count;
    return count === 3 ? -EFAULT : count;
  },
  unlocked_ioctl: iter_ioctl,
  open: (inode: Ref<inode>, file: Ref<file>): int => {
    the.seen = 0;
    the.segments = 0;
    return strcmp(file_dentry(file).d_name.name, "piece");
  },
});

const iter_misc = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "iter", fops: iter_fops });
const piece_misc = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "piece", fops: piece_fops });

function over(pieces: Ref<typeof two>, first: Ref<typeof text>, second: Ref<typeof text>): void {
  pieces[0].iov_base = first;
  pieces[0].iov_len = 3;
  pieces[1].iov_base = second;
  pieces[1].iov_len = 5;
}

function uio_test_kvec(test: Ref<kunit>): void {
  const iter = on_stack(iov_iter);
  const pieces = on_stack(two);
  const [first, second, whole] = [on_stack(text), on_stack(text), on_stack(text)];
  over(pieces, first, second);
  strscpy(whole, "abcdefgh", 16);
  iov_iter_kvec(iter, ITER_DEST, pieces, 2, 8);
  KUNIT_EXPECT_EQ(test, iov_iter_rw(iter), READ);
  KUNIT_EXPECT_EQ(test, copy_to_iter(whole, 4, iter), 4);
  KUNIT_EXPECT_EQ(test, iov_iter_count(iter), 4);
  KUNIT_EXPECT_EQ(test, copy_to_iter(whole.add(4), 9, iter), 4);
  second[5] = 0;
  first[3] = 0;
  KUNIT_EXPECT_STREQ(test, first, "abc");
  KUNIT_EXPECT_STREQ(test, second, "defgh");
  KUNIT_EXPECT_EQ(test, copy_to_iter(whole, 4, iter), 0);

  iov_iter_kvec(iter, ITER_SOURCE, pieces, 2, 8);
  KUNIT_EXPECT_EQ(test, iov_iter_rw(iter), WRITE);
  iov_iter_advance(iter, 2);
  KUNIT_EXPECT_EQ(test, copy_from_iter(whole, 4, iter), 4);
  whole[4] = 0;
  KUNIT_EXPECT_STREQ(test, whole, "cdef");
  iov_iter_revert(iter, 5);
  KUNIT_EXPECT_EQ(test, iov_iter_count(iter), 7);
  KUNIT_EXPECT_FALSE(test, copy_from_iter_full(whole, 8, iter));
  KUNIT_EXPECT_TRUE(test, copy_from_iter_full(whole, 7, iter));
  whole[7] = 0;
  KUNIT_EXPECT_STREQ(test, whole, "bcdefgh");

  iov_iter_kvec(iter, ITER_DEST, pieces, 2, 8);
  KUNIT_EXPECT_EQ(test, iov_iter_zero(4, iter), 4);
  KUNIT_EXPECT_EQ(test, second[0], 0);
  KUNIT_EXPECT_EQ(test, second[1], 0x65);
}

function uio_test_page(test: Ref<kunit>): void {
  const iter = on_stack(iov_iter);
  const pieces = on_stack(two);
  const [first, second] = [on_stack(text), on_stack(text)];
  const page = alloc_page(GFP_KERNEL)!;
  const address = cast(text, page_address(page));
  strscpy(address, "0123456789", 16);
  over(pieces, first, second);
  iov_iter_kvec(iter, ITER_DEST, pieces, 2, 8);
  KUNIT_EXPECT_EQ(test, copy_page_to_iter(page, 2, 8, iter), 8);
  second[5] = 0;
  KUNIT_EXPECT_STREQ(test, second, "56789");
  iov_iter_kvec(iter, ITER_SOURCE, pieces, 2, 8);
  KUNIT_EXPECT_EQ(test, copy_page_from_iter(page, 0, 8, iter), 8);
  KUNIT_EXPECT_STREQ(test, address, "2345678989");
  put_page(page);
  const users = on_stack(array(iovec, 1));
  users[0].iov_base = null;
  users[0].iov_len = 4;
  iov_iter_init(iter, ITER_SOURCE, users, 1, 4);
  KUNIT_EXPECT_EQ(test, iter.nr_segs, 1);
  KUNIT_EXPECT_EQ(test, copy_from_iter(first, 4, iter), 0);
}

kunit_test_suite(kunit_suite({ name: "uio", test_cases: [KUNIT_CASE(uio_test_kvec), KUNIT_CASE(uio_test_page)] }));

function uio_init(): int {
  misc_register(piece_misc);
  return misc_register(iter_misc);
}

function uio_exit(): void {
  misc_deregister(iter_misc);
  misc_deregister(piece_misc);
}

module_init(uio_init);
module_exit(uio_exit);
MODULE_LICENSE("GPL");
