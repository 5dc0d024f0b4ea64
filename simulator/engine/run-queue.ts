// Tasks that are ready to run on a CPU: those with a real-time priority first, then the others in order of arrival.
import type { Task } from "./task.ts";

export class RunQueue {
  /** Sorted by priority, the highest first; equal ones in order of arrival. */
  private readonly realTime: Task[] = [];
  private others: Task[] = [];
  /** Places of `others` that were taken already. */
  private taken = 0;

  get length(): number {
    return this.realTime.length + this.others.length - this.taken;
  }

  get first(): Task | undefined {
    return this.realTime[0] ?? this.others[this.taken];
  }

  push(task: Task): void {
    if (task.priority === 0) {
      this.others.push(task);
      return;
    }
    const at = this.realTime.findIndex(({ priority }) => priority < task.priority);
    this.realTime.splice(at < 0 ? this.realTime.length : at, 0, task);
  }

  shift(): Task | undefined {
    const task = this.realTime.shift() ?? this.others[this.taken++];
    if (this.taken > 64 && 2 * this.taken > this.others.length) {
      this.others = this.others.slice(this.taken);
      this.taken = 0;
    }
    if (this.taken > this.others.length) this.taken = this.others.length;
    return task;
  }

  remove(task: Task): void {
    const list = this.realTime.includes(task) ? this.realTime : this.others;
    const at = list.indexOf(task, list === this.others ? this.taken : 0);
    if (at >= 0) list.splice(at, 1);
  }
}
