// User processes: their life, and their system calls.
import type { Image, Raw, Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { type Core, SIGKILL, TASK_INTERRUPTIBLE } from "./core.ts";
import { errno } from "./errno.ts";
import { fileScope } from "./file-scope.ts";
import type { Files } from "./files.ts";
import type { Locks } from "./locks.ts";
import { TASK_COMM_LEN } from "./task-layouts.ts";

interface Process {
  readonly task: Task;
  /** undefined while it lives. */
  status: number | undefined;
  /** An oops ended it, and its files are being closed. */
  isClosing: boolean;
  /** A signal that ended it. */
  signal: number;
  readonly waiters: Task[];
}

export class Processes {
  private readonly core: Core;
  private readonly files: Files;
  private readonly locks: Locks;
  private readonly processes = new Map<number, Process>();

  constructor(core: Core, files: Files, locks: Locks) {
    this.core = core;
    this.files = files;
    this.locks = locks;
  }

  /** Starts a process that runs `work`, and closes its files at its end; its name is as long as names of tasks may be. */
  start(name: string, work: Steps<unknown>, whenDone: () => void = () => {}): Task {
    const { core } = this;
    const comm = name.slice(0, TASK_COMM_LEN - 1);
    const task = core.engine.spawn(comm, this.life(comm, work, whenDone), (value) =>
      this.ended(task.id, value === undefined),
    );
    this.processes.set(task.id, { task, status: undefined, isClosing: false, signal: 0, waiters: [] });
    return task;
  }

  /** Whether a task is a process, and no thread of the kernel. */
  has(task: Task): boolean {
    return this.processes.has(task.id);
  }

  /** Starts a process that is one call of a function of a program. */
  startCall(name: string, address: number, whenDone?: () => void): Task {
    return this.start(name, this.core.callDriver(address, []), whenDone);
  }

  /** Starts a process that runs a program's file scope: a scenario. */
  startProgram(comm: string, image: Image): Task {
    return this.startCall(comm, fileScope(this.core.engine, image));
  }

  /** waitpid(): 0, the signal that ended it, or -EFAULT when an oops did. */
  *wait(pid: number): Steps<number> {
    const process = this.processes.get(pid);
    if (process === undefined) return -errno.ECHILD;
    while (process.status === undefined) {
      process.waiters.push(this.core.task);
      yield* this.core.schedule({ words: `process ${process.task.name}` }, TASK_INTERRUPTIBLE);
    }
    return process.status;
  }

  /** exit(): closes the files of the running process, and ends it. */
  *exit(): Steps<void> {
    const { core, files } = this;
    const { id, name } = core.task;
    yield* core.steps("do_exit", files.closeAll(core.task), true);
    core.emit({ kind: "task", phase: "exit", id, comm: name });
    yield { kind: "exit", value: 0 };
  }

  /** A signal that ends the running process: it touched what is not there. */
  *kill(signal: number): Steps<void> {
    const { core, files } = this;
    const { id, name } = core.task;
    const process = this.processes.get(id);
    if (process !== undefined) process.signal = signal;
    yield* core.steps("do_group_exit", files.closeAll(core.task), true);
    core.emit({ kind: "task", phase: "exit", id, comm: name, why: `signal ${signal}` });
    yield { kind: "exit", value: 0 };
  }

  /** The kernel closes the files of a process that it had to end. */
  oopsed(task: Task): void {
    const { core, files } = this;
    if (task.id === 0) return;
    core.emit({ kind: "task", phase: "exit", id: task.id, comm: task.name, why: "oops" });
    const process = this.processes.get(task.id);
    if (process === undefined || !files.hasOpen(task)) return;
    process.isClosing = true;
    core.engine.spawn(task.name, this.cleanUp(task), () => this.ended(task.id, true));
  }

  /** A system call: what it blocks on and calls is kernel code; a signal that stopped it is -EINTR to the process. */
  *syscall(name: string, run: Steps<number>): Steps<number> {
    this.core.emit({ kind: "syscall", name, result: undefined });
    const result = yield* this.core.steps(`sys_${name}`, run, true);
    const told = result === -errno.ERESTARTSYS ? -errno.EINTR : result;
    this.core.context.signalPending = false;
    this.locks.leaving(this.core.task, "user");
    const isKilled = this.core.context.signals.has(SIGKILL);
    this.core.context.signals.clear();
    this.core.emit({ kind: "syscall", name, result: told });
    // A fatal signal: user space does not see the result.
    if (isKilled) yield* this.exit();
    return told;
  }

  private *life(comm: string, work: Steps<unknown>, whenDone: () => void): Steps<number> {
    const { core, files } = this;
    const { task } = core;
    core.context.isUser = true;
    core.emit({ kind: "task", phase: "start", id: task.id, comm });
    yield* work;
    whenDone();
    yield* core.steps("do_exit", files.closeAll(task), true);
    core.emit({ kind: "task", phase: "exit", id: task.id, comm });
    return 0;
  }

  private *cleanUp(task: Task): Steps<Raw> {
    yield* this.core.steps("do_exit", this.files.closeAll(task), true);
    return 0;
  }

  private ended(pid: number, faulted: boolean): void {
    const process = this.processes.get(pid);
    if (process === undefined) return;
    // Who waits for a process finds its files closed, however it ended.
    if (process.isClosing) {
      process.isClosing = false;
      return;
    }
    process.status = faulted ? -errno.EFAULT : process.signal;
    for (const waiter of process.waiters.splice(0)) this.core.engine.wake(waiter);
  }
}
