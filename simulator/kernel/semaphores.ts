// Counting semaphores: they belong to nobody, so that anybody may give back what another took.
// Source: kernel/locking/semaphore.c
import type { Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { type Core, TASK_UNINTERRUPTIBLE } from "./core.ts";
import { errno } from "./errno.ts";
import { nanosOf } from "./jiffies.ts";
import { offsetOf } from "./layouts.ts";
import { semaphore } from "./lock-layouts.ts";

interface Waiter {
  readonly task: Task;
  isUp: boolean;
}

export interface Down {
  readonly callee: string;
  /** Its might_sleep() in Linux 6.12. */
  readonly where: string;
  /** As what it sleeps; TASK_UNINTERRUPTIBLE without it. */
  readonly state?: number | undefined;
  /** In jiffies. */
  readonly timeout?: number;
}

const COUNT = offsetOf(semaphore, "count");
const LIST = offsetOf(semaphore, "wait_list");

export class Semaphores {
  private readonly core: Core;
  private readonly waiters = new Map<number, Waiter[]>();

  constructor(core: Core) {
    this.core = core;
  }

  init(address: number, count: number): void {
    const { memory } = this.core;
    memory.touch(address, semaphore.size, true);
    memory.poke(address + COUNT, 4, count);
    memory.poke(address + LIST, 4, address + LIST);
    memory.poke(address + LIST + 4, 4, address + LIST);
    this.waiters.delete(address);
  }

  /** down() and its kin: 0, -EINTR after a signal, -ETIME when the time was up. */
  *down(address: number, { callee, where, timeout, state = TASK_UNINTERRUPTIBLE }: Down): Steps<number> {
    const { core } = this;
    core.mightSleep(callee, where);
    if (this.take(address)) return 0;
    const { clock } = core.engine;
    const { task } = core;
    const context = core.contextOf(task);
    const waiter = { task, isUp: false };
    const queue = this.waiters.get(address) ?? [];
    this.waiters.set(address, queue);
    queue.push(waiter);
    const until = timeout === undefined ? Number.POSITIVE_INFINITY : clock.nanos + nanosOf(timeout);
    const alarm = timeout === undefined ? undefined : clock.after(nanosOf(timeout), () => core.engine.wake(task));
    let result = 0;
    while (!waiter.isUp && result === 0) {
      if (core.signalPendingState(state, context)) result = -errno.EINTR;
      else if (clock.nanos >= until) result = -errno.ETIME;
      else yield* core.schedule({ words: "semaphore" }, state);
    }
    alarm?.cancel();
    if (result !== 0) queue.splice(queue.indexOf(waiter), 1);
    else core.emit({ kind: "order", phase: "acquire", what: "semaphore", address });
    return result;
  }

  /** down_trylock(): 0 when taken, 1 when not: the other way round than other locks have it. */
  tryDown(address: number): number {
    return this.take(address) ? 0 : 1;
  }

  /** The first who waits gets it without that the count becomes positive in between. */
  up(address: number): void {
    const { memory } = this.core;
    memory.touch(address + COUNT, 4, true);
    this.core.emit({ kind: "order", phase: "release", what: "semaphore", address });
    const queue = this.waiters.get(address) ?? [];
    let next = queue.shift();
    while (next?.task.state === "done") next = queue.shift();
    if (next === undefined) {
      memory.poke(address + COUNT, 4, memory.peek(address + COUNT, 4) + 1);
      return;
    }
    next.isUp = true;
    this.core.engine.wake(next.task);
  }

  private take(address: number): boolean {
    const { memory } = this.core;
    memory.touch(address + COUNT, 4, true);
    const count = memory.peek(address + COUNT, 4);
    if (count === 0) return false;
    memory.poke(address + COUNT, 4, count - 1);
    this.core.emit({ kind: "order", phase: "acquire", what: "semaphore", address });
    return true;
  }
}
