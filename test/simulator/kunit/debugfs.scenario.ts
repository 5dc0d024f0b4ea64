// Reads and writes the variables of a driver.
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  O_RDONLY,
  O_RDWR,
  open,
  read,
  rmmod,
  test,
  user_buffer,
  user_string,
  user_text,
  write,
} from "driverlab/scenario";
import { EAGAIN, EINVAL, ENOENT } from "linux/errno";

const DIR = "/sys/kernel/debug/kunit/";

function show(name: string): string {
  const fd = open(DIR + name, O_RDONLY);
  const at = user_buffer(64);
  const bytes = read(fd, at, 64);
  close(fd);
  return bytes > 0 ? user_text(at, bytes) : "";
}

function store(name: string, text: string): number {
  const fd = open(DIR + name, O_RDWR);
  const result = write(fd, user_string(text), text.length);
  close(fd);
  return result;
}

test("load", () => EXPECT_EQ(insmod(), 0));

test("variables", () => {
  EXPECT_STREQ(show("u8"), "200\n");
  EXPECT_STREQ(show("u16"), "600\n");
  EXPECT_STREQ(show("u32"), "70000\n");
  EXPECT_STREQ(show("u64"), "4886718345\n");
  EXPECT_STREQ(show("x8"), "0xc8\n");
  EXPECT_STREQ(show("x16"), "0x0258\n");
  EXPECT_STREQ(show("x32"), "0x00011170\n");
  EXPECT_STREQ(show("x64"), "0x0000000123456789\n");
  EXPECT_EQ(store("u32", "0x10\n"), 5);
  EXPECT_STREQ(show("x32"), "0x00000010\n");
  EXPECT_EQ(store("u32", "ten"), -EINVAL);
  EXPECT_STREQ(show("bool"), "Y\n");
  EXPECT_EQ(store("bool", "n"), 1);
  EXPECT_STREQ(show("bool"), "N\n");
  EXPECT_STREQ(show("blob"), "abc");
  EXPECT_STREQ(show("own"), "ab");
  EXPECT_EQ(open(`${DIR}missing`, O_RDONLY), -ENOENT);
});

test("a file keeps its module loaded", () => {
  const fd = open(`${DIR}own`, O_RDONLY);
  EXPECT_EQ(rmmod(), -EAGAIN);
  close(fd);
});

test("unload", () => {
  EXPECT_EQ(rmmod(), 0);
  EXPECT_EQ(open(`${DIR}u8`, O_RDONLY), -ENOENT);
});
