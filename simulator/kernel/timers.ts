// Timers of struct timer_list: their functions run in TIMER_SOFTIRQ of a CPU once jiffies has reached their time.
// Source: kernel/time/timer.c
import { Heap, type Placed } from "../engine/heap.ts";
import type { Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import type { Core } from "./core.ts";
import type { DebugObjects } from "./debug-objects.ts";
import { jiffiesAt, nanosOf, ticksAt } from "./jiffies.ts";
import { offsetOf } from "./layouts.ts";
import type { Log } from "./printk.ts";
import { SOFTIRQS, type Softirqs } from "./softirqs.ts";
import type { Tick, Ticking } from "./tick.ts";
import { timer_list } from "./time-layouts.ts";

/** `flags`: the CPU in the lowest bits, include/linux/timer.h. */
export const TIMER_CPUMASK = 0x3ffff;
export const TIMER_DEFERRABLE = 0x80000;
export const TIMER_PINNED = 0x100000;
export const TIMER_IRQSAFE = 0x200000;

const NEXT = offsetOf(timer_list, "entry");
const PPREV = NEXT + 4;
const EXPIRES = offsetOf(timer_list, "expires");
const FUNCTION = offsetOf(timer_list, "function");
const FLAGS = offsetOf(timer_list, "flags");
/** include/linux/poison.h */
const LIST_POISON2 = 0x122;

/** A timer that is waiting. */
interface Pending extends Placed {
  readonly address: number;
  /** Ticks since boot. */
  readonly at: number;
  readonly sequence: number;
  readonly cpu: number;
}

interface Base {
  readonly waiting: Heap<Pending>;
  /** The softirq was raised: until it has run, no interrupt is wanted. */
  isRaised: boolean;
  /** The timer whose function runs now. */
  running: number | undefined;
}

export class Timers implements Ticking {
  private readonly core: Core;
  private readonly log: Log;
  private readonly softirqs: Softirqs;
  private readonly tick_: Tick;
  private readonly objects: DebugObjects;
  private readonly bases: readonly Base[];
  private readonly pending = new Map<number, Pending>();
  private readonly waiters: Task[] = [];
  private sequence = 0;

  constructor(core: Core, log: Log, softirqs: Softirqs, tick: Tick, objects: DebugObjects) {
    this.core = core;
    this.log = log;
    this.softirqs = softirqs;
    this.tick_ = tick;
    this.objects = objects;
    this.bases = Array.from({ length: core.engine.cpuCount }, () => ({
      waiting: new Heap<Pending>((a, b) => a.at < b.at || (a.at === b.at && a.sequence < b.sequence)),
      isRaised: false,
      running: undefined,
    }));
    tick.add(this);
    softirqs.open(SOFTIRQS.TIMER_SOFTIRQ, (cpu) => this.expire(cpu), "run_timer_softirq");
    objects.add("timer_list", {
      active: () => this.pending,
      hint: (address) => core.memory.peek(address + FUNCTION, 4),
      release: (address) => void this.detach(address),
    });
  }

  get jiffies(): number {
    return jiffiesAt(this.core.engine.clock.nanos);
  }

  /** Those that wait, the first to expire first; `at` in ticks since boot. */
  get all(): readonly { readonly address: number; readonly at: number; readonly cpu: number; readonly fn: number }[] {
    return [...this.pending.values()]
      .sort((a, b) => a.at - b.at || a.sequence - b.sequence)
      .map(({ address, at, cpu }) => ({ address, at, cpu, fn: this.core.memory.peek(address + FUNCTION, 4) }));
  }

  /** timer_setup() and DEFINE_TIMER(). */
  setup(address: number, fn: number, flags: number): void {
    const { memory } = this.core;
    this.objects.init("timer_list", address, this.pending.has(address));
    memory.touch(address, timer_list.size, true);
    memory.poke(address + NEXT, 4, 0);
    memory.poke(address + PPREV, 4, 0);
    memory.poke(address + FUNCTION, 4, fn);
    memory.poke(address + FLAGS, 4, flags | this.core.engine.cpu);
  }

  isPending(address: number): boolean {
    return this.core.memory.load(address + PPREV, 4, false) !== 0;
  }

  /** mod_timer() and its kin: 1 when it was waiting before, else 0. A timer that was shut down stays so. */
  modify(
    address: number,
    expires: number,
    how: { readonly onlyEarlier?: boolean; readonly cpu?: number } = {},
  ): number {
    const { memory, engine } = this.core;
    this.objects.assertInit("timer_list", address);
    const before = this.pending.get(address);
    if (memory.load(address + FUNCTION, 4, false) === 0) return 0;
    const now = ticksAt(engine.clock.nanos);
    // A time that is over is the next tick.
    const at = now + Math.max(1, (expires - this.jiffies) | 0);
    if (before !== undefined && how.onlyEarlier === true && before.at <= at) return 1;
    memory.store(address + EXPIRES, 4, expires);
    if (before !== undefined) this.detach(address);
    const flags = memory.peek(address + FLAGS, 4);
    const cpu = how.cpu ?? engine.cpu;
    memory.poke(address + FLAGS, 4, (flags & ~TIMER_CPUMASK) | cpu);
    memory.poke(address + PPREV, 4, address + NEXT);
    const entry: Pending = { address, at, sequence: this.sequence++, cpu, place: -1 };
    this.pending.set(address, entry);
    this.bases[cpu]!.waiting.push(entry);
    this.objects.activate("timer_list", address);
    const fn = memory.peek(address + FUNCTION, 4);
    this.core.emit({ kind: "timer", phase: "start", address, function: this.core.nameOf(fn), expires, cpu });
    this.tick_.program(cpu);
    return before === undefined ? 0 : 1;
  }

  /** add_timer(): a timer that waits already is a mistake, and stays as it is. */
  add(address: number, cpu?: number): void {
    const { memory } = this.core;
    if (this.pending.has(address)) {
      this.core.warn(
        "kernel/time/timer.c",
        cpu === undefined ? 1294 : 1353,
        cpu === undefined ? "add_timer" : "add_timer_on",
      );
      return;
    }
    this.modify(address, memory.load(address + EXPIRES, 4, false), cpu === undefined ? {} : { cpu });
  }

  /** timer_delete(): 1 when it was waiting. It may still be running. */
  delete(address: number, shutdown = false): number {
    const { memory } = this.core;
    this.objects.assertInit("timer_list", address);
    memory.touch(address, timer_list.size, true);
    const was = this.detach(address);
    if (shutdown) memory.poke(address + FUNCTION, 4, 0);
    return was ? 1 : 0;
  }

  /** timer_delete_sync(): the same, and its function does not run any more when this returns. It spins. */
  *deleteSync(address: number, shutdown = false): Steps<number> {
    const { core } = this;
    const isIrqSafe = (core.memory.load(address + FLAGS, 4, false) & TIMER_IRQSAFE) !== 0;
    if (core.inHardirq && !isIrqSafe) core.warn("kernel/time/timer.c", 1658, "__timer_delete_sync");
    let was = this.delete(address, shutdown);
    while (this.bases.some(({ running }) => running === address)) {
      this.waiters.push(core.task);
      const words = `timer ${core.nameOf(core.memory.peek(address + FUNCTION, 4))}`;
      yield { kind: "block", on: { words, spins: true } };
      was |= this.delete(address, shutdown);
    }
    return was;
  }

  nextOn(cpu: number): number | undefined {
    const { waiting, isRaised } = this.bases[cpu]!;
    return isRaised || waiting.first === undefined ? undefined : nanosOf(waiting.first.at);
  }

  *tick(cpu: number): Steps<void> {
    yield* [];
    const at = this.nextOn(cpu);
    if (at === undefined || at > this.core.engine.clock.nanos) return;
    this.bases[cpu]!.isRaised = true;
    this.softirqs.raise(SOFTIRQS.TIMER_SOFTIRQ, cpu);
  }

  /** A softirq faulted: the function that ran is over. */
  abandon(cpu: number): void {
    this.ran(this.bases[cpu]!);
    this.bases[cpu]!.isRaised = false;
    this.tick_.program(cpu);
  }

  private *expire(cpu: number): Steps<void> {
    const { core } = this;
    const base = this.bases[cpu]!;
    for (;;) {
      const { first } = base.waiting;
      if (first === undefined || first.at > ticksAt(core.engine.clock.nanos)) break;
      const { address } = first;
      // What was freed meanwhile is read all the same, as the kernel would.
      const fn = core.memory.load(address + FUNCTION, 4, false);
      const isIrqSafe = (core.memory.load(address + FLAGS, 4, false) & TIMER_IRQSAFE) !== 0;
      this.detach(address);
      base.running = address;
      yield* this.callFunction(address, fn, isIrqSafe);
      this.ran(base);
    }
    base.isRaised = false;
    this.tick_.program(cpu);
  }

  private *callFunction(address: number, fn: number, isIrqSafe: boolean): Steps<void> {
    const { core } = this;
    const { context } = core;
    const name = core.nameOf(fn);
    const before = context.preemptCount;
    core.emit({ kind: "timer", phase: "expire", address, function: name, expires: this.jiffies, cpu: core.engine.cpu });
    if (isIrqSafe) context.irqsDisabled = true;
    yield* core.steps("call_timer_fn", core.callDriver(fn, [address]));
    if (isIrqSafe) context.irqsDisabled = false;
    core.emit({ kind: "timer", phase: "done", address, function: name, expires: this.jiffies, cpu: core.engine.cpu });
    if (context.preemptCount === before) return;
    const word = (value: number): string => value.toString(16).padStart(8, "0");
    this.log.write(`timer: ${name} preempt leak: ${word(before)} -> ${word(context.preemptCount)}`, 4);
    context.preemptCount = before;
  }

  private ran(base: Base): void {
    base.running = undefined;
    for (const waiter of this.waiters.splice(0)) this.core.engine.wake(waiter);
  }

  private detach(address: number): boolean {
    const entry = this.pending.get(address);
    if (entry === undefined) return false;
    this.pending.delete(address);
    this.bases[entry.cpu]!.waiting.remove(entry);
    if (this.core.memory.isMapped(address, timer_list.size)) {
      this.core.memory.poke(address + PPREV, 4, 0);
      this.core.memory.poke(address + NEXT, 4, LIST_POISON2);
    }
    this.objects.deactivate("timer_list", address);
    this.tick_.program(entry.cpu);
    return true;
  }
}
