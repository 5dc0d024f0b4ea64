// Looks people up in the phone book of rcu-list.ts while others change it.
import {
  close,
  EXPECT_EQ,
  insmod,
  ioctl,
  O_RDWR,
  open,
  process,
  rmmod,
  set_user_u32,
  test,
  user_buffer,
  user_u32,
  waitpid,
} from "driverlab/scenario";
import { EFAULT, ENOENT, ENOTTY } from "linux/errno";
import { _IOR, _IOW, _IOWR } from "linux/ioctl";
import { struct, u32, user } from "linux/types";

const phone_entry = struct("phone_entry", { person: u32, number: u32 });
const PHONE_IOC_SET = _IOW(0x50, 1, phone_entry);
const PHONE_IOC_GET = _IOWR(0x50, 2, phone_entry);
const PHONE_IOC_DEL = _IOW(0x50, 3, phone_entry);
const PHONE_IOC_LATEST = _IOR(0x50, 4, phone_entry);

function call(cmd: number, person: number, number: number): number {
  const fd = open("/dev/phonebook", O_RDWR);
  const entry = user_buffer(8);
  set_user_u32(entry, person);
  set_user_u32(entry.add(4), number);
  const err = ioctl(fd, cmd, entry);
  close(fd);
  return err < 0 ? err : user_u32(entry.add(4));
}

test("is loaded", () => EXPECT_EQ(insmod(), 0));

test("knows who was entered, under the latest number", () => {
  EXPECT_EQ(call(PHONE_IOC_GET, 1, 0), -ENOENT);
  EXPECT_EQ(call(PHONE_IOC_SET, 1, 5551), 5551);
  EXPECT_EQ(call(PHONE_IOC_SET, 2, 5552), 5552);
  EXPECT_EQ(call(PHONE_IOC_SET, 1, 5553), 5553);
  EXPECT_EQ(call(PHONE_IOC_GET, 1, 0), 5553);
  EXPECT_EQ(call(PHONE_IOC_LATEST, 0, 0), 5553);
  EXPECT_EQ(call(PHONE_IOC_GET, 2, 0), 5552);
  EXPECT_EQ(call(PHONE_IOC_DEL, 1, 0), 0);
  EXPECT_EQ(call(PHONE_IOC_LATEST, 0, 0), -ENOENT);
  EXPECT_EQ(call(PHONE_IOC_DEL, 1, 0), -ENOENT);
  EXPECT_EQ(call(PHONE_IOC_GET, 1, 0), -ENOENT);
});

test("is read while it is written", () => {
  const pids: number[] = [];
  for (let reader = 0; reader < 2; reader++) {
    pids.push(
      process("reader", () => {
        for (let time = 0; time < 5; time++) EXPECT_EQ(call(PHONE_IOC_GET, 2, 0) >= 5552, true);
      }),
    );
  }
  pids.push(
    process("writer", () => {
      for (let number = 5553; number < 5558; number++) call(PHONE_IOC_SET, 2, number);
    }),
  );
  for (const pid of pids) waitpid(pid);
  EXPECT_EQ(call(PHONE_IOC_GET, 2, 0), 5557);
});

test("refuses what it does not know, and what is wrong", () => {
  const fd = open("/dev/phonebook", O_RDWR);
  EXPECT_EQ(ioctl(fd, PHONE_IOC_GET, user(0)), -EFAULT);
  EXPECT_EQ(ioctl(fd, _IOW(0x50, 9, u32), user_buffer(8)), -ENOTTY);
  close(fd);
});

test("is unloaded", () => EXPECT_EQ(rmmod(), 0));
