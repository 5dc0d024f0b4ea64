// Wait queues and completions: tasks that sleep until somebody says that a condition may hold now.
import type { Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { type Core, TASK_INTERRUPTIBLE } from "./core.ts";
import { errno } from "./errno.ts";
import { jiffiesOf, nanosOf } from "./jiffies.ts";
import { completion, offsetOf, wait_queue_head_t } from "./layouts.ts";

interface Waiter {
  readonly task: Task;
  readonly interruptible: boolean;
  /** Somebody woke it since it last looked at its condition. */
  woken: boolean;
}

/** How a wait may end other than by its condition. */
export interface WaitOptions {
  readonly callee: string;
  readonly interruptible?: boolean;
  /** In jiffies. */
  readonly timeout?: number;
}

/** What a wait is for: asked of the kernel's own memory, or of a driver's function. */
type Condition = () => boolean | Steps<boolean>;

/** `done` after complete_all(), kernel/sched/completion.c. */
const DONE_FOR_ALL = 0xffffffff;

export class WaitQueues {
  private readonly core: Core;
  private readonly queues = new Map<number, Waiter[]>();
  private readonly names = new Map<number, string>();

  constructor(core: Core) {
    this.core = core;
  }

  init(address: number, name: string): void {
    this.core.memory.touch(address, wait_queue_head_t.size, true);
    const head = address + offsetOf(wait_queue_head_t, "head");
    this.core.memory.poke(head, 4, head);
    this.core.memory.poke(head + 4, 4, head);
    this.queues.delete(address);
    if (name !== "") this.names.set(address, name);
  }

  nameAt(address: number): string {
    return this.names.get(address) ?? `wait_queue@${address.toString(16)}`;
  }

  /** Who waits, in order of arrival. */
  waitersOf(address: number): readonly Task[] {
    return (this.queues.get(address) ?? []).map(({ task }) => task).filter(({ state }) => state !== "done");
  }

  /** Freed memory is no wait queue any more. */
  forget(address: number, bytes: number): void {
    for (const at of this.names.keys()) if (at >= address && at < address + bytes) this.names.delete(at);
  }

  /**
   * wait_event() and its kin: 0, or -ERESTARTSYS after a signal; with a timeout the jiffies that were left, at least 1,
   * or 0 when the time was up.
   */
  *waitEvent(address: number, condition: Condition, options: WaitOptions): Steps<number> {
    // might_sleep() stands in the macro, so that its place is the driver's own.
    this.core.mightSleep(options.callee, this.core.here);
    if (yield* holds(condition)) return options.timeout === undefined ? 0 : Math.max(1, options.timeout);
    return yield* this.wait(address, condition, options);
  }

  /** Wakes who waits; of those that cannot be interrupted, none when only interruptible ones are meant. */
  wakeUp(address: number, interruptibleOnly = false): void {
    this.core.memory.touch(address, 4, true);
    for (const waiter of this.queues.get(address) ?? []) {
      if (interruptibleOnly && !waiter.interruptible) continue;
      waiter.woken = true;
      this.core.engine.wake(waiter.task);
    }
  }

  isActive(address: number): boolean {
    this.core.memory.touch(address, 4, false);
    return this.waitersOf(address).length > 0;
  }

  initCompletion(address: number, name: string): void {
    this.core.memory.touch(address, completion.size, true);
    this.core.memory.poke(address, 4, 0);
    this.init(address + offsetOf(completion, "wait"), name);
  }

  *waitForCompletion(address: number, options: WaitOptions): Steps<number> {
    this.core.mightSleep(options.callee, "kernel/sched/completion.c:111");
    const { memory } = this.core;
    const condition = (): boolean => memory.load(address, 4, false) !== 0;
    const done = condition();
    const queue = address + offsetOf(completion, "wait");
    const result = done ? (options.timeout ?? 0) : yield* this.wait(queue, condition, options);
    const left = memory.peek(address, 4);
    const got = result > 0 || (result === 0 && options.timeout === undefined) || done;
    if (got && left !== DONE_FOR_ALL && left > 0) memory.poke(address, 4, left - 1);
    return options.timeout !== undefined && done ? Math.max(1, result) : result;
  }

  complete(address: number, all: boolean): void {
    const { memory } = this.core;
    const done = memory.load(address, 4, false);
    if (done !== DONE_FOR_ALL) memory.store(address, 4, all ? DONE_FOR_ALL : done + 1);
    this.wakeUp(address + offsetOf(completion, "wait"));
  }

  /** The task is in the queue before the condition is tested, so that no wake-up is lost in between. */
  private *wait(address: number, condition: Condition, options: WaitOptions): Steps<number> {
    const { core } = this;
    const { task } = core;
    const { clock } = core.engine;
    const context = core.contextOf(task);
    core.memory.touch(address, 4, true);
    const waiter: Waiter = { task, interruptible: options.interruptible === true, woken: false };
    const queue = this.queues.get(address) ?? [];
    queue.push(waiter);
    this.queues.set(address, queue);
    const nanos = options.timeout === undefined ? undefined : nanosOf(options.timeout);
    const until = nanos === undefined ? undefined : clock.nanos + nanos;
    const alarm = nanos === undefined ? undefined : clock.after(nanos, () => core.engine.wake(task));
    let result: number | undefined;
    while (result === undefined) {
      waiter.woken = false;
      if (yield* holds(condition)) result = until === undefined ? 0 : Math.max(1, jiffiesOf(until - clock.nanos));
      else if (waiter.interruptible && context.signalPending) result = -errno.ERESTARTSYS;
      else if (until !== undefined && clock.nanos >= until) result = 0;
      else if (!waiter.woken)
        yield* core.schedule({ words: this.nameAt(address) }, waiter.interruptible ? TASK_INTERRUPTIBLE : undefined);
    }
    alarm?.cancel();
    queue.splice(queue.indexOf(waiter), 1);
    return result;
  }
}

function* holds(condition: Condition): Steps<boolean> {
  const answer = condition();
  return typeof answer === "boolean" ? answer : yield* answer;
}
