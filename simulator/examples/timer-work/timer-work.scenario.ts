// Listens to the heart of timer-work.ts.
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  O_RDONLY,
  open,
  read,
  rmmod,
  sleep,
  test,
  user_buffer,
  user_text,
} from "driverlab/scenario";
import { EINVAL } from "linux/errno";

function heart(): string {
  const fd = open("/dev/heart", O_RDONLY);
  const at = user_buffer(32);
  const bytes = read(fd, at, 32);
  close(fd);
  return bytes > 0 ? user_text(at, bytes) : "";
}

test("beats ten times a second", () => {
  EXPECT_EQ(insmod(), 0);
  EXPECT_STREQ(heart(), "0 beats, 0 notes\n");
  sleep(450);
  EXPECT_STREQ(heart(), "4 beats, 0 notes\n");
  sleep(600);
  EXPECT_STREQ(heart(), "10 beats, 2 notes\n");
});

test("stops when it is unloaded", () => {
  EXPECT_EQ(rmmod(), 0);
  sleep(1000);
});

test("beats as fast as it is told", () => {
  EXPECT_EQ(insmod("period_ms=0"), -EINVAL);
  EXPECT_EQ(insmod("period_ms=20"), 0);
  sleep(210);
  EXPECT_STREQ(heart(), "10 beats, 2 notes\n");
  EXPECT_EQ(rmmod(), 0);
});
