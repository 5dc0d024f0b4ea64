// Tests of a scenario of which some fail, each in another way.
import { ASSERT_EQ, EXPECT_EQ, EXPECT_STREQ, insmod, sleep, test } from "driverlab/scenario";

test("expects", () => {
  EXPECT_EQ(insmod(), 1);
  EXPECT_STREQ("edu", "udu");
});

test("stops", () => {
  ASSERT_EQ(1, 2);
  EXPECT_EQ(3, 4);
});

test("takes too long", () => sleep(60_000));

test("is there after all of them", () => EXPECT_EQ(1, 1));
