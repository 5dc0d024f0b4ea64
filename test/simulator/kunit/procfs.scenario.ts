// Reads and writes the entries, in pieces and at positions, and removes one that is open.
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  EXPECT_TRUE,
  insmod,
  lseek,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  open,
  read,
  rmmod,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
  test,
  user_buffer,
  user_string,
  user_text,
  write,
} from "driverlab/scenario";
import { EINVAL, EIO, EISDIR, ENOENT, ESPIPE } from "linux/errno";
import { user } from "linux/types";

const DIR = "/proc/driver/kunit/";

function text_of(name: string): string {
  const fd = open(name, O_RDONLY);
  const at = user_buffer(4096);
  const bytes = read(fd, at, 4096);
  close(fd);
  return bytes > 0 ? user_text(at, bytes) : "";
}

test("load", () => EXPECT_EQ(insmod(), 0));

test("records", () => {
  for (const name of ["list", "list_private", "records", "released", "private"]) {
    EXPECT_STREQ(text_of(DIR + name), "number  \n1\n2\n4\n");
  }
  EXPECT_STREQ(text_of(`${DIR}list_data`), "1\n2\n4\n");
  EXPECT_STREQ(text_of(`${DIR}private_too`), "1\n2\n4\n");
});

test("pieces and positions", () => {
  const fd = open(`${DIR}records`, O_RDONLY);
  const at = user_buffer(64);
  for (const piece of ["num", "ber", "  \n", "1\n2", "\n4\n"]) {
    EXPECT_EQ(read(fd, at, 3), 3);
    EXPECT_STREQ(user_text(at, 3), piece);
  }
  EXPECT_EQ(read(fd, at, 3), 0);
  EXPECT_EQ(lseek(fd, 9, SEEK_SET), 9);
  EXPECT_EQ(read(fd, at, 64), 6);
  EXPECT_STREQ(user_text(at, 6), "1\n2\n4\n");
  EXPECT_EQ(lseek(fd, -4, SEEK_CUR), 11);
  EXPECT_EQ(read(fd, at, 2), 2);
  EXPECT_STREQ(user_text(at, 2), "2\n");
  EXPECT_EQ(lseek(fd, 0, SEEK_END), -EINVAL);
  EXPECT_EQ(lseek(fd, -1, SEEK_SET), -EINVAL);
  close(fd);
});

test("a record larger than a page", () => {
  const fd = open(`${DIR}long`, O_RDONLY);
  const at = user_buffer(4096);
  EXPECT_EQ(read(fd, at, 4096), 4096);
  EXPECT_EQ(read(fd, at, 4096), 904);
  EXPECT_STREQ(user_text(at, 9), "819\n0820\n");
  EXPECT_EQ(read(fd, at, 4096), 0);
  EXPECT_EQ(lseek(fd, 4995, SEEK_SET), 4995);
  EXPECT_EQ(read(fd, at, 64), 5);
  EXPECT_STREQ(user_text(at, 5), "0999\n");
  close(fd);
});

test("one record, and writing", () => {
  const fd = open(`${DIR}text`, O_RDWR);
  EXPECT_EQ(write(fd, user_string("hello "), 6), 6);
  EXPECT_EQ(write(fd, user_string("much too long for this"), 22), -EINVAL);
  close(fd);
  for (const name of ["text", "text_single", "sized"]) EXPECT_STREQ(text_of(DIR + name), "hello a\\040b\\012");
  const other = open(`${DIR}sized`, O_RDONLY);
  EXPECT_EQ(lseek(other, 0, SEEK_SET), -ESPIPE);
  EXPECT_TRUE(read(other, user(16), 4) < 0);
  close(other);
});

test("directories are not there to be read", () => {
  EXPECT_EQ(open("/proc/driver/kunit", O_RDONLY), -EISDIR);
  EXPECT_EQ(open(`${DIR}empty`, O_RDONLY), -EISDIR);
  EXPECT_EQ(open(`${DIR}with_data`, O_RDONLY), -EISDIR);
  EXPECT_EQ(open(`${DIR}nothing`, O_RDONLY), -ENOENT);
});

test("an entry goes while it is open", () => {
  EXPECT_STREQ(text_of(`${DIR}plain`), "7\n");
  const fd = open(`${DIR}plain`, O_RDONLY);
  const remover = open(`${DIR}remover`, O_WRONLY);
  EXPECT_EQ(write(remover, user_string("1"), 1), 1);
  EXPECT_EQ(read(fd, user_buffer(4), 4), -EIO);
  EXPECT_EQ(open(`${DIR}plain`, O_RDONLY), -ENOENT);
  close(fd);
  close(remover);
});

test("what the kernel shows", () => {
  EXPECT_STREQ(text_of("/proc/interrupts").slice(0, 15), "           CPU0");
  EXPECT_STREQ(text_of("/proc/modules").slice(0, 25), "procfs 4096 0 - Live 0x20");
  EXPECT_STREQ(text_of("/proc/devices").slice(0, 28), "Character devices:\n 10 misc\n");
  EXPECT_STREQ(text_of("/proc/iomem"), "");
  EXPECT_STREQ(text_of("/proc/ioports"), "");
  EXPECT_STREQ(text_of("/proc/slabinfo").slice(0, 23), "slabinfo - version: 2.1");
});

test("unload", () => {
  EXPECT_EQ(rmmod(), 0);
  EXPECT_EQ(open(`${DIR}text`, O_RDONLY), -ENOENT);
});
