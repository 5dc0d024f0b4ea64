// Failures by order: the n-th time that a task could fail, it does.
// Source: lib/fault-inject.c, Documentation/fault-injection/fault-injection.rst (/proc/<pid>/fail-nth)
import type { Task } from "../engine/task.ts";
import type { Core } from "./core.ts";
import { KERN_NOTICE } from "./kern-levels.ts";
import type { Log } from "./printk.ts";

export type FaultName = "failslab" | "fail_page_alloc" | "fail_usercopy";

export class FaultInjection {
  private readonly core: Core;
  private readonly log: Log;
  private readonly nth = new Map<Task, { left: number; readonly only: FaultName | undefined }>();

  constructor(core: Core, log: Log) {
    this.core = core;
    this.log = log;
  }

  /** A task's n-th chance from now fails, of one kind or of any; 0 lets everything be. */
  failNth(count: number, only?: FaultName, task = this.core.task): void {
    if (count === 0) this.nth.delete(task);
    else this.nth.set(task, { left: count, only });
  }

  /** How many chances the running task has before one fails; 0 when none will. */
  get left(): number {
    return this.nth.get(this.core.task)?.left ?? 0;
  }

  /** should_fail(): in task context only. */
  shouldFail(name: FaultName): boolean {
    const nth = this.nth.get(this.core.task);
    if (nth === undefined || !this.core.inTask || (nth.only ?? name) !== name) return false;
    if (--nth.left > 0) return false;
    this.nth.delete(this.core.task);
    this.log.write(
      `FAULT_INJECTION: forcing a failure.\nname ${name}, interval 1, probability 0, space 0, times 0`,
      KERN_NOTICE,
    );
    this.core.emit({ kind: "dump-stack", stack: this.core.stack() });
    return true;
  }
}
