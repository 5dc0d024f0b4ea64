// Asks the thermometer of genl-family-broken.ts too early: what it allocated for the answer is found when it goes.
import { EXPECT_EQ, genl_request, genl_send, genl_socket, insmod, rmmod, test } from "driverlab/scenario";
import { ENODATA } from "linux/errno";

const THERM_CMD_GET = 1;

test("is loaded, and has measured nothing", () => {
  const socket = genl_socket();
  EXPECT_EQ(insmod(), 0);
  genl_request(socket, "therm", THERM_CMD_GET);
  EXPECT_EQ(genl_send(socket), -ENODATA);
});

test("goes away", () => {
  EXPECT_EQ(rmmod(), 0);
});
