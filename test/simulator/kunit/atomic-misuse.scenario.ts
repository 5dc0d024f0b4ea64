// Loads the module, whose tests then run.
import { EXPECT_EQ, insmod, rmmod, test } from "driverlab/scenario";

test("load and unload", () => {
  EXPECT_EQ(insmod(), 0);
  EXPECT_EQ(rmmod(), 0);
});
