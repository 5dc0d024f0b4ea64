// Reads and writes the disk of ramdisk.ts, past the kernel's cache and through it, up to its end and beyond.
import {
  BLKGETSIZE64,
  BLKSSZGET,
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  fsync,
  insmod,
  ioctl,
  lseek,
  O_DIRECT,
  O_RDONLY,
  O_RDWR,
  open,
  pread,
  process,
  pwrite,
  read,
  rmmod,
  SEEK_END,
  test,
  user_buffer,
  user_string,
  user_text,
  user_u32,
  waitpid,
  write,
} from "driverlab/scenario";
import { EAGAIN, EINVAL, ENOENT, ENOSPC } from "linux/errno";

test("a disk of 64 KB", () => {
  EXPECT_EQ(insmod(), 0);
  const fd = open("/dev/ramdisk", O_RDONLY);
  const value = user_buffer(8);
  EXPECT_EQ(ioctl(fd, BLKGETSIZE64, value), 0);
  EXPECT_EQ(user_u32(value), 128 * 512);
  EXPECT_EQ(ioctl(fd, BLKSSZGET, value), 0);
  EXPECT_EQ(user_u32(value), 512);
  EXPECT_EQ(rmmod(), -EAGAIN);
  close(fd);
});

test("what is written is read, whatever the kernel keeps", () => {
  const fd = open("/dev/ramdisk", O_RDWR);
  EXPECT_EQ(pwrite(fd, user_string("across two pages"), 16, 4090), 16);
  EXPECT_EQ(fsync(fd), 0);
  close(fd);

  const direct = open("/dev/ramdisk", O_RDONLY | O_DIRECT);
  const buffer = user_buffer(8192);
  EXPECT_EQ(pread(direct, buffer, 100, 0), -EINVAL);
  EXPECT_EQ(pread(direct, buffer, 8192, 0), 8192);
  EXPECT_STREQ(user_text(buffer.add(4090), 16), "across two pages");
  close(direct);
});

test("it ends where it ends", () => {
  const fd = open("/dev/ramdisk", O_RDWR);
  EXPECT_EQ(lseek(fd, -4, SEEK_END), 65532);
  EXPECT_EQ(write(fd, user_string("overflow"), 8), 4);
  EXPECT_EQ(write(fd, user_string("flow"), 4), -ENOSPC);
  EXPECT_EQ(read(fd, user_buffer(8), 8), 0);
  const buffer = user_buffer(8);
  EXPECT_EQ(pread(fd, buffer, 8, 65532), 4);
  EXPECT_STREQ(user_text(buffer, 4), "over");
  close(fd);
});

test("many at once", () => {
  const one = (mark: string, first: number): number =>
    process(mark, () => {
      const fd = open("/dev/ramdisk", O_RDWR | O_DIRECT);
      for (let i = 0; i < 4; i++) EXPECT_EQ(pwrite(fd, user_buffer(1024), 1024, first + i * 1024), 1024);
      close(fd);
    });
  const [a, b] = [one("a", 8192), one("b", 16384)];
  waitpid(a);
  waitpid(b);
});

test("unload", () => {
  EXPECT_EQ(rmmod(), 0);
  EXPECT_EQ(open("/dev/ramdisk", O_RDONLY), -ENOENT);
  EXPECT_EQ(insmod("sectors=9"), 0);
  EXPECT_EQ(rmmod(), 0);
});
