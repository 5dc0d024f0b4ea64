// Leaves little memory, and loads the module.
import { ASSERT_EQ, insmod, rmmod, squeeze_memory, test } from "driverlab/scenario";

test("when memory is short", () => {
  squeeze_memory(300, 128);
  ASSERT_EQ(insmod(), 0);
  ASSERT_EQ(rmmod(), 0);
});
