// Softirqs: what interrupt handlers put off, run when the last of them is left, at local_bh_enable(), or by ksoftirqd.
// Source: kernel/softirq.c
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import {
  type Core,
  HARDIRQ_OFFSET,
  SOFTIRQ_MASK,
  SOFTIRQ_OFFSET,
  TASK_INTERRUPTIBLE,
  type TaskContext,
} from "./core.ts";
import type { Log } from "./printk.ts";

/** Vectors in order of urgency, include/linux/interrupt.h. */
export const SOFTIRQS = {
  HI_SOFTIRQ: 0,
  TIMER_SOFTIRQ: 1,
  NET_TX_SOFTIRQ: 2,
  NET_RX_SOFTIRQ: 3,
  BLOCK_SOFTIRQ: 4,
  IRQ_POLL_SOFTIRQ: 5,
  TASKLET_SOFTIRQ: 6,
  SCHED_SOFTIRQ: 7,
  HRTIMER_SOFTIRQ: 8,
  RCU_SOFTIRQ: 9,
} as const;

const NAMES = ["HI", "TIMER", "NET_TX", "NET_RX", "BLOCK", "IRQ_POLL", "TASKLET", "SCHED", "HRTIMER", "RCU"];

/** How long and how often softirqs that are raised anew run in a row before ksoftirqd takes over. */
const MAX_SOFTIRQ_NANOS = 2e6;
const MAX_SOFTIRQ_RESTART = 10;

type Action = (cpu: number) => Steps<unknown>;

interface PerCpu {
  /** A bit for each vector that was raised. */
  pending: number;
  /** An interrupt was left, or bottom halves were enabled: they run before anything else of this CPU. */
  isDue: boolean;
  isRunning: boolean;
  /** The vector that runs. */
  vector: number | undefined;
  ksoftirqd: Task | undefined;
  /** ksoftirqd has something to do. */
  isWoken: boolean;
}

export class Softirqs {
  private readonly core: Core;
  private readonly log: Log;
  private readonly actions: { readonly run: Action; readonly name: string }[] = [];
  private readonly cpus: readonly PerCpu[];

  constructor(core: Core, log: Log) {
    this.core = core;
    this.log = log;
    this.cpus = Array.from({ length: core.engine.cpuCount }, () => ({
      pending: 0,
      isDue: false,
      isRunning: false,
      vector: undefined,
      ksoftirqd: undefined,
      isWoken: false,
    }));
  }

  /** open_softirq(): what a vector does; `name` is the function's, for reports. */
  open(vector: number, run: Action, name: string): void {
    this.actions[vector] = { run, name };
  }

  /** raise_softirq(): on the CPU that runs. Outside of interrupts ksoftirqd sees to it. */
  raise(vector: number, cpu = this.core.engine.cpu): void {
    const own = this.cpus[cpu]!;
    own.pending |= 1 << vector;
    this.core.emit({ kind: "softirq-raise", vector, name: NAMES[vector] ?? String(vector) });
    if (cpu !== this.core.engine.cpu || !this.core.inInterrupt) this.wakeDaemon(cpu);
  }

  /** Vectors that were raised on a CPU and have not run, as bits. */
  pendingOn(cpu: number): number {
    return this.cpus[cpu]!.pending;
  }

  /** The name of the vector that runs on a CPU: `TIMER`. */
  runningOn(cpu: number): string | undefined {
    const { isRunning, vector } = this.cpus[cpu]!;
    return isRunning && vector !== undefined ? NAMES[vector] : undefined;
  }

  isDue(cpu: number): boolean {
    const own = this.cpus[cpu]!;
    return own.isDue && own.pending !== 0;
  }

  /** The last interrupt of a CPU is left, or bottom halves are on again. */
  leave(cpu: number): void {
    const own = this.cpus[cpu]!;
    if (own.pending !== 0) own.isDue = true;
  }

  /** Softirqs that a CPU has to run now, on top of what it runs; their context is entered at once. */
  next(cpu: number): Steps<Raw> | undefined {
    const own = this.cpus[cpu]!;
    if (!this.isDue(cpu)) return undefined;
    const context = this.core.contextOf(this.core.engine.taskOn(cpu));
    if ((context.preemptCount & SOFTIRQ_MASK) !== 0 || context.preemptCount >= HARDIRQ_OFFSET) return undefined;
    own.isDue = false;
    own.isRunning = true;
    const { irqsDisabled } = context;
    context.preemptCount += SOFTIRQ_OFFSET;
    context.irqsDisabled = false;
    return this.run(cpu, own, context, irqsDisabled);
  }

  /** A softirq faulted: what it was about is lost. */
  abandon(cpu: number): void {
    this.cpus[cpu]!.isRunning = false;
  }

  private *run(cpu: number, own: PerCpu, context: TaskContext, irqsDisabled: boolean): Steps<Raw> {
    const { clock } = this.core.engine;
    const end = clock.nanos + MAX_SOFTIRQ_NANOS;
    for (let restarts = 0; own.pending !== 0; ) {
      const { pending } = own;
      own.pending = 0;
      for (let vector = 0; vector < NAMES.length; vector++) {
        if ((pending & (1 << vector)) !== 0) yield* this.act(cpu, vector, context);
      }
      if (own.pending === 0) break;
      const isLong = clock.nanos >= end || ++restarts >= MAX_SOFTIRQ_RESTART;
      if (!isLong && !this.core.engine.needsTurn(cpu)) continue;
      this.wakeDaemon(cpu);
      break;
    }
    context.preemptCount = Math.max(0, context.preemptCount - SOFTIRQ_OFFSET);
    context.irqsDisabled = irqsDisabled;
    own.isRunning = false;
    return undefined;
  }

  private *act(cpu: number, vector: number, context: TaskContext): Steps<void> {
    const action = this.actions[vector];
    if (action === undefined) return;
    const name = NAMES[vector]!;
    const before = context.preemptCount;
    this.cpus[cpu]!.vector = vector;
    this.core.emit({ kind: "softirq-enter", vector, name });
    yield* this.core.steps("handle_softirqs", this.core.steps(action.name, action.run(cpu)));
    this.core.emit({ kind: "softirq-exit", vector, name });
    if (context.preemptCount === before) return;
    const word = (value: number): string => value.toString(16).padStart(8, "0");
    this.log.write(
      `huh, entered softirq ${vector} ${name} ${action.name} with preempt_count ${word(before)}, exited with ${word(context.preemptCount)}?`,
      3,
    );
    context.preemptCount = before;
  }

  private wakeDaemon(cpu: number): void {
    const own = this.cpus[cpu]!;
    own.isWoken = true;
    if (own.ksoftirqd === undefined || own.ksoftirqd.state === "done") {
      const birth = { cpu, isDaemon: true };
      own.ksoftirqd = this.core.engine.spawn(`ksoftirqd/${cpu}`, this.daemon(cpu, own), undefined, birth);
    } else this.core.engine.wake(own.ksoftirqd);
  }

  private *daemon(cpu: number, own: PerCpu): Steps<Raw> {
    for (;;) {
      while (!own.isWoken) yield* this.core.schedule({ words: "softirqs" }, TASK_INTERRUPTIBLE);
      own.isWoken = false;
      if (own.pending === 0) continue;
      own.isDue = true;
      // They run on top of it, and the others of this CPU get their turn in between.
      yield { kind: "yield" };
      yield { kind: "yield", gives: true };
      if (own.pending !== 0) this.wakeDaemon(cpu);
    }
  }
}
