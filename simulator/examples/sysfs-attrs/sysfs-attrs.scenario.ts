// Reads and writes the attributes of sysfs-attrs.ts, as cat and echo do.
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  O_RDONLY,
  O_WRONLY,
  open,
  read,
  rmmod,
  test,
  user_buffer,
  user_string,
  user_text,
  write,
} from "driverlab/scenario";
import { EACCES, EINVAL, ENOENT, ERANGE } from "linux/errno";

function cat(name: string): string {
  const fd = open(`/sys/kernel/meter/${name}`, O_RDONLY);
  const at = user_buffer(64);
  const bytes = read(fd, at, 64);
  close(fd);
  return bytes > 0 ? user_text(at, bytes) : "";
}

function echo(text: string, name: string): number {
  const fd = open(`/sys/kernel/meter/${name}`, O_WRONLY);
  if (fd < 0) return fd;
  const written = write(fd, user_string(text), text.length);
  close(fd);
  return written;
}

test("is loaded", () => EXPECT_EQ(insmod(), 0));

test("shows what is stored", () => {
  EXPECT_STREQ(cat("level"), "0\n");
  EXPECT_EQ(echo("7\n", "level"), 2);
  EXPECT_STREQ(cat("level"), "7\n");
  EXPECT_EQ(echo("kitchen\n", "label"), 8);
  EXPECT_STREQ(cat("label"), "kitchen\n");
  EXPECT_STREQ(cat("level_max"), "9\n");
});

test("refuses what it cannot store", () => {
  EXPECT_EQ(echo("10\n", "level"), -ERANGE);
  EXPECT_EQ(echo("loud\n", "level"), -EINVAL);
  EXPECT_EQ(echo("the lamp in the kitchen", "label"), -EINVAL);
  EXPECT_EQ(echo("5\n", "level_max"), -EACCES);
  EXPECT_STREQ(cat("level"), "7\n");
  EXPECT_STREQ(cat("label"), "kitchen\n");
});

test("is unloaded, and its directory is gone", () => {
  EXPECT_EQ(rmmod(), 0);
  EXPECT_EQ(open("/sys/kernel/meter/level", O_RDONLY), -ENOENT);
});
