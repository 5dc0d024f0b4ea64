// Shows and stores attributes.
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  lseek,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  open,
  read,
  rmmod,
  SEEK_SET,
  test,
  user_buffer,
  user_string,
  user_text,
  write,
} from "driverlab/scenario";
import { EACCES, EINVAL, EISDIR, ENOENT } from "linux/errno";

const DIR = "/sys/kernel/kunit/";

function show(name: string): string {
  const fd = open(name, O_RDONLY);
  if (fd < 0) return "cannot be opened";
  const at = user_buffer(4096);
  const bytes = read(fd, at, 4096);
  close(fd);
  return bytes > 0 ? user_text(at, bytes) : "";
}

function store(name: string, text: string): number {
  const fd = open(name, O_WRONLY);
  if (fd < 0) return fd;
  const result = write(fd, user_string(text), text.length);
  close(fd);
  return result;
}

test("load", () => EXPECT_EQ(insmod("param=8"), 0));

test("attributes", () => {
  EXPECT_STREQ(show(`${DIR}any`), "kunit:7\n");
  EXPECT_EQ(store(`${DIR}any`, "12\n"), 3);
  EXPECT_EQ(store(`${DIR}any`, "x"), -EINVAL);
  EXPECT_STREQ(show(`${DIR}rw`), "kunit:12\n");
  EXPECT_EQ(store(`${DIR}named/ro`, "1"), -EACCES);
  EXPECT_STREQ(show(`${DIR}named/ro`), "kunit:12\n");
  EXPECT_EQ(open(`${DIR}named/wo`, O_WRONLY), -ENOENT);
  EXPECT_EQ(open(`${DIR}named`, O_RDONLY), -EISDIR);
});

test("a text is made once, and anew from its beginning", () => {
  const fd = open(`${DIR}any`, O_RDWR);
  const at = user_buffer(16);
  EXPECT_EQ(read(fd, at, 3), 3);
  EXPECT_EQ(store(`${DIR}any`, "9"), 1);
  EXPECT_EQ(read(fd, at, 16), 6);
  EXPECT_STREQ(user_text(at, 6), "it:12\n");
  EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
  EXPECT_EQ(read(fd, at, 16), 8);
  EXPECT_STREQ(user_text(at, 8), "kunit:9\n");
  close(fd);
});

test("types", () => {
  EXPECT_STREQ(show(`${DIR}thing0/rw`), "level 3\n");
  EXPECT_EQ(store(`${DIR}thing0/rw`, "1"), -EINVAL);
  EXPECT_EQ(open(`${DIR}other/rw`, O_RDONLY), -ENOENT);
});

test("parameters", () => {
  EXPECT_STREQ(show("/sys/module/kobject/parameters/param"), "8\n");
  EXPECT_EQ(store("/sys/module/kobject/parameters/param", "11\n"), 3);
  EXPECT_STREQ(show("/sys/module/kobject/parameters/param"), "11\n");
  EXPECT_EQ(open("/sys/module/kobject/parameters/hidden", O_RDONLY), -ENOENT);
});

test("unload", () => {
  EXPECT_EQ(rmmod(), 0);
  EXPECT_EQ(open(`${DIR}any`, O_RDONLY), -ENOENT);
});
