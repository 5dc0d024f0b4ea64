// What every part of the kernel stands on: execution contexts and preempt_count, call stacks, sleeping, the trace.
import type { Alarm } from "../engine/clock.ts";
import type { Engine } from "../engine/engine.ts";
import { hex, type Raw, type Steps, type WaitToken } from "../engine/interfaces.ts";
import type { LinearMemory } from "../engine/memory.ts";
import type { Task } from "../engine/task.ts";
import type { ContextState, HeldLock, KernelEvent, StackEntry } from "./events.ts";

/** Fields of preempt_count, include/linux/preempt.h. */
export const PREEMPT_OFFSET = 0x1;
export const SOFTIRQ_OFFSET = 0x100;
export const SOFTIRQ_DISABLE_OFFSET = 0x200;
export const HARDIRQ_OFFSET = 0x10000;
export const SOFTIRQ_MASK = 0xff00;
const HARDIRQ_MASK = 0xf0000;
const NMI_MASK = 0xf00000;

/** States of a task, include/linux/sched.h. */
export const TASK_RUNNING = 0;
export const TASK_INTERRUPTIBLE = 1;
export const TASK_UNINTERRUPTIBLE = 2;
export const TASK_PARKED = 0x40;
export const TASK_WAKEKILL = 0x100;
const TASK_NOLOAD = 0x400;
export const TASK_KILLABLE = TASK_WAKEKILL | TASK_UNINTERRUPTIBLE;
export const TASK_IDLE = TASK_UNINTERRUPTIBLE | TASK_NOLOAD;
export const TASK_NORMAL = TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE;

export const SIGKILL = 9;

/** kernel.hung_task_timeout_secs; and when a CPU is taken for stuck, twice kernel.watchdog_thresh and the next sample. */
const HUNG_TASK_SECONDS = 120;
export const SOFT_LOCKUP_SECONDS = 22;

/** A function of the kernel itself on a task's stack. */
interface KernelCall {
  readonly fn: string;
  /** Layers of the task below it. */
  readonly depth: number;
  /** User space is below: kernel stacks end here. */
  readonly fromUser: boolean;
  /** The call stack within it, once somebody asked: as long as it calls nothing, nothing below it changes. */
  stack: readonly StackEntry[] | undefined;
}

/**
 * What a task carries with it. As on 32-bit ARM preempt_count belongs to the task; a CPU's is that of the task it runs,
 * and an interrupt adds to the one it interrupts.
 */
export class TaskContext {
  preemptCount = 0;
  private areIrqsOff = false;
  /** How often it turned interrupts on again. */
  irqSections = 0;
  /** How often it came to where others may have its CPU. */
  switches = 0;
  preemptDisabledAt: readonly StackEntry[] | undefined;
  readonly held: HeldLock[] = [];
  readonly calls: KernelCall[] = [];
  /** How deep it is in rcu_read_lock(). */
  rcuDepth = 0;
  signalPending = false;
  readonly signals = new Set<number>();
  /** Signals that a kernel thread wants to have. */
  readonly allowed = new Set<number>();
  /** TASK_RUNNING, or as what it sleeps or is about to. */
  state = TASK_RUNNING;
  /** A kernel thread: it has only the signals that it allows. */
  ignoresSignals = false;
  /** The function that set the state by itself. */
  stateSetBy = "";
  /** It never leaves its CPU. */
  isBound = false;
  /** It runs a program of user space, as far as no system call is under way. */
  isUser = false;
  /** A might_sleep() was passed where others may come in. */
  wantsResched = false;
  /** It stands where it lets others in though the kernel is not preemptible. */
  isResched = false;

  get irqsDisabled(): boolean {
    return this.areIrqsOff;
  }

  set irqsDisabled(value: boolean) {
    if (this.areIrqsOff && !value) this.irqSections++;
    this.areIrqsOff = value;
  }
}

/** Where a task may lose its CPU: in user space and where it says so, at each might_sleep() too, or anywhere. */
export type Preemption = "none" | "voluntary" | "full";

export class Core {
  readonly engine: Engine;
  readonly memory: LinearMemory;
  readonly preemption: Preemption;
  /** Whether something waits for a CPU to take interrupts; the kernel that is made of the parts knows. */
  isDue: (cpu: number) => boolean = () => false;
  /** The last interrupt of a CPU is left, or bottom halves are on again: softirqs may run. */
  whenLeft: (cpu: number) => void = () => {};
  /** A task has another state. */
  whenState: (task: Task, state: number) => void = () => {};
  /** A task goes to sleep, or goes on after it: workers count who runs. */
  whenBlocked: (task: Task, isBlocked: boolean) => void = () => {};
  private readonly contexts = new Map<Task, TaskContext>();
  private lastTask: Task | undefined;
  private lastContext: TaskContext | undefined;
  private readonly warned = new Set<string>();

  constructor(engine: Engine, memory: LinearMemory, preemption: Preemption = "full") {
    this.engine = engine;
    this.memory = memory;
    this.preemption = preemption;
  }

  emit(event: KernelEvent): void {
    // Whatever happens, a load before it was no copy.
    this.memory.settle();
    this.engine.trace.emit(event);
  }

  /** `current`: the task that runs, or that an interrupt interrupted; a CPU's idle task when none does. */
  get task(): Task {
    return this.engine.current ?? this.engine.taskOn(this.engine.cpu);
  }

  get context(): TaskContext {
    return this.contextOf(this.task);
  }

  contextOf(task: Task): TaskContext {
    // It is asked for many times in a row for the same task.
    if (task !== this.lastTask) {
      this.lastContext = this.findContext(task);
      this.lastTask = task;
    }
    return this.lastContext!;
  }

  private findContext(task: Task): TaskContext {
    let context = this.contexts.get(task);
    if (context === undefined) {
      context = new TaskContext();
      this.contexts.set(task, context);
    }
    return context;
  }

  /** A task is over, and nobody asks for its context any more. */
  forget(task: Task): void {
    this.contexts.delete(task);
    this.lastTask = undefined;
  }

  /** An oops ends a task in the middle of whatever it did; its CPU must be able to go on. */
  reset(task: Task): void {
    const context = this.contextOf(task);
    context.preemptCount = 0;
    context.irqsDisabled = false;
    context.preemptDisabledAt = undefined;
    context.calls.length = 0;
    context.rcuDepth = 0;
  }

  get inHardirq(): boolean {
    return (this.context.preemptCount & HARDIRQ_MASK) !== 0;
  }

  /** Within a softirq, or bottom halves are disabled. */
  get inSoftirq(): boolean {
    return (this.context.preemptCount & SOFTIRQ_MASK) !== 0;
  }

  /** Within a softirq. */
  get inServingSoftirq(): boolean {
    return (this.context.preemptCount & SOFTIRQ_OFFSET) !== 0;
  }

  get inNmi(): boolean {
    return (this.context.preemptCount & NMI_MASK) !== 0;
  }

  get inInterrupt(): boolean {
    return (this.context.preemptCount & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_MASK)) !== 0;
  }

  get inTask(): boolean {
    return (this.context.preemptCount & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET)) === 0;
  }

  get inAtomic(): boolean {
    return this.context.preemptCount !== 0;
  }

  /** Other tasks may take the CPU from the one that runs, here. */
  get isPreemptible(): boolean {
    return this.preemption === "full" && !this.inAtomic && !this.context.irqsDisabled;
  }

  preemptDisable(offset = PREEMPT_OFFSET): void {
    const { context } = this;
    if (context.preemptCount === 0) context.preemptDisabledAt = this.stack();
    context.preemptCount += offset;
  }

  /** Enabling once too often leaves the count at 0, so that the run can go on. */
  preemptEnable(offset = PREEMPT_OFFSET): void {
    const { context } = this;
    context.preemptCount = Math.max(0, context.preemptCount - offset);
    if (context.preemptCount === 0) context.preemptDisabledAt = undefined;
  }

  /** An interrupt begins on top of what a CPU runs. */
  irqEnter(context: TaskContext): void {
    context.preemptCount += HARDIRQ_OFFSET;
    context.irqsDisabled = true;
  }

  /** It ends: softirqs come next, if no other interrupt is below. */
  irqExit(context: TaskContext, cpu: number): void {
    context.preemptCount = Math.max(0, context.preemptCount - HARDIRQ_OFFSET);
    context.irqsDisabled = false;
    if ((context.preemptCount & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_MASK)) === 0) this.whenLeft(cpu);
  }

  /** Lets in what waited for interrupts to be on, for bottom halves or for preemption: it runs before the next statement. */
  *letIn(): Steps<void> {
    const { cpu } = this.engine;
    const isPreempted = this.preemption === "full" && !this.inAtomic && this.engine.needsTurn(cpu);
    if (isPreempted || (!this.context.irqsDisabled && this.isDue(cpu))) yield { kind: "yield" };
  }

  /** local_bh_enable(): softirqs that were raised meanwhile run at once. */
  *bhEnable(): Steps<void> {
    if (this.inHardirq) this.warn("kernel/softirq.c", 386, "__local_bh_enable_ip");
    else if (this.context.irqsDisabled) this.warn("kernel/softirq.c", 387, "__local_bh_enable_ip");
    this.preemptEnable(SOFTIRQ_DISABLE_OFFSET);
    if (!this.inInterrupt) this.whenLeft(this.engine.cpu);
    yield* this.letIn();
  }

  /** cond_resched(): others of the CPU may run now. */
  *condResched(): Steps<boolean> {
    const { context, engine } = this;
    if (this.inAtomic || context.irqsDisabled) return false;
    context.switches++;
    const isWanted = engine.needsTurn(engine.cpu);
    context.isResched = true;
    yield isWanted ? { kind: "yield", gives: true } : { kind: "yield" };
    context.isResched = false;
    return isWanted;
  }

  setState(task: Task, state: number): void {
    this.contextOf(task).state = state;
    this.whenState(task, state);
  }

  /** try_to_wake_up(): whether it slept in such a state, or was about to. */
  wakeUp(task: Task, states = TASK_NORMAL): boolean {
    if (task.state === "done" || (this.contextOf(task).state & states) === 0) return false;
    this.setState(task, TASK_RUNNING);
    this.engine.wake(task);
    return true;
  }

  /** signal_pending_state(): a signal keeps a task from sleeping in such a state. */
  signalPendingState(state: number, context: TaskContext): boolean {
    if (!context.signalPending) return false;
    return (state & TASK_INTERRUPTIBLE) !== 0 || ((state & TASK_WAKEKILL) !== 0 && context.signals.has(SIGKILL));
  }

  /** A function of the kernel is over that may sleep: with voluntary preemption others may come in. */
  *volunteer(): Steps<void> {
    const { context } = this;
    if (!context.wantsResched) return;
    context.wantsResched = false;
    yield* this.condResched();
  }

  /** The name of a driver's function, for reports. */
  nameOf(address: number): string {
    return this.engine.functionAt(address) ?? hex(address);
  }

  /** WARN_ON_ONCE() in the kernel's own code, at `file:line` of Linux 6.12. */
  warn(file: string, line: number, fn: string, text = ""): void {
    const where = `${file}:${line}`;
    if (this.warned.has(where)) return;
    this.warned.add(where);
    const entry = { fn, site: undefined, context: this.engine.context };
    const stack = this.stack();
    const isThere = stack[0]?.site === undefined && stack[0]?.fn === fn;
    this.emit({ kind: "warn", text, where, stack: isThere ? stack : [entry, ...stack] });
  }

  state(context: TaskContext = this.context): ContextState {
    return {
      preemptCount: context.preemptCount,
      irqsDisabled: context.irqsDisabled,
      inAtomic: context.preemptCount !== 0,
      held: [...context.held],
      preemptDisabledAt: context.preemptDisabledAt,
      rcuDepth: context.rcuDepth,
    };
  }

  /** The call stack of the running task as reports print it: it ends where user space begins. */
  stack(): readonly StackEntry[] {
    return this.stackOf(this.task);
  }

  stackOf(task: Task): readonly StackEntry[] {
    const { calls } = this.contextOf(task);
    const top = calls.at(-1);
    if (top?.depth !== task.layers.length) return this.walk(task, calls);
    top.stack ??= this.walk(task, calls);
    return top.stack;
  }

  private walk(task: Task, calls: readonly KernelCall[]): readonly StackEntry[] {
    const entries: StackEntry[] = [];
    let call = calls.length - 1;
    for (let index = task.layers.length - 1; index >= 0; index--) {
      const { activation, context } = task.layers[index]!;
      for (; call >= 0 && calls[call]!.depth > index; call--) {
        entries.push({ fn: calls[call]!.fn, site: undefined, context });
        if (calls[call]!.fromUser) return entries;
      }
      for (const site of activation.sites()) entries.push({ fn: site.fn, site, context });
    }
    return entries;
  }

  /** A function of the kernel begins, and is seen on the stack until it is taken out of what this gives. */
  enter(fn: string, fromUser = false): KernelCall[] {
    const { task } = this;
    const context = this.contextOf(task);
    if (fromUser) context.switches++;
    context.calls.push({ fn, depth: task.layers.length, fromUser, stack: undefined });
    return context.calls;
  }

  /** Runs a function of the kernel under its name, so that it is seen on the stack. */
  call<T>(fn: string, run: () => T): T {
    const calls = this.enter(fn);
    try {
      return run();
    } finally {
      calls.pop();
    }
  }

  /** The same for one that may block or calls drivers. A task that faults in it is gone, and its calls with it. */
  *steps<T>(fn: string, run: Steps<T>, fromUser = false): Steps<T> {
    const calls = this.enter(fn, fromUser);
    const value = yield* run;
    calls.pop();
    return value;
  }

  /** Says that a function which may sleep was entered; `where` is its might_sleep() in Linux 6.12. */
  mightSleep(callee: string, where: string): void {
    const { state, stateSetBy } = this.context;
    if (state !== TASK_RUNNING) {
      const since = `state=${state.toString(16)} set at ${stateSetBy}`;
      const text = `do not call blocking ops when !TASK_RUNNING; ${since}`;
      this.warn("kernel/sched/core.c", 8654, "__might_sleep", text);
    }
    if (this.preemption === "voluntary") this.context.wantsResched = true;
    this.emit({ kind: "might-sleep", callee, where, state: this.state(), stack: this.stack() });
  }

  /** The statement of the driver that runs, as `file:line`: where might_sleep() of a macro stands. */
  get here(): string {
    const site = this.stack().find((entry) => entry.site !== undefined)?.site;
    if (site === undefined) return "kernel/sched/core.c:0";
    // Where the project lies is no part of a log that is to be the same everywhere.
    return `${site.file.slice(site.file.lastIndexOf("/") + 1)}:${site.line}`;
  }

  /**
   * schedule(): gives the CPU away until somebody wakes the task. It may come back too early, when an interrupt on top
   * of the task was woken, so that callers loop. In atomic context it is a bug, and the task sleeps all the same.
   */
  *schedule(on: WaitToken, state = TASK_UNINTERRUPTIBLE): Steps<void> {
    const { task } = this;
    if (this.inAtomic || this.context.irqsDisabled) {
      this.emit({ kind: "schedule-atomic", state: this.state(), stack: this.stack() });
    }
    if (this.context.rcuDepth > 0) {
      const text = "Voluntary context switch within RCU read-side critical section!";
      this.warn("kernel/rcu/tree_plugin.h", 331, "rcu_note_context_switch", text);
    }
    const { id, name } = task;
    this.emit({ kind: "task", phase: "block", id, comm: name, why: on.words });
    this.setState(task, state);
    this.whenBlocked(task, true);
    const patience = (state & TASK_NOLOAD) === 0 && (state & TASK_UNINTERRUPTIBLE) !== 0 ? HUNG_TASK_SECONDS : 0;
    const watch = this.watch(patience, task, (seconds, stack) =>
      this.emit({ kind: "hung-task", id, comm: name, seconds, stack }),
    );
    yield { kind: "block", on };
    this.contextOf(task).switches++;
    watch?.cancel();
    this.setState(task, TASK_RUNNING);
    this.whenBlocked(task, false);
    this.emit({ kind: "task", phase: "wake", id, comm: name });
  }

  /** A task keeps its CPU while it waits: for too long, perhaps. */
  spinning(task: Task): void {
    const { waitingOn, id, name } = task;
    this.watch(SOFT_LOCKUP_SECONDS, task, (seconds, stack) => {
      if (task.waitingOn !== waitingOn) return;
      this.emit({ kind: "soft-lockup", cpu: task.cpu, id, comm: name, seconds, stack });
    });
  }

  /** Calls a function of a driver by its address. */
  *callDriver(address: number, args: readonly Raw[]): Steps<number> {
    return Number((yield { kind: "call", address, args }) ?? 0) | 0;
  }

  /** Sleeps for so long; true when it was left early because of a signal. */
  *sleep(nanos: number, words: string, interruptible = false): Steps<boolean> {
    const { task } = this;
    const context = this.contextOf(task);
    const { clock } = this.engine;
    const until = clock.nanos + nanos;
    const alarm = clock.after(nanos, () => this.engine.wake(task));
    while (clock.nanos < until) {
      if (interruptible && context.signalPending) {
        alarm.cancel();
        return true;
      }
      yield* this.schedule({ words }, interruptible ? TASK_INTERRUPTIBLE : undefined);
    }
    return false;
  }

  /** Says so when a task is still where it is after so many seconds; 0: never. */
  private watch(
    seconds: number,
    task: Task,
    tell: (seconds: number, stack: readonly StackEntry[]) => void,
  ): Alarm | undefined {
    if (seconds === 0) return undefined;
    return this.engine.clock.after(seconds * 1e9, () => tell(seconds, this.stackOf(task)));
  }
}
