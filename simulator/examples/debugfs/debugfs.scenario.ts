// Looks at debugfs.ts: counts packets, turns counting off, and reads the histogram.
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
import { EINVAL, ENOENT } from "linux/errno";

function cat(name: string): string {
  const fd = open(`/sys/kernel/debug/traffic/${name}`, O_RDONLY);
  const at = user_buffer(64);
  const bytes = read(fd, at, 64);
  close(fd);
  return bytes > 0 ? user_text(at, bytes) : "";
}

function echo(text: string, name: string): number {
  const fd = open(`/sys/kernel/debug/traffic/${name}`, O_WRONLY);
  const written = write(fd, user_string(text), text.length);
  close(fd);
  return written;
}

test("is loaded", () => EXPECT_EQ(insmod(), 0));

test("counts", () => {
  for (const bytes of ["63", "64", "1500", "9000", "255"]) EXPECT_EQ(echo(bytes, "inject"), bytes.length);
  EXPECT_STREQ(cat("packets"), "5\n");
  EXPECT_STREQ(cat("bytes"), "10882\n");
  EXPECT_STREQ(cat("sizes"), "<64 1\n<256 2\n<1024 0\nmore 2\n");
});

test("does not count while it is turned off", () => {
  EXPECT_STREQ(cat("enabled"), "Y\n");
  EXPECT_EQ(echo("0", "enabled"), 1);
  EXPECT_EQ(echo("100", "inject"), 3);
  EXPECT_STREQ(cat("packets"), "5\n");
  EXPECT_EQ(echo("Y", "enabled"), 1);
  EXPECT_EQ(echo("many", "inject"), -EINVAL);
});

test("is unloaded, and its files are gone", () => {
  EXPECT_EQ(rmmod(), 0);
  EXPECT_EQ(open("/sys/kernel/debug/traffic/packets", O_RDONLY), -ENOENT);
});
