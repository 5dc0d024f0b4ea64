// Sends bytes through the ring.
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  O_RDWR,
  open,
  read,
  rmmod,
  swapped_buffer,
  test,
  user_buffer,
  user_string,
  user_text,
  write,
} from "driverlab/scenario";
import { EFAULT } from "linux/errno";
import type { UserPtr } from "linux/types";

test("bytes from and to user space", () => {
  EXPECT_EQ(insmod(), 0);
  const fd = open("/dev/ring", O_RDWR);
  const text = user_buffer(16);
  EXPECT_EQ(write(fd, user_string("abcdef"), 6), 6);
  EXPECT_EQ(read(fd, text, 4), 4);
  EXPECT_STREQ(user_text(text, 4), "abcd");
  EXPECT_EQ(write(fd, user_string("ghijklmn"), 8), 6);
  EXPECT_EQ(read(fd, text, 16), 8);
  EXPECT_STREQ(user_text(text, 8), "efghijkl");
  EXPECT_EQ(write(fd, swapped_buffer(4), 4), 4);
  EXPECT_EQ(write(fd, null as unknown as UserPtr, 4), -EFAULT);
  close(fd);
  EXPECT_EQ(rmmod(), 0);
});
