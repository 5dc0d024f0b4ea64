// Talks over the port of serial2-interrupt.ts: what comes while nobody reads is kept now, and readers sleep.
import { serial_received, serial_send } from "driverlab/hardware";
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  kill,
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
import { EAGAIN, EINTR } from "linux/errno";

const UART = "ns16550a";

test("is loaded", () => EXPECT_EQ(insmod(), 0));

test("loses nothing while nobody reads", () => {
  const fd = open("/dev/serial0", O_RDWR | O_NONBLOCK);
  const at = user_buffer(16);
  serial_send(UART, "the FIFO has sixteen places");
  sleep(10);
  EXPECT_EQ(read(fd, at, 16), 16);
  EXPECT_STREQ(user_text(at, 16), "the FIFO has six");
  EXPECT_EQ(read(fd, at, 16), 11);
  EXPECT_STREQ(user_text(at, 11), "teen places");
  EXPECT_EQ(read(fd, at, 16), -EAGAIN);
  close(fd);
});

test("wakes who waits", () => {
  const reader = process("reader", () => {
    const fd = open("/dev/serial0", O_RDWR);
    const at = user_buffer(16);
    EXPECT_EQ(read(fd, at, 1), 1);
    EXPECT_STREQ(user_text(at, 1), "h");
    close(fd);
  });
  sleep(5);
  serial_send(UART, "h");
  waitpid(reader);
});

test("a signal ends the wait", () => {
  const reader = process("reader", () => {
    const fd = open("/dev/serial0", O_RDWR);
    EXPECT_EQ(read(fd, user_buffer(16), 16), -EINTR);
    close(fd);
  });
  sleep(5);
  kill(reader);
  waitpid(reader);
});

test("still sends", () => {
  const fd = open("/dev/serial0", O_RDWR);
  EXPECT_EQ(write(fd, user_string("hello"), 5), 5);
  sleep(2);
  EXPECT_STREQ(serial_received(UART), "hello");
  close(fd);
});

test("is unloaded", () => EXPECT_EQ(rmmod(), 0));
