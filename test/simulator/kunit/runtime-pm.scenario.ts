// Puts the system to sleep and shuts it down: children before their parents.
import { EXPECT_EQ, insmod, reboot, resume, rmmod, suspend, test } from "driverlab/scenario";

test("system sleep", () => {
  EXPECT_EQ(insmod(), 0);
  EXPECT_EQ(suspend(), 0);
  EXPECT_EQ(resume(), 0);
  EXPECT_EQ(reboot(), 0);
  EXPECT_EQ(rmmod(), 0);
});
