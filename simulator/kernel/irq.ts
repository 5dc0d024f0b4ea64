// Interrupt lines: who handles them, when they are delivered, and what happens when nobody does.
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { type Core, HARDIRQ_OFFSET } from "./core.ts";
import { errno } from "./errno.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";

export const IRQ_NONE = 0;
export const IRQ_HANDLED = 1;
export const IRQF_SHARED = 0x80;

interface Action {
  readonly handler: number;
  readonly flags: number;
  readonly name: string;
  readonly devId: number;
}

interface Line {
  readonly irq: number;
  /** Devices that assert it: level triggered, as INTx is. */
  readonly asserted: Set<string>;
  readonly actions: Action[];
  /** How often it was disabled; it is delivered at 0. */
  depth: number;
  /** The CPU that runs its handlers now. */
  running: number | undefined;
  /** Tasks in synchronize_irq(). */
  readonly waiters: Task[];
  delivered: number;
  unhandled: number;
}

/** A line for the views, as in /proc/interrupts. */
export interface IrqView {
  readonly irq: number;
  readonly asserted: boolean;
  readonly enabled: boolean;
  readonly delivered: number;
  readonly names: readonly string[];
  /** The CPU that runs its handlers now. */
  readonly runningOn: number | undefined;
}

/** Interrupts after which a line that nobody handles is turned off; kernel/irq/spurious.c counts to 100,000. */
const SPURIOUS_AFTER = 1000;
/** Stands among those that assert a line for an edge that was not delivered yet. */
const EDGE = "edge";
const MANAGE = "kernel/irq/manage.c:2206";

export class Interrupts {
  private readonly core: Core;
  private readonly log: Log;
  private readonly resources: Resources;
  private readonly lines = new Map<number, Line>();

  constructor(core: Core, log: Log, resources: Resources) {
    this.core = core;
    this.log = log;
    this.resources = resources;
  }

  get all(): readonly IrqView[] {
    return [...this.lines.values()].map(({ irq, asserted, depth, delivered, actions, running }) => ({
      irq,
      asserted: asserted.size > 0,
      enabled: depth === 0 && actions.length > 0,
      delivered,
      names: actions.map(({ name }) => name),
      runningOn: running,
    }));
  }

  /** A device asserts or releases its line. Devices share lines: it is released when all of them have done so. */
  setLevel(irq: number, source: string, level: boolean): void {
    const { asserted } = this.line(irq);
    if (level) asserted.add(source);
    else asserted.delete(source);
  }

  /** An edge, such as a message of MSI: it is pending until the handlers run, and nothing takes it back. */
  edge(irq: number): void {
    this.line(irq).asserted.add(EDGE);
  }

  /** request_irq(): 0, or a negative errno. The line is live before this returns. */
  request(irq: number, handler: number, flags: number, name: string, devId: number): number {
    if (handler === 0 || ((flags & IRQF_SHARED) !== 0 && devId === 0)) return -errno.EINVAL;
    const line = this.line(irq);
    const other = line.actions[0];
    if (other !== undefined && (other.flags & flags & IRQF_SHARED) === 0) {
      const word = (value: number): string => value.toString(16).padStart(8, "0");
      this.log.write(`Flags mismatch irq ${irq}. ${word(flags)} (${name}) vs. ${word(other.flags)} (${other.name})`, 3);
      return -errno.EBUSY;
    }
    line.actions.push({ handler, flags, name, devId });
    this.resources.obtain(keyOf(irq, devId), `irq ${irq} (${name})`);
    return 0;
  }

  /** free_irq(): takes the handler away and waits until it has finished. */
  *free(irq: number, devId: number): Steps<void> {
    // free_irq() takes a mutex of the line.
    this.core.mightSleep("free_irq", "kernel/locking/mutex.c:586");
    if (this.core.inInterrupt) this.log.write(`Trying to free IRQ ${irq} from IRQ context!`, 4);
    const line = this.line(irq);
    const index = line.actions.findLastIndex((action) => action.devId === devId);
    if (index < 0) {
      this.log.write(`Trying to free already-free IRQ ${irq}`, 4);
      return;
    }
    line.actions.splice(index, 1);
    if (line.actions.length === 0) line.depth = 0;
    this.resources.giveBack(keyOf(irq, devId));
    yield* this.wait(line);
  }

  *synchronize(irq: number, callee = "synchronize_irq"): Steps<void> {
    this.core.mightSleep(callee, MANAGE);
    yield* this.wait(this.line(irq));
  }

  disable(irq: number): void {
    this.line(irq).depth++;
  }

  enable(irq: number): void {
    const line = this.line(irq);
    if (line.depth === 0) this.log.write(`Unbalanced enable for IRQ ${irq}`, 4);
    else line.depth--;
  }

  /** The next interrupt of a CPU that takes interrupts now; its context is entered at once. */
  next(cpu: number): Steps<Raw> | undefined {
    const task = this.core.engine.taskOn(cpu);
    const context = this.core.contextOf(task);
    if (context.irqsDisabled || context.preemptCount >= HARDIRQ_OFFSET) return undefined;
    for (const line of this.lines.values()) {
      if (!this.isReady(line) || !this.isFor(line, cpu)) continue;
      line.running = cpu;
      this.core.irqEnter(context);
      return this.deliver(line, task, cpu);
    }
    return undefined;
  }

  /** Whether a CPU that takes interrupts would take one now. */
  isDue(cpu: number): boolean {
    for (const line of this.lines.values()) if (this.isReady(line) && this.isFor(line, cpu)) return true;
    return false;
  }

  /** A handler faulted: Linux panics; here its line stays off, and whoever waits for the handler goes on. */
  abandon(cpu: number): void {
    for (const line of this.lines.values()) {
      if (line.running !== cpu) continue;
      line.running = undefined;
      line.depth++;
      for (const waiter of line.waiters.splice(0)) this.core.engine.wake(waiter);
    }
  }

  private isReady({ asserted, depth, running, actions }: Line): boolean {
    return asserted.size > 0 && depth === 0 && running === undefined && actions.length > 0;
  }

  /** CPUs take turns; one that cannot take the interrupt is passed over. */
  private isFor(line: Line, cpu: number): boolean {
    const preferred = line.delivered % this.core.engine.cpuCount;
    if (preferred === cpu) return true;
    const { irqsDisabled, preemptCount } = this.core.contextOf(this.core.engine.taskOn(preferred));
    return irqsDisabled || preemptCount >= HARDIRQ_OFFSET;
  }

  /** handle_level_irq(): the line is masked until its handlers are done; all handlers of a shared line run. */
  private *deliver(line: Line, task: Task, cpu: number): Steps<Raw> {
    const { irq } = line;
    const context = this.core.contextOf(task);
    line.delivered++;
    line.asserted.delete(EDGE);
    this.core.emit({ kind: "irq-enter", irq, name: line.actions.map(({ name }) => name).join(", ") });
    let handled = false;
    for (const { handler, devId } of [...line.actions]) {
      const result = yield* this.core.steps("__handle_irq_event_percpu", this.core.callDriver(handler, [irq, devId]));
      if (!context.irqsDisabled) {
        const name = this.core.engine.functionAt(handler) ?? "?";
        this.log.write(`irq ${irq} handler ${name}+0x0/0x10 enabled interrupts`, 4);
        context.irqsDisabled = true;
      }
      if (result === IRQ_HANDLED) handled = true;
      else if (result !== IRQ_NONE)
        this.log.write(`irq event ${irq}: bogus return value ${(result >>> 0).toString(16)}`, 3);
    }
    this.core.emit({ kind: "irq-exit", irq, handled });
    line.running = undefined;
    if (!handled) this.spurious(line);
    for (const waiter of line.waiters.splice(0)) this.core.engine.wake(waiter);
    this.core.irqExit(context, cpu);
    return undefined;
  }

  private spurious(line: Line): void {
    line.unhandled++;
    if (line.unhandled < SPURIOUS_AFTER) return;
    this.log.write(`irq ${line.irq}: nobody cared (try booting with the "irqpoll" option)`, 3);
    this.log.write("handlers:", 3);
    for (const { handler } of line.actions) {
      this.log.write(`[<${handler.toString(16)}>] ${this.core.engine.functionAt(handler) ?? "?"}`, 3);
    }
    this.log.write(`Disabling IRQ #${line.irq}`, 0);
    line.depth++;
    line.unhandled = 0;
  }

  private *wait(line: Line): Steps<void> {
    while (line.running !== undefined) {
      line.waiters.push(this.core.task);
      yield* this.core.schedule({ words: `irq ${line.irq} to finish` });
    }
  }

  private line(irq: number): Line {
    let line = this.lines.get(irq);
    if (line === undefined) {
      const empty = { asserted: new Set<string>(), actions: [], waiters: [] };
      line = { irq, ...empty, depth: 0, running: undefined, delivered: 0, unhandled: 0 };
      this.lines.set(irq, line);
    }
    return line;
  }
}

function keyOf(irq: number, devId: number): string {
  return `irq ${irq} ${devId}`;
}
