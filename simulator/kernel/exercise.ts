// What is done with a driver that comes without a scenario: it is loaded, each of its devices is used, it is unloaded.
import type { Steps } from "../engine/interfaces.ts";
import { errno } from "./errno.ts";
import { O_RDONLY, O_RDWR, O_WRONLY } from "./files.ts";
import { KERN_INFO } from "./kern-levels.ts";
import type { Kernel } from "./kernel.ts";

/** A system call that takes longer is ended by a signal, as somebody would press ^C. */
const PATIENCE_MS = 5000;
const GLANCE_MS = 10;
const BUFFER_BYTES = 64;
const WRITTEN = "1\n";

export function* exercise(kernel: Kernel, module: string): Steps<void> {
  const { processes, modules, chardevs, core, log } = kernel;
  const loaded = yield* processes.syscall("finit_module", modules.insmod(module));
  if (loaded < 0) {
    log.write(`insmod ${module}: ${loaded}`, KERN_INFO);
    return;
  }
  for (const { name } of chardevs.all) {
    const task = processes.start("exercise", use(kernel, `/dev/${name}`));
    const isThere = (): boolean => task.state !== "done";
    for (let waited = 0; isThere() && waited < PATIENCE_MS; waited += GLANCE_MS) {
      yield* core.sleep(GLANCE_MS * 1e6, "sleep");
    }
    if (!isThere()) continue;
    log.write(`exercise: ${task.waitingOn?.words ?? "something"} takes too long`, KERN_INFO);
    kernel.signal(task);
    yield* core.sleep(GLANCE_MS * 1e6, "sleep");
  }
  const unloaded = yield* processes.syscall("delete_module", modules.rmmod(module));
  if (unloaded < 0) log.write(`rmmod ${module}: ${unloaded}`, KERN_INFO);
}

/** Opens a device, reads, writes a little, reads what became of it, and closes it. */
function* use(kernel: Kernel, path: string): Steps<void> {
  const { processes, files, user, log } = kernel;
  let fd = -errno.EACCES;
  for (const flags of [O_RDWR, O_RDONLY, O_WRONLY]) {
    if (fd === -errno.EACCES) fd = yield* processes.syscall("open", files.open(path, flags));
  }
  log.write(`exercise: open ${path}: ${Math.min(fd, 0)}`, KERN_INFO);
  if (fd < 0) return;
  const buffer = user.allocate(BUFFER_BYTES);
  const text = user.text(WRITTEN);
  const tell = (what: string, result: number): void =>
    void log.write(`exercise: ${what} ${path}: ${result}`, KERN_INFO);
  tell("read", yield* processes.syscall("read", files.read(fd, buffer, BUFFER_BYTES)));
  tell("write", yield* processes.syscall("write", files.write(fd, text, WRITTEN.length)));
  tell("read", yield* processes.syscall("read", files.read(fd, buffer, BUFFER_BYTES)));
  tell("close", yield* processes.syscall("close", files.close(fd)));
}
