// Sets the lamp of misc-ioctl.ts, asks for it, and gets the ioctls wrong.
import {
  ASSERT_GE,
  close,
  EXPECT_EQ,
  insmod,
  ioctl,
  O_RDWR,
  open,
  rmmod,
  set_user_u32,
  test,
  user_buffer,
  user_u32,
} from "driverlab/scenario";
import { EFAULT, EINVAL, ENOTTY } from "linux/errno";
import { _IO, _IOR, _IOW } from "linux/ioctl";
import { struct, u8, u32, user } from "linux/types";

const lamp_state = struct("lamp_state", { brightness: u32, red: u8, green: u8, blue: u8 });
const LAMP_IOC_OFF = _IO(0x4c, 0);
const LAMP_IOC_SET = _IOW(0x4c, 1, lamp_state);
const LAMP_IOC_GET = _IOR(0x4c, 2, lamp_state);
const LAMP_IOC_DIM = _IOW(0x4c, 3, u32);

function lamp(): number {
  const fd = open("/dev/lamp", O_RDWR);
  ASSERT_GE(fd, 0);
  return fd;
}

test("is loaded", () => EXPECT_EQ(insmod(), 0));

test("is set and asked for", () => {
  const fd = lamp();
  const state = user_buffer(8);
  set_user_u32(state, 50);
  set_user_u32(state.add(4), 0x00332211);
  EXPECT_EQ(ioctl(fd, LAMP_IOC_SET, state), 0);
  const answer = user_buffer(8);
  EXPECT_EQ(ioctl(fd, LAMP_IOC_GET, answer), 0);
  EXPECT_EQ(user_u32(answer), 50);
  // Three colours and a byte of padding, which says nothing.
  EXPECT_EQ(user_u32(answer.add(4)), 0x00332211);
  close(fd);
});

test("is dimmed and turned off", () => {
  const fd = lamp();
  const state = user_buffer(8);
  set_user_u32(state, 10);
  EXPECT_EQ(ioctl(fd, LAMP_IOC_DIM, state), 0);
  EXPECT_EQ(ioctl(fd, LAMP_IOC_GET, state), 0);
  EXPECT_EQ(user_u32(state), 10);
  EXPECT_EQ(ioctl(fd, LAMP_IOC_OFF), 0);
  EXPECT_EQ(ioctl(fd, LAMP_IOC_GET, state), 0);
  EXPECT_EQ(user_u32(state), 0);
  close(fd);
});

test("refuses what it does not know, and what is wrong", () => {
  const fd = lamp();
  const state = user_buffer(8);
  set_user_u32(state, 101);
  EXPECT_EQ(ioctl(fd, LAMP_IOC_SET, state), -EINVAL);
  EXPECT_EQ(ioctl(fd, LAMP_IOC_DIM, state), -EINVAL);
  EXPECT_EQ(ioctl(fd, LAMP_IOC_SET, user(0)), -EFAULT);
  EXPECT_EQ(ioctl(fd, LAMP_IOC_GET, user(0)), -EFAULT);
  EXPECT_EQ(ioctl(fd, _IO(0x4c, 99)), -ENOTTY);
  close(fd);
});

test("is unloaded", () => EXPECT_EQ(rmmod(), 0));
