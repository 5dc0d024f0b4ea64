// Lets the driver keep a CPU in each way, one after another; a grace period begins while a reader is there.
import {
  close,
  EXPECT_EQ,
  insmod,
  ioctl,
  O_RDWR,
  open,
  process,
  rmmod,
  sleep,
  test,
  waitpid,
} from "driverlab/scenario";

function call(cmd: number): number {
  return process("busy", () => {
    const fd = open("/dev/lockup", O_RDWR);
    ioctl(fd, cmd);
    close(fd);
  });
}

test("load", () => EXPECT_EQ(insmod(), 0));
// A test has less time than the watchdog needs.
for (const cmd of [1, 2, 3, 4, 7]) waitpid(call(cmd));
const reader = call(5);
sleep(10);
const other = call(6);
waitpid(reader);
waitpid(other);
test("unload", () => EXPECT_EQ(rmmod(), 0));
