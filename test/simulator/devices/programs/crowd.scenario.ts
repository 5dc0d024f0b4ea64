// Four processes read the counter at the same time; its model counts each read, without a lock.
import { register_value, unplug } from "driverlab/hardware";
import { close, insmod, ioctl, log, O_RDWR, open, process, rmmod, waitpid } from "driverlab/scenario";

insmod();
const pids: number[] = [];
for (let reader = 0; reader < 4; reader++) {
  pids.push(
    process("reader", () => {
      const fd = open("/dev/crowd", O_RDWR);
      for (let time = 0; time < 5; time++) ioctl(fd, 0, 0);
      close(fd);
    }),
  );
}
for (const pid of pids) waitpid(pid);
log("%u reads", Number(register_value("counter", "READS")));

unplug("counter");
const late = process("late", () => {
  const fd = open("/dev/crowd", O_RDWR);
  log("read gives %d", ioctl(fd, 0, 0));
  close(fd);
});
waitpid(late);
rmmod();
