// Reads the events of the module's devices, by waiting, by poll and without.
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  ioctl,
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  open,
  POLLHUP,
  POLLIN,
  poll,
  process,
  read,
  read_events,
  rmmod,
  set_async,
  set_user_u32,
  sigio_count,
  sleep,
  test,
  user_buffer,
  user_text,
  waitpid,
  write,
} from "driverlab/scenario";
import { EINVAL, ENOENT } from "linux/errno";
import { EV_LED, LED_CAPSL } from "linux/input-event-codes";
import { _IO, _IOC, _IOW } from "linux/ioctl";
import { u32 } from "linux/types";

const BOARD = "/sys/class/input/input0/";
const EVIOCGRAB = _IOW(0x45, 0x90, u32);
const EVIOCGNAME = _IOC(2, 0x45, 0x06, 16);

/** What a file of /sys holds, without its last newline. */
function sys(path: string): string {
  const fd = open(path, O_RDONLY);
  const text = user_buffer(128);
  const bytes = read(fd, text, 128);
  close(fd);
  return bytes < 0 ? `${bytes}` : user_text(text, bytes - 1);
}

test("load", () => EXPECT_EQ(insmod(), 0));

test("attributes", () => {
  EXPECT_STREQ(sys(`${BOARD}name`), "board");
  EXPECT_STREQ(sys(`${BOARD}phys`), "");
  EXPECT_STREQ(sys(`${BOARD}id/bustype`), "0006");
  EXPECT_STREQ(sys(`${BOARD}properties`), "0");
  EXPECT_STREQ(sys(`${BOARD}capabilities/ev`), "12003f");
  EXPECT_STREQ(sys(`${BOARD}capabilities/key`), "40000000");
});

test("what is no news, and what the device does not have, is dropped", () => {
  const fd = open("/dev/input/event0", O_RDWR | O_NONBLOCK);
  const poke = open("/dev/poke", O_RDWR);
  EXPECT_EQ(ioctl(poke, 5), 10);
  EXPECT_STREQ(read_events(fd), "-EAGAIN");
  EXPECT_EQ(poll(fd, POLLIN, 0), 0);
  ioctl(poke, 1, 1);
  EXPECT_EQ(poll(fd, POLLIN, 0), POLLIN);
  EXPECT_STREQ(read_events(fd), "KEY_A 1, SYN_REPORT 0");
  ioctl(poke, 1, 1);
  EXPECT_STREQ(read_events(fd), "-EAGAIN");
  ioctl(poke, 1, 0);
  EXPECT_STREQ(read_events(fd), "KEY_A 0, SYN_REPORT 0");
  ioctl(poke, 2, 3);
  EXPECT_STREQ(read_events(fd), "REL_X 3, MSC_SCAN 7, SW_LID 1, SYN_REPORT 0");
  EXPECT_EQ(ioctl(poke, 3, 500), 500);
  EXPECT_EQ(ioctl(poke, 3, 502), 500);
  EXPECT_EQ(ioctl(poke, 3, 510), 505);
  EXPECT_STREQ(read_events(fd), "ABS_X 500, SYN_REPORT 0, ABS_X 505, SYN_REPORT 0");
  EXPECT_EQ(read(fd, user_buffer(4), 4), -EINVAL);
  close(fd);
  EXPECT_EQ(ioctl(poke, 5), 11);
  close(poke);
});

test("who asks for a signal is told of each packet", () => {
  const fd = open("/dev/input/event0", O_RDWR | O_NONBLOCK);
  const poke = open("/dev/poke", O_RDWR);
  ioctl(poke, 2, 1);
  EXPECT_EQ(sigio_count(), 0);
  EXPECT_EQ(set_async(fd, true), 0);
  ioctl(poke, 2, 1);
  EXPECT_EQ(sigio_count(), 1);
  EXPECT_EQ(set_async(fd, false), 0);
  ioctl(poke, 2, 1);
  EXPECT_EQ(sigio_count(), 1);
  EXPECT_EQ(set_async(fd, true), 0);
  close(fd);
  close(poke);
});

test("keys that are held repeat", () => {
  const fd = open("/dev/input/event0", O_RDWR);
  const finger = process("finger", () => {
    const poke = open("/dev/poke", O_RDWR);
    ioctl(poke, 1, 1);
    sleep(270);
    ioctl(poke, 1, 0);
    close(poke);
  });
  EXPECT_STREQ(read_events(fd), "KEY_A 1, SYN_REPORT 0");
  EXPECT_STREQ(read_events(fd), "KEY_A 2, SYN_REPORT 1");
  waitpid(finger);
  EXPECT_STREQ(read_events(fd), "KEY_A 2, SYN_REPORT 1, KEY_A 0, SYN_REPORT 0");
  close(fd);
});

test("a reader that is too slow is told, and one may have all to itself", () => {
  const slow = open("/dev/input/event0", O_RDONLY | O_NONBLOCK);
  const alone = open("/dev/input/event0", O_RDONLY | O_NONBLOCK);
  const poke = open("/dev/poke", O_RDWR);
  ioctl(poke, 7, 200);
  EXPECT_STREQ(read_events(slow).slice(0, 24), "SYN_DROPPED 0, REL_X 1, ");
  read_events(alone);
  EXPECT_EQ(ioctl(alone, EVIOCGRAB, 1), 0);
  while (read_events(slow) !== "-EAGAIN");
  while (read_events(alone) !== "-EAGAIN");
  ioctl(poke, 2, 1);
  EXPECT_STREQ(read_events(slow), "-EAGAIN");
  EXPECT_STREQ(read_events(alone), "REL_X 1, MSC_SCAN 7, SYN_REPORT 0");
  close(slow);
  close(alone);
  close(poke);
});

test("what processes write reaches the device", () => {
  const fd = open("/dev/input/event0", O_RDWR);
  const poke = open("/dev/poke", O_RDWR);
  const name = user_buffer(16);
  EXPECT_EQ(ioctl(fd, EVIOCGNAME, name), 6);
  EXPECT_STREQ(user_text(name, 16), "board");
  EXPECT_EQ(ioctl(fd, _IO(0x45, 0)), -EINVAL);
  const event = user_buffer(16);
  set_user_u32(event.add(8), (LED_CAPSL << 16) | EV_LED);
  set_user_u32(event.add(12), 1);
  EXPECT_EQ(write(fd, event, 16), 16);
  // The device is told with interrupts off.
  EXPECT_EQ(ioctl(poke, 4), 12);
  close(fd);
  close(poke);
});

test("a polled device is polled while it is open", () => {
  const fd = open("/dev/input/event1", O_RDONLY);
  EXPECT_STREQ(read_events(fd), "KEY_B 1, SYN_REPORT 0");
  EXPECT_STREQ(read_events(fd), "KEY_B 0, SYN_REPORT 0");
  EXPECT_STREQ(read_events(fd), "KEY_B 1, SYN_REPORT 0");
  close(fd);
  sleep(1_000);
  const poke = open("/dev/poke", O_RDWR);
  EXPECT_EQ(ioctl(poke, 6), 3);
  close(poke);
});

test("a device that goes lets its keys go", () => {
  const fd = open("/dev/input/event0", O_RDONLY | O_NONBLOCK);
  const poke = open("/dev/poke", O_RDWR);
  ioctl(poke, 1, 1);
  close(poke);
  EXPECT_EQ(rmmod(), 0);
  EXPECT_STREQ(read_events(fd), "-ENODEV");
  EXPECT_EQ(poll(fd, POLLIN, 0) & POLLHUP, POLLHUP);
  close(fd);
  EXPECT_EQ(open("/dev/input/event0", O_RDONLY), -ENOENT);
});
