// Gives the write() of scull-broken.ts a bad pointer.
import { close, EXPECT_EQ, insmod, O_RDWR, open, rmmod, test, write } from "driverlab/scenario";
import { EFAULT } from "linux/errno";
import { user } from "linux/types";

test("a bad pointer is the caller's mistake", () => {
  EXPECT_EQ(insmod(), 0);
  const fd = open("/dev/scull0", O_RDWR);
  EXPECT_EQ(write(fd, user(0), 4), -EFAULT);
  close(fd);
  EXPECT_EQ(rmmod(), 0);
});
