// Calls of a file's functions that are under way: whoever removes the file waits for them, and no other comes.
// Source: fs/kernfs/dir.c, fs/debugfs/file.c, fs/proc/inode.c
import type { Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import type { Core } from "./core.ts";

export class ActiveCalls {
  private readonly core: Core;
  private readonly waiters: Task[] = [];
  private count = 0;
  private gone = false;

  constructor(core: Core) {
    this.core = core;
  }

  get isGone(): boolean {
    return this.gone;
  }

  /** A call begins: 0, or `error` once the file is removed. */
  enter(error: number): number {
    if (this.gone) return error;
    this.count++;
    return 0;
  }

  leave(): void {
    if (--this.count > 0) return;
    for (const waiter of this.waiters.splice(0)) this.core.engine.wake(waiter);
  }

  /** A call that removes its own file, sysfs_break_active_protection(): nobody waits for it. */
  *unprotected<T>(call: Steps<T>): Steps<T> {
    this.count--;
    const result = yield* call;
    this.count++;
    return result;
  }

  /** The file is removed: waits until the calls have ended. */
  *drain(words: string): Steps<void> {
    this.gone = true;
    while (this.count > 0) {
      this.waiters.push(this.core.task);
      yield* this.core.schedule({ words });
    }
  }
}
