// Hands the driver memory of every kind.
import {
  close,
  EXPECT_EQ,
  fail_nth,
  insmod,
  ioctl,
  O_RDWR,
  open,
  rmmod,
  set_user_u32,
  swapped_buffer,
  test,
  user_buffer,
  user_string,
  user_text,
  user_u32,
} from "driverlab/scenario";
import { EFAULT } from "linux/errno";
import { user } from "linux/types";

test("load", () => EXPECT_EQ(insmod(), 0));

test("scalars", () => {
  const fd = open("/dev/uaccess", O_RDWR);
  const at = user_buffer(8);
  set_user_u32(at, 41);
  EXPECT_EQ(ioctl(fd, 1, at), 0);
  EXPECT_EQ(user_u32(at), 42);
  set_user_u32(at, 0x00030105);
  EXPECT_EQ(ioctl(fd, 2, at), 0);
  EXPECT_EQ(user_u32(at.add(4)), 8);
  set_user_u32(at, 0xffffffff);
  set_user_u32(at.add(4), 1);
  EXPECT_EQ(ioctl(fd, 3, at), 0);
  EXPECT_EQ(user_u32(at), 0);
  EXPECT_EQ(user_u32(at.add(4)), 2);
  EXPECT_EQ(ioctl(fd, 1, user(16)), -EFAULT);
  EXPECT_EQ(ioctl(fd, 3, user(16)), -EFAULT);
  close(fd);
});

test("strings", () => {
  const fd = open("/dev/uaccess", O_RDWR);
  EXPECT_EQ(ioctl(fd, 4, user_string("edu")), 4);
  EXPECT_EQ(ioctl(fd, 5, user_string("edu")), 3 + 101);
  EXPECT_EQ(ioctl(fd, 4, user(16)), 0);
  const text = user_string("01234567");
  EXPECT_EQ(ioctl(fd, 6, text), 0);
  EXPECT_EQ(user_text(text, 8) === "" ? 1 : 0, 1);
  EXPECT_EQ(ioctl(fd, 11, user_string("7\n")), 12 * 7);
  EXPECT_EQ(ioctl(fd, 11, user(16)), -12 * EFAULT);
  EXPECT_EQ(ioctl(fd, 12, user_string("edu")), 3);
  EXPECT_EQ(ioctl(fd, 12, user(16)), -EFAULT);
  EXPECT_EQ(ioctl(fd, 7, text), 1);
  EXPECT_EQ(ioctl(fd, 7, user(0xffff0000)), 0);
  close(fd);
});

test("absent pages", () => {
  const fd = open("/dev/uaccess", O_RDWR);
  EXPECT_EQ(ioctl(fd, 8, swapped_buffer(64)), 128);
  const there = swapped_buffer(64);
  EXPECT_EQ(ioctl(fd, 9, there), 0);
  EXPECT_EQ(ioctl(fd, 8, there), 0);
  EXPECT_EQ(ioctl(fd, 10, there), 0);
  EXPECT_EQ(ioctl(fd, 10, swapped_buffer(64)), 64);
  close(fd);
});

test("forced failures", () => {
  const fd = open("/dev/uaccess", O_RDWR);
  const at = user_buffer(64);
  EXPECT_EQ(ioctl(fd, 9, at), 0);
  fail_nth(2, "fail_usercopy");
  EXPECT_EQ(ioctl(fd, 9, at), 64);
  EXPECT_EQ(ioctl(fd, 9, at), 0);
  close(fd);
});

test("unload", () => EXPECT_EQ(rmmod(), 0));
