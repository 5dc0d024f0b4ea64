// Workqueues: works run by worker threads, so many at a time that each CPU has one that runs and none waits in vain.
// Source: kernel/workqueue.c
import { hook } from "../engine/hook.ts";
import type { Image, Raw, Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import type { Core } from "./core.ts";
import type { DebugObjects } from "./debug-objects.ts";
import { kernelFunction } from "./kernel-functions.ts";
import { list_head, offsetOf } from "./layouts.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";
import type { Slab } from "./slab.ts";
import { delayed_work, work_struct, workqueue_struct } from "./task-layouts.ts";
import { TIMER_IRQSAFE, type Timers } from "./timers.ts";
import { type Pool, Pools, type Queued, type Workqueue } from "./worker-pools.ts";

/** include/linux/workqueue.h */
export const WQ_FLAGS = {
  WQ_BH: 1,
  WQ_UNBOUND: 2,
  WQ_FREEZABLE: 4,
  WQ_MEM_RECLAIM: 8,
  WQ_HIGHPRI: 0x10,
  WQ_CPU_INTENSIVE: 0x20,
  WQ_SYSFS: 0x40,
  WQ_POWER_EFFICIENT: 0x80,
} as const;
export const __WQ_ORDERED = 0x20000;
export const __WQ_LEGACY = 0x40000;
export const WORK_CPU_UNBOUND = 64;
const WQ_MAX_ACTIVE = 512;
const WQ_DFL_ACTIVE = 256;

const DATA = offsetOf(work_struct, "data");
const ENTRY = offsetOf(work_struct, "entry");
const FUNC = offsetOf(work_struct, "func");
const TIMER = offsetOf(delayed_work, "timer");
const WQ = offsetOf(delayed_work, "wq");
const CPU = offsetOf(delayed_work, "cpu");
const PENDING = 1;
const WORK_STRUCT_NO_POOL = 0xffffffe0;
/** might_sleep() of flush_work() and of cancel_work_sync(); mutex_lock() of flush_workqueue(). */
const FLUSHES = "kernel/workqueue.c:4300";
const CANCELS = "kernel/workqueue.c:4393";
const MUTEX = "kernel/locking/mutex.c:586";

export class Workqueues {
  private readonly core: Core;
  private readonly log: Log;
  private readonly slab: Slab;
  private readonly timers: Timers;
  private readonly objects: DebugObjects;
  private readonly resources: Resources;
  private readonly pools: Pools;
  private readonly queues = new Map<number, Workqueue>();
  private readonly system = new Map<string, Workqueue>();
  private readonly pending = new Map<number, Queued>();
  /** Delayed works whose timer runs. */
  private readonly delayed = new Set<number>();
  private readonly cancelling = new Map<number, number>();
  private readonly waiters = new Set<Task>();
  private readonly timerFunction: number;
  private sequence = 0;

  constructor(core: Core, log: Log, slab: Slab, timers: Timers, objects: DebugObjects, resources: Resources) {
    this.core = core;
    this.log = log;
    this.slab = slab;
    this.timers = timers;
    this.objects = objects;
    this.resources = resources;
    this.pools = new Pools(core, (queued) => this.run(queued));
    const { pools } = this;
    this.timerFunction = kernelFunction(core.engine, "delayed_work_timer_fn", (timer) => this.expire(timer! - TIMER));
    hook(core, "whenBlocked", (task, isBlocked) => pools.blocked(task, isBlocked));
    objects.add("work_struct", {
      active: () => this.pending,
      hint: (address) => core.memory.peek(address + FUNC, 4),
      release: (address) => void this.withdraw(address),
    });
  }

  /** INIT_WORK(). */
  init(work: number, fn: number): void {
    const { memory } = this.core;
    this.delayed.delete(work);
    this.objects.init("work_struct", work, this.pending.has(work));
    memory.touch(work, work_struct.size, true);
    memory.poke(work + DATA, 4, WORK_STRUCT_NO_POOL);
    memory.poke(work + ENTRY, 4, work + ENTRY);
    memory.poke(work + ENTRY + list_head.size / 2, 4, work + ENTRY);
    memory.poke(work + FUNC, 4, fn);
  }

  /** INIT_DELAYED_WORK(). */
  initDelayed(work: number, fn: number, flags = 0): void {
    this.init(work, fn);
    this.timers.setup(work + TIMER, this.timerFunction, flags | TIMER_IRQSAFE);
  }

  /** alloc_workqueue(): its address. */
  create(name: string, flags: number, maxActive: number): number {
    const address = this.slab.reserve(workqueue_struct.size, "workqueue_struct");
    this.resources.obtain(`workqueue ${address}`, `workqueue ${name}`);
    return this.make(address, name, flags, maxActive).address;
  }

  /** system_wq and its kin, made when first asked for. */
  systemQueue(name: string): number {
    let wq = this.system.get(name);
    if (wq === undefined) {
      const shape = SYSTEM[name] ?? { title: name, flags: 0 };
      const address = this.slab.reserve(workqueue_struct.size, "workqueue_struct");
      wq = this.make(address, shape.title, shape.flags, 0);
      this.system.set(name, wq);
    }
    return wq.address;
  }

  /** queue_work_on(): false when it is queued already. */
  queue(address: number, work: number, cpu = WORK_CPU_UNBOUND): boolean {
    if (!this.claim(work)) return false;
    const wq = this.at(address);
    if (wq !== undefined) this.insert(wq, work, cpu);
    return wq !== undefined;
  }

  /** queue_delayed_work_on(): false when it is queued or its timer runs already. */
  queueDelayed(address: number, work: number, delay: number, cpu = WORK_CPU_UNBOUND): boolean {
    if (!this.claim(work)) return false;
    this.delay(address, work, delay, cpu);
    return true;
  }

  /** mod_delayed_work(): with a new delay, whether it waits or not; true when it did. */
  modifyDelayed(address: number, work: number, delay: number, cpu = WORK_CPU_UNBOUND): boolean {
    const was = this.withdraw(work);
    if (this.claim(work)) this.delay(address, work, delay, cpu);
    return was;
  }

  isPending(work: number): boolean {
    return (this.core.memory.load(work + DATA, 4, false) & PENDING) !== 0;
  }

  /** work_busy(): bit 0 when it is queued, bit 1 while it runs. */
  busy(work: number): number {
    return (this.isPending(work) ? 1 : 0) | (this.pools.isRunning(work) ? 2 : 0);
  }

  /** flush_work(): waits for what is queued or runs now; false when nothing does. */
  *flush(work: number, callee = "flush_work"): Steps<boolean> {
    this.core.mightSleep(callee, FLUSHES);
    this.objects.assertInit("work_struct", work);
    const last = this.pending.get(work)?.sequence ?? this.pools.runningOf(work)?.sequence;
    if (last === undefined) return false;
    yield* this.waitUntil(() => !this.isOutstanding(work, last), `work ${this.nameOf(work)}`);
    return true;
  }

  /** flush_delayed_work(): what waits for its timer is queued at once. */
  *flushDelayed(work: number): Steps<boolean> {
    if (this.delayed.delete(work)) {
      this.timers.delete(work + TIMER);
      const wq = this.queues.get(this.core.memory.load(work + WQ, 4, false));
      if (wq !== undefined) this.insert(wq, work, WORK_CPU_UNBOUND);
    }
    return yield* this.flush(work, "flush_delayed_work");
  }

  /** cancel_work(): true when it was queued. It may still run. */
  cancel(work: number): boolean {
    this.objects.assertInit("work_struct", work);
    return this.withdraw(work);
  }

  /** cancel_work_sync(): the same, and it does not run any more; nor can it be queued while this waits. */
  *cancelSync(work: number, callee: string): Steps<boolean> {
    this.core.mightSleep(callee, CANCELS);
    this.objects.assertInit("work_struct", work);
    this.cancelling.set(work, (this.cancelling.get(work) ?? 0) + 1);
    const was = this.withdraw(work);
    yield* this.waitUntil(() => !this.pools.isRunning(work), `work ${this.nameOf(work)}`);
    const left = this.cancelling.get(work)! - 1;
    if (left === 0) this.cancelling.delete(work);
    else this.cancelling.set(work, left);
    return was;
  }

  /** flush_workqueue(): waits for all works that are on it now. */
  *flushQueue(address: number, callee: string): Steps<void> {
    this.core.mightSleep(callee, MUTEX);
    const wq = this.at(address);
    if (wq === undefined) return;
    const last = this.sequence;
    const isDone = (): boolean => {
      const [first] = wq.outstanding;
      return first === undefined || first.sequence >= last;
    };
    yield* this.waitUntil(isDone, `workqueue ${wq.name}`);
  }

  /** drain_workqueue(): until it is empty; only its own works may queue more. */
  *drain(address: number, callee = "drain_workqueue"): Steps<void> {
    this.core.mightSleep(callee, MUTEX);
    const wq = this.at(address);
    if (wq === undefined) return;
    wq.isDraining = true;
    yield* this.waitUntil(() => wq.outstanding.size === 0, `workqueue ${wq.name}`);
    wq.isDraining = false;
  }

  *destroy(address: number): Steps<void> {
    yield* this.drain(address, "destroy_workqueue");
    if (this.at(address) === undefined) return;
    this.queues.delete(address);
    this.resources.giveBack(`workqueue ${address}`);
    this.slab.kfree(address);
  }

  /** current_work(): the work that the running worker is at, or 0. */
  get current(): number {
    return this.pools.workOf(this.core.task)?.work ?? 0;
  }

  /** The queue whose work a worker runs, and the work's function, for the views; undefined while it runs none. */
  workOf(task: Task): { readonly wq: string; readonly fn: string } | undefined {
    const queued = this.pools.workOf(task);
    return queued && { wq: queued.wq.name, fn: queued.fn };
  }

  /** Works that are queued and not begun, in the order of queueing, for the views; `cpu` -1: on any. */
  get waiting(): readonly { readonly fn: string; readonly wq: string; readonly cpu: number }[] {
    return [...this.pending.values()].map(({ fn, wq, cpu }) => ({ fn, wq: wq.name, cpu }));
  }

  /** A module goes: works of its that wait for their timer are told too. */
  unloaded(image: Image): void {
    const { memory, engine } = this.core;
    for (const work of [...this.delayed]) {
      if (memory.isMapped(work, work_struct.size) && engine.imageOf(memory.peek(work + FUNC, 4)) !== image) continue;
      this.delayed.delete(work);
      this.objects.free("timer_list", work + TIMER);
    }
  }

  private *expire(work: number): Steps<Raw> {
    yield* [];
    const { memory } = this.core;
    this.delayed.delete(work);
    const wq = this.queues.get(memory.load(work + WQ, 4, false));
    if (wq !== undefined) this.insert(wq, work, memory.load(work + CPU, 4, true));
    return undefined;
  }

  private make(address: number, name: string, flags: number, maxActive: number): Workqueue {
    const wq: Workqueue = {
      address,
      name,
      flags,
      maxActive: Math.min(WQ_MAX_ACTIVE, maxActive || WQ_DFL_ACTIVE),
      outstanding: new Set(),
      inactive: new Map(),
      active: new Map(),
      isDraining: false,
    };
    this.core.memory.poke(address, 4, flags);
    this.core.memory.poke(address + offsetOf(workqueue_struct, "max_active"), 4, wq.maxActive);
    this.queues.set(address, wq);
    return wq;
  }

  /** Sets PENDING; false when it was set, or somebody cancels the work. */
  private claim(work: number): boolean {
    const { memory } = this.core;
    this.objects.assertInit("work_struct", work);
    const data = memory.load(work + DATA, 4, false);
    if ((data & PENDING) !== 0 || this.cancelling.has(work)) return false;
    memory.store(work + DATA, 4, data | PENDING);
    return true;
  }

  private delay(address: number, work: number, delay: number, cpu: number): void {
    const { memory } = this.core;
    memory.store(work + WQ, 4, address);
    memory.store(work + CPU, 4, cpu);
    if (delay === 0) {
      const wq = this.at(address);
      if (wq !== undefined) this.insert(wq, work, cpu);
      return;
    }
    this.delayed.add(work);
    this.timers.modify(work + TIMER, (this.timers.jiffies + delay) >>> 0, cpu < WORK_CPU_UNBOUND ? { cpu } : {});
  }

  private insert(wq: Workqueue, work: number, cpu: number): void {
    const { core } = this;
    const isUnbound = (wq.flags & WQ_FLAGS.WQ_UNBOUND) !== 0;
    const on = isUnbound ? -1 : cpu < WORK_CPU_UNBOUND ? cpu : core.engine.cpu;
    if (wq.isDraining && this.pools.workOf(core.task)?.wq !== wq) {
      core.warn("kernel/workqueue.c", 2294, "__queue_work");
      core.memory.poke(work + DATA, 4, WORK_STRUCT_NO_POOL);
      return;
    }
    const queued: Queued = { work, wq, cpu: on, sequence: this.sequence++, fn: this.nameOf(work) };
    wq.outstanding.add(queued);
    this.pending.set(work, queued);
    this.objects.activate("work_struct", work);
    core.emit({ kind: "work", phase: "queue", address: work, function: queued.fn, wq: wq.name, cpu: on });
    if ((wq.active.get(on) ?? 0) < wq.maxActive) this.activate(queued);
    else wq.inactive.set(on, [...(wq.inactive.get(on) ?? []), queued]);
  }

  private activate(queued: Queued): void {
    const { wq, cpu } = queued;
    wq.active.set(cpu, (wq.active.get(cpu) ?? 0) + 1);
    this.pools.add(queued, this.poolOf(wq, cpu));
  }

  private poolOf(wq: Workqueue, cpu: number): Pool {
    return this.pools.of(cpu, (wq.flags & WQ_FLAGS.WQ_HIGHPRI) !== 0, (wq.flags & WQ_FLAGS.WQ_CPU_INTENSIVE) !== 0);
  }

  /** A worker runs a work. Its memory is not touched afterwards: the function may have freed it. */
  private *run(queued: Queued): Steps<Raw> {
    const { core } = this;
    const { work, wq, fn } = queued;
    this.pending.delete(work);
    this.objects.deactivate("work_struct", work);
    const address = core.memory.load(work + FUNC, 4, false);
    core.memory.store(work + DATA, 4, WORK_STRUCT_NO_POOL);
    const { context, task } = core;
    const before = context.held.length;
    const event = { kind: "work", address: work, function: fn, wq: wq.name, cpu: core.engine.cpu } as const;
    core.emit({ ...event, phase: "start" });
    yield* core.steps("process_one_work", core.callDriver(address, [work]));
    core.emit({ ...event, phase: "done" });
    if (context.preemptCount !== 0 || context.held.length !== before) {
      const count = context.preemptCount.toString(16).padStart(8, "0");
      this.log.write(`BUG: workqueue leaked atomic, lock or RCU: ${task.name}[${task.id}]`, 3);
      this.log.write(`     preempt=0x${count} lock=${before}->${context.held.length} RCU=0->0 workfn=${fn}`, 3);
      context.preemptCount = 0;
    }
    this.finished(queued);
    return undefined;
  }

  /** It has run, or was taken back. */
  private finished(queued: Queued): void {
    const { wq, cpu } = queued;
    wq.outstanding.delete(queued);
    wq.active.set(cpu, (wq.active.get(cpu) ?? 1) - 1);
    const next = wq.inactive.get(cpu)?.shift();
    if (next !== undefined) this.activate(next);
    this.letGo();
  }

  /** A worker faulted in the middle of a work. */
  lost(task: Task): void {
    const queued = this.pools.lost(task);
    if (queued !== undefined) this.finished(queued);
  }

  /** Takes a work back that has not begun; true when it was queued or its timer ran. */
  private withdraw(work: number): boolean {
    const { memory } = this.core;
    if (this.delayed.delete(work)) {
      this.timers.delete(work + TIMER);
      memory.store(work + DATA, 4, WORK_STRUCT_NO_POOL);
      return true;
    }
    const queued = this.pending.get(work);
    if (queued === undefined) {
      memory.touch(work, work_struct.size, false);
      return false;
    }
    this.pending.delete(work);
    if (memory.isMapped(work, 4)) memory.poke(work + DATA, 4, WORK_STRUCT_NO_POOL);
    this.objects.deactivate("work_struct", work);
    const waiting = queued.wq.inactive.get(queued.cpu);
    if (waiting?.includes(queued) === true) {
      waiting.splice(waiting.indexOf(queued), 1);
      queued.wq.outstanding.delete(queued);
      this.letGo();
    } else {
      this.pools.remove(queued);
      this.finished(queued);
    }
    return true;
  }

  private isOutstanding(work: number, last: number): boolean {
    const [waits, runs] = [this.pending.get(work), this.pools.runningOf(work)];
    return (waits !== undefined && waits.sequence <= last) || (runs !== undefined && runs.sequence <= last);
  }

  private *waitUntil(isDone: () => boolean, words: string): Steps<void> {
    const { task } = this.core;
    while (!isDone()) {
      this.waiters.add(task);
      yield* this.core.schedule({ words });
    }
    this.waiters.delete(task);
  }

  private letGo(): void {
    for (const waiter of this.waiters) this.core.engine.wake(waiter);
    this.waiters.clear();
  }

  private nameOf(work: number): string {
    return this.core.memory.isMapped(work, work_struct.size)
      ? this.core.nameOf(this.core.memory.peek(work + FUNC, 4))
      : "?";
  }

  /** Its memory is touched: a queue that was destroyed is found out. */
  private at(address: number): Workqueue | undefined {
    this.core.memory.touch(address, 4, false);
    return this.queues.get(address);
  }
}

const SYSTEM: Readonly<Record<string, { readonly title: string; readonly flags: number }>> = {
  system_wq: { title: "events", flags: 0 },
  system_highpri_wq: { title: "events_highpri", flags: WQ_FLAGS.WQ_HIGHPRI },
  system_long_wq: { title: "events_long", flags: 0 },
  system_unbound_wq: { title: "events_unbound", flags: WQ_FLAGS.WQ_UNBOUND },
  system_freezable_wq: { title: "events_freezable", flags: WQ_FLAGS.WQ_FREEZABLE },
  system_power_efficient_wq: { title: "events_power_efficient", flags: WQ_FLAGS.WQ_POWER_EFFICIENT },
};
