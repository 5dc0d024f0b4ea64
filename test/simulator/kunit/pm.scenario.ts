// Loads the drivers, puts the system to sleep twice, of which the second time fails, and unloads them.
import { EXPECT_EQ, insmod, resume, rmmod, suspend, test } from "driverlab/scenario";

const EBUSY = 16;

test("system sleep", () => {
  EXPECT_EQ(insmod(), 0);
  EXPECT_EQ(suspend(), 0);
  EXPECT_EQ(resume(), 0);
  EXPECT_EQ(suspend(), -EBUSY);
  EXPECT_EQ(rmmod(), 0);
});
