// Writes and reads the memory of i2c-eeprom.ts over the ends of pages, also where nobody answers.
import { mend, power_cycle, unplug } from "driverlab/hardware";
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
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
  user_u32,
  write,
} from "driverlab/scenario";
import { EFAULT, EINVAL, ENOSPC } from "linux/errno";
import { user } from "linux/types";

test("is loaded", () => EXPECT_EQ(insmod(), 0));

test("is empty, which is all ones", () => {
  const fd = open("/dev/eeprom", O_RDWR);
  const at = user_buffer(4);
  EXPECT_EQ(read(fd, at, 4), 4);
  EXPECT_EQ(user_u32(at), 0xffffffff);
  close(fd);
});

test("keeps what is written, page by page", () => {
  const fd = open("/dev/eeprom", O_RDWR);
  const text = user_string("over the end of a page");
  const at = user_buffer(32);
  EXPECT_EQ(lseek(fd, 24, SEEK_SET), 24);
  EXPECT_EQ(write(fd, text, 22), 8);
  // The device still writes: the driver asks until it answers.
  EXPECT_EQ(write(fd, text.add(8), 14), 14);
  EXPECT_EQ(lseek(fd, 24, SEEK_SET), 24);
  EXPECT_EQ(read(fd, at, 32), 8);
  EXPECT_EQ(read(fd, at.add(8), 14), 14);
  EXPECT_STREQ(user_text(at, 22), "over the end of a page");
  close(fd);
});

test("keeps it without power", () => {
  EXPECT_EQ(rmmod(), 0);
  power_cycle("at24");
  EXPECT_EQ(insmod(), 0);
  const fd = open("/dev/eeprom", O_RDWR);
  const at = user_buffer(4);
  EXPECT_EQ(lseek(fd, 24, SEEK_SET), 24);
  EXPECT_EQ(read(fd, at, 4), 4);
  EXPECT_STREQ(user_text(at, 4), "over");
  close(fd);
});

test("has an end", () => {
  const fd = open("/dev/eeprom", O_RDWR);
  EXPECT_EQ(lseek(fd, 0, SEEK_END), 4096);
  EXPECT_EQ(read(fd, user_buffer(1), 1), 0);
  EXPECT_EQ(write(fd, user_string("x"), 1), -ENOSPC);
  EXPECT_EQ(lseek(fd, 1, SEEK_END), -EINVAL);
  EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
  EXPECT_EQ(read(fd, user(0), 4), -EFAULT);
  EXPECT_EQ(write(fd, user(0), 4), -EFAULT);
  close(fd);
});

test("says so when nobody answers", () => {
  const fd = open("/dev/eeprom", O_RDWR);
  EXPECT_EQ(unplug("at24"), 0);
  EXPECT_EQ(read(fd, user_buffer(4), 4) < 0, true);
  mend("at24");
  EXPECT_EQ(read(fd, user_buffer(4), 4), 4);
  close(fd);
});

test("is unloaded", () => EXPECT_EQ(rmmod(), 0));
