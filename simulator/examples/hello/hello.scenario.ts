// Loads hello.ts without parameters, with parameters, with a wrong one, and when there is no memory.
import { EXPECT_EQ, fail_nth, insmod, rmmod, test } from "driverlab/scenario";
import { EINVAL, ENOENT, ENOMEM } from "linux/errno";

test("greets the world", () => {
  EXPECT_EQ(insmod(), 0);
  EXPECT_EQ(rmmod(), 0);
});

test("greets whom it is told, as often as it is told", () => {
  EXPECT_EQ(insmod('whom="all of you" howmany=3'), 0);
  EXPECT_EQ(rmmod(), 0);
});

test("is not loaded with a wrong parameter", () => {
  EXPECT_EQ(insmod("howmany=11"), -EINVAL);
  EXPECT_EQ(insmod("howmany=many"), -EINVAL);
  EXPECT_EQ(rmmod(), -ENOENT);
});

test("is not loaded without memory", () => {
  fail_nth(1, "failslab");
  EXPECT_EQ(insmod(), -ENOMEM);
});
