// Frames through the interface of net-loopback-broken.ts: they come back, but are counted wrong.
import {
  EXPECT_EQ,
  EXPECT_STREQ,
  ifup,
  insmod,
  net_stat,
  receive_frame,
  rmmod,
  send_frame,
  test,
  user_buffer,
  user_bytes,
  user_hex,
} from "driverlab/scenario";
import { EAGAIN, ENETDOWN } from "linux/errno";

/** To everybody, from nobody, of the protocol for experiments. */
const HEADER = "ff ff ff ff ff ff 00 00 00 00 00 00 88 b5";

test("is loaded, and goes up when it is told to", () => {
  EXPECT_EQ(insmod(), 0);
  EXPECT_EQ(send_frame("eth0", user_bytes(HEADER), 14), -ENETDOWN);
  EXPECT_EQ(ifup("eth0"), 0);
});

test("a frame comes back as it was sent", () => {
  const buffer = user_buffer(64);
  EXPECT_EQ(send_frame("eth0", user_bytes(`${HEADER} 68 65 6c 6c 6f`), 19), 19);
  EXPECT_EQ(receive_frame("eth0", buffer, 64, 100), 19);
  EXPECT_STREQ(user_hex(buffer.add(14), 5), "68 65 6c 6c 6f");
  EXPECT_EQ(receive_frame("eth0", buffer, 64, 100), -EAGAIN);
});

test("counts packets, and goes away", () => {
  EXPECT_EQ(net_stat("eth0", "tx_packets"), 1);
  EXPECT_EQ(rmmod(), 0);
});
