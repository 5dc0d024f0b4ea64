// High-resolution timers: to the nanosecond, their functions called in the timer interrupt itself, or in a softirq.
// Source: kernel/time/hrtimer.c
import { Heap, type Placed } from "../engine/heap.ts";
import type { Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import type { Core } from "./core.ts";
import type { DebugObjects } from "./debug-objects.ts";
import { BOOT_SECONDS } from "./jiffies.ts";
import { offsetOf } from "./layouts.ts";
import { SOFTIRQS, type Softirqs } from "./softirqs.ts";
import type { Tick, Ticking } from "./tick.ts";
import { hrtimer } from "./time-layouts.ts";

export const HRTIMER_NORESTART = 0;
export const HRTIMER_RESTART = 1;
export const HRTIMER_MODE_REL = 1;
export const HRTIMER_MODE_SOFT = 4;

/** include/uapi/linux/time.h */
export const CLOCK_REALTIME = 0;
export const CLOCK_MONOTONIC = 1;
export const CLOCK_BOOTTIME = 7;

const EXPIRES = offsetOf(hrtimer, "node") + 16;
const SOFT_EXPIRES = offsetOf(hrtimer, "_softexpires");
const FUNCTION = offsetOf(hrtimer, "function");
const BASE = offsetOf(hrtimer, "base");
const STATE = offsetOf(hrtimer, "state");
const IS_REL = offsetOf(hrtimer, "is_rel");
const IS_SOFT = offsetOf(hrtimer, "is_soft");
const ENQUEUED = 1;

interface Queued extends Placed {
  readonly address: number;
  /** Virtual nanoseconds since boot. */
  readonly at: number;
  readonly sequence: number;
  readonly cpu: number;
  readonly isSoft: boolean;
}

interface PerCpu {
  readonly hard: Heap<Queued>;
  readonly soft: Heap<Queued>;
  /** The softirq was raised: until it has run, no interrupt is wanted for its timers. */
  isRaised: boolean;
  readonly running: Set<number>;
}

export class HrTimers implements Ticking {
  private readonly core: Core;
  private readonly softirqs: Softirqs;
  private readonly tick_: Tick;
  private readonly objects: DebugObjects;
  private readonly cpus: readonly PerCpu[];
  private readonly queued = new Map<number, Queued>();
  private readonly waiters: Task[] = [];
  private sequence = 0;

  constructor(core: Core, softirqs: Softirqs, tick: Tick, objects: DebugObjects) {
    this.core = core;
    this.softirqs = softirqs;
    this.tick_ = tick;
    this.objects = objects;
    const isBefore = (a: Queued, b: Queued): boolean => a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
    this.cpus = Array.from({ length: core.engine.cpuCount }, () => ({
      hard: new Heap(isBefore),
      soft: new Heap(isBefore),
      isRaised: false,
      running: new Set(),
    }));
    tick.add(this);
    softirqs.open(SOFTIRQS.HRTIMER_SOFTIRQ, (cpu) => this.expire(cpu, true), "hrtimer_run_softirq");
    objects.add("hrtimer", {
      active: () => this.queued,
      hint: (address) => core.memory.peek(address + FUNCTION, 4),
      release: (address) => void this.dequeue(address),
    });
  }

  /** Those that wait, the first to expire first; `at` in nanoseconds since boot. */
  get all(): readonly { readonly address: number; readonly at: number; readonly cpu: number; readonly fn: number }[] {
    return [...this.queued.values()]
      .sort((a, b) => a.at - b.at || a.sequence - b.sequence)
      .map(({ address, at, cpu }) => ({ address, at, cpu, fn: this.core.memory.peek(address + FUNCTION, 4) }));
  }

  /** hrtimer_init(); `base` keeps the clock. */
  init(address: number, clock: number, mode: number): void {
    const { memory } = this.core;
    this.objects.init("hrtimer", address, this.queued.has(address));
    memory.touch(address, hrtimer.size, true);
    memory.bytesAt(address, hrtimer.size).fill(0);
    memory.poke(address + BASE, 4, clock);
    memory.poke(address + IS_SOFT, 1, (mode & HRTIMER_MODE_SOFT) === 0 ? 0 : 1);
  }

  /** hrtimer_start(): a timer that was queued is so anew. */
  start(address: number, time: bigint, mode: number): void {
    const { memory, engine } = this.core;
    this.objects.assertInit("hrtimer", address);
    this.dequeue(address);
    const isRelative = (mode & HRTIMER_MODE_REL) !== 0;
    const expires = isRelative ? this.now(address) + (time > 0n ? time : 0n) : time;
    memory.touch(address, hrtimer.size, true);
    memory.poke(address + IS_REL, 1, isRelative ? 1 : 0);
    memory.store64(address + EXPIRES, expires);
    memory.store64(address + SOFT_EXPIRES, expires);
    this.enqueue(address, engine.cpu);
  }

  /** hrtimer_restart(), hrtimer_start_expires(): for the time that it has. */
  restart(address: number): void {
    this.start(address, this.expires(address), 0);
  }

  /** hrtimer_try_to_cancel(): 1 when it was queued, 0 when it was not, -1 while its function runs. */
  tryToCancel(address: number): number {
    this.objects.assertInit("hrtimer", address);
    if (this.isRunning(address)) return -1;
    this.core.memory.touch(address, hrtimer.size, true);
    return this.dequeue(address) ? 1 : 0;
  }

  *cancel(address: number): Steps<number> {
    for (;;) {
      const result = this.tryToCancel(address);
      if (result >= 0) return result;
      this.waiters.push(this.core.task);
      const words = `hrtimer ${this.core.nameOf(this.core.memory.peek(address + FUNCTION, 4))}`;
      yield { kind: "block", on: { words, spins: true } };
    }
  }

  isRunning(address: number): boolean {
    return this.cpus.some(({ running }) => running.has(address));
  }

  isQueued(address: number): boolean {
    return (this.core.memory.load(address + STATE, 1, false) & ENQUEUED) !== 0;
  }

  expires(address: number): bigint {
    return this.core.memory.load64(address + EXPIRES, true);
  }

  setExpires(address: number, time: bigint): void {
    this.core.memory.store64(address + EXPIRES, time);
    this.core.memory.store64(address + SOFT_EXPIRES, time);
  }

  /** The time of a timer's clock. */
  now(address: number): bigint {
    return BigInt(Math.floor(this.core.engine.clock.nanos)) + this.offset(address);
  }

  /** hrtimer_forward(): moves the time on by whole intervals until it is after `now`; gives how many. */
  forward(address: number, now: bigint, interval: bigint): bigint {
    const expires = this.expires(address);
    if (now < expires || interval <= 0n) return 0n;
    if (this.isQueued(address)) {
      this.core.warn("kernel/time/hrtimer.c", 1056, "hrtimer_forward");
      return 0n;
    }
    const overruns = (now - expires) / interval + 1n;
    this.setExpires(address, expires + overruns * interval);
    return overruns;
  }

  nextOn(cpu: number): number | undefined {
    const { hard, soft, isRaised } = this.cpus[cpu]!;
    const at = isRaised ? undefined : soft.first?.at;
    if (at === undefined || hard.first === undefined) return at ?? hard.first?.at;
    return Math.min(at, hard.first.at);
  }

  *tick(cpu: number): Steps<void> {
    const own = this.cpus[cpu]!;
    const due = own.soft.first;
    if (due !== undefined && due.at <= this.core.engine.clock.nanos && !own.isRaised) {
      own.isRaised = true;
      this.softirqs.raise(SOFTIRQS.HRTIMER_SOFTIRQ, cpu);
    }
    yield* this.expire(cpu, false);
  }

  /** An interrupt faulted: the functions that ran are over. */
  abandon(cpu: number): void {
    const own = this.cpus[cpu]!;
    own.running.clear();
    own.isRaised = false;
    this.letGo();
    this.tick_.program(cpu);
  }

  private *expire(cpu: number, soft: boolean): Steps<void> {
    const { core } = this;
    const own = this.cpus[cpu]!;
    const queue = soft ? own.soft : own.hard;
    for (;;) {
      const { first } = queue;
      if (first === undefined || first.at > core.engine.clock.nanos) break;
      const { address } = first;
      const fn = core.memory.load(address + FUNCTION, 4, false);
      const event = { kind: "hrtimer", address, function: core.nameOf(fn), cpu } as const;
      this.dequeue(address);
      own.running.add(address);
      core.emit({ ...event, phase: "expire" });
      const result = yield* core.steps("__hrtimer_run_queues", core.callDriver(fn, [address]));
      core.emit({ ...event, phase: "done" });
      own.running.delete(address);
      // Somebody may have started it meanwhile.
      if (result !== HRTIMER_NORESTART && !this.queued.has(address)) this.enqueue(address, cpu);
      this.letGo();
    }
    if (soft) own.isRaised = false;
    this.tick_.program(cpu);
  }

  private letGo(): void {
    for (const waiter of this.waiters.splice(0)) this.core.engine.wake(waiter);
  }

  private offset(address: number): bigint {
    return this.core.memory.load(address + BASE, 4, false) === CLOCK_REALTIME ? BOOT_SECONDS * 1_000_000_000n : 0n;
  }

  private enqueue(address: number, cpu: number): void {
    const { memory } = this.core;
    const at = Number(this.expires(address) - this.offset(address));
    const isSoft = memory.peek(address + IS_SOFT, 1) !== 0;
    const entry: Queued = { address, at, sequence: this.sequence++, cpu, isSoft, place: -1 };
    const own = this.cpus[cpu]!;
    (isSoft ? own.soft : own.hard).push(entry);
    this.queued.set(address, entry);
    memory.poke(address + STATE, 1, ENQUEUED);
    this.objects.activate("hrtimer", address);
    const fn = memory.peek(address + FUNCTION, 4);
    this.core.emit({ kind: "hrtimer", phase: "start", address, function: this.core.nameOf(fn), cpu });
    this.tick_.program(cpu);
  }

  private dequeue(address: number): boolean {
    const entry = this.queued.get(address);
    if (entry === undefined) return false;
    this.queued.delete(address);
    const own = this.cpus[entry.cpu]!;
    (entry.isSoft ? own.soft : own.hard).remove(entry);
    if (this.core.memory.isMapped(address, hrtimer.size)) this.core.memory.poke(address + STATE, 1, 0);
    this.objects.deactivate("hrtimer", address);
    this.tick_.program(entry.cpu);
    return true;
  }
}
