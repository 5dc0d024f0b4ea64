// driverlab/scenario: what the world around a driver does, in processes with system calls.
import type { Raw } from "../engine/interfaces.ts";
import { errno } from "../kernel/errno.ts";
import type { FaultName } from "../kernel/fault-injection.ts";
import { O_NONBLOCK, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY, SEEK_CUR, SEEK_END, SEEK_SET } from "../kernel/files.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { comparisons } from "./comparisons.ts";
import { fileEvents, storageCalls } from "./file-calls.ts";
import { netlinkSockets } from "./genetlink.ts";
import { Header } from "./header.ts";
import { inputCalls } from "./input-calls.ts";
import { interfaces } from "./interfaces.ts";
import { lifecycle } from "./lifecycle.ts";
import { mappedFiles, userMemory } from "./memory-calls.ts";

export function scenario(kernel: Kernel): Header {
  const { core, log, modules, processes } = kernel;
  const header = new Header(core);
  header.constants({ O_RDONLY, O_WRONLY, O_RDWR, O_TRUNC, O_NONBLOCK, SEEK_SET, SEEK_CUR, SEEK_END });
  const began = core.engine.clock.nanos;

  /** Loads the driver, with parameters as on the command line of insmod. User space. 0, or what its init returned. */
  header.steps(
    "insmod",
    ["string"],
    "int",
    (args = 0) =>
      processes.syscall("finit_module", modules.insmod(modules.first ?? "", args === 0 ? "" : kernel.textAt(args))),
    { optional: 1 },
  );
  /** Unloads the driver. User space. 0, -EWOULDBLOCK while it is in use, -ENOENT when it is not loaded. */
  header.steps("rmmod", [], "int", () => processes.syscall("delete_module", modules.rmmod(modules.first ?? "")));
  /** What the driver, loaded once, says of itself: `modinfo -F author`. User space. Its lines. */
  header.plain("modinfo", ["string"], "string", (field: number) =>
    kernel.statics.literal(modules.infoOf(modules.first ?? "", kernel.textAt(field)).join("\n")),
  );
  /** Starts a process beside the caller. User space. Its pid. */
  header.plain(
    "process",
    ["string", "callback"],
    "int",
    (comm: number, body: number) => processes.startCall(kernel.textAt(comm), body).id,
  );
  /** Waits until a process has ended. User space. 0, or -EFAULT after an oops. */
  header.steps("waitpid", ["int"], "int", (pid: number) => processes.wait(pid));
  /** Does something at a time, in milliseconds since the scenario began, in a process of its own. User space. */
  header.plain("at", ["u32", "callback"], "void", (millis: number, body: number) => {
    const { clock } = core.engine;
    clock.after(began + millis * 1e6 - clock.nanos, () => processes.startCall(`at ${millis}`, body));
  });
  /** Sleeps in virtual time. User space. */
  header.steps("sleep", ["u32"], "void", (millis: number) => core.sleep(millis * 1e6, "sleep"));
  /** Writes a line to the log. User space. */
  header.plain("log", ["format"], "void", (format: number, ...values: Raw[]) => log.printk(format, values, 6));
  /** Sends a signal to a process: what it waits for interruptibly ends. User space. 0, or -ESRCH. */
  header.plain("kill", ["int"], "int", (pid: number) => {
    const task = core.engine.taskOf(pid);
    if (task === undefined) return -errno.ESRCH;
    kernel.signal(task);
    return 0;
  });
  fileCalls(header, kernel);
  fileEvents(header, kernel);
  storageCalls(header, kernel);
  inputCalls(header, kernel);
  userMemory(header, kernel);
  mappedFiles(header, kernel);
  tests(header, kernel);
  trouble(header, kernel);
  lifecycle(header, kernel);
  interfaces(header, kernel);
  netlinkSockets(header, kernel);
  return header;
}

function fileCalls(header: Header, kernel: Kernel): void {
  const { files, processes } = kernel;
  /** Opens a file. User space. A file descriptor, or a negative errno, as all system calls give. */
  header.steps("open", ["string", "u32"], "int", (path: number, flags: number) =>
    processes.syscall("open", files.open(kernel.textAt(path), flags)),
  );
  /** Closes a file. User space. 0, or -EBADF. */
  header.steps("close", ["int"], "int", (fd: number) => processes.syscall("close", files.close(fd)));
  /** Reads at most so many bytes. User space. Bytes read, 0 at the end. */
  header.steps("read", ["int", "user", "u32"], "int", (fd: number, buffer: number, count: number) =>
    processes.syscall("read", files.read(fd, buffer, count)),
  );
  /** Writes at most so many bytes. User space. Bytes written. */
  header.steps("write", ["int", "user", "u32"], "int", (fd: number, buffer: number, count: number) =>
    processes.syscall("write", files.write(fd, buffer, count)),
  );
  /** Does what the driver says the command does; the argument is a number or a user pointer. User space. */
  header.steps(
    "ioctl",
    ["int", "u32", "ptr"],
    "int",
    (fd: number, command: number, argument = 0) => processes.syscall("ioctl", files.ioctl(fd, command, argument)),
    { optional: 1 },
  );
  /** Moves the position. User space. The new one. */
  header.steps("lseek", ["int", "int", "int"], "int", (fd: number, offset: number, whence: number) =>
    processes.syscall("lseek", files.lseek(fd, offset, whence)),
  );
}

function tests(header: Header, kernel: Kernel): void {
  const { selftests } = kernel;
  /** Runs a test in a process of its own and waits for it; its result goes to the log in KTAP. User space. */
  header.steps("test", ["string", "callback"], "void", (name: number, body: number) =>
    selftests.run(kernel.textAt(name), body),
  );
  const user = ({ name }: { readonly name: string }): boolean => !/NULL|PTR/.test(name);
  comparisons(kernel, (comparison) => {
    if (!user(comparison)) return;
    const { name, types, expect } = comparison;
    const stringizes = types.map((_, index) => index);
    /** EXPECT_…: the test goes on. User space. */
    header.plain(`EXPECT_${name}`, types, "void", (...rest: Raw[]) => selftests.expect(expect(rest)), { stringizes });
    /** ASSERT_…: the test ends. User space. */
    header.steps(`ASSERT_${name}`, types, "void", (...rest: Raw[]) => selftests.assert(expect(rest)), { stringizes });
  });
}

/** What a test of failures needs. */
function trouble(header: Header, kernel: Kernel): void {
  const { faults, zone } = kernel;
  const kinds: readonly FaultName[] = ["failslab", "fail_page_alloc", "fail_usercopy"];
  /** The n-th allocation or copy of the calling process from now fails, of one kind or of any; 0 ends it. User space. */
  header.plain(
    "fail_nth",
    ["u32", "string"],
    "int",
    (count: number, name: number) => {
      const only = name === 0 ? undefined : kinds.find((kind) => kind === kernel.textAt(name));
      if (name !== 0 && only === undefined) return -errno.EINVAL;
      faults.failNth(count, only);
      return 0;
    },
    { optional: 1 },
  );
  /** So much memory is left, and so much more would be found by reclaim, in KB. User space. */
  header.plain("squeeze_memory", ["u32", "u32"], "void", (free: number, reclaimable: number) =>
    zone.squeeze(free * 1024, reclaimable * 1024),
  );
}
