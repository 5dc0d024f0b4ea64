// Loads the module with parameters, good ones and bad ones.
import { EXPECT_EQ, insmod, rmmod, test } from "driverlab/scenario";
import { EINVAL } from "linux/errno";

test("bad parameters", () => {
  EXPECT_EQ(insmod("howmany=many"), -EINVAL);
  EXPECT_EQ(insmod("list=1,2,3,4,5"), -EINVAL);
});

test("good parameters", () => {
  EXPECT_EQ(insmod('howmany=3 loud whom="all of you" list=-7,8 twice=42 other=1'), 0);
  EXPECT_EQ(rmmod(), 0);
});
