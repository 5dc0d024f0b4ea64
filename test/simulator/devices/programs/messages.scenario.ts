// What goes wrong with an edu, one thing after the other.
import {
  disturb,
  fail_accesses,
  lose_interrupts,
  mend,
  register_value,
  slow_dma,
  stick_bit,
  unplug,
} from "driverlab/hardware";
import { close, insmod, ioctl, log, O_RDWR, open, process, rmmod, sleep, waitpid } from "driverlab/scenario";

insmod();
const sound = process("sound", () => {
  const fd = open("/dev/messages", O_RDWR);
  log("5! = %d", ioctl(fd, 1, 5));
  log("6! = %d, with %d interrupts", ioctl(fd, 1, 6), ioctl(fd, 2));

  disturb("edu");
  sleep(1);
  log("a spurious message: %d interrupts", ioctl(fd, 2));

  log("DMA: %d", ioctl(fd, 3, 0x01000000));
  slow_dma("edu", 500_000);
  log("slow DMA: %d", ioctl(fd, 3, 0x01000000));

  stick_bit("edu", "STATUS", 0, true);
  log("busy for ever: %d", ioctl(fd, 4));
  mend("edu");
  log("mended: %d", ioctl(fd, 4));

  unplug("edu");
  log("unplugged: %d", ioctl(fd, 4));
  mend("edu");
  close(fd);
});
waitpid(sound);

const lost = process("lost", () => {
  const fd = open("/dev/messages", O_RDWR);
  lose_interrupts("edu", 1);
  log("7! = %d", ioctl(fd, 1, 7));
});
sleep(10);
log("nobody is told of %d: IRQ_STATUS is %d", lost > 0 ? 5040 : 0, Number(register_value("edu", "IRQ_STATUS")));

const unlucky = process("unlucky", () => {
  const fd = open("/dev/messages", O_RDWR);
  fail_accesses("edu", 1);
  ioctl(fd, 4);
});
log("the process ended with %d", waitpid(unlucky));
log("rmmod: %d", rmmod());
