// Puts the system to sleep: children before their parents.
import { EXPECT_EQ, insmod, resume, rmmod, suspend, test } from "driverlab/scenario";

test("system sleep", () => {
  EXPECT_EQ(insmod(), 0);
  EXPECT_EQ(suspend(), 0);
  EXPECT_EQ(resume(), 0);
  EXPECT_EQ(rmmod(), 0);
});
