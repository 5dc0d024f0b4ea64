// Interrupt lines: who handles them, when they are delivered, and what happens when nobody does.
// Source: kernel/irq/manage.c, handle.c, spurious.c, autoprobe.c
import { hex, type Raw, type Site, type Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { type Core, HARDIRQ_OFFSET, type TaskContext } from "./core.ts";
import { errno } from "./errno.ts";
import { IrqThread } from "./irq-threads.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";

export const IRQ_NONE = 0;
export const IRQ_HANDLED = 1;
export const IRQ_WAKE_THREAD = 2;
export const IRQF_SHARED = 0x80;
/** Of include/linux/interrupt.h. */
export const IRQ_FLAGS = {
  IRQF_TRIGGER_NONE: 0,
  IRQF_TRIGGER_RISING: 1,
  IRQF_TRIGGER_FALLING: 2,
  IRQF_TRIGGER_HIGH: 4,
  IRQF_TRIGGER_LOW: 8,
  IRQF_TRIGGER_MASK: 0xf,
  IRQF_SHARED,
  IRQF_PROBE_SHARED: 0x100,
  IRQF_PERCPU: 0x400,
  IRQF_NOBALANCING: 0x800,
  IRQF_IRQPOLL: 0x1000,
  IRQF_ONESHOT: 0x2000,
  IRQF_NO_SUSPEND: 0x4000,
  IRQF_FORCE_RESUME: 0x8000,
  IRQF_NO_THREAD: 0x10000,
  IRQF_EARLY_RESUME: 0x20000,
  IRQF_COND_SUSPEND: 0x40000,
  IRQF_NO_AUTOEN: 0x80000,
} as const;
const { IRQF_TRIGGER_RISING, IRQF_TRIGGER_FALLING, IRQF_TRIGGER_MASK, IRQF_ONESHOT, IRQF_NO_AUTOEN } = IRQ_FLAGS;
const IRQF_TRIGGER_EDGES = IRQF_TRIGGER_RISING | IRQF_TRIGGER_FALLING;

/** What request_threaded_irq() is told; a handler or thread function that is absent is 0. */
export interface Request {
  readonly handler: number;
  readonly thread?: number;
  readonly flags: number;
  readonly name: string;
  readonly devId: number;
}

interface Action {
  /** 0: only its thread does anything. */
  readonly handler: number;
  readonly thread: IrqThread | undefined;
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
  /** IRQF_TRIGGER_…; none is as the device has it, a level. */
  trigger: number;
  /** CPUs that may take it, as bits. */
  affinity: number;
  /** How often enable_irq_wake() was called. */
  wakeDepth: number;
  /** A one-shot line, until its threads are done. */
  isMasked: boolean;
  /** The CPU that runs its handlers now. */
  running: number | undefined;
  /** Tasks in synchronize_irq(). */
  readonly waiters: Task[];
  delivered: number;
  /** The same by CPU. */
  readonly counts: number[];
  unhandled: number;
}

/** A line for the views, as in /proc/interrupts. */
export interface IrqView {
  readonly irq: number;
  readonly asserted: boolean;
  readonly enabled: boolean;
  readonly delivered: number;
  /** The same by CPU. */
  readonly counts: readonly number[];
  readonly type: "Edge" | "Level";
  readonly names: readonly string[];
  /** The CPU that runs its handlers now. */
  readonly runningOn: number | undefined;
}

/** Interrupts after which a line that nobody handles is turned off; kernel/irq/spurious.c counts to 100,000. */
const SPURIOUS_AFTER = 1000;
/** Stands among those that assert a line for an edge that was not delivered yet. */
const EDGE = "edge";
const SYNCHRONIZES = "kernel/irq/manage.c:139";
/** `desc->request_mutex`. */
const MUTEX = "kernel/locking/mutex.c:586";

export class Interrupts {
  private readonly core: Core;
  private readonly log: Log;
  private readonly resources: Resources;
  private readonly lines = new Map<number, Line>();
  /** Between probe_irq_on() and probe_irq_off(): lines that came. */
  private probed: Set<number> | undefined;

  constructor(core: Core, log: Log, resources: Resources) {
    this.core = core;
    this.log = log;
    this.resources = resources;
  }

  get all(): readonly IrqView[] {
    return [...this.lines.values()].map(({ irq, asserted, depth, delivered, actions, running, counts, trigger }) => ({
      irq,
      asserted: asserted.size > 0,
      enabled: depth === 0 && actions.length > 0,
      delivered,
      counts,
      type: (trigger & IRQF_TRIGGER_EDGES) === 0 ? "Level" : "Edge",
      names: actions.map(({ name }) => name),
      runningOn: running,
    }));
  }

  /** A device asserts or releases its line. Devices share lines: it is released when all of them have done so. */
  setLevel(irq: number, source: string, level: boolean): void {
    const line = this.line(irq);
    const { asserted, trigger } = line;
    const isEdge = (trigger & IRQF_TRIGGER_EDGES) !== 0;
    const was = this.isHigh(line);
    if (level) asserted.add(source);
    else asserted.delete(source);
    const is = this.isHigh(line);
    if (was === is) return;
    if (is && line.actions.length === 0) this.probed?.add(irq);
    const wanted = is ? IRQF_TRIGGER_RISING : IRQF_TRIGGER_FALLING;
    if (isEdge && (trigger & wanted) !== 0 && line.actions.length > 0) asserted.add(EDGE);
  }

  /** An edge, such as a message of MSI: it is pending until the handlers run, and nothing takes it back. */
  edge(irq: number): void {
    this.line(irq).asserted.add(EDGE);
  }

  /** request_threaded_irq(): 0, or a negative errno. The line is live before this returns. */
  request(irq: number, { handler, thread = 0, flags, name, devId }: Request): number {
    const isShared = (flags & IRQF_SHARED) !== 0;
    if (isShared && (devId === 0 || (flags & IRQF_NO_AUTOEN) !== 0)) return -errno.EINVAL;
    if (handler === 0 && thread === 0) return -errno.EINVAL;
    const line = this.line(irq);
    const trigger = flags & IRQF_TRIGGER_MASK || line.trigger;
    const other = line.actions[0];
    if (other !== undefined) {
      const isOdd = ((flags ^ other.flags) & IRQF_ONESHOT) !== 0 || (line.trigger !== trigger && line.trigger !== 0);
      if ((other.flags & flags & IRQF_SHARED) === 0 || isOdd) {
        const word = (value: number): string => value.toString(16).padStart(8, "0");
        const [mine, its] = [`${word(flags)} (${name})`, `${word(other.flags)} (${other.name})`];
        this.log.write(`genirq: Flags mismatch irq ${irq}. ${mine} vs. ${its}`, 3);
        return -errno.EBUSY;
      }
    }
    // A level that nobody lowers before the thread runs would come again and again.
    if (handler === 0 && (flags & IRQF_ONESHOT) === 0) {
      const text = `genirq: Threaded irq requested with handler=NULL and !ONESHOT for ${name} (irq ${irq})`;
      this.log.write(text, 3);
      return -errno.EINVAL;
    }
    line.trigger = trigger;
    const made =
      thread === 0 ? undefined : new IrqThread(this.core, name, thread, [irq, devId], () => this.unmask(line));
    line.actions.push({ handler, thread: made, flags, name, devId });
    if (other === undefined) line.depth = (flags & IRQF_NO_AUTOEN) === 0 ? 0 : 1;
    this.resources.obtain(keyOf(irq, devId), `irq ${irq} (${name})`);
    return 0;
  }

  /** free_irq(): takes the handler away and waits until it has finished. */
  *free(irq: number, devId: number): Steps<void> {
    if (this.core.inInterrupt) this.misuse(1898, "__free_irq", `Trying to free IRQ ${irq} from IRQ context!`);
    this.core.mightSleep("free_irq", MUTEX);
    const line = this.line(irq);
    const index = line.actions.findLastIndex((action) => action.devId === devId);
    if (index < 0) {
      this.misuse(1913, "__free_irq", `Trying to free already-free IRQ ${irq}`);
      return;
    }
    const [{ thread }] = line.actions.splice(index, 1) as [Action];
    if (line.actions.length === 0) {
      line.depth = 0;
      line.trigger = 0;
      line.asserted.delete(EDGE);
    }
    this.resources.giveBack(keyOf(irq, devId));
    yield* this.wait(line, false);
    if (thread !== undefined) yield* thread.stop();
    if (line.actions.length === 0) line.isMasked = false;
  }

  *synchronize(irq: number, callee = "synchronize_irq"): Steps<void> {
    this.core.mightSleep(callee, SYNCHRONIZES);
    yield* this.wait(this.line(irq), true);
  }

  /** synchronize_hardirq(): spins while handlers run; whether no thread of theirs does. */
  *synchronizeHardirq(irq: number): Steps<boolean> {
    const line = this.line(irq);
    while (line.running !== undefined) {
      line.waiters.push(this.core.task);
      yield { kind: "block", on: { words: `irq ${irq} to finish`, spins: true } };
    }
    return !line.actions.some(({ thread }) => thread?.isActive === true);
  }

  disable(irq: number): void {
    this.line(irq).depth++;
  }

  enable(irq: number): void {
    const line = this.line(irq);
    if (line.depth === 0) this.misuse(791, "__enable_irq", `Unbalanced enable for IRQ ${irq}`);
    else line.depth--;
  }

  /** irq_set_irq_wake(): whether it wakes the machine from suspend; calls nest. */
  setWake(irq: number, on: boolean): number {
    const line = this.line(irq);
    if (on) line.wakeDepth++;
    else if (line.wakeDepth === 0) this.misuse(921, "irq_set_irq_wake", `Unbalanced IRQ ${irq} wake disable`);
    else line.wakeDepth--;
    return 0;
  }

  /** irq_set_irq_type(). */
  setType(irq: number, type: number): number {
    this.line(irq).trigger = type & IRQF_TRIGGER_MASK;
    return 0;
  }

  /** irq_set_affinity(): only these CPUs take it. */
  setAffinity(irq: number, mask: number): number {
    const possible = mask & ((1 << this.core.engine.cpuCount) - 1);
    if (possible === 0) return -errno.EINVAL;
    this.line(irq).affinity = possible;
    return 0;
  }

  /** probe_irq_on(): from now on lines that nobody has are watched. */
  *probeOn(): Steps<number> {
    this.core.mightSleep("probe_irq_on", MUTEX);
    yield* this.core.sleep(100e6, "probe_irq_on");
    this.probed = new Set();
    return 0xffffffff;
  }

  /** probe_irq_off(): the line that came meanwhile, 0 for none, negative when there were more. */
  probeOff(): number {
    const found = [...(this.probed ?? [])].sort((a, b) => a - b);
    this.probed = undefined;
    const [first = 0] = found;
    return found.length > 1 ? -first : first;
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

  private isReady(line: Line): boolean {
    if (line.depth !== 0 || line.isMasked || line.running !== undefined || line.actions.length === 0) return false;
    const isEdge = (line.trigger & IRQF_TRIGGER_EDGES) !== 0;
    return isEdge ? line.asserted.has(EDGE) : line.asserted.size > 0;
  }

  /** Somebody asserts it, whatever edges were not delivered yet. */
  private isHigh({ asserted }: Line): boolean {
    return asserted.size > (asserted.has(EDGE) ? 1 : 0);
  }

  /** CPUs take turns; one that cannot take the interrupt is passed over. */
  private isFor(line: Line, cpu: number): boolean {
    const { cpuCount } = this.core.engine;
    if ((line.affinity & (1 << cpu)) === 0) return false;
    let preferred = line.delivered % cpuCount;
    while ((line.affinity & (1 << preferred)) === 0) preferred = (preferred + 1) % cpuCount;
    if (preferred === cpu) return true;
    const { irqsDisabled, preemptCount } = this.core.contextOf(this.core.engine.taskOn(preferred));
    return irqsDisabled || preemptCount >= HARDIRQ_OFFSET;
  }

  /** handle_level_irq(): the line is masked until its handlers are done; all handlers of a shared line run. */
  private *deliver(line: Line, task: Task, cpu: number): Steps<Raw> {
    const { irq } = line;
    const context = this.core.contextOf(task);
    line.delivered++;
    line.counts[cpu]!++;
    line.asserted.delete(EDGE);
    this.core.emit({ kind: "irq-enter", irq, name: line.actions.map(({ name }) => name).join(", ") });
    let handled = false;
    for (const action of [...line.actions]) {
      const result = yield* this.handle(line, action, context);
      if (result === IRQ_HANDLED) handled = true;
      else if (result === IRQ_WAKE_THREAD) handled = this.wakeThread(line, action) || handled;
      else if (result !== IRQ_NONE) {
        this.bad(line, `irq event ${irq}: bogus return value ${(result >>> 0).toString(16)}`);
      }
    }
    this.core.emit({ kind: "irq-exit", irq, handled });
    line.running = undefined;
    if (!handled) this.spurious(line);
    for (const waiter of line.waiters.splice(0)) this.core.engine.wake(waiter);
    this.core.irqExit(context, cpu);
    return undefined;
  }

  private *handle({ irq }: Line, { handler, devId }: Action, context: TaskContext): Steps<number> {
    if (handler === 0) return IRQ_WAKE_THREAD;
    const result = yield* this.core.steps("__handle_irq_event_percpu", this.core.callDriver(handler, [irq, devId]));
    if (!context.irqsDisabled) {
      const text = `irq ${irq} handler ${this.core.nameOf(handler)} enabled interrupts`;
      this.tell("kernel/irq/handle.c:161", "__handle_irq_event_percpu", text, this.beginning(handler));
      context.irqsDisabled = true;
    }
    return result;
  }

  private wakeThread(line: Line, { thread, flags, name }: Action): boolean {
    if (thread === undefined) {
      const text = `IRQ ${line.irq} device ${name} returned IRQ_WAKE_THREAD but no thread function available.`;
      this.log.write(text, 4);
      return true;
    }
    if ((flags & IRQF_ONESHOT) !== 0) line.isMasked = true;
    thread.wake();
    return true;
  }

  /** A thread is done: a one-shot line goes on when all are. */
  private unmask(line: Line): void {
    if (line.actions.some(({ thread }) => thread?.isActive === true)) return;
    line.isMasked = false;
    for (const waiter of line.waiters.splice(0)) this.core.engine.wake(waiter);
  }

  /** A WARN() of kernel/irq/manage.c. */
  private misuse(at: number, fn: string, text: string): void {
    this.tell(`kernel/irq/manage.c:${at}`, fn, text);
  }

  private tell(where: string, fn: string, text: string, site?: Site): void {
    const entry = { fn, site: undefined, context: this.core.engine.context };
    const stack = [entry, ...this.core.stack()];
    this.core.emit({ kind: "warn", id: "irq-misuse", text, where, site, stack });
  }

  /** __report_bad_irq(). */
  private bad({ actions }: Line, text: string): void {
    const handlers = actions.map(({ handler }) => `[<${hex(handler)}>] ${this.core.nameOf(handler)}`);
    const entry = { fn: "__report_bad_irq", site: undefined, context: this.core.engine.context };
    const stack = [entry, ...this.core.stack()];
    this.core.emit({ kind: "bad-irq", text, handlers, site: this.beginning(actions[0]?.handler ?? 0), stack });
  }

  /** The first statement of a handler. */
  private beginning(handler: number): Site | undefined {
    const name = this.core.nameOf(handler);
    return this.core.engine.imageOf(handler)?.program.sites.find(({ fn }) => fn === name);
  }

  private spurious(line: Line): void {
    line.unhandled++;
    if (line.unhandled < SPURIOUS_AFTER) return;
    this.bad(line, `irq ${line.irq}: nobody cared (try booting with the "irqpoll" option)`);
    this.log.write(`Disabling IRQ #${line.irq}`, 0);
    line.depth++;
    line.unhandled = 0;
  }

  private *wait(line: Line, withThreads: boolean): Steps<void> {
    const isBusy = (): boolean =>
      line.running !== undefined || (withThreads && line.actions.some(({ thread }) => thread?.isActive === true));
    while (isBusy()) {
      line.waiters.push(this.core.task);
      yield* this.core.schedule({ words: `irq ${line.irq} to finish` });
    }
  }

  private line(irq: number): Line {
    let line = this.lines.get(irq);
    if (line === undefined) {
      const counts = new Array<number>(this.core.engine.cpuCount).fill(0);
      const empty = { asserted: new Set<string>(), actions: [], waiters: [], counts, running: undefined };
      const zeros = { depth: 0, trigger: 0, wakeDepth: 0, delivered: 0, unhandled: 0 };
      line = { irq, ...empty, ...zeros, affinity: 0xff, isMasked: false };
      this.lines.set(irq, line);
    }
    return line;
  }
}

function keyOf(irq: number, devId: number): string {
  return `irq ${irq} ${devId}`;
}
