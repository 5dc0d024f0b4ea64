// driverlab/scenario: system calls that wait for files, or let them tell.
import { EVENTS } from "../kernel/file-events.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Header } from "./header.ts";

const { EPOLLIN, EPOLLPRI, EPOLLOUT, EPOLLERR, EPOLLHUP, EPOLLNVAL, EPOLLRDNORM, EPOLLWRNORM } = EVENTS;

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
