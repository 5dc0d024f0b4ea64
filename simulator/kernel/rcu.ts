// RCU: readers that never wait, and grace periods that end when all readers which were there at their begin have left.
// Source: kernel/rcu/tree.c and tree_plugin.h, with CONFIG_PREEMPT_RCU
import type { Alarm } from "../engine/clock.ts";
import type { Steps } from "../engine/interfaces.ts";
import { layOut } from "../engine/layout.ts";
import type { Task } from "../engine/task.ts";
import { type Core, HARDIRQ_OFFSET } from "./core.ts";
import type { HeldLock, Staller } from "./events.ts";
import { jiffiesOf, nanosOf, ticksAt } from "./jiffies.ts";
import { SOFTIRQS, type Softirqs } from "./softirqs.ts";
import type { Statics } from "./statics.ts";
import type { Tick, Ticking } from "./tick.ts";

export const rcu_head = layOut("callback_head", [
  ["next", { kind: "pointer", to: "void" }],
  ["func", { kind: "pointer", to: "function" }],
]);

/** What a kind of reader is called by lockdep. */
type ReaderKind = "rcu_read_lock" | "rcu_read_lock_bh" | "rcu_read_lock_sched";

/** An outermost read-side critical section. */
interface Reader {
  readonly task: Task;
}

interface Callback {
  readonly cpu: number;
  run(): Steps<unknown>;
}

interface GracePeriod {
  readonly readers: Set<Reader>;
  /** CPUs that were not seen with preemption, bottom halves and interrupts on since its begin. */
  readonly cpus: Set<number>;
  readonly callbacks: readonly Callback[];
  readonly since: number;
  readonly watch: Alarm;
}

/** CONFIG_RCU_CPU_STALL_TIMEOUT. */
const STALL_SECONDS = 21;

export class Rcu implements Ticking {
  private readonly core: Core;
  private readonly softirqs: Softirqs;
  private readonly ticks: Tick;
  private readonly statics: Statics;
  private readonly maps = new Map<ReaderKind, number>();
  private readonly open = new Set<Reader>();
  /** Outermost readers of tasks, the latest last: those of an interrupt on top of a task are its own. */
  private readonly readers = new WeakMap<object, Reader>();
  private waiting: Callback[] = [];
  private current: GracePeriod | undefined;
  private readonly ready: Callback[][];
  private outstanding = 0;
  /** Grace periods so far. */
  private sequence = 0;
  /** When the next look at each CPU is due. */
  private at = 0;

  constructor(core: Core, softirqs: Softirqs, ticks: Tick, statics: Statics) {
    this.core = core;
    this.softirqs = softirqs;
    this.ticks = ticks;
    this.statics = statics;
    this.ready = Array.from({ length: core.engine.cpuCount }, () => []);
    ticks.add(this);
    softirqs.open(SOFTIRQS.RCU_SOFTIRQ, (cpu) => this.batch(cpu), "rcu_core_si");
  }

  readLock(): void {
    const { context } = this.core;
    if (context.rcuDepth++ === 0) {
      const reader: Reader = { task: this.core.task };
      this.open.add(reader);
      this.readers.set(context, reader);
    }
    this.hold("rcu_read_lock");
  }

  readUnlock(): void {
    const { context } = this.core;
    if (!this.release("rcu_read_lock")) return;
    context.rcuDepth = Math.max(0, context.rcuDepth - 1);
    const reader = this.readers.get(context);
    if (context.rcuDepth > 0 || reader === undefined) return;
    this.open.delete(reader);
    this.core.emit({ kind: "order", phase: "release", what: "rcu", address: 0 });
    if (this.current?.readers.delete(reader)) this.look();
  }

  /** Shows a reader among the locks that the task holds, as lockdep does. */
  hold(name: ReaderKind): void {
    const { context } = this.core;
    const address = this.addressOf(name);
    const lock: HeldLock = { address, name, flavour: "rcu", isRead: true, key: name, stack: this.core.stack() };
    context.held.push(lock);
  }

  /** False, and told, when the task is no such reader. */
  release(name: ReaderKind): boolean {
    const { held } = this.core.context;
    const index = held.findLastIndex((lock) => lock.flavour === "rcu" && lock.name === name);
    if (index >= 0) {
      held.splice(index, 1);
      return true;
    }
    const lock = { address: this.addressOf(name), name, flavour: "rcu" } as const;
    this.core.emit({ kind: "lock-unbalance", lock, held: [...held], stack: this.core.stack() });
    return false;
  }

  /** rcu_read_lock_held(). */
  get isRead(): boolean {
    return this.core.context.rcuDepth > 0;
  }

  /** rcu_read_lock_any_held(): as a reader of any kind, or where nothing else gets the CPU. */
  get isAnyRead(): boolean {
    return this.isRead || this.core.inAtomic || this.core.context.irqsDisabled;
  }

  /** RCU_LOCKDEP_WARN(): said of the driver's statement. */
  suspect(text: string, stack = this.core.stack()): void {
    this.core.emit({ kind: "rcu-misuse", text, held: [...this.core.context.held], stack });
  }

  /** The same of a macro, which has no frame of its own. */
  suspectMacro(text: string): void {
    this.suspect(text, this.core.stack().slice(1));
  }

  /** call_rcu(): the function is called with the address of the head, in a softirq after a grace period. */
  call(head: number, func: number): void {
    const { memory } = this.core;
    memory.touch(head, rcu_head.size, true);
    memory.poke(head, 4, 0);
    memory.poke(head + 4, 4, func);
    this.post(() => this.core.callDriver(func, [head]));
  }

  /** Something of the kernel's own to be done after a grace period. */
  post(run: () => Steps<unknown>): void {
    this.outstanding++;
    this.waiting.push({ cpu: this.core.engine.cpu, run });
    if (this.current === undefined) this.begin();
  }

  *synchronize(callee: string): Steps<void> {
    if (this.isRead) this.suspect(`Illegal ${callee}() in RCU read-side critical section`);
    this.core.mightSleep(callee, "kernel/sched/completion.c:111");
    let isOver = false;
    const { task } = this.core;
    const { engine } = this.core;
    this.post(() =>
      once(() => {
        isOver = true;
        engine.wake(task);
      }),
    );
    while (!isOver) yield* this.core.schedule({ words: callee });
    this.core.emit({ kind: "order", phase: "acquire", what: "rcu", address: 0 });
  }

  /** rcu_barrier(): until all callbacks have run that were queued before. */
  *barrier(): Steps<void> {
    this.core.mightSleep("rcu_barrier", "kernel/locking/mutex.c:586");
    if (this.outstanding === 0) return;
    const { task, engine } = this.core;
    let left = engine.cpuCount;
    // One for each CPU: those of a CPU run in order.
    for (let cpu = 0; cpu < engine.cpuCount; cpu++) {
      this.outstanding++;
      const run = (): Steps<void> =>
        once(() => {
          if (--left === 0) engine.wake(task);
        });
      this.waiting.push({ cpu, run });
    }
    if (this.current === undefined) this.begin();
    while (left > 0) yield* this.core.schedule({ words: "rcu_barrier" });
  }

  nextOn(cpu: number): number | undefined {
    const { current } = this;
    if (current === undefined) return undefined;
    const isOver = current.readers.size === 0 && current.cpus.size === 0;
    return current.cpus.has(cpu) || (isOver && cpu === 0) ? this.at : undefined;
  }

  *tick(cpu: number): Steps<void> {
    const { current, core } = this;
    yield* [];
    if (current === undefined) return;
    const context = core.contextOf(core.engine.taskOn(cpu));
    // What the timer interrupt interrupted could have been preempted: no reader of any kind is there.
    if (context.preemptCount === HARDIRQ_OFFSET) current.cpus.delete(cpu);
    this.at = this.nextTick();
    if (current.readers.size > 0 || current.cpus.size > 0) {
      this.look();
      return;
    }
    this.current = undefined;
    current.watch.cancel();
    for (const callback of current.callbacks) this.ready[callback.cpu]!.push(callback);
    for (const one of new Set(current.callbacks.map((callback) => callback.cpu))) {
      this.softirqs.raise(SOFTIRQS.RCU_SOFTIRQ, one);
    }
    if (this.waiting.length > 0) this.begin();
  }

  private *batch(cpu: number): Steps<void> {
    const ready = this.ready[cpu]!;
    while (ready.length > 0) {
      const callback = ready.shift()!;
      this.outstanding--;
      this.core.emit({ kind: "order", phase: "acquire", what: "rcu", address: 0 });
      yield* this.core.steps("rcu_do_batch", callback.run());
    }
  }

  private begin(): void {
    const { engine } = this.core;
    const cpus = new Set(Array.from({ length: engine.cpuCount }, (_, cpu) => cpu));
    const watch = engine.clock.after(STALL_SECONDS * 1e9, () => this.stalled());
    const since = engine.clock.nanos;
    this.current = { readers: new Set(this.open), cpus, callbacks: this.waiting, since, watch };
    this.sequence++;
    this.waiting = [];
    this.at = this.nextTick();
    this.look();
  }

  /** check_cpu_stall(): somebody keeps the grace period from its end. Whoever is a reader and has a CPU is told by it. */
  private stalled(): void {
    const { current, core } = this;
    if (current === undefined) return;
    const { engine } = core;
    const staller = (task: Task): Staller => ({
      cpu: task.cpu,
      id: task.id,
      comm: task.name,
      stack: core.stackOf(task),
    });
    const readers = [...new Set([...current.readers].map(({ task }) => task))];
    const onCpu = (task: Task): boolean => engine.taskOn(task.cpu) === task;
    const stuck = new Set([...current.cpus, ...readers.filter(onCpu).map(({ cpu }) => cpu)]);
    const cpus = [...stuck].sort((a, b) => a - b).map((cpu) => ({ ...staller(engine.taskOn(cpu)), cpu }));
    const blocked = readers
      .filter((task) => !onCpu(task))
      .map((task) => ({ ...staller(task), nesting: core.contextOf(task).rcuDepth }));
    // Who is stuck tells it himself, unless he takes no interrupts.
    const self = cpus.find(({ cpu }) => !core.contextOf(engine.taskOn(cpu)).irqsDisabled)?.cpu;
    const others = Array.from({ length: engine.cpuCount }, (_, cpu) => cpu).filter((cpu) => !stuck.has(cpu));
    const jiffies = jiffiesOf(engine.clock.nanos - current.since);
    const numbers = { jiffies, sequence: this.sequence, callbacks: this.outstanding, ofCpus: engine.cpuCount };
    core.emit({ kind: "rcu-stall", cpus, blocked, by: self ?? others[0] ?? 0, ...numbers });
  }

  private look(): void {
    for (let cpu = 0; cpu < this.core.engine.cpuCount; cpu++) this.ticks.program(cpu);
  }

  private nextTick(): number {
    return nanosOf(ticksAt(this.core.engine.clock.nanos) + 1);
  }

  private addressOf(name: ReaderKind): number {
    const address = this.maps.get(name) ?? this.statics.global(4, 4, name);
    this.maps.set(name, address);
    return address;
  }
}

/** A callback that neither waits nor calls drivers. */
function* once(run: () => void): Steps<void> {
  yield* [];
  run();
}
