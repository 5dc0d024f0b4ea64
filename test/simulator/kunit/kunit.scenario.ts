// What a scenario may expect.
import {
  ASSERT_EQ,
  ASSERT_FALSE,
  ASSERT_GE,
  ASSERT_GT,
  ASSERT_LE,
  ASSERT_LT,
  ASSERT_NE,
  ASSERT_STREQ,
  ASSERT_STRNEQ,
  ASSERT_TRUE,
  EXPECT_EQ,
  EXPECT_FALSE,
  EXPECT_GE,
  EXPECT_GT,
  EXPECT_LE,
  EXPECT_LT,
  EXPECT_NE,
  EXPECT_STREQ,
  EXPECT_STRNEQ,
  EXPECT_TRUE,
  insmod,
  test,
} from "driverlab/scenario";

test("expectations", () => {
  EXPECT_EQ(1 + 1, 2);
  EXPECT_NE(1, 2);
  EXPECT_LT(1, 2);
  EXPECT_LE(2, 2);
  EXPECT_GT(2, 1);
  EXPECT_GE(2, 2);
  EXPECT_TRUE(true);
  EXPECT_FALSE(0);
  EXPECT_STREQ("edu", "edu");
  EXPECT_STRNEQ("edu", "udu");
});

test("assertions", () => {
  ASSERT_EQ(1 + 1, 2);
  ASSERT_NE(1, 2);
  ASSERT_LT(1, 2);
  ASSERT_LE(2, 2);
  ASSERT_GT(2, 1);
  ASSERT_GE(2, 2);
  ASSERT_TRUE(true);
  ASSERT_FALSE(0);
  ASSERT_STREQ("edu", "edu");
  ASSERT_STRNEQ("edu", "udu");
});

insmod();
