// Leaves two processes waiting for ever.
import { EXPECT_EQ, insmod, ioctl, O_RDWR, open, process, sleep, test } from "driverlab/scenario";

function call(cmd: number): void {
  process("waits", () => {
    const fd = open("/dev/hung", O_RDWR);
    ioctl(fd, cmd);
  });
}

test("load", () => EXPECT_EQ(insmod(), 0));

call(1);
call(2);
sleep(1);
