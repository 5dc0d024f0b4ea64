// Tasks as drivers see them: struct task_struct, states, sleeping and waking, urgency.
// Source: kernel/sched/core.c, kernel/time/sleep_timeout.c
import { hook } from "../engine/hook.ts";
import type { Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { type Core, TASK_NORMAL, TASK_RUNNING } from "./core.ts";
import { errno } from "./errno.ts";
import { nanosOf, ticksAt } from "./jiffies.ts";
import { offsetOf } from "./layouts.ts";
import type { Log } from "./printk.ts";
import type { Slab } from "./slab.ts";
import { pid as pid_layout, TASK_COMM_LEN, task_struct } from "./task-layouts.ts";
import { putText } from "./text.ts";

export const MAX_SCHEDULE_TIMEOUT = 0x7fffffff;
export const SCHED_NORMAL = 0;
export const SCHED_FIFO = 1;
/** `flags`, include/linux/sched.h. */
const PF_KTHREAD = 0x200000;
const DEFAULT_PRIO = 120;

export class Tasks {
  /** The mm_struct of a task; 0 without one. */
  mmOf: (task: Task) => number = () => 0;
  private readonly core: Core;
  private readonly log: Log;
  private readonly slab: Slab;
  private readonly structs = new Map<Task, number>();
  private readonly byStruct = new Map<number, Task>();
  private readonly pids = new Map<number, number>();
  private readonly nrs = new Map<number, number>();

  constructor(core: Core, log: Log, slab: Slab) {
    this.core = core;
    this.log = log;
    this.slab = slab;
    hook(core, "whenState", (task, state) => this.show(task, "__state", state));
  }

  /** The struct of a task, made when it is first asked for. */
  structOf(task: Task): number {
    let address = this.structs.get(task);
    if (address !== undefined) return address;
    address = this.slab.reserve(task_struct.size, "task_struct");
    this.structs.set(task, address);
    this.byStruct.set(address, task);
    const context = this.core.contextOf(task);
    const values = {
      __state: context.state,
      flags: context.isUser ? 0 : PF_KTHREAD,
      usage: 1,
      prio: DEFAULT_PRIO,
      static_prio: DEFAULT_PRIO,
      mm: this.mmOf(task),
      pid: task.id,
      tgid: task.id,
      group_leader: address,
    };
    for (const [member, value] of Object.entries(values)) this.poke(address, member, value);
    const parent = task.id === 0 ? address : this.structOf(this.core.engine.idleOf(0));
    this.poke(address, "parent", parent);
    this.poke(address, "real_parent", parent);
    this.setComm(task, task.name);
    return address;
  }

  /** The address of a task's struct if somebody has asked for it; for the views. */
  known(task: Task): number | undefined {
    return this.structs.get(task);
  }

  /** The task of a struct, whose memory is touched; undefined when it is over or was none. */
  at(address: number): Task | undefined {
    this.core.memory.touch(address, 4, false);
    return this.byStruct.get(address);
  }

  get current(): number {
    return this.structOf(this.core.task);
  }

  /** next_task(): round and round, from init_task by their ids. */
  after(address: number): number {
    const from = this.at(address)?.id ?? 0;
    const next = this.core.engine.tasks.find(({ id }) => id > from);
    return this.structOf(next ?? this.core.engine.idleOf(0));
  }

  get(address: number): number {
    this.core.memory.store(address + offsetOf(task_struct, "usage"), 4, this.usage(address) + 1);
    return address;
  }

  put(address: number): void {
    const usage = this.usage(address) - 1;
    this.core.memory.store(address + offsetOf(task_struct, "usage"), 4, usage);
    if (usage > 0) return;
    const task = this.byStruct.get(address);
    // A struct that was put once too often is gone, but its task still has its place among the others.
    if (task === undefined || this.structs.get(task) !== address) this.byStruct.delete(address);
    this.slab.kfree(address);
  }

  setComm(task: Task, comm: string): void {
    task.name = comm;
    const address = this.structs.get(task);
    const at = address === undefined ? undefined : address + offsetOf(task_struct, "comm");
    if (at !== undefined) putText(this.core.memory, at, comm.slice(0, TASK_COMM_LEN - 1));
  }

  /** A task is over: who has no reference to its struct must not touch it any more. */
  exited(task: Task): void {
    const address = this.structs.get(task);
    if (address === undefined) return;
    this.structs.delete(task);
    this.poke(address, "__state", 0x80);
    this.put(address);
  }

  /** schedule(): sleeps when the state says so, and no signal or wake-up has come since it was set. */
  *schedule(): Steps<void> {
    const { core } = this;
    const { context, task } = core;
    const { state } = context;
    if (state === TASK_RUNNING || (core.signalPendingState(state, context) && state !== TASK_RUNNING)) {
      core.setState(task, TASK_RUNNING);
      if (core.inAtomic) core.emit({ kind: "schedule-atomic", state: core.state(), stack: core.stack() });
      yield { kind: "yield", gives: true };
      return;
    }
    yield* core.schedule({ words: "schedule" }, state);
  }

  /** schedule_timeout(): the same for at most so many jiffies; gives those that are left. */
  *scheduleTimeout(timeout: number, state?: number): Steps<number> {
    const { core } = this;
    const { task } = core;
    if (state !== undefined) core.setState(task, state);
    if (timeout === MAX_SCHEDULE_TIMEOUT) {
      yield* this.schedule();
      return MAX_SCHEDULE_TIMEOUT;
    }
    if (timeout < 0) {
      this.log.write(`schedule_timeout: wrong timeout value ${(timeout >>> 0).toString(16)}`, 3);
      core.emit({ kind: "dump-stack", stack: core.stack() });
      core.setState(task, TASK_RUNNING);
      return 0;
    }
    const { clock } = core.engine;
    const until = ticksAt(clock.nanos) + timeout;
    const alarm = clock.after(nanosOf(until) - clock.nanos, () => core.wakeUp(task, TASK_NORMAL));
    yield* this.schedule();
    alarm.cancel();
    return Math.max(0, until - ticksAt(clock.nanos));
  }

  /** schedule_hrtimeout(): 0 when the time is over, -EINTR when something else woke the task. */
  *scheduleHrTimeout(nanos: number): Steps<number> {
    const { core } = this;
    const { task } = core;
    const { clock } = core.engine;
    let isOver = false;
    const alarm = clock.after(nanos, () => {
      isOver = true;
      core.wakeUp(task, TASK_NORMAL);
    });
    yield* this.schedule();
    alarm.cancel();
    core.setState(task, TASK_RUNNING);
    return isOver ? 0 : -errno.EINTR;
  }

  /** set_user_nice(). */
  setNice(address: number, nice: number): void {
    this.at(address);
    this.poke(address, "static_prio", DEFAULT_PRIO + nice);
    if (this.core.memory.peek(address + offsetOf(task_struct, "policy"), 4) === SCHED_NORMAL) {
      this.poke(address, "prio", DEFAULT_PRIO + nice);
    }
  }

  /** sched_setscheduler(): 0, or -EINVAL. */
  setScheduler(address: number, policy: number, priority: number): number {
    const task = this.at(address);
    const isRealTime = policy === SCHED_FIFO || policy === 2;
    if (isRealTime ? priority < 1 || priority > 99 : priority !== 0) return -errno.EINVAL;
    this.poke(address, "policy", policy);
    this.poke(address, "rt_priority", priority);
    this.poke(address, "prio", isRealTime ? 99 - priority : DEFAULT_PRIO);
    if (task !== undefined) this.core.engine.setPriority(task, priority);
    return 0;
  }

  /** find_vpid(): the struct pid of a living task, or 0. */
  pidOf(nr: number): number {
    if (this.core.engine.taskOf(nr) === undefined) return 0;
    let address = this.pids.get(nr);
    if (address === undefined) {
      address = this.slab.reserve(pid_layout.size, "pid");
      this.core.memory.poke(address, 4, 1);
      this.core.memory.poke(address + offsetOf(pid_layout, "nr"), 4, nr);
      this.pids.set(nr, address);
      this.nrs.set(address, nr);
    }
    return address;
  }

  /** pid_task(). */
  ofPid(address: number): Task | undefined {
    if (address === 0) return undefined;
    this.core.memory.touch(address, 4, false);
    const nr = this.nrs.get(address);
    return nr === undefined ? undefined : this.core.engine.taskOf(nr);
  }

  private usage(address: number): number {
    return this.core.memory.load(address + offsetOf(task_struct, "usage"), 4, false);
  }

  private show(task: Task, member: string, value: number): void {
    const address = this.structs.get(task);
    if (address !== undefined) this.poke(address, member, value);
  }

  private poke(address: number, member: string, value: number): void {
    this.core.memory.poke(address + offsetOf(task_struct, member), 4, value);
  }
}
