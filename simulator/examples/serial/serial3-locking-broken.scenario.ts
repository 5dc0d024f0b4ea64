// Sends a character with serial3-locking-broken.ts, and then receives one: lockdep needs no deadlock to see the danger.
import { serial_send } from "driverlab/hardware";
import { close, EXPECT_EQ, insmod, O_RDWR, open, rmmod, sleep, test, user_string, write } from "driverlab/scenario";

test("sends, and then receives", () => {
  EXPECT_EQ(insmod(), 0);
  const fd = open("/dev/serial0", O_RDWR);
  EXPECT_EQ(write(fd, user_string("x"), 1), 1);
  sleep(1);
  serial_send("ns16550a", "y");
  sleep(1);
  close(fd);
  EXPECT_EQ(rmmod(), 0);
});
