// Spinlocks and mutexes: who holds them, who waits, in order of arrival.
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import type { Core } from "./core.ts";
import { PREEMPT_OFFSET, SOFTIRQ_DISABLE_OFFSET, TASK_INTERRUPTIBLE } from "./core.ts";
import { errno } from "./errno.ts";
import type { HeldLock, LockFlavour, LockName, StackEntry } from "./events.ts";
import { mutex, offsetOf, spinlock_t } from "./layouts.ts";

/** One taking of a lock, so that a task which waits and its interrupt which waits too are told apart. */
interface Turn {
  readonly task: Task;
  readonly cpu: number;
}

interface Lock extends LockName {
  owner: Turn | undefined;
  /** Takings by the owner; more than 1 only after a recursion, which was reported. */
  depth: number;
  readonly waiters: Turn[];
  takenAt: readonly StackEntry[];
}

/** A lock for the views. */
export interface LockView extends LockName {
  readonly owner: Task | undefined;
  readonly waiters: readonly Task[];
  /** Where its owner took it. */
  readonly takenAt: readonly StackEntry[];
}

/** `flags` of spin_lock_irqsave(): the processor's status as on ARM, supervisor mode with or without the I bit. */
const IRQS_ON = 0x60000013;
const IRQS_OFF = 0x60000093;
const PSR_I_BIT = 0x80;

/** include/linux/spinlock_types.h */
const SPINLOCK_MAGIC = 0xdead4ead;
const MUTEX_SLEEPS = "kernel/locking/mutex.c:586";

export type SpinVariant = "" | "_irq" | "_irqsave" | "_bh";

export class Locks {
  private readonly core: Core;
  private readonly locks = new Map<number, Lock>();

  constructor(core: Core) {
    this.core = core;
  }

  /** Locks that were ever used, in order of their first use. */
  all(): readonly LockView[] {
    return [...this.locks.values()].map(({ address, name, flavour, owner, waiters, takenAt }) => ({
      address,
      name,
      flavour,
      owner: owner?.task,
      waiters: waiters.map(({ task }) => task),
      takenAt,
    }));
  }

  /** Makes a lock new: free, and of this name. */
  init(address: number, flavour: LockFlavour, name: string): void {
    const bytes = flavour === "spinlock" ? spinlock_t.size : mutex.size;
    this.core.memory.touch(address, bytes, true);
    this.core.memory.bytesAt(address, bytes).fill(0);
    if (flavour === "spinlock") {
      this.poke(address, spinlock_t, "magic", SPINLOCK_MAGIC);
      this.poke(address, spinlock_t, "owner_cpu", -1);
    } else this.poke(address, mutex, "magic", address);
    this.locks.set(address, this.create(address, flavour, name === "" ? `lock@${address.toString(16)}` : name));
  }

  /** Memory that is freed holds no locks any more, but for those that somebody still has and will give back. */
  forget(address: number, bytes: number): void {
    for (const { address: at, owner } of this.locks.values()) {
      if (at >= address && at < address + bytes && owner === undefined) this.locks.delete(at);
    }
  }

  *spinLock(address: number, variant: SpinVariant): Steps<Raw> {
    const { context } = this.core;
    const flags = irqFlagsOf(context);
    if (variant === "_irq" || variant === "_irqsave") context.irqsDisabled = true;
    this.core.preemptDisable(offsetFor(variant));
    const lock = this.lockAt(address, "spinlock");
    if (this.enter(lock)) {
      const turn = this.turn();
      if (lock.owner === undefined) lock.owner = turn;
      else lock.waiters.push(turn);
      while (lock.owner !== turn) yield { kind: "block", on: { words: `spinlock ${lock.name}`, spins: true } };
      this.acquired(lock);
    }
    return variant === "_irqsave" ? flags : undefined;
  }

  /** spin_trylock(): 1 when taken. */
  spinTrylock(address: number, variant: SpinVariant = ""): number {
    const { context } = this.core;
    const lock = this.lockAt(address, "spinlock");
    if (lock.owner !== undefined) return 0;
    if (variant === "_irq") context.irqsDisabled = true;
    this.core.preemptDisable(offsetFor(variant));
    this.core.emit({ kind: "lock-acquire", lock: nameOf(lock), held: [...context.held], stack: this.core.stack() });
    lock.owner = this.turn();
    this.acquired(lock);
    return 1;
  }

  /** A lock that the task does not hold stays as it is, and preempt_count too, so that the run can go on. */
  *spinUnlock(address: number, variant: SpinVariant, flags = 0): Steps<void> {
    const { context } = this.core;
    const lock = this.lockAt(address, "spinlock");
    const isLeft = this.leave(lock);
    if (variant === "_irq") context.irqsDisabled = false;
    if (variant === "_irqsave") context.irqsDisabled = irqsAreOff(flags);
    if (!isLeft) return;
    if (variant === "_bh") yield* this.core.bhEnable();
    else {
      this.core.preemptEnable();
      yield* this.core.letIn();
    }
  }

  *mutexLock(address: number, callee: string, interruptible: boolean): Steps<number> {
    this.core.mightSleep(callee, MUTEX_SLEEPS);
    const lock = this.lockAt(address, "mutex");
    if (!this.enter(lock)) return 0;
    const turn = this.turn();
    if (lock.owner === undefined) lock.owner = turn;
    else lock.waiters.push(turn);
    const context = this.core.contextOf(turn.task);
    while (lock.owner !== turn) {
      if (interruptible && context.signalPending) {
        lock.waiters.splice(lock.waiters.indexOf(turn), 1);
        return -errno.EINTR;
      }
      yield* this.core.schedule({ words: `mutex ${lock.name}` }, interruptible ? TASK_INTERRUPTIBLE : undefined);
    }
    this.acquired(lock);
    return 0;
  }

  mutexTrylock(address: number): number {
    const lock = this.lockAt(address, "mutex");
    if (lock.owner !== undefined) return 0;
    const held = [...this.core.context.held];
    this.core.emit({ kind: "lock-acquire", lock: nameOf(lock), held, stack: this.core.stack() });
    lock.owner = this.turn();
    this.acquired(lock);
    return 1;
  }

  mutexUnlock(address: number): void {
    this.leave(this.lockAt(address, "mutex"));
  }

  isLocked(address: number, flavour: LockFlavour): boolean {
    return this.lockAt(address, flavour).owner !== undefined;
  }

  /** Whether the running task holds it: lockdep_assert_held(). */
  isHeld(address: number): boolean {
    return this.locks.get(address)?.owner?.task === this.core.task;
  }

  nameAt(address: number): string | undefined {
    return this.locks.get(address)?.name;
  }

  /** Begins to take a lock; false when the task has it already: it goes on as if it had got it, to show what follows. */
  private enter(lock: Lock): boolean {
    const held = [...this.core.context.held];
    const stack = this.core.stack();
    this.core.emit({ kind: "lock-acquire", lock: nameOf(lock), held, stack });
    if (lock.owner?.task !== this.core.task) return true;
    this.core.emit({ kind: "lock-recursion", lock: nameOf(lock), held, stack });
    lock.depth++;
    return false;
  }

  private acquired(lock: Lock): void {
    const { context } = this.core;
    lock.depth = 1;
    lock.takenAt = this.core.stack();
    context.held.push({ ...nameOf(lock), stack: lock.takenAt });
    this.show(lock);
    this.core.emit({
      kind: "lock-acquired",
      lock: nameOf(lock),
      stack: lock.takenAt,
      irqsDisabled: context.irqsDisabled,
    });
  }

  /** Gives a lock back, to the first who waits; false when the task does not hold it. */
  private leave(lock: Lock): boolean {
    const { context } = this.core;
    const stack = this.core.stack();
    if (lock.owner?.task !== this.core.task) {
      this.core.emit({ kind: "lock-unbalance", lock: nameOf(lock), held: [...context.held], stack });
      return false;
    }
    if (--lock.depth > 0) return true;
    const index = context.held.findLastIndex((held: HeldLock) => held.address === lock.address);
    if (index >= 0) context.held.splice(index, 1);
    this.core.emit({ kind: "lock-release", lock: nameOf(lock), stack });
    // Who faulted while it waited will not come.
    let next = lock.waiters.shift();
    while (next?.task.state === "done") next = lock.waiters.shift();
    lock.owner = next;
    lock.takenAt = [];
    this.show(lock);
    if (next !== undefined) this.core.engine.wake(next.task);
    return true;
  }

  private turn(): Turn {
    return { task: this.core.task, cpu: this.core.engine.cpu };
  }

  /** The lock at an address, whose memory is touched as the kernel's code would touch it. */
  private lockAt(address: number, flavour: LockFlavour): Lock {
    this.core.memory.touch(address, 4, true);
    let lock = this.locks.get(address);
    if (lock === undefined) {
      lock = this.create(address, flavour, `lock@${address.toString(16)}`);
      this.locks.set(address, lock);
    }
    return lock;
  }

  private create(address: number, flavour: LockFlavour, name: string): Lock {
    return { address, name, flavour, owner: undefined, depth: 0, waiters: [], takenAt: [] };
  }

  /** The lock's own memory says who has it, as in a kernel with CONFIG_DEBUG_SPINLOCK. */
  private show({ address, flavour, owner }: Lock): void {
    if (!this.core.memory.isMapped(address, spinlock_t.size)) return;
    const id = owner?.task.id ?? 0;
    if (flavour === "spinlock") {
      this.poke(address, spinlock_t, "slock", owner === undefined ? 0 : 1);
      this.poke(address, spinlock_t, "owner_cpu", owner?.cpu ?? -1);
      this.poke(address, spinlock_t, "owner", id);
    } else this.poke(address, mutex, "owner", id);
  }

  private poke(address: number, layout: typeof spinlock_t, member: string, value: number): void {
    this.core.memory.poke(address + offsetOf(layout, member), 4, value);
  }
}

export function irqFlagsOf(context: { readonly irqsDisabled: boolean }): number {
  return context.irqsDisabled ? IRQS_OFF : IRQS_ON;
}

export function irqsAreOff(flags: number): boolean {
  return (flags & PSR_I_BIT) !== 0;
}

function nameOf({ address, name, flavour }: LockName): LockName {
  return { address, name, flavour };
}

function offsetFor(variant: SpinVariant): number {
  return variant === "_bh" ? SOFTIRQ_DISABLE_OFFSET : PREEMPT_OFFSET;
}
