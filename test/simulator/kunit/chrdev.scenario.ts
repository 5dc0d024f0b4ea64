// Writes the device at positions, moves about in it, and asks it for what it saw.
import {
  EXPECT_EQ,
  EXPECT_NE,
  insmod,
  ioctl,
  lseek,
  O_RDWR,
  open,
  rmmod,
  SEEK_SET,
  test,
  user_string,
  write,
} from "driverlab/scenario";

test("load", () => EXPECT_EQ(insmod(), 0));

test("use", () => {
  const fd = open("/dev/chrdev", O_RDWR);
  EXPECT_NE(ioctl(fd, 1), 0);
  EXPECT_EQ(write(fd, user_string("abcd"), 4), 4);
  EXPECT_EQ(write(fd, user_string("efgh"), 4), 4);
  EXPECT_EQ(ioctl(fd, 2), 0x6165);
  EXPECT_EQ(lseek(fd, 2, SEEK_SET), 8);
  EXPECT_EQ(write(fd, user_string("0123456789"), 10), 8);
});

test("unload", () => EXPECT_EQ(rmmod(), 0));
