// Loads the driver three times: it gives all back, its init fails in the middle, it gives nothing back.
import { EXPECT_EQ, insmod, rmmod, sleep, test } from "driverlab/scenario";
import { ENODEV } from "linux/errno";

test("tidy", () => {
  EXPECT_EQ(insmod("tidy=1"), 0);
  sleep(5);
  EXPECT_EQ(rmmod(), 0);
});

test("fails", () => EXPECT_EQ(insmod("fail=1"), -ENODEV));

test("leaks", () => {
  EXPECT_EQ(insmod(), 0);
  sleep(5);
  EXPECT_EQ(rmmod(), 0);
});
