// Waits for a device with poll, is told by it, and moves about in it.
import {
  close,
  EXPECT_EQ,
  insmod,
  ioctl,
  lseek,
  O_NONBLOCK,
  O_RDWR,
  open,
  POLLIN,
  POLLNVAL,
  POLLOUT,
  POLLRDNORM,
  POLLWRNORM,
  poll,
  process,
  read,
  rmmod,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
  set_async,
  sigio_count,
  sleep,
  test,
  user_buffer,
  user_string,
  waitpid,
  write,
} from "driverlab/scenario";
import { EAGAIN, EINVAL, ESPIPE } from "linux/errno";

test("load", () => EXPECT_EQ(insmod(), 0));

test("poll", () => {
  const fd = open("/dev/files", O_RDWR | O_NONBLOCK);
  EXPECT_EQ(read(fd, user_buffer(4), 4), -EAGAIN);
  EXPECT_EQ(poll(fd, POLLIN | POLLOUT, 0), POLLOUT);
  EXPECT_EQ(poll(fd, POLLOUT | POLLWRNORM, -1), POLLOUT | POLLWRNORM);
  EXPECT_EQ(poll(fd, POLLIN, 20), 0);
  EXPECT_EQ(poll(99, POLLIN, 20), POLLNVAL);
  const writer = process("writer", () => {
    sleep(30);
    const other = open("/dev/files", O_RDWR);
    EXPECT_EQ(write(other, user_string("abc"), 3), 3);
    close(other);
  });
  // Without an end: only who waits in the device's queue is woken.
  EXPECT_EQ(poll(fd, POLLIN | POLLRDNORM, -1), POLLIN | POLLRDNORM);
  EXPECT_EQ(read(fd, user_buffer(4), 4), 3);
  waitpid(writer);
  // Each call of poll asks for the queues once, and looks again when it is woken or its time is over.
  EXPECT_EQ(ioctl(fd, 2), 4);
  EXPECT_EQ(ioctl(fd, 1), 6);
  EXPECT_EQ(ioctl(fd, 4), 0);
  close(fd);
});

test("SIGIO", () => {
  const fd = open("/dev/files", O_RDWR);
  EXPECT_EQ(write(fd, user_string("a"), 1), 1);
  EXPECT_EQ(sigio_count(), 0);
  EXPECT_EQ(set_async(fd, true), 0);
  EXPECT_EQ(set_async(fd, true), 0);
  EXPECT_EQ(ioctl(fd, 3), 1);
  EXPECT_EQ(write(fd, user_string("b"), 1), 1);
  EXPECT_EQ(sigio_count(), 1);
  EXPECT_EQ(set_async(fd, false), 0);
  EXPECT_EQ(write(fd, user_string("c"), 1), 1);
  EXPECT_EQ(sigio_count(), 1);
  EXPECT_EQ(ioctl(fd, 3), 0);
  EXPECT_EQ(set_async(fd, true), 0);
  close(fd);
});

test("positions", () => {
  const fd = open("/dev/seek", O_RDWR);
  EXPECT_EQ(lseek(fd, 10, SEEK_SET), 10);
  EXPECT_EQ(lseek(fd, 5, SEEK_CUR), 15);
  EXPECT_EQ(lseek(fd, 3, SEEK_END), 3);
  EXPECT_EQ(lseek(fd, -4, SEEK_END), -EINVAL);
  ioctl(fd, 1);
  EXPECT_EQ(lseek(fd, -10, SEEK_END), 90);
  EXPECT_EQ(lseek(fd, 101, SEEK_SET), -EINVAL);
  ioctl(fd, 2);
  EXPECT_EQ(lseek(fd, 1000, SEEK_SET), 1000);
  EXPECT_EQ(lseek(fd, 0, SEEK_END), -EINVAL);
  close(fd);
  for (const name of ["/dev/files", "/dev/stream"]) {
    const other = open(name, O_RDWR);
    EXPECT_EQ(lseek(other, 0, SEEK_SET), -ESPIPE);
    close(other);
  }
});

test("unload", () => EXPECT_EQ(rmmod(), 0));
