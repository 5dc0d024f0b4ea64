// Leaves messages in the mailbox of kmem-cache.ts, takes them, and leaves some behind.
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  fail_nth,
  insmod,
  O_RDWR,
  open,
  read,
  rmmod,
  test,
  user_buffer,
  user_string,
  user_text,
  write,
} from "driverlab/scenario";
import { EAGAIN, EFAULT, EMSGSIZE, ENOMEM } from "linux/errno";
import { user } from "linux/types";

test("is loaded", () => EXPECT_EQ(insmod(), 0));

test("gives messages in the order in which they came", () => {
  const fd = open("/dev/mailbox", O_RDWR);
  const at = user_buffer(100);
  EXPECT_EQ(read(fd, at, 100), -EAGAIN);
  EXPECT_EQ(write(fd, user_string("first"), 5), 5);
  EXPECT_EQ(write(fd, user_string("second"), 6), 6);
  EXPECT_EQ(read(fd, at, 100), 5);
  EXPECT_STREQ(user_text(at, 5), "first");
  EXPECT_EQ(read(fd, at, 100), 6);
  EXPECT_STREQ(user_text(at, 6), "second");
  close(fd);
});

test("loses no memory when something is wrong", () => {
  const fd = open("/dev/mailbox", O_RDWR);
  EXPECT_EQ(write(fd, user(0), 5), -EFAULT);
  EXPECT_EQ(write(fd, user_string("long"), 101), -EMSGSIZE);
  fail_nth(1, "failslab");
  EXPECT_EQ(write(fd, user_string("late"), 4), -ENOMEM);
  EXPECT_EQ(write(fd, user_string("lost"), 4), 4);
  EXPECT_EQ(read(fd, user(0), 100), -EFAULT);
  close(fd);
});

test("is unloaded with messages in it", () => {
  const fd = open("/dev/mailbox", O_RDWR);
  EXPECT_EQ(write(fd, user_string("left"), 4), 4);
  EXPECT_EQ(write(fd, user_string("behind"), 6), 6);
  close(fd);
  EXPECT_EQ(rmmod(), 0);
});
