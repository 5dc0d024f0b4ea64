// What people type at the shell of the simulated machine: each command is a process, which runs when the run goes on.
import type { Steps } from "../engine/interfaces.ts";
import { KERN_INFO } from "../kernel/kern-levels.ts";
import type { Machine } from "../machine.ts";

/** A command of a shell. */
export type Shell =
  | { readonly command: "echo"; readonly path: string; readonly text: string }
  | { readonly command: "cat"; readonly path: string }
  | { readonly command: "insmod"; readonly args: string }
  | { readonly command: "rmmod" };

type Kernel = Machine["kernel"];

const O_RDONLY = 0;
const O_WRONLY = 1;
const PAGE_BYTES = 4096;

/** Starts it; what comes of it is told in the log, as scenarios tell theirs. */
export function startShell({ kernel }: Machine, shell: Shell): void {
  kernel.processes.start(shell.command, bodyOf(kernel, shell));
}

function* bodyOf(kernel: Kernel, shell: Shell): Steps<void> {
  const { processes, modules } = kernel;
  const name = modules.first ?? "";
  switch (shell.command) {
    case "insmod":
      return said(kernel, `insmod ${name}`, yield* processes.syscall("finit_module", modules.insmod(name, shell.args)));
    case "rmmod":
      return said(kernel, `rmmod ${name}`, yield* processes.syscall("delete_module", modules.rmmod(name)));
    case "echo":
      return yield* echo(kernel, shell.path, shell.text);
    case "cat":
      return yield* cat(kernel, shell.path);
  }
}

function* echo(kernel: Kernel, path: string, text: string): Steps<void> {
  const { processes, files, user } = kernel;
  const fd = yield* processes.syscall("open", files.open(path, O_WRONLY));
  if (fd < 0) return said(kernel, `echo: ${path}`, fd);
  const bytes = `${text}\n`;
  const written = yield* processes.syscall("write", files.write(fd, user.text(bytes), bytes.length));
  said(kernel, `echo: ${path}`, written);
  yield* processes.syscall("close", files.close(fd));
}

function* cat(kernel: Kernel, path: string): Steps<void> {
  const { processes, files, user, log } = kernel;
  const fd = yield* processes.syscall("open", files.open(path, O_RDONLY));
  if (fd < 0) return said(kernel, `cat: ${path}`, fd);
  const buffer = user.allocate(PAGE_BYTES);
  const read = yield* processes.syscall("read", files.read(fd, buffer, PAGE_BYTES));
  if (read < 0) said(kernel, `cat: ${path}`, read);
  else {
    const bytes = kernel.core.memory.bytesAt(buffer, read);
    const text = String.fromCharCode(...bytes).replace(/\n$/, "");
    for (const line of text.split("\n")) log.write(`cat: ${line}`, KERN_INFO);
  }
  yield* processes.syscall("close", files.close(fd));
}

function said({ log }: Kernel, what: string, result: number): void {
  log.write(`${what}: ${result}`, KERN_INFO);
}
