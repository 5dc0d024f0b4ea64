// Talks over the port of serial3-locking.ts in both directions at once: nobody waits for the line any more.
import { serial_received, serial_send } from "driverlab/hardware";
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  O_NONBLOCK,
  O_RDWR,
  open,
  process,
  read,
  rmmod,
  sleep,
  test,
  user_buffer,
  user_string,
  user_text,
  waitpid,
  write,
} from "driverlab/scenario";
import { EAGAIN } from "linux/errno";

const UART = "ns16550a";
const LINE = "0123456789abcdef";

test("is loaded", () => EXPECT_EQ(insmod(), 0));

test("sends more than the FIFO holds, without waiting for it", () => {
  const fd = open("/dev/serial0", O_RDWR | O_NONBLOCK);
  const at = user_string(LINE);
  for (let line = 0; line < 4; line++) EXPECT_EQ(write(fd, at, 16), 16);
  sleep(10);
  EXPECT_STREQ(serial_received(UART), LINE + LINE + LINE + LINE);
  close(fd);
});

test("who writes too much waits for room, or is told", () => {
  const fd = open("/dev/serial0", O_RDWR | O_NONBLOCK);
  const at = user_string(LINE);
  let lines = 0;
  while (write(fd, at, 16) === 16) lines++;
  // The ring holds sixteen, and the FIFO had one or two.
  EXPECT_EQ(lines >= 16 && lines <= 18, true);
  EXPECT_EQ(write(fd, at, 16), -EAGAIN);
  close(fd);
  const patient = open("/dev/serial0", O_RDWR);
  EXPECT_EQ(write(patient, at, 16) > 0, true);
  close(patient);
  sleep(40);
  serial_received(UART);
});

test("sends and receives at the same time", () => {
  const echo = process("echo", () => {
    const fd = open("/dev/serial0", O_RDWR);
    const at = user_buffer(16);
    let got = 0;
    while (got < 12) {
      const bytes = read(fd, at.add(got), 12 - got);
      write(fd, at.add(got), bytes);
      got += bytes;
    }
    EXPECT_STREQ(user_text(at, 12), "hello, world");
    close(fd);
  });
  const talker = process("talker", () => {
    const fd = open("/dev/serial0", O_RDWR);
    for (let time = 0; time < 3; time++) write(fd, user_string("x"), 1);
    close(fd);
  });
  serial_send(UART, "hello, world");
  waitpid(talker);
  waitpid(echo);
  sleep(5);
  EXPECT_EQ(serial_received(UART).length, 15);
});

test("is unloaded", () => EXPECT_EQ(rmmod(), 0));
