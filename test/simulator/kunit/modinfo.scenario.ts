// Asks what the module is, and for its messages for debugging.
import { EXPECT_EQ, EXPECT_STREQ, insmod, modinfo, rmmod, test } from "driverlab/scenario";

test("it says nothing without being asked", () => {
  EXPECT_STREQ(modinfo("author"), "");
  EXPECT_EQ(insmod(), 0);
  EXPECT_EQ(rmmod(), 0);
  EXPECT_STREQ(modinfo("author"), "One\nAnother");
  EXPECT_STREQ(modinfo("description"), "Says what it is");
  EXPECT_STREQ(modinfo("parm"), "howmany:How many there are");
  EXPECT_STREQ(modinfo("alias"), "of:N*T*Carm,pl061C*\nof:N*T*Carm,pl061\nof:N*T*Cacme,pl061C*\nof:N*T*Cacme,pl061");
});

test("dyndbg", () => {
  for (const query of ["+p", "=pmflt", "func modinfo_probe +p", "file modinfo.ts line 1-30 +p", "format test +p; =_"]) {
    EXPECT_EQ(insmod(`dyndbg="${query}"`), 0);
    EXPECT_EQ(rmmod(), 0);
  }
});
