// Waits for the sum of what kthread-queue.ts produces and consumes, or does not wait for it.
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  kill,
  O_RDONLY,
  open,
  process,
  read,
  rmmod,
  sleep,
  test,
  user_buffer,
  user_text,
  waitpid,
} from "driverlab/scenario";
import { EINTR } from "linux/errno";

test("adds up what was produced", () => {
  EXPECT_EQ(insmod(), 0);
  const fd = open("/dev/sum", O_RDONLY);
  const at = user_buffer(32);
  const bytes = read(fd, at, 32);
  EXPECT_STREQ(user_text(at, bytes), "210, 0 left\n");
  close(fd);
  EXPECT_EQ(rmmod(), 0);
});

test("stops in the middle, and who waits can be interrupted", () => {
  EXPECT_EQ(insmod("limit=1000000"), 0);
  const reader = process("reader", () => {
    const fd = open("/dev/sum", O_RDONLY);
    EXPECT_EQ(read(fd, user_buffer(32), 32), -EINTR);
    close(fd);
  });
  sleep(1);
  EXPECT_EQ(kill(reader), 0);
  waitpid(reader);
  EXPECT_EQ(rmmod(), 0);
});
