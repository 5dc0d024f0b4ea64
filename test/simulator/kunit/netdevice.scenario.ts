// Frames through the interfaces of netdevice.ts, a queue that stops, addresses, figures; then away with it.
import {
  EXPECT_EQ,
  EXPECT_FALSE,
  EXPECT_GE,
  EXPECT_STREQ,
  ifdown,
  ifup,
  insmod,
  link_address,
  link_flags,
  net_stat,
  receive_frame,
  rmmod,
  send_frame,
  send_ip,
  set_mac,
  set_mtu,
  sleep,
  test,
  user_buffer,
  user_bytes,
  user_hex,
} from "driverlab/scenario";
import {
  EADDRNOTAVAIL,
  EAGAIN,
  EBUSY,
  EINVAL,
  EMSGSIZE,
  ENETDOWN,
  ENODEV,
  ENOENT,
  ENXIO,
  EOPNOTSUPP,
} from "linux/errno";
import { IFF_LOWER_UP, IFF_UP } from "linux/netdevice";

const HEADER = "02 03 04 05 06 07 06 06 06 06 06 06 88 b5";

test("load", () => {
  EXPECT_EQ(insmod(), 0);
  EXPECT_STREQ(link_address("eth0")!, "02:03:04:05:06:07");
  EXPECT_EQ(link_flags("eth9"), -ENODEV);
});

test("an interface that is down", () => {
  const frame = user_bytes(`${HEADER} 01`);
  EXPECT_EQ(send_frame("eth0", frame, 15), -ENETDOWN);
  EXPECT_EQ(send_frame("eth9", frame, 15), -ENXIO);
  EXPECT_EQ(ifup("eth9"), -ENODEV);
  EXPECT_EQ(set_mac("eth0", "01:00:00:00:00:01"), -EADDRNOTAVAIL);
  EXPECT_EQ(set_mac("eth0", "02:00:00:00:00:01"), 0);
  EXPECT_STREQ(link_address("eth0")!, "02:00:00:00:00:01");
  EXPECT_EQ(set_mac("old0", "02:00:00:00:00:01"), -EOPNOTSUPP);
});

test("what is sent comes back", () => {
  EXPECT_EQ(ifup("eth0"), 0);
  EXPECT_EQ(link_flags("eth0") & (IFF_UP | IFF_LOWER_UP), IFF_UP | IFF_LOWER_UP);
  EXPECT_EQ(set_mac("eth0", "02:00:00:00:00:02"), -EBUSY);
  const buffer = user_buffer(64);
  while (receive_frame("eth0", buffer, 64, 0) > 0) sleep(0);
  EXPECT_EQ(send_frame("eth0", user_bytes(`${HEADER} 01 02 03`), 17), 17);
  EXPECT_EQ(receive_frame("eth0", buffer, 64, 100), 17);
  EXPECT_STREQ(user_hex(buffer, 17), `${HEADER} 01 02 03`);
  EXPECT_EQ(receive_frame("eth0", buffer, 64, 10), -EAGAIN);
  EXPECT_EQ(send_frame("eth0", buffer, 10), -EINVAL);
  EXPECT_EQ(send_frame("eth0", buffer, 1515), -EMSGSIZE);
  EXPECT_EQ(net_stat("eth0", "tx_packets"), 11);
  EXPECT_EQ(net_stat("eth0", "rx_bytes"), 617);
  EXPECT_EQ(net_stat("eth0", "rx_dropped"), 1);
  EXPECT_EQ(net_stat("eth0", "nothing"), -ENOENT);
});

test("a queue that stops is watched, and waits", () => {
  const buffer = user_buffer(64);
  EXPECT_EQ(send_frame("eth0", user_bytes(`${HEADER} 73`), 15), 15);
  EXPECT_EQ(receive_frame("eth0", buffer, 64, 100), 15);
  EXPECT_EQ(send_frame("eth0", user_bytes(`${HEADER} 02`), 15), 15);
  EXPECT_EQ(receive_frame("eth0", buffer, 64, 500), -EAGAIN);
  // The second time out wakes it.
  EXPECT_EQ(receive_frame("eth0", buffer, 64, 10000), 15);
  EXPECT_EQ(ifdown("eth0"), 0);
  EXPECT_FALSE(link_flags("eth0") & IFF_UP);
});

test("an interface without a queue", () => {
  EXPECT_EQ(ifup("old0"), 0);
  const buffer = user_buffer(64);
  EXPECT_EQ(send_frame("old0", user_bytes(`${HEADER} 05`), 15), 15);
  EXPECT_EQ(receive_frame("old0", buffer, 64, 100), 15);
  const packet = "45 00 00 14 00 00 00 00 40 fd 00 00 7f 00 00 01 7f 00 00 01";
  EXPECT_EQ(send_ip("old0", user_bytes(packet), 20), 20);
  EXPECT_EQ(receive_frame("old0", buffer, 64, 100), 34);
  EXPECT_STREQ(user_hex(buffer.add(12), 22), `08 00 ${packet}`);
  EXPECT_EQ(set_mtu("old0", 50), -EINVAL);
  EXPECT_EQ(set_mtu("old0", 1400), 0);
  EXPECT_EQ(net_stat("old0", "rx_errors"), 7);
  EXPECT_GE(net_stat("old0", "tx_dropped"), 0);
});

test("unload", () => {
  EXPECT_EQ(rmmod(), 0);
  EXPECT_EQ(link_flags("eth0"), -ENODEV);
});
