// Makes the mistakes of mistakes.ts, one after another, each in a process of its own.
import { close, insmod, ioctl, log, O_RDWR, open, process, rmmod, waitpid } from "driverlab/scenario";

const SLEEP_UNDER_SPINLOCK = 1;
const SLEEP_IN_INTERRUPT = 2;
const USE_AFTER_FREE = 3;
const DOUBLE_FREE = 4;
const OUT_OF_BOUNDS = 5;
const UNLOCK_NOT_HELD = 6;
const MMIO_OUT_OF_RANGE = 7;
const DOUBLE_LOCK = 8;

function make(name: string, mistake: number): number {
  return process(name, () => {
    const fd = open("/dev/mistakes", O_RDWR);
    if (fd < 0) {
      log("open: %d", fd);
      return;
    }
    ioctl(fd, mistake);
    close(fd);
  });
}

insmod();
waitpid(make("spinlock", SLEEP_UNDER_SPINLOCK));
waitpid(make("interrupt", SLEEP_IN_INTERRUPT));
waitpid(make("after-free", USE_AFTER_FREE));
waitpid(make("double-free", DOUBLE_FREE));
waitpid(make("bounds", OUT_OF_BOUNDS));
waitpid(make("unlock", UNLOCK_NOT_HELD));
// An oops ends this one.
waitpid(make("mmio", MMIO_OUT_OF_RANGE));
// What the driver did not free is found when it goes.
rmmod();

// This one never comes back, so it comes last and nobody waits for it.
insmod();
make("double-lock", DOUBLE_LOCK);
