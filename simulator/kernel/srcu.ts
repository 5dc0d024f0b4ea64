// SRCU: readers that may sleep, in domains of their own; a grace period ends when all readers have left that were there.
// Source: kernel/rcu/srcutree.c
import type { Steps } from "../engine/interfaces.ts";
import { layOut } from "../engine/layout.ts";
import { type Core, SOFTIRQ_DISABLE_OFFSET } from "./core.ts";
import type { HeldLock } from "./events.ts";
import { offsetOf } from "./layouts.ts";
import { rcu_head } from "./rcu.ts";
import type { Resources } from "./resources.ts";

export const srcu_struct = layOut("srcu_struct", [
  ["srcu_idx", { kind: "scalar", scalar: "u32" }],
  ["sda", { kind: "pointer", to: "void" }],
  ["srcu_sup", { kind: "pointer", to: "void" }],
]);

interface Domain {
  readonly name: string;
  /** Readers by the index that srcu_read_lock() gave them. */
  readonly readers: [number, number];
  index: 0 | 1;
  /** What waits for the grace period that runs, and for the next. */
  running: (() => void)[] | undefined;
  next: (() => void)[];
  /** Callbacks that were taken and have not run. */
  outstanding: number;
  readonly barriers: (() => void)[];
}

const ILLEGAL = "Illegal synchronize_srcu() in same-type SRCU (or in RCU) read-side critical section";
const MIGHT_SLEEP = "kernel/rcu/srcutree.c:1396";
/** alloc_percpu(), flush_delayed_work() and the mutex of srcu_barrier(). */
const ALLOCATES = "include/linux/sched/mm.h:321";
const FLUSHES = "kernel/workqueue.c:4193";
const MUTEX = "kernel/locking/mutex.c:586";

export class Srcu {
  private readonly core: Core;
  private readonly resources: Resources;
  private readonly domains = new Map<number, Domain>();

  constructor(core: Core, resources: Resources) {
    this.core = core;
    this.resources = resources;
  }

  /** DEFINE_SRCU(): a static one. */
  define(address: number, name: string): void {
    this.core.memory.bytesAt(address, srcu_struct.size).fill(0);
    const empty = { running: undefined, next: [], outstanding: 0, barriers: [] };
    this.domains.set(address, { name, readers: [0, 0], index: 0, ...empty });
  }

  /** init_srcu_struct(): 0. */
  init(address: number, name: string): number {
    this.core.mightSleep("init_srcu_struct", ALLOCATES);
    this.core.memory.touch(address, srcu_struct.size, true);
    this.define(address, name);
    this.resources.obtain(`srcu ${address}`, `srcu_struct ${name}`);
    return 0;
  }

  /** cleanup_srcu_struct(): one with readers stays as it is, as in Linux, which leaks it then. */
  cleanup(address: number): void {
    this.core.mightSleep("cleanup_srcu_struct", FLUSHES);
    const { readers, running, outstanding } = this.at(address);
    this.resources.giveBack(`srcu ${address}`);
    if (readers[0] + readers[1] > 0) this.core.warn("kernel/rcu/srcutree.c", 656, "cleanup_srcu_struct");
    else if (outstanding > 0) this.core.warn("kernel/rcu/srcutree.c", 664, "cleanup_srcu_struct");
    else if (running !== undefined) this.core.warn("kernel/rcu/srcutree.c", 667, "cleanup_srcu_struct");
    else this.domains.delete(address);
  }

  readLock(address: number): number {
    const { core } = this;
    core.memory.touch(address, 4, false);
    const domain = this.at(address);
    const { index, name } = domain;
    domain.readers[index]++;
    const lock: HeldLock = { address, name, flavour: "rcu", isRead: true, stack: core.stack() };
    core.context.held.push(lock);
    return index;
  }

  readUnlock(address: number, index: number): void {
    const { core } = this;
    core.memory.touch(address, 4, false);
    const domain = this.at(address);
    if ((index & ~1) !== 0) core.warn("include/linux/srcu.h", 320, "srcu_read_unlock");
    const { held } = core.context;
    const own = held.findLastIndex((lock) => lock.address === address);
    if (own < 0) {
      const lock = { address, name: domain.name, flavour: "rcu" } as const;
      core.emit({ kind: "lock-unbalance", lock, held: [...held], stack: core.stack() });
      return;
    }
    held.splice(own, 1);
    domain.readers[(index & 1) as 0 | 1]--;
    core.emit({ kind: "order", phase: "release", what: "srcu", address });
    this.look(domain, address);
  }

  /** srcu_read_lock_held(). */
  isRead(address: number): boolean {
    return this.core.context.held.some((lock) => lock.address === address);
  }

  *synchronize(address: number, callee: string): Steps<void> {
    const { core } = this;
    core.memory.touch(address, 4, false);
    const { held } = core.context;
    if (this.isRead(address) || core.context.rcuDepth > 0) {
      core.emit({ kind: "rcu-misuse", text: ILLEGAL, held: [...held], stack: core.stack() });
    }
    core.mightSleep(callee, MIGHT_SLEEP);
    const { task } = core;
    let isOver = false;
    this.post(address, () => {
      isOver = true;
      core.engine.wake(task);
    });
    while (!isOver) yield* core.schedule({ words: callee });
    core.emit({ kind: "order", phase: "acquire", what: "srcu", address });
  }

  /** call_srcu(): the function is called with the address of the head, by a worker with bottom halves off. */
  call(address: number, head: number, func: number): void {
    const { core } = this;
    core.memory.touch(head, rcu_head.size, true);
    core.memory.poke(head + offsetOf(rcu_head, "func"), 4, func);
    core.emit({ kind: "order", phase: "release", what: "srcu", address });
    const domain = this.at(address);
    domain.outstanding++;
    const srcu = this;
    const body = function* (): Steps<undefined> {
      core.emit({ kind: "order", phase: "acquire", what: "srcu", address });
      core.preemptDisable(SOFTIRQ_DISABLE_OFFSET);
      yield* core.steps("srcu_invoke_callbacks", core.callDriver(func, [head]));
      yield* core.bhEnable();
      if (--domain.outstanding === 0) for (const go of domain.barriers.splice(0)) go();
      srcu.look(domain, address);
      return undefined;
    };
    this.post(address, () => void core.engine.spawn("kworker/0:rcu_gp", body(), undefined, { isDaemon: true }));
  }

  /** srcu_barrier(): until all callbacks have run that were taken before. */
  *barrier(address: number): Steps<void> {
    const { core } = this;
    core.mightSleep("srcu_barrier", MUTEX);
    const domain = this.at(address);
    const { task } = core;
    while (domain.outstanding > 0) {
      domain.barriers.push(() => core.engine.wake(task));
      yield* core.schedule({ words: "srcu_barrier" });
    }
  }

  private at(address: number): Domain {
    let domain = this.domains.get(address);
    if (domain === undefined) {
      this.define(address, `srcu@${address.toString(16)}`);
      domain = this.domains.get(address)!;
    }
    return domain;
  }

  private post(address: number, done: () => void): void {
    const domain = this.at(address);
    domain.next.push(done);
    if (domain.running === undefined) this.begin(domain, address);
  }

  /** From now on readers get the other index, so that the old ones can only become fewer. */
  private begin(domain: Domain, address: number): void {
    domain.running = domain.next;
    domain.next = [];
    domain.index = domain.index === 0 ? 1 : 0;
    this.core.memory.poke(address + offsetOf(srcu_struct, "srcu_idx"), 4, domain.index);
    this.look(domain, address);
  }

  private look(domain: Domain, address: number): void {
    const { running } = domain;
    if (running === undefined || domain.readers[domain.index === 0 ? 1 : 0] > 0) return;
    domain.running = undefined;
    for (const done of running) done();
    if (domain.next.length > 0) this.begin(domain, address);
  }
}
