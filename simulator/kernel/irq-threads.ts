// Threads of interrupt handlers: `irq/11-edu`, woken by the handler, more urgent than ordinary tasks.
// Source: irq_thread() of kernel/irq/manage.c
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { type Core, TASK_INTERRUPTIBLE } from "./core.ts";
import { TASK_COMM_LEN } from "./task-layouts.ts";

/** MAX_RT_PRIO / 2 of sched_set_fifo(). */
const PRIORITY = 50;

/** The thread of one handler. */
export class IrqThread {
  readonly task: Task;
  private readonly core: Core;
  private readonly fn: number;
  private readonly args: readonly number[];
  private readonly whenDone: () => void;
  private isWanted = false;
  private isStopped = false;
  private isOver = false;
  private runs = false;
  private readonly waiters: Task[] = [];

  /** `whenDone` is told each time that the function has returned. */
  constructor(core: Core, name: string, fn: number, args: readonly number[], whenDone: () => void) {
    this.core = core;
    this.fn = fn;
    this.args = args;
    this.whenDone = whenDone;
    const comm = `irq/${args[0]}-${name}`.slice(0, TASK_COMM_LEN - 1);
    this.task = core.engine.spawn(comm, this.body(), () => this.ended(), { isDaemon: true });
    core.contextOf(this.task).ignoresSignals = true;
    core.engine.setPriority(this.task, PRIORITY);
  }

  /** It runs its function, or is about to. */
  get isActive(): boolean {
    return this.isWanted || this.runs;
  }

  wake(): void {
    if (this.isOver) return;
    this.isWanted = true;
    this.core.engine.wake(this.task);
  }

  /** Waits until the function has returned, and the thread is gone. */
  *stop(): Steps<void> {
    this.isStopped = true;
    this.core.engine.wake(this.task);
    while (!this.isOver) {
      this.waiters.push(this.core.task);
      yield* this.core.schedule({ words: `${this.task.name} to end` });
    }
  }

  private *body(): Steps<Raw> {
    for (;;) {
      while (!this.isWanted && !this.isStopped) yield* this.core.schedule({ words: "interrupts" }, TASK_INTERRUPTIBLE);
      if (!this.isWanted) return undefined;
      this.isWanted = false;
      this.runs = true;
      yield* this.core.steps("irq_thread", this.core.callDriver(this.fn, this.args));
      this.runs = false;
      this.whenDone();
    }
  }

  private ended(): void {
    this.isOver = true;
    this.isWanted = false;
    this.runs = false;
    this.whenDone();
    for (const waiter of this.waiters.splice(0)) this.core.engine.wake(waiter);
  }
}
