// Writes birds to proc-seq.ts and reads them, at once and in small pieces.
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  lseek,
  O_RDONLY,
  O_WRONLY,
  open,
  read,
  rmmod,
  SEEK_SET,
  test,
  user_buffer,
  user_string,
  user_text,
  write,
} from "driverlab/scenario";
import { EINVAL, ENOENT } from "linux/errno";

function add(text: string): number {
  const fd = open("/proc/birds", O_WRONLY);
  const written = write(fd, user_string(text), text.length);
  close(fd);
  return written;
}

test("is loaded", () => EXPECT_EQ(insmod(), 0));

test("is empty at first", () => {
  const fd = open("/proc/birds", O_RDONLY);
  EXPECT_EQ(read(fd, user_buffer(16), 16), 0);
  close(fd);
});

test("lists what was written, in its order", () => {
  EXPECT_EQ(add("robin\n"), 6);
  EXPECT_EQ(add("  wren  "), 8);
  EXPECT_EQ(add("this is no name but a whole text"), -EINVAL);
  EXPECT_EQ(add("crow"), 4);
  const fd = open("/proc/birds", O_RDONLY);
  const at = user_buffer(64);
  EXPECT_EQ(read(fd, at, 64), 16);
  EXPECT_STREQ(user_text(at, 16), "robin\nwren\ncrow\n");
  close(fd);
});

test("is read in pieces too, and anew", () => {
  const fd = open("/proc/birds", O_RDONLY);
  const at = user_buffer(64);
  EXPECT_EQ(read(fd, at, 3), 3);
  EXPECT_STREQ(user_text(at, 3), "rob");
  EXPECT_EQ(read(fd, at, 5), 5);
  EXPECT_STREQ(user_text(at, 5), "in\nwr");
  EXPECT_EQ(read(fd, at, 64), 8);
  EXPECT_STREQ(user_text(at, 8), "en\ncrow\n");
  EXPECT_EQ(lseek(fd, 6, SEEK_SET), 6);
  EXPECT_EQ(read(fd, at, 4), 4);
  EXPECT_STREQ(user_text(at, 4), "wren");
  close(fd);
});

test("is unloaded, and its entry is gone", () => {
  EXPECT_EQ(rmmod(), 0);
  EXPECT_EQ(open("/proc/birds", O_RDONLY), -ENOENT);
});
