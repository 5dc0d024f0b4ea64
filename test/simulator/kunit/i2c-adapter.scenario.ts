// Loads the driver, and says in /sys which device there is on a bus.
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  open,
  read,
  rmmod,
  test,
  user_buffer,
  user_string,
  user_text,
  write,
} from "driverlab/scenario";
import { EINVAL, ENOENT } from "linux/errno";
import { O_RDONLY, O_WRONLY } from "linux/fs";
import type { int } from "linux/types";

const BUS = "/sys/bus/i2c/devices/i2c-0/";

function put(file: string, text: string, bytes: int): int {
  const fd = open(file, O_WRONLY);
  const written = write(fd, user_string(text), bytes);
  close(fd);
  return written;
}

function nameOf(path: string, bytes: int): string {
  const fd = open(path, O_RDONLY);
  const text = user_buffer(64);
  read(fd, text, 64);
  close(fd);
  return user_text(text, bytes);
}

test("load and unload", () => {
  EXPECT_EQ(insmod(), 0);
  EXPECT_STREQ(nameOf("/sys/bus/i2c/devices/i2c-0/name", 8), "Synopsys");
  EXPECT_EQ(put(`${BUS}new_device`, "chip 0x51", 9), 9);
  EXPECT_STREQ(nameOf("/sys/bus/i2c/devices/0-0051/name", 4), "chip");
  EXPECT_EQ(put(`${BUS}new_device`, "chip", 4), -EINVAL);
  EXPECT_EQ(put(`${BUS}delete_device`, "0x50", 4), -ENOENT);
  EXPECT_EQ(put(`${BUS}delete_device`, "0x51", 4), 4);
  EXPECT_EQ(open("/sys/bus/i2c/devices/0-0051/name", O_RDONLY), -ENOENT);
  EXPECT_EQ(rmmod(), 0);
});
