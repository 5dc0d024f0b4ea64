// Wait queues and completions: tasks that sleep until somebody says that a condition may hold now.
// Source: kernel/sched/wait.c and completion.c
import type { Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { type Core, TASK_INTERRUPTIBLE, TASK_NORMAL, TASK_RUNNING, TASK_UNINTERRUPTIBLE } from "./core.ts";
import { errno } from "./errno.ts";
import { jiffiesOf, nanosOf } from "./jiffies.ts";
import { completion, offsetOf, wait_queue_entry, wait_queue_head_t } from "./layouts.ts";

export interface Waiter {
  readonly task: Task;
  /** Of the driver's wait_queue_entry; undefined for the entry of a macro or of the kernel. */
  readonly entry: number | undefined;
  /** It is woken alone, behind those that are woken together. */
  isExclusive: boolean;
  /** Waking it takes it out of its queue: DEFINE_WAIT(). */
  readonly leaves: boolean;
  /** Somebody woke it since it last looked at its condition. */
  woken: boolean;
  /** As what it sleeps; undefined for an entry whose task says that itself. */
  readonly state: number | undefined;
}

/** How a wait may end other than by its condition, and what is done around the sleep. */
export interface WaitOptions {
  readonly callee: string;
  /** Its might_sleep() in Linux 6.12; that of a macro stands in the driver. */
  readonly where?: string;
  /** As what it sleeps: which signals end it. TASK_UNINTERRUPTIBLE without it. */
  readonly state?: number;
  /** In jiffies. */
  readonly timeout?: number;
  /** In nanoseconds; 0 is then for the condition, -ETIME for the time. */
  readonly nanos?: number;
  readonly isExclusive?: boolean;
  /** Before and after each sleep: giving a lock back and taking it again. */
  before?(): Steps<unknown>;
  after?(): Steps<unknown>;
}

/** A task that is woken with a queue, and that waits elsewhere: poll(). */
export interface Enrolment {
  readonly address: number;
  readonly waiter: Waiter;
}

/** What a wait is for: asked of the kernel's own memory, or of a driver's function. */
type Condition = () => boolean | Steps<boolean>;

/** `done` after complete_all(), kernel/sched/completion.c. */
const DONE_FOR_ALL = 0xffffffff;
const WQ_FLAG_EXCLUSIVE = 1;

export class WaitQueues {
  private readonly core: Core;
  private readonly queues = new Map<number, Waiter[]>();
  private readonly names = new Map<number, string>();
  /** Entries of drivers: whose they are. */
  private readonly entries = new Map<number, { readonly task: Task; readonly leaves: boolean }>();

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

  /** DEFINE_WAIT(), DECLARE_WAITQUEUE(), init_waitqueue_entry(): `leaves` for the first, whose waking takes it out. */
  initEntry(entry: number, task: Task, struct: number, leaves: boolean): void {
    const { memory } = this.core;
    memory.touch(entry, wait_queue_entry.size, true);
    memory.bytesAt(entry, wait_queue_entry.size).fill(0);
    memory.poke(entry + offsetOf(wait_queue_entry, "private"), 4, struct);
    this.entries.set(entry, { task, leaves });
  }

  /** add_wait_queue() and its exclusive form. */
  add(address: number, entry: number, isExclusive: boolean): void {
    const { memory } = this.core;
    memory.touch(address, 4, true);
    memory.touch(entry, wait_queue_entry.size, true);
    memory.poke(entry, 4, isExclusive ? WQ_FLAG_EXCLUSIVE : 0);
    const known = this.entries.get(entry) ?? { task: this.core.task, leaves: false };
    this.insert(address, { ...known, entry, isExclusive, woken: false, state: undefined });
  }

  remove(address: number, entry: number): void {
    this.core.memory.touch(address, 4, true);
    const queue = this.queues.get(address) ?? [];
    const index = queue.findIndex((waiter) => waiter.entry === entry);
    if (index >= 0) queue.splice(index, 1);
  }

  /** prepare_to_wait() and its kin: in the queue once, and from now on about to sleep. Whether the queue was empty. */
  prepare(address: number, entry: number, state: number, isExclusive: boolean): boolean {
    const queue = this.queues.get(address) ?? [];
    const known = queue.find((waiter) => waiter.entry === entry);
    const wasEmpty = queue.length === 0;
    if (known === undefined) this.add(address, entry, isExclusive);
    else known.isExclusive = isExclusive;
    this.core.setState(this.core.task, state);
    return wasEmpty;
  }

  /** prepare_to_wait_event(): -ERESTARTSYS, and out of the queue, when a signal keeps it from sleeping. */
  prepareEvent(address: number, entry: number, state: number): number {
    if (!this.core.signalPendingState(state, this.core.context)) {
      this.prepare(address, entry, state, false);
      return 0;
    }
    this.remove(address, entry);
    return -errno.ERESTARTSYS;
  }

  finish(address: number, entry: number): void {
    this.core.setState(this.core.task, TASK_RUNNING);
    this.remove(address, entry);
  }

  /**
   * wait_event() and its kin: 0, or -ERESTARTSYS after a signal; with a timeout the jiffies that were left, at least 1,
   * or 0 when the time was up.
   */
  *waitEvent(address: number, condition: Condition, options: WaitOptions): Steps<number> {
    // might_sleep() stands in the macro, so that its place is the driver's own. Those that give a lock back have none.
    if (options.before === undefined) this.core.mightSleep(options.callee, options.where ?? this.core.here);
    if (yield* holds(condition)) return options.timeout === undefined ? 0 : Math.max(1, options.timeout);
    return yield* this.wait(address, condition, options);
  }

  /** __wake_up(): all that wait together, and so many of the exclusive ones, 0 for all, of those that sleep in such a state. */
  wakeUp(address: number, mode = TASK_NORMAL, exclusive = 1): void {
    this.core.memory.touch(address, 4, true);
    let left = exclusive;
    for (const waiter of [...(this.queues.get(address) ?? [])]) {
      if (waiter.task.state === "done" || !this.wake(address, waiter, mode)) continue;
      if (waiter.isExclusive && --left === 0) return;
    }
  }

  /** __pollwait(): a task that wakes with a queue from now on. */
  enrol(address: number, task: Task): Enrolment {
    this.core.memory.touch(address, 4, true);
    const state = TASK_INTERRUPTIBLE;
    const waiter: Waiter = { task, entry: undefined, isExclusive: false, leaves: false, woken: false, state };
    this.insert(address, waiter);
    return { address, waiter };
  }

  leave({ address, waiter }: Enrolment): void {
    const queue = this.queues.get(address) ?? [];
    const index = queue.indexOf(waiter);
    if (index >= 0) queue.splice(index, 1);
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
    const got = result > 0 || (result === 0 && options.timeout === undefined) || done;
    if (got) this.consume(address);
    return options.timeout !== undefined && done ? Math.max(1, result) : result;
  }

  /** try_wait_for_completion(). */
  tryCompletion(address: number): boolean {
    const done = this.core.memory.load(address, 4, false) !== 0;
    if (done) this.consume(address);
    return done;
  }

  complete(address: number, all: boolean): void {
    const { memory } = this.core;
    this.core.emit({ kind: "order", phase: "release", what: "completion", address });
    const done = memory.load(address, 4, false);
    if (done !== DONE_FOR_ALL) memory.store(address, 4, all ? DONE_FOR_ALL : done + 1);
    this.wakeUp(address + offsetOf(completion, "wait"));
  }

  private consume(address: number): void {
    const { memory } = this.core;
    const left = memory.peek(address, 4);
    if (left !== DONE_FOR_ALL && left > 0) memory.poke(address, 4, left - 1);
    this.core.emit({ kind: "order", phase: "acquire", what: "completion", address });
  }

  private insert(address: number, waiter: Waiter): void {
    const queue = this.queues.get(address) ?? [];
    this.queues.set(address, queue);
    const behind = waiter.isExclusive ? -1 : queue.findIndex((one) => one.isExclusive);
    queue.splice(behind < 0 ? queue.length : behind, 0, waiter);
  }

  private wake(address: number, waiter: Waiter, mode: number): boolean {
    if (waiter.state === undefined) {
      const isWoken = this.core.wakeUp(waiter.task, mode);
      if (isWoken && waiter.leaves && waiter.entry !== undefined) this.remove(address, waiter.entry);
      return isWoken;
    }
    if ((waiter.state & mode) === 0 || waiter.woken) return false;
    waiter.woken = true;
    this.core.wakeUp(waiter.task, mode);
    return true;
  }

  /**
   * The task is in the queue, and about to sleep, before the condition is tested: no wake-up is lost in between, be it
   * one of the queue or of the task itself, such as that of kthread_stop().
   */
  private *wait(address: number, condition: Condition, options: WaitOptions): Steps<number> {
    const { core } = this;
    const { task } = core;
    const { clock } = core.engine;
    const context = core.contextOf(task);
    const { state = TASK_UNINTERRUPTIBLE, isExclusive = false } = options;
    core.memory.touch(address, 4, true);
    const waiter: Waiter = { task, entry: undefined, isExclusive, leaves: false, woken: false, state };
    this.insert(address, waiter);
    const nanos = options.timeout === undefined ? options.nanos : nanosOf(options.timeout);
    const until = nanos === undefined ? undefined : clock.nanos + nanos;
    const alarm = nanos === undefined ? undefined : clock.after(nanos, () => core.wakeUp(task));
    const left = (): number => (until === undefined ? 0 : Math.max(1, jiffiesOf(until - clock.nanos)));
    let result: number | undefined;
    while (result === undefined) {
      waiter.woken = false;
      core.setState(task, state);
      context.stateSetBy = "prepare_to_wait_event";
      if (yield* holds(condition)) result = options.nanos === undefined ? left() : 0;
      else if (core.signalPendingState(state, context)) result = -errno.ERESTARTSYS;
      else if (until !== undefined && clock.nanos >= until) result = options.nanos === undefined ? 0 : -errno.ETIME;
      else if (!waiter.woken) yield* this.sleep(address, state, options);
    }
    core.setState(task, TASK_RUNNING);
    alarm?.cancel();
    const queue = this.queues.get(address) ?? [];
    if (queue.includes(waiter)) queue.splice(queue.indexOf(waiter), 1);
    return result;
  }

  private *sleep(address: number, state: number, { before, after }: WaitOptions): Steps<void> {
    if (before !== undefined) yield* before();
    const on = { words: this.nameAt(address), address };
    if (this.core.context.state !== TASK_RUNNING) yield* this.core.schedule(on, state);
    if (after !== undefined) yield* after();
  }
}

function* holds(condition: Condition): Steps<boolean> {
  const answer = condition();
  return typeof answer === "boolean" ? answer : yield* answer;
}
