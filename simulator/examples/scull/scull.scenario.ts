// What users do with scull.ts: write and read in pieces, at positions, two at once; and what they do wrong.
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  lseek,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
  open,
  process,
  read,
  rmmod,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
  test,
  user_buffer,
  user_string,
  user_text,
  waitpid,
  write,
} from "driverlab/scenario";
import { EFAULT, EINVAL, ENOSPC, EWOULDBLOCK } from "linux/errno";
import { user } from "linux/types";

test("is loaded", () => EXPECT_EQ(insmod(), 0));

test("gives back what was written", () => {
  const fd = open("/dev/scull0", O_RDWR);
  EXPECT_EQ(write(fd, user_string("quantum"), 7), 7);
  EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
  const at = user_buffer(16);
  EXPECT_EQ(read(fd, at, 16), 7);
  EXPECT_STREQ(user_text(at, 7), "quantum");
  EXPECT_EQ(read(fd, at, 16), 0);
  close(fd);
});

test("the two devices are two", () => {
  const fd = open("/dev/scull1", O_RDONLY);
  EXPECT_EQ(read(fd, user_buffer(16), 16), 0);
  close(fd);
});

test("writes reach over several sets, and holes read as zeroes", () => {
  const fd = open("/dev/scull0", O_RDWR);
  // The last byte of quantum 8, which is the first of set 2.
  EXPECT_EQ(lseek(fd, 575, SEEK_SET), 575);
  EXPECT_EQ(write(fd, user_string("xyz"), 3), 1);
  EXPECT_EQ(write(fd, user_string("yz"), 2), 2);
  const at = user_buffer(64);
  EXPECT_EQ(lseek(fd, -4, SEEK_CUR), 574);
  EXPECT_EQ(read(fd, at, 64), 2);
  EXPECT_STREQ(user_text(at.add(1), 1), "x");
  EXPECT_EQ(read(fd, at, 64), 2);
  EXPECT_STREQ(user_text(at, 2), "yz");
  EXPECT_EQ(lseek(fd, 300, SEEK_SET), 300);
  EXPECT_EQ(read(fd, at, 64), 20);
  EXPECT_STREQ(user_text(at, 20), "");
  close(fd);
});

test("has an end", () => {
  const fd = open("/dev/scull0", O_RDWR);
  EXPECT_EQ(lseek(fd, 0, SEEK_END), 4096);
  EXPECT_EQ(write(fd, user_string("z"), 1), -ENOSPC);
  EXPECT_EQ(lseek(fd, 1, SEEK_END), -EINVAL);
  close(fd);
});

test("O_TRUNC empties it, where it may be written", () => {
  close(open("/dev/scull0", O_RDONLY | O_TRUNC));
  const fd = open("/dev/scull0", O_RDONLY);
  EXPECT_EQ(read(fd, user_buffer(16), 16), 16);
  close(open("/dev/scull0", O_WRONLY | O_TRUNC));
  EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
  EXPECT_EQ(read(fd, user_buffer(16), 16), 0);
  close(fd);
});

test("a bad pointer is the caller's mistake, and harms nobody", () => {
  const fd = open("/dev/scull0", O_RDWR);
  EXPECT_EQ(write(fd, user(0), 4), -EFAULT);
  EXPECT_EQ(write(fd, user_string("good"), 4), 4);
  EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
  EXPECT_EQ(read(fd, user(0), 4), -EFAULT);
  close(fd);
});

test("writers wait for each other", () => {
  const writers: number[] = [];
  for (let part = 0; part < 3; part++) {
    writers.push(
      process("writer", () => {
        const fd = open("/dev/scull1", O_WRONLY);
        lseek(fd, part * 40, SEEK_SET);
        const text = user_string("0123456789012345678901234567890123456789");
        const first = write(fd, text, 40);
        if (first < 40) write(fd, text.add(first), 40 - first);
        close(fd);
      }),
    );
  }
  for (const pid of writers) waitpid(pid);
  const fd = open("/dev/scull1", O_RDONLY);
  const at = user_buffer(64);
  EXPECT_EQ(read(fd, at, 64), 64);
  EXPECT_EQ(read(fd, at, 64), 56);
  EXPECT_STREQ(user_text(at.add(46), 10), "0123456789");
  close(fd);
});

test("stays while it is open, and goes with all its memory", () => {
  const fd = open("/dev/scull0", O_RDONLY);
  EXPECT_EQ(rmmod(), -EWOULDBLOCK);
  close(fd);
  EXPECT_EQ(rmmod(), 0);
});
