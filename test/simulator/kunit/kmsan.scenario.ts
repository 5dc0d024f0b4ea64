// Loads the module, whose tests then run, and asks it for what it should not give away.
import { close, EXPECT_EQ, insmod, ioctl, O_RDWR, open, rmmod, test, user_buffer } from "driverlab/scenario";

test("load, ask and unload", () => {
  EXPECT_EQ(insmod(), 0);
  const fd = open("/dev/kmsan", O_RDWR);
  const buffer = user_buffer(16);
  EXPECT_EQ(ioctl(fd, 1, buffer), 0);
  EXPECT_EQ(ioctl(fd, 2, buffer), 0);
  close(fd);
  EXPECT_EQ(rmmod(), 0);
});
