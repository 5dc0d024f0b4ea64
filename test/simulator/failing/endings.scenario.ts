// Lets the driver end its tasks, and then the machine.
import { EXPECT_EQ, insmod, ioctl, log, O_RDWR, open, test } from "driverlab/scenario";

insmod();
for (const command of [0, 1, 2]) test("command", () => EXPECT_EQ(ioctl(open("/dev/endings", O_RDWR), command), 0));
ioctl(open("/dev/endings", O_RDWR), 3);
log("not reached");
