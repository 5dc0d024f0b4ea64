// CPUs among themselves: functions called on others by an interrupt, and asking on which one runs.
// Source: kernel/smp.c, lib/smp_processor_id.c
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { type Core, HARDIRQ_OFFSET } from "./core.ts";

interface Call {
  readonly fn: number;
  readonly info: number;
  isDone: boolean;
  waiter: Task | undefined;
}

export class Smp {
  private readonly core: Core;
  private readonly queues: readonly Call[][];

  constructor(core: Core) {
    this.core = core;
    this.queues = Array.from({ length: core.engine.cpuCount }, () => []);
  }

  get cpus(): readonly number[] {
    return this.queues.map((_, cpu) => cpu);
  }

  /** smp_processor_id(): the answer is no use to a task that may be moved in the next moment. */
  processorId(what: string): number {
    const { core } = this;
    const { preemptCount, irqsDisabled, isBound } = core.context;
    if (preemptCount === 0 && !irqsDisabled && !isBound) {
      core.emit({ kind: "processor-id", what, state: core.state(), stack: core.stack() });
    }
    return core.engine.cpu;
  }

  isDue(cpu: number): boolean {
    return this.queues[cpu]!.length > 0;
  }

  /** The interrupt that another CPU sent. */
  next(cpu: number): Steps<Raw> | undefined {
    const queue = this.queues[cpu]!;
    if (queue.length === 0) return undefined;
    const context = this.core.contextOf(this.core.engine.taskOn(cpu));
    if (context.irqsDisabled || context.preemptCount >= HARDIRQ_OFFSET) return undefined;
    this.core.irqEnter(context);
    return this.deliver(cpu, queue);
  }

  /** on_each_cpu(), smp_call_function(): on these CPUs, the own one included if it is among them. */
  *call(cpus: readonly number[], fn: number, info: number, isWaiting: boolean): Steps<void> {
    const { core } = this;
    const own = core.engine.cpu;
    if (core.context.irqsDisabled) core.warn("kernel/smp.c", 807, "smp_call_function_many_cond");
    const calls = cpus
      .filter((cpu) => cpu !== own)
      .map((cpu) => {
        const call: Call = { fn, info, isDone: false, waiter: undefined };
        this.queues[cpu]!.push(call);
        return call;
      });
    core.emit({ kind: "order", phase: "release", what: "smp", address: 0 });
    core.preemptDisable();
    if (cpus.includes(own)) {
      const { context } = core;
      const { irqsDisabled } = context;
      context.irqsDisabled = true;
      yield* core.callDriver(fn, [info]);
      context.irqsDisabled = irqsDisabled;
    }
    for (const call of isWaiting ? calls : []) {
      while (!call.isDone) {
        call.waiter = core.task;
        yield { kind: "block", on: { words: "other CPUs", spins: true } };
      }
    }
    if (isWaiting) core.emit({ kind: "order", phase: "acquire", what: "smp done", address: 0 });
    core.preemptEnable();
  }

  private *deliver(cpu: number, queue: Call[]): Steps<Raw> {
    const { core } = this;
    const context = core.contextOf(core.engine.taskOn(cpu));
    for (let call = queue.shift(); call !== undefined; call = queue.shift()) {
      core.emit({ kind: "order", phase: "acquire", what: "smp", address: 0 });
      yield* core.steps("flush_smp_call_function_queue", core.callDriver(call.fn, [call.info]));
      core.emit({ kind: "order", phase: "release", what: "smp done", address: 0 });
      call.isDone = true;
      if (call.waiter !== undefined) core.engine.wake(call.waiter);
    }
    core.irqExit(context, cpu);
    return undefined;
  }
}
