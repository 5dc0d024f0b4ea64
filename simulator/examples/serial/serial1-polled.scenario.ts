// Talks over the port of serial1-polled.ts, also where nobody answers, and shows what polling loses.
import { mend, serial_received, serial_send, stick_bit } from "driverlab/hardware";
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  O_NONBLOCK,
  O_RDWR,
  open,
  read,
  rmmod,
  sleep,
  test,
  user_buffer,
  user_string,
  user_text,
  write,
} from "driverlab/scenario";
import { EAGAIN, EFAULT, ETIMEDOUT } from "linux/errno";
import { user } from "linux/types";

const UART = "ns16550a";

function say(fd: number, text: string): number {
  const at = user_string(text);
  let sent = 0;
  while (sent < text.length) {
    const bytes = write(fd, at.add(sent), text.length - sent);
    if (bytes < 0) return bytes;
    sent += bytes;
  }
  return sent;
}

test("is loaded", () => EXPECT_EQ(insmod(), 0));

test("sends", () => {
  const fd = open("/dev/serial0", O_RDWR);
  EXPECT_EQ(say(fd, "the quick brown fox jumps over the lazy dog"), 43);
  sleep(5);
  EXPECT_STREQ(serial_received(UART), "the quick brown fox jumps over the lazy dog");
  close(fd);
});

test("receives", () => {
  const fd = open("/dev/serial0", O_RDWR);
  const at = user_buffer(16);
  serial_send(UART, "ok");
  sleep(1);
  EXPECT_EQ(read(fd, at, 16), 2);
  EXPECT_STREQ(user_text(at, 2), "ok");
  EXPECT_EQ(read(fd, at, 16), -EAGAIN);
  close(fd);
});

test("loses what comes while nobody polls", () => {
  const fd = open("/dev/serial0", O_RDWR | O_NONBLOCK);
  const at = user_buffer(16);
  serial_send(UART, "the FIFO has sixteen places");
  sleep(10);
  EXPECT_EQ(read(fd, at, 16), 16);
  EXPECT_STREQ(user_text(at, 16), "the FIFO has six");
  EXPECT_EQ(read(fd, at, 16), -EAGAIN);
  close(fd);
});

test("gives up on a transmitter that is stuck", () => {
  const fd = open("/dev/serial0", O_RDWR);
  stick_bit(UART, "LSR", 5, false);
  EXPECT_EQ(say(fd, "anybody there?"), -ETIMEDOUT);
  mend(UART);
  EXPECT_EQ(write(fd, user(0), 4), -EFAULT);
  close(fd);
});

test("is unloaded", () => EXPECT_EQ(rmmod(), 0));
