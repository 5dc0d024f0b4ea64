// driverlab/scenario: system calls that wait for files, or let them tell.
import { BLOCK_IOCTLS, O_DIRECT, O_DSYNC, O_EXCL, O_SYNC } from "../kernel/block-files.ts";
import { EVENTS } from "../kernel/file-events.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Header } from "./header.ts";

const { EPOLLIN, EPOLLPRI, EPOLLOUT, EPOLLERR, EPOLLHUP, EPOLLNVAL, EPOLLRDNORM, EPOLLWRNORM } = EVENTS;

/** System calls that drivers of disks are about. */
export function storageCalls(header: Header, { processes, files }: Kernel): void {
  header.constants({ O_EXCL, O_DSYNC, O_SYNC, O_DIRECT, ...BLOCK_IOCTLS });
  /** Reads at a position, which does not move. User space. Bytes read, 0 at the end. */
  header.steps("pread", ["int", "user", "u32", "int"], "int", (fd: number, to: number, count: number, at: number) =>
    processes.syscall("pread64", files.read(fd, to, count, at)),
  );
  /** Writes at a position, which does not move. User space. Bytes written. */
  header.steps("pwrite", ["int", "user", "u32", "int"], "int", (fd: number, from: number, count: number, at: number) =>
    processes.syscall("pwrite64", files.write(fd, from, count, at)),
  );
  /** Waits until what was written has arrived. User space. 0, or a negative errno. */
  header.steps("fsync", ["int"], "int", (fd: number) => processes.syscall("fsync", files.fsync(fd)));
}

export function fileEvents(header: Header, { processes, events }: Kernel): void {
  header.constants({
    POLLIN: EPOLLIN,
    POLLPRI: EPOLLPRI,
    POLLOUT: EPOLLOUT,
    POLLERR: EPOLLERR,
    POLLHUP: EPOLLHUP,
    POLLNVAL: EPOLLNVAL,
    POLLRDNORM: EPOLLRDNORM,
    POLLWRNORM: EPOLLWRNORM,
  });
  /** Waits until a file can be read or written. User space. The events that hold; 0 when so many milliseconds are over. */
  header.steps("poll", ["int", "u32", "int"], "int", (fd: number, wanted: number, timeout: number) =>
    processes.syscall("poll", events.poll(fd, wanted, timeout)),
  );
  /** Asks to be told by SIGIO, or not to be. User space. 0, or a negative errno. */
  header.steps("set_async", ["int", "bool"], "int", (fd: number, on: number) =>
    processes.syscall("fcntl", events.setAsync(fd, on !== 0)),
  );
  /** How often the calling process was told. User space. */
  header.plain("sigio_count", [], "int", () => events.tellings);
}
