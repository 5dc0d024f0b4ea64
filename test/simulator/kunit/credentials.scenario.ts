// Asks who it is, as root, as somebody else, and for somebody else.
import {
  EXPECT_EQ,
  insmod,
  ioctl,
  O_RDWR,
  open,
  process,
  rmmod,
  seteuid,
  setgid,
  setuid,
  test,
  waitpid,
} from "driverlab/scenario";
import { EPERM } from "linux/errno";

test("load", () => EXPECT_EQ(insmod(), 0));

test("root", () => {
  const fd = open("/dev/credentials", O_RDWR);
  EXPECT_EQ(ioctl(fd, 1), 0);
  EXPECT_EQ(ioctl(fd, 2), 0);
  EXPECT_EQ(ioctl(fd, 8), 1);
  EXPECT_EQ(ioctl(fd, 9), 1);
});

test("somebody else", () => {
  const fd = open("/dev/credentials", O_RDWR);
  setgid(100);
  seteuid(1000);
  EXPECT_EQ(ioctl(fd, 1), -EPERM);
  EXPECT_EQ(ioctl(fd, 2), 0);
  EXPECT_EQ(ioctl(fd, 3), 1000);
  EXPECT_EQ(ioctl(fd, 4), 1000);
  EXPECT_EQ(ioctl(fd, 5), 1000100);
  EXPECT_EQ(ioctl(fd, 6), 100);
  EXPECT_EQ(ioctl(fd, 7), 1);
  setuid(1001);
  EXPECT_EQ(ioctl(fd, 2), 1001);
  EXPECT_EQ(ioctl(fd, 8), 0);
});

test("a process that the driver ends", () => {
  const ended = waitpid(
    process("ends", () => {
      const fd = open("/dev/credentials", O_RDWR);
      EXPECT_EQ(ioctl(fd, 10), 1);
    }),
  );
  EXPECT_EQ(ended, 0);
});

test("unload", () => EXPECT_EQ(rmmod(), 0));
