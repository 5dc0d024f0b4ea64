// Reads and sets the clock of rtc.ts, and waits for its alarm.
import {
  close,
  EXPECT_EQ,
  insmod,
  ioctl,
  kill,
  O_RDWR,
  open,
  process,
  read,
  rmmod,
  set_user_u32,
  sleep,
  test,
  user_buffer,
  user_u32,
  waitpid,
} from "driverlab/scenario";
import { EINTR, EINVAL } from "linux/errno";
import { _IOR, _IOW } from "linux/ioctl";
import { array, type UserPtr, u32 } from "linux/types";

const rtc_time = array(u32, 9);
const RTC_RD_TIME = _IOR(0x70, 0x09, rtc_time);
const RTC_SET_TIME = _IOW(0x70, 0x0a, rtc_time);
const RTC_IOC_ALARM_IN = _IOW(0x70, 0x80, u32);

/** Seconds, minutes, hours, day, month from 0, year from 1900. */
function set(time: UserPtr, members: number[]): void {
  for (let i = 0; i < members.length; i++) set_user_u32(time.add(i * 4), members[i]);
}

function expect_time(fd: number, members: number[]): void {
  const time = user_buffer(36);
  EXPECT_EQ(ioctl(fd, RTC_RD_TIME, time), 0);
  for (let i = 0; i < members.length; i++) EXPECT_EQ(user_u32(time.add(i * 4)), members[i]);
}

function alarm_in(fd: number, seconds: number): number {
  const argument = user_buffer(4);
  set_user_u32(argument, seconds);
  return ioctl(fd, RTC_IOC_ALARM_IN, argument);
}

test("is loaded", () => EXPECT_EQ(insmod(), 0));

test("tells the time, and goes on", () => {
  const fd = open("/dev/rtc0", O_RDWR);
  // The machine is switched on when 2026 begins, a Thursday.
  expect_time(fd, [0, 0, 0, 1, 0, 126, 4, 0]);
  sleep(11_000);
  expect_time(fd, [11, 0, 0, 1, 0, 126, 4, 0]);
  close(fd);
});

test("is set", () => {
  const fd = open("/dev/rtc0", O_RDWR);
  const time = user_buffer(36);
  set(time, [58, 59, 23, 28, 1, 128]);
  EXPECT_EQ(ioctl(fd, RTC_SET_TIME, time), 0);
  sleep(3_000);
  // 2028 is a leap year.
  expect_time(fd, [1, 0, 0, 29, 1, 128, 2, 59]);
  set(time, [58, 59, 24]);
  EXPECT_EQ(ioctl(fd, RTC_SET_TIME, time), -EINVAL);
  close(fd);
});

test("rings", () => {
  const fd = open("/dev/rtc0", O_RDWR);
  const count = user_buffer(4);
  EXPECT_EQ(alarm_in(fd, 20), 0);
  EXPECT_EQ(read(fd, count, 4), 4);
  EXPECT_EQ(user_u32(count), 1);
  EXPECT_EQ(read(fd, count, 3), -EINVAL);
  close(fd);
});

test("who waits for an alarm that nobody set can be interrupted", () => {
  const sleeper = process("sleeper", () => {
    const fd = open("/dev/rtc0", O_RDWR);
    EXPECT_EQ(read(fd, user_buffer(4), 4), -EINTR);
    close(fd);
  });
  sleep(10);
  kill(sleeper);
  waitpid(sleeper);
});

test("is unloaded with an alarm on its way", () => {
  const fd = open("/dev/rtc0", O_RDWR);
  EXPECT_EQ(alarm_in(fd, 1), 0);
  close(fd);
  EXPECT_EQ(rmmod(), 0);
  sleep(2_000);
});
