// Presses the keys of input-button.ts, whose contacts bounce, and reads what becomes of it.
import { drive_pin } from "driverlab/hardware";
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  O_NONBLOCK,
  O_RDONLY,
  open,
  POLLIN,
  poll,
  process,
  read_events,
  rmmod,
  sleep,
  test,
  waitpid,
} from "driverlab/scenario";

/** A contact that closes or opens for good after some to and fro, in milliseconds. */
function bounce(pin: number, level: boolean): void {
  for (let i = 0; i < 3; i++) {
    drive_pin("pl061", pin, level);
    sleep(1);
    drive_pin("pl061", pin, !level);
    sleep(1);
  }
  drive_pin("pl061", pin, level);
}

test("a key that bounces is pressed once", () => {
  EXPECT_EQ(insmod(), 0);
  const fd = open("/dev/input/event0", O_RDONLY);
  const finger = process("finger", () => {
    bounce(0, true);
    sleep(100);
    bounce(0, false);
  });
  EXPECT_STREQ(read_events(fd), "KEY_VOLUMEUP 1, SYN_REPORT 0");
  EXPECT_STREQ(read_events(fd), "KEY_VOLUMEUP 0, SYN_REPORT 0");
  waitpid(finger);
  close(fd);
});

test("two keys at once are one packet", () => {
  const fd = open("/dev/input/event0", O_RDONLY | O_NONBLOCK);
  drive_pin("pl061", 0, true);
  drive_pin("pl061", 1, true);
  EXPECT_EQ(poll(fd, POLLIN, 0), 0);
  EXPECT_EQ(poll(fd, POLLIN, 100), POLLIN);
  EXPECT_STREQ(read_events(fd), "KEY_VOLUMEUP 1, KEY_VOLUMEDOWN 1, SYN_REPORT 0");
  EXPECT_STREQ(read_events(fd), "-EAGAIN");
  drive_pin("pl061", 0, false);
  drive_pin("pl061", 1, false);
  sleep(20);
  close(fd);
});

test("who closes the device while a contact bounces misses it", () => {
  const fd = open("/dev/input/event0", O_RDONLY);
  drive_pin("pl061", 0, true);
  sleep(1);
  close(fd);
  sleep(20);
  const again = open("/dev/input/event0", O_RDONLY | O_NONBLOCK);
  EXPECT_STREQ(read_events(again), "-EAGAIN");
  close(again);
  EXPECT_EQ(rmmod(), 0);
});
