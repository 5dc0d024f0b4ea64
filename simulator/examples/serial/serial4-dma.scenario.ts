// Moves blocks through the buffer of the device of serial4-dma.ts, also where it is slow and where nobody answers.
import { lose_interrupts, slow_dma } from "driverlab/hardware";
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  fail_nth,
  insmod,
  lseek,
  O_RDWR,
  open,
  read,
  rmmod,
  SEEK_END,
  SEEK_SET,
  test,
  user_buffer,
  user_string,
  user_text,
  write,
} from "driverlab/scenario";
import { EFAULT, ENOMEM, ETIMEDOUT } from "linux/errno";
import { user } from "linux/types";

test("is loaded", () => EXPECT_EQ(insmod(), 0));

test("gives back what it was given", () => {
  const fd = open("/dev/edu-dma", O_RDWR);
  const at = user_buffer(64);
  EXPECT_EQ(write(fd, user_string("a block of characters"), 21), 21);
  EXPECT_EQ(lseek(fd, 2, SEEK_SET), 2);
  EXPECT_EQ(read(fd, at, 5), 5);
  EXPECT_STREQ(user_text(at, 5), "block");
  EXPECT_EQ(lseek(fd, 0, SEEK_END), 4096);
  EXPECT_EQ(write(fd, at, 1), 0);
  close(fd);
});

test("takes nothing from who gives nothing", () => {
  const fd = open("/dev/edu-dma", O_RDWR);
  EXPECT_EQ(write(fd, user(0), 8), -EFAULT);
  EXPECT_EQ(read(fd, user(0), 8), -EFAULT);
  fail_nth(1, "failslab");
  EXPECT_EQ(read(fd, user_buffer(8), 8), -ENOMEM);
  close(fd);
});

test("waits for a slow transfer, does without a lost interrupt, and gives up in the end", () => {
  const fd = open("/dev/edu-dma", O_RDWR);
  slow_dma("edu", 500_000);
  EXPECT_EQ(read(fd, user_buffer(8), 8), 8);
  slow_dma("edu", 0);
  lose_interrupts("edu", 1);
  EXPECT_EQ(read(fd, user_buffer(8), 8), 8);
  EXPECT_EQ(read(fd, user_buffer(8), 8), 8);
  slow_dma("edu", 5_000_000);
  EXPECT_EQ(read(fd, user_buffer(8), 8), -ETIMEDOUT);
  close(fd);
});

test("is unloaded", () => EXPECT_EQ(rmmod(), 0));
