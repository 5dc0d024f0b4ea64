// Loads the module, whose tests then run, and uses its disk as processes do.
import {
  BLKFLSBUF,
  BLKGETSIZE,
  BLKGETSIZE64,
  BLKROGET,
  BLKROSET,
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  fsync,
  HDIO_GETGEO,
  insmod,
  ioctl,
  log,
  lseek,
  O_DIRECT,
  O_RDONLY,
  O_RDWR,
  O_SYNC,
  O_WRONLY,
  open,
  pread,
  process,
  pwrite,
  read,
  rmmod,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
  set_user_u32,
  sleep,
  test,
  user_buffer,
  user_string,
  user_text,
  user_u32,
  waitpid,
  write,
} from "driverlab/scenario";
import { EAGAIN, EBADF, EINVAL, ENOENT, ENOSPC, ENOTTY, EPERM } from "linux/errno";

/** What a file of /sys holds, without its last newline. */
function sys(path: string): string {
  const fd = open(path, O_RDONLY);
  const text = user_buffer(128);
  const bytes = read(fd, text, 128);
  close(fd);
  return bytes < 0 ? `${bytes}` : user_text(text, bytes - 1);
}

test("load", () => EXPECT_EQ(insmod(), 0));

test("/sys/block", () => {
  EXPECT_STREQ(sys("/sys/block/kunit/size"), "64");
  EXPECT_STREQ(sys("/sys/block/kunit/dev"), "254:0");
  EXPECT_STREQ(sys("/sys/block/kunit/ro"), "0");
  EXPECT_STREQ(sys("/sys/block/kunit/removable"), "0");
  EXPECT_STREQ(sys("/sys/devices/virtual/block/kunit/queue/logical_block_size"), "512");
  EXPECT_STREQ(sys("/sys/block/kunit/uevent"), "MAJOR=254\nMINOR=0\nDEVNAME=kunit\nDEVTYPE=disk");
});

test("/proc/devices", () => {
  const fd = open("/proc/devices", O_RDONLY);
  const text = user_buffer(200);
  const bytes = read(fd, text, 200);
  EXPECT_STREQ(user_text(text, bytes).split("Block devices:")[1]!, "\n254 kunit\n259 blkext\n");
  close(fd);
});

test("sizes and commands", () => {
  const fd = open("/dev/kunit", O_RDWR);
  const value = user_buffer(8);
  EXPECT_EQ(ioctl(fd, BLKGETSIZE, value), 0);
  EXPECT_EQ(user_u32(value), 64);
  EXPECT_EQ(ioctl(fd, BLKGETSIZE64, value), 0);
  EXPECT_EQ(user_u32(value), 32768);
  EXPECT_EQ(ioctl(fd, HDIO_GETGEO, value), 0);
  EXPECT_EQ(user_u32(value), 0x11004);
  EXPECT_EQ(ioctl(fd, 42, 100), 103);
  EXPECT_EQ(ioctl(fd, 43), -ENOTTY);
  EXPECT_EQ(lseek(fd, -512, SEEK_END), 32256);
  EXPECT_EQ(lseek(fd, 512, SEEK_CUR), 32768);
  EXPECT_EQ(lseek(fd, 1, SEEK_CUR), -EINVAL);
  EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
  set_user_u32(value, 1);
  EXPECT_EQ(ioctl(fd, BLKROSET, value), 0);
  EXPECT_EQ(write(fd, value, 4), -EPERM);
  EXPECT_EQ(ioctl(fd, BLKROGET, value), 0);
  EXPECT_EQ(user_u32(value), 1);
  set_user_u32(value, 0);
  EXPECT_EQ(ioctl(fd, BLKROSET, value), 0);
  EXPECT_EQ(rmmod(), -EAGAIN);
  close(fd);
});

test("reads and writes", () => {
  const fd = open("/dev/kunit", O_RDWR);
  const buffer = user_buffer(32768);
  set_user_u32(buffer, 0x64636261);
  EXPECT_EQ(pwrite(fd, buffer, 32768, 0), 32768);
  EXPECT_EQ(pwrite(fd, buffer, 600, 32768 - 512), 512);
  EXPECT_EQ(pwrite(fd, buffer, 1, 32768), -ENOSPC);
  EXPECT_EQ(pread(fd, buffer, 1, 32768), 0);
  EXPECT_EQ(fsync(fd), 0);
  EXPECT_EQ(ioctl(fd, BLKFLSBUF), 0);
  set_user_u32(buffer, 0);
  EXPECT_EQ(pread(fd, buffer, 32768, 0), 32768);
  EXPECT_EQ(user_u32(buffer), 0x64636261);
  EXPECT_EQ(read(fd, buffer, 100), 100);
  EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 100);
  close(fd);
  const writer = open("/dev/kunit", O_WRONLY | O_SYNC);
  EXPECT_EQ(read(writer, buffer, 4), -EBADF);
  EXPECT_EQ(write(writer, user_string("efgh"), 4), 4);
  close(writer);
  const direct = open("/dev/kunit", O_RDONLY | O_DIRECT);
  EXPECT_EQ(read(direct, buffer, 100), -EINVAL);
  EXPECT_EQ(read(direct, buffer, 512), 512);
  EXPECT_EQ(user_u32(buffer), 0x68676665);
  close(direct);
});

// What nobody asks for is written after half a minute: longer than a test may take.
const lazy = process("lazy", () => {
  const fd = open("/dev/kunit", O_RDWR);
  write(fd, user_string("late"), 4);
  sleep(1_000);
  log("after a second the disk begins with %c", ioctl(fd, 44, 0));
  sleep(30_000);
  log("after half a minute it begins with %c", ioctl(fd, 44, 0));
  close(fd);
});
waitpid(lazy);

test("unload", () => {
  EXPECT_EQ(rmmod(), 0);
  EXPECT_EQ(open("/dev/kunit", O_RDONLY), -ENOENT);
  EXPECT_EQ(open("/sys/block/kunit/size", O_RDONLY), -ENOENT);
});
