// Loads the module, and unloads it while its driver is bound.
import { EXPECT_EQ, insmod, rmmod, test } from "driverlab/scenario";

test("goes while its driver is bound", () => {
  EXPECT_EQ(insmod(), 0);
  EXPECT_EQ(rmmod(), 0);
});
