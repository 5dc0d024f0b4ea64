// Reads and writes the devices in one piece and in two.
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  ioctl,
  O_RDWR,
  open,
  read,
  readv,
  rmmod,
  set_user_text,
  test,
  user_buffer,
  user_string,
  user_text,
  user_u32,
  write,
  writev,
} from "driverlab/scenario";
import { EFAULT } from "linux/errno";

test("load", () => EXPECT_EQ(insmod(), 0));

test("iterators", () => {
  const fd = open("/dev/iter", O_RDWR);
  EXPECT_EQ(ioctl(fd, 2), 0);
  EXPECT_EQ(write(fd, user_string("0123456789abcdef"), 16), 16);
  EXPECT_EQ(ioctl(fd, 1), 116);
  close(fd);
  const again = open("/dev/iter", O_RDWR);
  const [first, second] = [user_buffer(8), user_buffer(8)];
  EXPECT_EQ(read(again, first, 4), 4);
  EXPECT_STREQ(user_text(first, 4), "0123");
  EXPECT_EQ(readv(again, first, 3, second, 5), 8);
  EXPECT_EQ(ioctl(again, 1), 208);
  EXPECT_STREQ(user_text(first, 3), "456");
  EXPECT_STREQ(user_text(second, 5), "789ab");
  EXPECT_EQ(readv(again, first, 3, second, 5), 4);
  EXPECT_EQ(readv(again, first, 3, second, 5), 0);
  close(again);
  const last = open("/dev/iter", O_RDWR);
  EXPECT_EQ(writev(last, user_string("XYZ"), 3, user_string("abcde"), 5), 8);
  EXPECT_EQ(writev(last, user_string("XYZ"), 3, first.add(0x1000), 5), -EFAULT);
  EXPECT_EQ(writev(last, user_string("x"), 1, user_string(""), 0), 1);
  EXPECT_EQ(ioctl(last, 1), 201);
  EXPECT_EQ(read(last, first.add(0x1000), 4), -EFAULT);
  set_user_text(first, "1234567");
  EXPECT_EQ(ioctl(last, 3, first), 62);
  EXPECT_EQ(user_u32(first.add(4)) & 0xff00ffff, 0);
});

test("piece by piece", () => {
  const fd = open("/dev/piece", O_RDWR);
  EXPECT_EQ(readv(fd, user_buffer(8), 2, user_buffer(8), 4), 6);
  EXPECT_EQ(readv(fd, user_buffer(8), 2, user_buffer(8), 4), 1);
  EXPECT_EQ(ioctl(fd, 1), 242);
  close(fd);
  const other = open("/dev/piece", O_RDWR);
  EXPECT_EQ(writev(other, user_buffer(8), 2, user_buffer(8), 3), 2);
  EXPECT_EQ(writev(other, user_buffer(8), 3, user_buffer(8), 3), -EFAULT);
  EXPECT_EQ(ioctl(other, 1), 233);
});

test("unload", () => EXPECT_EQ(rmmod(), 0));
