// What users do with edu.ts: factorials, ioctls, mistakes of their own, two at once, and away with it.
import {
  at,
  close,
  insmod,
  ioctl,
  log,
  lseek,
  O_NONBLOCK,
  O_RDWR,
  open,
  process,
  read,
  rmmod,
  SEEK_SET,
  set_user_u32,
  sleep,
  user_buffer,
  user_string,
  user_text,
  user_u32,
  waitpid,
  write,
} from "driverlab/scenario";
import { EAGAIN, EBUSY, EFAULT, EINVAL, ENODATA, ENOTTY } from "linux/errno";
import { _IO, _IOW, _IOWR } from "linux/ioctl";
import { u32, user } from "linux/types";

const EDU_IOC_LIVENESS = _IOWR(0xed, 1, u32);
const EDU_IOC_RAISE = _IOW(0xed, 2, u32);

function expect(what: string, got: number, wanted: number): void {
  if (got === wanted) log("%s: %d", what, got);
  else log("%s: %d, but should be %d", what, got, wanted);
}

/** Writes a number and reads its factorial. */
function factorial(fd: number, n: string): void {
  const answer = user_buffer(16);
  const written = write(fd, user_string(n), n.length);
  if (written < 0) {
    log("write %s: %d", n, written);
    return;
  }
  const length = read(fd, answer, 16);
  if (length < 0) log("read: %d", length);
  else log("%s! = %s", n, user_text(answer, length - 1));
}

expect("insmod", insmod(), 0);

const calculator = process("calculator", () => {
  const fd = open("/dev/edu0", O_RDWR);
  factorial(fd, "5");
  factorial(fd, "0");
  factorial(fd, "12");
  // 2^32 divides 34!, and every one after it.
  factorial(fd, "34");
  close(fd);
});
waitpid(calculator);

const tester = process("tester", () => {
  const fd = open("/dev/edu0", O_RDWR);
  const value = user_buffer(4);

  set_user_u32(value, 0x12345678);
  expect("liveness", ioctl(fd, EDU_IOC_LIVENESS, value), 0);
  log("liveness of 12345678 is %08x", user_u32(value));

  expect("raise", ioctl(fd, EDU_IOC_RAISE, 0x40), 0);
  expect("raise what the device raises", ioctl(fd, EDU_IOC_RAISE, 0x1), -EINVAL);
  expect("unknown ioctl", ioctl(fd, _IO(0xed, 99)), -ENOTTY);
  close(fd);
});
waitpid(tester);

const clumsy = process("clumsy", () => {
  const fd = open("/dev/edu0", O_RDWR);
  expect("write what is no number", write(fd, user_string("five"), 4), -EINVAL);
  expect("write from nowhere", write(fd, user(0), 4), -EFAULT);
  expect("ioctl to nowhere", ioctl(fd, EDU_IOC_LIVENESS, user(0)), -EFAULT);
  factorial(fd, "3");
  expect("seek", lseek(fd, 0, SEEK_SET), 0);
  expect("read to nowhere", read(fd, user(0), 16), -EFAULT);
  // A process that ends closes its files.
});
waitpid(clumsy);

const slow = process("slow", () => {
  const fd = open("/dev/edu0", O_RDWR);
  // A million factors take a second.
  factorial(fd, "1000000");
  close(fd);
});

const hasty = process("hasty", () => {
  sleep(100);
  const fd = open("/dev/edu0", O_RDWR | O_NONBLOCK);
  expect("write while it computes", write(fd, user_string("5"), 1), -EBUSY);
  expect("read without waiting", read(fd, user_buffer(16), 16), -EAGAIN);
  close(fd);
});
waitpid(hasty);
waitpid(slow);

expect("rmmod", rmmod(), 0);
expect("insmod again", insmod(), 0);

at(5_000, () => {
  const fd = open("/dev/edu0", O_RDWR);
  expect("read before any write", read(fd, user_buffer(16), 16), -ENODATA);
  factorial(fd, "7");
  close(fd);
  expect("rmmod", rmmod(), 0);
});
