// What has arrived at a socket and was not taken yet, and the tasks that wait for it.
import type { Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { type Core, TASK_INTERRUPTIBLE } from "./core.ts";

export class Inbox<T> {
  private readonly core: Core;
  private readonly items: T[] = [];
  private readonly waiters: Task[] = [];

  constructor(core: Core) {
    this.core = core;
  }

  get length(): number {
    return this.items.length;
  }

  push(item: T): void {
    this.items.push(item);
    for (const task of this.waiters.splice(0)) this.core.wakeUp(task);
  }

  /** The first; undefined when none comes in so many milliseconds, or a signal does. */
  *take(millis: number, words: string): Steps<T | undefined> {
    const { core } = this;
    const { clock } = core.engine;
    const { task } = core;
    const end = clock.nanos + millis * 1e6;
    const alarm = clock.after(millis * 1e6, () => core.wakeUp(task));
    while (this.items.length === 0 && clock.nanos < end && !core.context.signalPending) {
      this.waiters.push(task);
      yield* core.schedule({ words }, TASK_INTERRUPTIBLE);
    }
    alarm.cancel();
    return this.items.shift();
  }
}
