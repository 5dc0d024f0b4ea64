// Tasklets: functions that run in a softirq of the CPU that scheduled them, each on one CPU at a time.
// Source: kernel/softirq.c
import type { Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import type { Core } from "./core.ts";
import type { DebugObjects } from "./debug-objects.ts";
import { offsetOf } from "./layouts.ts";
import type { Log } from "./printk.ts";
import { SOFTIRQS, type Softirqs } from "./softirqs.ts";
import { tasklet_struct } from "./time-layouts.ts";

const STATE = offsetOf(tasklet_struct, "state");
const COUNT = offsetOf(tasklet_struct, "count");
const USE_CALLBACK = offsetOf(tasklet_struct, "use_callback");
const FUNC = offsetOf(tasklet_struct, "func");
const DATA = offsetOf(tasklet_struct, "data");
const SCHED = 1;
const RUN = 2;
/** might_sleep() of wait_on_bit() and of wait_var_event(). */
const WAIT_ON_BIT = "include/linux/wait_bit.h:73";
const WAIT_VAR_EVENT = "include/linux/wait_bit.h:275";

type Urgency = "HI_SOFTIRQ" | "TASKLET_SOFTIRQ";

export class Tasklets {
  private readonly core: Core;
  private readonly log: Log;
  private readonly softirqs: Softirqs;
  private readonly objects: DebugObjects;
  private readonly queues: readonly Readonly<Record<Urgency, number[]>>[];
  /** Those that are scheduled, and where; a disabled one stays so until it is enabled. */
  private readonly scheduled = new Map<number, { readonly cpu: number; readonly urgency: Urgency }>();
  private readonly running = new Map<number, number>();
  private readonly waiters: Task[] = [];

  constructor(core: Core, log: Log, softirqs: Softirqs, objects: DebugObjects) {
    this.core = core;
    this.log = log;
    this.softirqs = softirqs;
    this.objects = objects;
    this.queues = Array.from({ length: core.engine.cpuCount }, () => ({ HI_SOFTIRQ: [], TASKLET_SOFTIRQ: [] }));
    const run = (urgency: Urgency, name: string): void =>
      softirqs.open(SOFTIRQS[urgency], (cpu) => this.act(cpu, urgency), name);
    run("HI_SOFTIRQ", "tasklet_hi_action");
    run("TASKLET_SOFTIRQ", "tasklet_action");
    objects.add("tasklet_struct", {
      active: () => this.scheduled,
      hint: (address) => core.memory.peek(address + FUNC, 4),
      release: (address) => this.forget(address),
    });
  }

  /** tasklet_setup(), with `data` tasklet_init(). */
  setup(address: number, fn: number, data?: number, count = 0): void {
    const { memory } = this.core;
    this.objects.init("tasklet_struct", address, this.scheduled.has(address));
    memory.touch(address, tasklet_struct.size, true);
    memory.bytesAt(address, tasklet_struct.size).fill(0);
    memory.poke(address + COUNT, 4, count);
    memory.poke(address + USE_CALLBACK, 1, data === undefined ? 1 : 0);
    memory.poke(address + FUNC, 4, fn);
    memory.poke(address + DATA, 4, data ?? 0);
  }

  /** tasklet_schedule(): one that is scheduled already stays where it is. */
  schedule(address: number, urgency: Urgency): void {
    const { memory, engine } = this.core;
    const state = memory.load(address + STATE, 4, false);
    if ((state & SCHED) !== 0) return;
    memory.poke(address + STATE, 4, state | SCHED);
    this.scheduled.set(address, { cpu: engine.cpu, urgency });
    this.objects.activate("tasklet_struct", address);
    this.queues[engine.cpu]![urgency].push(address);
    this.softirqs.raise(SOFTIRQS[urgency]);
  }

  disable(address: number): void {
    const { memory } = this.core;
    memory.store(address + COUNT, 4, memory.load(address + COUNT, 4, true) + 1);
  }

  enable(address: number): void {
    const { memory } = this.core;
    const count = memory.load(address + COUNT, 4, true) - 1;
    memory.store(address + COUNT, 4, count);
    const waiting = this.scheduled.get(address);
    // Linux tries a disabled one again and again; here its turn comes when it is enabled.
    if (count === 0 && waiting !== undefined) this.softirqs.raise(SOFTIRQS[waiting.urgency], waiting.cpu);
  }

  /** tasklet_unlock_wait(): sleeps until it does not run. */
  *unlockWait(address: number, callee: string): Steps<void> {
    this.core.mightSleep(callee, WAIT_ON_BIT);
    while (this.running.has(address)) yield* this.wait();
  }

  /** tasklet_unlock_spin_wait(): the same for atomic context. */
  *unlockSpinWait(address: number): Steps<void> {
    while (this.running.has(address)) {
      this.waiters.push(this.core.task);
      yield { kind: "block", on: { words: "a tasklet to finish", spins: true } };
    }
  }

  /** tasklet_kill(): waits until it has run, if it is scheduled; one that schedules itself must be kept from it before. */
  *kill(address: number): Steps<void> {
    const { core } = this;
    if (core.inInterrupt) this.log.write("Attempt to kill tasklet from interrupt", 5);
    core.memory.touch(address, tasklet_struct.size, true);
    if (this.scheduled.has(address)) core.mightSleep("tasklet_kill", WAIT_VAR_EVENT);
    while (this.scheduled.has(address)) yield* this.wait();
    yield* this.unlockWait(address, "tasklet_kill");
  }

  abandon(cpu: number): void {
    for (const [address, on] of this.running) if (on === cpu) this.finish(address);
  }

  private *act(cpu: number, urgency: Urgency): Steps<void> {
    const { core } = this;
    const queue = this.queues[cpu]![urgency];
    for (const address of queue.splice(0)) {
      if (this.scheduled.get(address)?.cpu !== cpu) continue;
      const isDisabled = core.memory.load(address + COUNT, 4, true) !== 0;
      if (isDisabled || this.running.has(address)) {
        queue.push(address);
        if (!isDisabled) this.softirqs.raise(SOFTIRQS[urgency], cpu);
        continue;
      }
      this.forget(address);
      this.running.set(address, cpu);
      core.memory.poke(address + STATE, 4, RUN);
      const fn = core.memory.load(address + FUNC, 4, false);
      const usesCallback = core.memory.load(address + USE_CALLBACK, 1, false) !== 0;
      const event = { kind: "tasklet", address, function: core.nameOf(fn), cpu } as const;
      core.emit({ ...event, phase: "start" });
      const argument = usesCallback ? address : core.memory.load(address + DATA, 4, false);
      yield* core.steps("tasklet_action_common", core.callDriver(fn, [argument]));
      core.emit({ ...event, phase: "done" });
      this.finish(address);
    }
  }

  private finish(address: number): void {
    const { memory, engine } = this.core;
    this.running.delete(address);
    // It may have been scheduled anew.
    if (memory.isMapped(address, 4)) memory.poke(address + STATE, 4, this.scheduled.has(address) ? SCHED : 0);
    for (const waiter of this.waiters.splice(0)) engine.wake(waiter);
  }

  private forget(address: number): void {
    const was = this.scheduled.get(address);
    this.scheduled.delete(address);
    if (was === undefined) return;
    const queue = this.queues[was.cpu]![was.urgency];
    if (queue.includes(address)) queue.splice(queue.indexOf(address), 1);
    this.objects.deactivate("tasklet_struct", address);
    for (const waiter of this.waiters.splice(0)) this.core.engine.wake(waiter);
  }

  private *wait(): Steps<void> {
    this.waiters.push(this.core.task);
    yield* this.core.schedule({ words: "a tasklet" });
  }
}
