// Frames that make the mistakes of net-misuse.ts, each in a process of its own.
import {
  EXPECT_EQ,
  ifup,
  insmod,
  log,
  net_stat,
  process,
  receive_frame,
  rmmod,
  send_frame,
  sleep,
  test,
  user_buffer,
  user_bytes,
  waitpid,
} from "driverlab/scenario";

const HEADER = "02 00 00 00 00 01 00 00 00 00 00 00 88 b5";

function send(name: string, byte: string): void {
  const pid = process(name, () => {
    log("%s: %d", name, send_frame("eth0", user_bytes(`${HEADER} ${byte}`), 15));
  });
  waitpid(pid);
}

test("load", () => {
  EXPECT_EQ(insmod(), 0);
  EXPECT_EQ(ifup("eth0"), 0);
});

send("sleeps", "01");
send("frees twice", "02");
send("is busy", "03");
send("runs over", "04");
send("runs under", "05");
send("enables twice", "06");
send("exceeds", "07");
send("keeps", "08");
send("keeps another", "08");
send("gives away", "09");
send("frees later", "0a");
sleep(1);
send("frees in an interrupt", "0b");
sleep(1);

test("unload", () => {
  EXPECT_EQ(receive_frame("eth0", user_buffer(64), 64, 10), 15);
  EXPECT_EQ(net_stat("eth0", "rx_packets"), 1);
  EXPECT_EQ(rmmod(), 0);
});
