// The timer interrupt of each CPU: it comes when a timer of that CPU is due, and not before the CPU takes interrupts.
// Source: kernel/time/tick-sched.c
import type { Alarm } from "../engine/clock.ts";
import type { Raw, Steps } from "../engine/interfaces.ts";
import { type Core, HARDIRQ_OFFSET } from "./core.ts";

/** Something that a CPU's timer interrupt looks after. */
export interface Ticking {
  /** When it wants the next interrupt of a CPU, in virtual nanoseconds; undefined when it wants none. */
  nextOn(cpu: number): number | undefined;
  /** In the interrupt. */
  tick(cpu: number): Steps<unknown>;
}

export class Tick {
  private readonly core: Core;
  private readonly parts: Ticking[] = [];
  private readonly cpus: { alarm: Alarm | undefined; at: number | undefined; isDue: boolean }[];

  constructor(core: Core) {
    this.core = core;
    this.cpus = Array.from({ length: core.engine.cpuCount }, () => ({ alarm: undefined, at: undefined, isDue: false }));
  }

  add(part: Ticking): void {
    this.parts.push(part);
  }

  isDue(cpu: number): boolean {
    return this.cpus[cpu]!.isDue;
  }

  /** Something changed: the next interrupt is set anew. */
  program(cpu: number): void {
    const own = this.cpus[cpu]!;
    let next: number | undefined;
    for (const part of this.parts) {
      const at = part.nextOn(cpu);
      if (at !== undefined && (next === undefined || at < next)) next = at;
    }
    if (next === own.at || own.isDue) return;
    own.alarm?.cancel();
    own.at = next;
    const { clock } = this.core.engine;
    own.alarm =
      next === undefined
        ? undefined
        : clock.after(next - clock.nanos, () => {
            own.at = undefined;
            own.isDue = true;
          });
  }

  /** The timer interrupt of a CPU that takes interrupts now; its context is entered at once. */
  next(cpu: number): Steps<Raw> | undefined {
    const own = this.cpus[cpu]!;
    if (!own.isDue) return undefined;
    const context = this.core.contextOf(this.core.engine.taskOn(cpu));
    if (context.irqsDisabled || context.preemptCount >= HARDIRQ_OFFSET) return undefined;
    own.isDue = false;
    this.core.irqEnter(context);
    return this.deliver(cpu);
  }

  private *deliver(cpu: number): Steps<Raw> {
    const context = this.core.contextOf(this.core.engine.taskOn(cpu));
    for (const part of this.parts) yield* part.tick(cpu);
    this.program(cpu);
    this.core.irqExit(context, cpu);
    return undefined;
  }
}
