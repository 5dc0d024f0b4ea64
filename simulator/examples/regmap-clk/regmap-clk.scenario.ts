// Cooks eggs by regmap-clk.ts, and looks whether it sleeps when nothing is on the stove.
import {
  close,
  EXPECT_EQ,
  EXPECT_GT,
  EXPECT_STREQ,
  insmod,
  O_RDONLY,
  O_WRONLY,
  open,
  read,
  resume,
  rmmod,
  sleep,
  suspend,
  test,
  user_buffer,
  user_string,
  user_text,
  write,
} from "driverlab/scenario";
import { EBUSY, EINVAL } from "linux/errno";

const DEVICE = "/sys/bus/platform/devices/9020000.sp804/";

function show(name: string): string {
  const fd = open(DEVICE + name, O_RDONLY);
  const at = user_buffer(64);
  const bytes = read(fd, at, 64);
  close(fd);
  return user_text(at, bytes);
}

function store(name: string, text: string): number {
  const fd = open(DEVICE + name, O_WRONLY);
  const result = write(fd, user_string(text), text.length);
  close(fd);
  return result;
}

test("sleeps while there is nothing to count", () => {
  EXPECT_EQ(insmod(), 0);
  EXPECT_STREQ(show("power/runtime_status"), "suspended\n");
  EXPECT_STREQ(show("left"), "0\n");
});

test("counts down, and sleeps again", () => {
  EXPECT_EQ(store("start", "50000"), 5);
  EXPECT_STREQ(show("power/runtime_status"), "active\n");
  EXPECT_GT(show("left").length, 2);
  EXPECT_EQ(store("start", "50000"), -EBUSY);
  sleep(60);
  EXPECT_STREQ(show("power/runtime_status"), "active\n");
  sleep(40);
  EXPECT_STREQ(show("power/runtime_status"), "suspended\n");
  EXPECT_STREQ(show("left"), "0\n");
  EXPECT_EQ(store("start", "0"), -EINVAL);
});

test("survives a sleep of the system", () => {
  EXPECT_EQ(suspend(), 0);
  EXPECT_EQ(resume(), 0);
  EXPECT_EQ(store("start", "1000"), 4);
  sleep(50);
  EXPECT_STREQ(show("power/runtime_status"), "suspended\n");
});

test("is unloaded while it counts", () => {
  EXPECT_EQ(store("start", "5000000"), 7);
  EXPECT_EQ(rmmod(), 0);
});
