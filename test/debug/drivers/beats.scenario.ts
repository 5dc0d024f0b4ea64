// Loads beats.ts, calls it while it beats, and unloads it.
import { close, insmod, ioctl, log, O_RDWR, open, process, rmmod, sleep, waitpid } from "driverlab/scenario";

log("insmod: %d", insmod());
const user = process("user", () => {
  const fd = open("/dev/beats", O_RDWR);
  log("ioctl: %d", ioctl(fd, 1, 7));
  log("ioctl: %d", ioctl(fd, 2, 7));
  close(fd);
});
waitpid(user);
sleep(100);
log("rmmod: %d", rmmod());
