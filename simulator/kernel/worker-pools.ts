// Workers: a pool for each CPU and urgency, and one that is bound to no CPU; a blocked worker is relieved by another.
// Source: kernel/workqueue.c, Documentation/core-api/workqueue.rst
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { type Core, TASK_IDLE } from "./core.ts";

export interface Workqueue {
  readonly address: number;
  readonly name: string;
  readonly flags: number;
  readonly maxActive: number;
  /** Works that are queued or run, in the order of queueing. */
  readonly outstanding: Set<Queued>;
  /** Those that wait for others to end, by CPU; -1 for an unbound queue. */
  readonly inactive: Map<number, Queued[]>;
  readonly active: Map<number, number>;
  isDraining: boolean;
}

/** One queueing of a work. */
export interface Queued {
  readonly work: number;
  readonly wq: Workqueue;
  /** -1 when it is bound to none. */
  readonly cpu: number;
  readonly sequence: number;
  /** Name of its function. */
  readonly fn: string;
}

interface Worker {
  readonly task: Task;
  readonly pool: Pool;
  current: Queued | undefined;
  /** Works that this one has to run since it is at the same work now. */
  readonly scheduled: Queued[];
  isBlocked: boolean;
}

export interface Pool {
  readonly id: number;
  /** -1 for the one that is bound to no CPU. */
  readonly cpu: number;
  readonly isHigh: boolean;
  /** Its works do not keep others waiting: as many run as are queued. */
  readonly isUnmanaged: boolean;
  readonly list: Queued[];
  readonly workers: Worker[];
  made: number;
}

/** Nice value −20. */
const HIGH = "H";

export class Pools {
  private readonly core: Core;
  private readonly run: (queued: Queued) => Steps<Raw>;
  private readonly pools = new Map<string, Pool>();
  private readonly workers = new Map<Task, Worker>();
  private readonly running = new Map<number, Worker>();

  constructor(core: Core, run: (queued: Queued) => Steps<Raw>) {
    this.core = core;
    this.run = run;
  }

  of(cpu: number, isHigh: boolean, isIntensive: boolean): Pool {
    const key = `${cpu} ${isHigh} ${isIntensive}`;
    let pool = this.pools.get(key);
    if (pool === undefined) {
      const { cpuCount } = this.core.engine;
      const id = cpu < 0 ? 2 * cpuCount + (isHigh ? 1 : 0) : 2 * cpu + (isHigh ? 1 : 0);
      pool = { id, cpu, isHigh, isUnmanaged: cpu < 0 || isIntensive, list: [], workers: [], made: 0 };
      this.pools.set(key, pool);
    }
    return pool;
  }

  add(queued: Queued, pool: Pool): void {
    // A work never runs twice at a time: who is at it runs it again.
    const at = this.running.get(queued.work);
    if (at !== undefined) at.scheduled.push(queued);
    else {
      pool.list.push(queued);
      this.provide(pool);
    }
  }

  remove(queued: Queued): void {
    for (const { list, workers } of this.pools.values()) {
      for (const works of [list, ...workers.map(({ scheduled }) => scheduled)]) {
        const at = works.indexOf(queued);
        if (at >= 0) works.splice(at, 1);
      }
    }
  }

  isRunning(work: number): boolean {
    return this.running.has(work);
  }

  runningOf(work: number): Queued | undefined {
    return this.running.get(work)?.current;
  }

  workOf(task: Task): Queued | undefined {
    return this.workers.get(task)?.current;
  }

  /** A worker sleeps in the middle of a work, or goes on: while it sleeps another runs. */
  blocked(task: Task, isBlocked: boolean): void {
    const worker = this.workers.get(task);
    if (worker?.current === undefined) return;
    worker.isBlocked = isBlocked;
    if (isBlocked) this.provide(worker.pool);
  }

  /** A worker is gone; gives what it was at. */
  lost(task: Task): Queued | undefined {
    const worker = this.workers.get(task);
    if (worker === undefined) return undefined;
    const { pool, current } = worker;
    this.workers.delete(task);
    pool.workers.splice(pool.workers.indexOf(worker), 1);
    if (current !== undefined) this.running.delete(current.work);
    pool.list.push(...worker.scheduled);
    this.provide(pool);
    return current;
  }

  /** Wakes or makes a worker when there is work and nobody runs. */
  private provide(pool: Pool): void {
    if (pool.list.length === 0) return;
    const isBusy = pool.workers.some(({ current, isBlocked }) => current !== undefined && !isBlocked);
    if (isBusy && !pool.isUnmanaged) return;
    const idle = pool.workers.filter(({ current }) => current === undefined);
    // One that was woken and has not run yet takes the work.
    const woken = idle.filter(({ task }) => task.state !== "blocked").length;
    if (woken >= (pool.isUnmanaged ? pool.list.length : 1)) return;
    const sleeping = idle.find(({ task }) => task.state === "blocked");
    if (sleeping !== undefined) this.core.engine.wake(sleeping.task);
    else this.make(pool);
  }

  private make(pool: Pool): void {
    const { cpu } = pool;
    const n = pool.made++;
    const name = cpu < 0 ? `kworker/u${pool.id}:${n}` : `kworker/${cpu}:${n}${pool.isHigh ? HIGH : ""}`;
    let worker: Worker | undefined;
    const steps = begun(() => this.body(worker!));
    const birth = { isDaemon: true, ...(cpu < 0 ? {} : { cpu }) };
    const task = this.core.engine.spawn(name, steps, undefined, birth);
    this.core.contextOf(task).isBound = cpu >= 0;
    worker = { task, pool, current: undefined, scheduled: [], isBlocked: false };
    this.workers.set(task, worker);
    pool.workers.push(worker);
  }

  private *body(worker: Worker): Steps<Raw> {
    const { pool } = worker;
    for (;;) {
      const next = this.take(worker);
      if (next === undefined) {
        yield* this.core.schedule({ words: "work" }, TASK_IDLE);
        continue;
      }
      worker.current = next;
      this.running.set(next.work, worker);
      if (pool.isUnmanaged) this.provide(pool);
      yield* this.core.steps("worker_thread", this.perform(worker, next));
      worker.current = undefined;
      // Between two works others get their turn.
      yield* this.core.condResched();
    }
  }

  private *perform(worker: Worker, queued: Queued): Steps<Raw> {
    yield* this.run(queued);
    this.running.delete(queued.work);
    worker.isBlocked = false;
    return undefined;
  }

  private take(worker: Worker): Queued | undefined {
    const { pool, scheduled } = worker;
    const own = scheduled.shift();
    if (own !== undefined) return own;
    // A worker that was relieved while it slept leaves the rest to who runs.
    const others = pool.workers.filter((other) => other !== worker && other.current !== undefined && !other.isBlocked);
    if (others.length > 0 && !pool.isUnmanaged) return undefined;
    for (let next = pool.list.shift(); next !== undefined; next = pool.list.shift()) {
      const at = this.running.get(next.work);
      if (at === undefined) return next;
      at.scheduled.push(next);
    }
    return undefined;
  }
}

/** What is begun when it first runs. */
function* begun(body: () => Steps<Raw>): Steps<Raw> {
  return yield* body();
}
