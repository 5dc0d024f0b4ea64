// TCP segments through the hooks of netfilter.ts.
import {
  EXPECT_EQ,
  ifup,
  insmod,
  process,
  receive_frame,
  rmmod,
  send_ip,
  test,
  user_buffer,
  user_bytes,
  waitpid,
} from "driverlab/scenario";
import { EAGAIN, EPERM } from "linux/errno";

/** A segment to a port, with flags. */
function segment(ttl: string, port: string, flags: string): ReturnType<typeof user_bytes> {
  const ip = `45 00 00 28 00 00 00 00 ${ttl} 06 00 00 7f 00 00 01 7f 00 00 01`;
  return user_bytes(`${ip} 12 34 ${port} 00 00 00 00 00 00 00 00 50 ${flags} 00 00 00 00 00 00`);
}

test("hooks see packets, drop them and keep them", () => {
  EXPECT_EQ(insmod(), 0);
  EXPECT_EQ(ifup("eth0"), 0);
  const buffer = user_buffer(64);
  EXPECT_EQ(send_ip("eth0", segment("40", "00 50", "02"), 40), 40);
  EXPECT_EQ(receive_frame("eth0", buffer, 64, 10), 54);
  EXPECT_EQ(send_ip("eth0", segment("40", "00 17", "10"), 40), -EPERM);
  EXPECT_EQ(send_ip("eth0", segment("40", "00 18", "10"), 40), 40);
  EXPECT_EQ(receive_frame("eth0", buffer, 64, 10), -EAGAIN);
  EXPECT_EQ(send_ip("eth0", segment("01", "00 50", "10"), 40), 40);
  const busy = [1, 2, 3].map((one) =>
    process(`sender ${one}`, () => {
      for (let i = 0; i < 5; i++) send_ip("eth0", segment("40", "00 51", "10"), 40);
    }),
  );
  for (const pid of busy) waitpid(pid);
  for (let i = 0; i < 15; i++) EXPECT_EQ(receive_frame("eth0", buffer, 64, 10), 54);
  EXPECT_EQ(rmmod(), 0);
});
