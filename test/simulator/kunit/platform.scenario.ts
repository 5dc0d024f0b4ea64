// Loads the driver, takes it away from its device and gives it back, and unloads it.
import { bind, EXPECT_EQ, insmod, rmmod, test, unbind } from "driverlab/scenario";

const ENODEV = 19;
const EBUSY = 16;

test("load and unload", () => {
  EXPECT_EQ(insmod(), 0);
  EXPECT_EQ(bind("uart", "9000000.ns16550a"), -EBUSY);
  EXPECT_EQ(unbind("uart", "9000000.ns16550a"), 0);
  EXPECT_EQ(unbind("uart", "9000000.ns16550a"), -ENODEV);
  EXPECT_EQ(bind("uart", "9000000.ns16550a"), 0);
  EXPECT_EQ(rmmod(), 0);
});
