// Makes the driver end tasks, each a process of its own, and unloads it.
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
  waitpid,
} from "driverlab/scenario";

const RECURSE = 1;
const LARGE_FRAME = 2;
const FOLLOW = 3;
const FILL = 4;
const TOUCH = 5;

let ended = 0;

function call(cmd: number): void {
  waitpid(
    process("ends", () => {
      const fd = open("/dev/endings", O_RDWR);
      const buffer = user_buffer(8);
      const target = user_buffer(4);
      set_user_u32(target, 5);
      set_user_u32(buffer, 0x40010008);
      ioctl(fd, cmd, buffer);
      ended += 1;
      close(fd);
    }),
  );
}

test("load", () => EXPECT_EQ(insmod(), 0));

test("who fits goes on", () => {
  call(FILL);
  EXPECT_EQ(ended, 1);
});

test("who does not is ended", () => {
  call(RECURSE);
  call(LARGE_FRAME);
  call(FOLLOW);
  call(TOUCH);
  EXPECT_EQ(ended, 1);
});

test("unload", () => EXPECT_EQ(rmmod(), 0));
