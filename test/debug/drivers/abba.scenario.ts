// Two processes that take the two locks of abba.ts in both orders, a moment apart.
import { insmod, ioctl, log, O_RDWR, open, process, sleep } from "driverlab/scenario";

log("insmod: %d", insmod());
process("forth", () => {
  const fd = open("/dev/abba", O_RDWR);
  ioctl(fd, 1, 0);
});
process("back", () => {
  const fd = open("/dev/abba", O_RDWR);
  sleep(1);
  ioctl(fd, 2, 0);
});
