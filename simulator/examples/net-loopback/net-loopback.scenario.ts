// Frames through the interface of net-loopback.ts: one, many at once, too long ones, and what it counts.
import {
  EXPECT_EQ,
  EXPECT_STREQ,
  ifdown,
  ifup,
  insmod,
  net_stat,
  receive_frame,
  rmmod,
  send_frame,
  set_mtu,
  test,
  user_buffer,
  user_bytes,
  user_hex,
} from "driverlab/scenario";
import { EAGAIN, EINVAL, EMSGSIZE, ENETDOWN } from "linux/errno";

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

test("many frames come back in order", () => {
  const buffer = user_buffer(64);
  for (const byte of ["00", "01", "02", "03", "04", "05", "06", "07", "08", "09"]) {
    EXPECT_EQ(send_frame("eth0", user_bytes(`${HEADER} ${byte}`), 15), 15);
  }
  for (const byte of ["00", "01", "02", "03", "04", "05", "06", "07", "08", "09"]) {
    EXPECT_EQ(receive_frame("eth0", buffer, 64, 100), 15);
    EXPECT_STREQ(user_hex(buffer.add(14), 1), byte);
  }
});

test("a frame is no longer than it may be", () => {
  const buffer = user_buffer(2000);
  EXPECT_EQ(send_frame("eth0", buffer, 1515), -EMSGSIZE);
  EXPECT_EQ(set_mtu("eth0", 2000), -EINVAL);
  EXPECT_EQ(set_mtu("eth0", 100), 0);
  EXPECT_EQ(send_frame("eth0", buffer, 115), -EMSGSIZE);
  EXPECT_EQ(send_frame("eth0", buffer, 114), 114);
});

test("counts what it did, and goes away", () => {
  EXPECT_EQ(net_stat("eth0", "tx_packets"), 12);
  EXPECT_EQ(net_stat("eth0", "rx_packets"), 12);
  EXPECT_EQ(net_stat("eth0", "tx_bytes"), 283);
  EXPECT_EQ(ifdown("eth0"), 0);
  EXPECT_EQ(rmmod(), 0);
});
