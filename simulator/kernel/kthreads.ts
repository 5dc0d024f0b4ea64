// Kernel threads: made asleep, woken, asked to stop or to park.
// Source: kernel/kthread.c
import { type Image, MemoryFault, type Raw, type Steps } from "../engine/interfaces.ts";
import { KernelActivation, type Task } from "../engine/task.ts";
import { type Core, TASK_INTERRUPTIBLE, TASK_PARKED, TASK_RUNNING, TASK_UNINTERRUPTIBLE } from "./core.ts";
import { errno } from "./errno.ts";
import type { Resources } from "./resources.ts";
import { TASK_COMM_LEN } from "./task-layouts.ts";
import type { Tasks } from "./tasks.ts";

interface KThread {
  readonly task: Task;
  readonly struct: number;
  readonly fn: number;
  readonly data: number;
  shouldStop: boolean;
  shouldPark: boolean;
  isParked: boolean;
  isOver: boolean;
  result: number;
  /** In kthread_stop() and kthread_park(). */
  readonly waiters: Task[];
}

/** wait_for_completion(), kernel/sched/completion.c. */
const WAITS = "kernel/sched/completion.c:111";
const ALLOCATES = "include/linux/sched/mm.h:321";

export class KThreads {
  private readonly core: Core;
  private readonly tasks: Tasks;
  private readonly resources: Resources;
  private readonly threads = new Map<Task, KThread>();
  private readonly byStruct = new Map<number, KThread>();

  constructor(core: Core, tasks: Tasks, resources: Resources) {
    this.core = core;
    this.tasks = tasks;
    this.resources = resources;
  }

  /** kthread_create(): it waits for its first wake-up. Gives its struct. */
  create(fn: number, data: number, name: string, cpu?: number): number {
    this.core.mightSleep("kthread_create", ALLOCATES);
    const { engine } = this.core;
    const comm = name.slice(0, TASK_COMM_LEN - 1);
    const birth = { asleep: { words: "to be woken" }, ...(cpu === undefined ? {} : { cpu }) };
    let thread: KThread | undefined;
    const task = engine.spawn(
      comm,
      this.body(() => thread!, fn, data),
      (value) => this.ended(thread!, value),
      birth,
    );
    this.core.setState(task, TASK_UNINTERRUPTIBLE);
    this.core.contextOf(task).ignoresSignals = true;
    const struct = this.tasks.structOf(task);
    thread = {
      task,
      struct,
      fn,
      data,
      shouldStop: false,
      shouldPark: false,
      isParked: false,
      isOver: false,
      result: 0,
      waiters: [],
    };
    this.threads.set(task, thread);
    this.byStruct.set(struct, thread);
    this.resources.obtain(keyOf(task), `kthread ${comm}`);
    this.tell(thread, "create");
    return struct;
  }

  /** kthread_bind(): before it is first woken. */
  bind(struct: number, cpu: number): void {
    this.core.mightSleep("kthread_bind", WAITS);
    const thread = this.at(struct);
    if (thread === undefined) return;
    this.core.contextOf(thread.task).isBound = true;
    this.core.engine.move(thread.task, cpu);
  }

  /** kthread_stop(): what its function returned; -EINTR when that was never called. */
  *stop(struct: number): Steps<number> {
    const { core } = this;
    const thread = this.at(struct);
    core.mightSleep("kthread_stop", WAITS);
    if (thread === undefined) return -errno.EINTR;
    this.tasks.get(struct);
    thread.shouldStop = true;
    this.tell(thread, "stop");
    this.unparkThread(thread);
    core.wakeUp(thread.task);
    while (!thread.isOver) yield* this.wait(thread, `kthread ${thread.task.name} to stop`);
    this.tasks.put(struct);
    this.byStruct.delete(struct);
    return thread.result;
  }

  /** kthread_park(): 0 once it is parked. */
  *park(struct: number): Steps<number> {
    const { core } = this;
    const thread = this.at(struct);
    core.mightSleep("kthread_park", WAITS);
    if (thread === undefined || thread.isOver) return -errno.ENOSYS;
    if (thread.shouldPark) return -errno.EBUSY;
    thread.shouldPark = true;
    this.tell(thread, "park");
    if (thread.task === core.task) return 0;
    core.wakeUp(thread.task);
    while (!thread.isParked && !thread.isOver) yield* this.wait(thread, `kthread ${thread.task.name} to park`);
    return 0;
  }

  unpark(struct: number): void {
    const thread = this.at(struct);
    if (thread !== undefined) this.unparkThread(thread);
  }

  /** A module is gone: its threads go on where no code is any more. */
  unloaded(image: Image): void {
    const { engine } = this.core;
    for (const { task, fn } of this.threads.values()) {
      if (engine.imageOf(fn) !== image) continue;
      const { message } = new MemoryFault(fn, false);
      const steps = (function* (): Steps<Raw> {
        yield { kind: "fault", fault: { message } };
        return undefined;
      })();
      task.layers.push({ activation: new KernelActivation(steps), context: "task", resume: undefined });
    }
  }

  get shouldStop(): boolean {
    return this.own?.shouldStop === true;
  }

  get shouldPark(): boolean {
    return this.own?.shouldPark === true;
  }

  /** kthread_parkme(): sleeps as long as it shall be parked. */
  *parkMe(): Steps<void> {
    const thread = this.own;
    if (thread === undefined) return;
    while (thread.shouldPark) {
      thread.isParked = true;
      this.letGo(thread);
      yield* this.core.schedule({ words: "to be unparked" }, TASK_PARKED);
    }
    thread.isParked = false;
  }

  dataOf(struct: number): number {
    return this.at(struct)?.data ?? 0;
  }

  /** kthread_exit(): the running thread is over. */
  *exit(code: number, callee = "kthread_exit"): Steps<never> {
    this.core.mightSleep(callee, "include/linux/percpu-rwsem.h:49");
    const thread = this.own;
    if (thread !== undefined) thread.result = code;
    for (;;) yield { kind: "exit", value: code };
  }

  private get own(): KThread | undefined {
    return this.threads.get(this.core.task);
  }

  private *body(own: () => KThread, fn: number, data: number): Steps<Raw> {
    const thread = own();
    this.core.setState(thread.task, TASK_RUNNING);
    this.tell(thread, "start");
    if (thread.shouldStop) return -errno.EINTR;
    yield* this.parkMe();
    return yield* this.core.steps("kthread", this.core.callDriver(fn, [data]));
  }

  private ended(thread: KThread, value: Raw): void {
    thread.isOver = true;
    if (value !== undefined) thread.result = Number(value) | 0;
    this.threads.delete(thread.task);
    this.resources.giveBack(keyOf(thread.task));
    this.tell(thread, "exit");
    this.letGo(thread);
  }

  private *wait(thread: KThread, words: string): Steps<void> {
    thread.waiters.push(this.core.task);
    yield* this.core.schedule({ words });
  }

  private letGo(thread: KThread): void {
    for (const waiter of thread.waiters.splice(0)) this.core.engine.wake(waiter);
  }

  private unparkThread(thread: KThread): void {
    if (!thread.shouldPark) return;
    thread.shouldPark = false;
    this.tell(thread, "unpark");
    this.core.wakeUp(thread.task, TASK_PARKED | TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE);
  }

  /** Its memory is touched as the kernel would, so that one which is gone is found out. */
  private at(struct: number): KThread | undefined {
    this.core.memory.touch(struct, 4, true);
    const thread = this.byStruct.get(struct);
    return thread?.struct === struct ? thread : undefined;
  }

  private tell({ task }: KThread, phase: "create" | "start" | "stop" | "park" | "unpark" | "exit"): void {
    this.core.emit({ kind: "kthread", phase, id: task.id, comm: task.name });
  }
}

function keyOf(task: Task): string {
  return `kthread ${task.id}`;
}
