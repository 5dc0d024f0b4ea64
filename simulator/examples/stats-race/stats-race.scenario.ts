// Two processes write to stats-race.ts at once, and what they wrote is counted.
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  O_RDONLY,
  O_WRONLY,
  open,
  process,
  read,
  rmmod,
  test,
  user_buffer,
  user_string,
  user_text,
  waitpid,
  write,
} from "driverlab/scenario";

function stats(): string {
  const fd = open("/dev/stats", O_RDONLY);
  const at = user_buffer(64);
  const bytes = read(fd, at, 64);
  close(fd);
  return bytes > 0 ? user_text(at, bytes) : "";
}

test("is loaded", () => EXPECT_EQ(insmod(), 0));

function write_often(text: string): void {
  const fd = open("/dev/stats", O_WRONLY);
  for (let i = 0; i < 5; i++) EXPECT_EQ(write(fd, user_string(text), text.length), text.length);
  close(fd);
}

test("counts what two processes write at once", () => {
  const one = process("one", () => write_often("abc"));
  const other = process("other", () => write_often("abcde"));
  waitpid(one);
  waitpid(other);
  EXPECT_STREQ(stats(), "10 writes, 40 bytes, at most 5\n");
});

test("is unloaded", () => EXPECT_EQ(rmmod(), 0));
