// The watchdog of CPUs: one that cannot be preempted for too long, or takes no interrupts, is said to be stuck.
// Source: kernel/watchdog.c
import { type Core, SOFT_LOCKUP_SECONDS } from "./core.ts";

/** kernel.watchdog_thresh. */
const HARD_LOCKUP_SECONDS = 10;

/** What holds a CPU up, and since when it was seen to do so. */
interface Stretch {
  what: unknown;
  count: number;
  since: number;
  isTold: boolean;
}

export class Watchdog {
  private readonly core: Core;
  private readonly soft: readonly Stretch[];
  private readonly hard: readonly Stretch[];

  constructor(core: Core) {
    this.core = core;
    const none = (): Stretch => ({ what: undefined, count: 0, since: 0, isTold: false });
    this.soft = Array.from({ length: core.engine.cpuCount }, none);
    this.hard = Array.from({ length: core.engine.cpuCount }, none);
  }

  /** Nothing holds a CPU up, and a look at it would not say that anything did. */
  isFree(cpu: number): boolean {
    const { preemptCount, irqsDisabled } = this.core.contextOf(this.core.engine.taskOn(cpu));
    if (preemptCount !== 0 || irqsDisabled || this.core.preemption !== "full") return false;
    return this.soft[cpu]!.what === undefined && this.hard[cpu]!.what === undefined;
  }

  /** Looks at a CPU between two turns. */
  look(cpu: number): void {
    // Most of the time nothing holds a CPU up, and this is asked between all turns.
    if (this.isFree(cpu)) return;
    const { core } = this;
    const task = core.engine.taskOn(cpu);
    const context = core.contextOf(task);
    const { irqsDisabled, preemptCount, isUser, calls } = context;
    const [soft, hard] = [this.soft[cpu]!, this.hard[cpu]!];
    const irqs = this.lasts(hard, irqsDisabled ? context : undefined, context.irqSections);
    if (irqs >= HARD_LOCKUP_SECONDS && !hard.isTold) {
      hard.isTold = true;
      core.emit({ kind: "hard-lockup", cpu, id: task.id, comm: task.name, stack: core.stackOf(task) });
    }
    // Without preemption nobody else gets the CPU until the task says so or is in user space again.
    const isKept = core.preemption !== "full" && task !== core.engine.idleOf(cpu) && !(isUser && calls.length === 0);
    const interrupt = preemptCount < 0x100 ? undefined : task.layers.find(({ context: own }) => own !== "task");
    const atomic = interrupt ?? (preemptCount === 0 ? undefined : (context.preemptDisabledAt ?? context));
    // Who waits for a lock is told of by itself: see Core.spinning().
    const holder = task.state === "spinning" ? undefined : isKept ? context : atomic;
    const seconds = this.lasts(soft, holder, context.switches);
    if (seconds < SOFT_LOCKUP_SECONDS || soft.isTold) return;
    soft.isTold = true;
    const stack = core.stackOf(task);
    core.emit({ kind: "soft-lockup", cpu, id: task.id, comm: task.name, seconds, stack });
  }

  /** For how many seconds it is the same; nothing lasts no time. */
  private lasts(stretch: Stretch, what: unknown, count: number): number {
    const now = this.core.engine.clock.nanos;
    if (what !== undefined && stretch.what === what && stretch.count === count) {
      return Math.floor((now - stretch.since) / 1e9);
    }
    if (what === undefined && stretch.what === undefined) return 0;
    Object.assign(stretch, { what, count, since: now, isTold: false });
    return 0;
  }
}
