// Locks that belong to who took them, spinning and sleeping ones, with readers or without: who has them, who waits, in order.
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Layout } from "../engine/layout.ts";
import type { Task } from "../engine/task.ts";
import type { Core } from "./core.ts";
import { PREEMPT_OFFSET, SOFTIRQ_DISABLE_OFFSET, TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE } from "./core.ts";
import { errno } from "./errno.ts";
import type { HeldLock, LockFlavour, LockName, StackEntry, Taking } from "./events.ts";
import { mutex, offsetOf, spinlock_t } from "./layouts.ts";
import { raw_spinlock_t, rw_semaphore, rwlock_t } from "./lock-layouts.ts";

/** One taking of a lock, so that a task which waits and its interrupt which waits too are told apart. */
interface Turn {
  readonly task: Task;
  readonly cpu: number;
  isRead: boolean;
  /** Takings; more than 1 only after a recursion, which was reported. */
  depth: number;
}

interface Lock extends LockName {
  readonly flavour: Flavour;
  /** One writer, or any number of readers. */
  readonly owners: Turn[];
  readonly waiters: Turn[];
  takenAt: readonly StackEntry[];
  /** Its use without initialisation was told. */
  isTold: boolean;
  /** What it is called where it is taken as nearly all are; made when it first is. */
  plain: LockName | undefined;
}

/** A lock for the views. */
export interface LockView extends LockName {
  readonly owner: Task | undefined;
  readonly waiters: readonly Task[];
  /** Where its owner took it. */
  readonly takenAt: readonly StackEntry[];
  /** One writer, or any number of readers; and who waits, in order. */
  readonly turns: readonly LockTurn[];
  readonly waiting: readonly LockTurn[];
}

/** Who holds a lock or waits for it. */
export interface LockTurn {
  readonly task: Task;
  readonly isRead: boolean;
}

/** `flags` of spin_lock_irqsave(): the processor's status as on ARM, supervisor mode with or without the I bit. */
const IRQS_ON = 0x60000013;
const IRQS_OFF = 0x60000093;
const PSR_I_BIT = 0x80;

/** include/linux/spinlock_types_raw.h and rwlock_types.h */
const SPINLOCK_MAGIC = 0xdead4ead;
const RWLOCK_MAGIC = 0xdeaf1eed;
/** kernel/locking/rwsem.c */
const RWSEM_READER_BIAS = 0x100;

const LAYOUTS: Readonly<Record<Flavour, Layout>> = {
  raw_spinlock: raw_spinlock_t,
  spinlock: spinlock_t,
  rwlock: rwlock_t,
  mutex,
  rwsem: rw_semaphore,
};

/** The locks that have memory of their own. */
type Flavour = Exclude<LockFlavour, "rcu">;

export type SpinVariant = "" | "_irq" | "_irqsave" | "_bh";
export type SpinFlavour = "raw_spinlock" | "spinlock" | "rwlock";
export type SleepFlavour = "mutex" | "rwsem";

/** What is taken, and how. */
export interface Wanted<Kind extends Flavour> {
  readonly flavour: Kind;
  readonly isRead?: boolean;
  readonly subclass?: number;
}

export interface Sleeping extends Wanted<SleepFlavour> {
  readonly callee: string;
  /** Its might_sleep() in Linux 6.12. */
  readonly where: string;
  /** As what it sleeps: which signals end the wait. TASK_UNINTERRUPTIBLE without it. */
  readonly state?: number | undefined;
}

export class Locks {
  private readonly core: Core;
  private readonly isStatic: (address: number) => boolean;
  private readonly locks = new Map<number, Lock>();

  constructor(core: Core, isStatic: (address: number) => boolean) {
    this.core = core;
    this.isStatic = isStatic;
  }

  /** Locks that were ever used, in order of their first use. */
  all(): readonly LockView[] {
    return [...this.locks.values()].map(({ address, name, flavour, key, owners, waiters, takenAt }) => ({
      address,
      name,
      flavour,
      owner: owners[0]?.task,
      waiters: waiters.map(({ task }) => task),
      takenAt,
      ...(key === undefined ? {} : { key }),
      turns: owners,
      waiting: waiters,
    }));
  }

  /** Makes a lock new: free, and of this name. */
  init(address: number, flavour: Flavour, name: string): void {
    const layout = LAYOUTS[flavour];
    this.core.memory.touch(address, layout.size, true);
    this.core.memory.bytesAt(address, layout.size).fill(0);
    this.poke(address, layout, "magic", magicOf(address, flavour));
    if (layout.members.some((member) => member.name === "owner_cpu")) this.poke(address, layout, "owner_cpu", -1);
    if (layout.members.some((member) => member.name === "wait_list")) {
      const list = address + offsetOf(layout, "wait_list");
      this.core.memory.poke(list, 4, list);
      this.core.memory.poke(list + 4, 4, list);
    }
    const site = this.core.stack().find((entry) => entry.site !== undefined)?.site;
    const key = `${name} ${site === undefined ? address : `${site.file}:${site.line}:${site.column}`}`;
    const lock = create(address, flavour, name === "" ? `lock@${address.toString(16)}` : name);
    this.locks.set(address, { ...lock, key });
  }

  /** Memory that is freed holds no locks any more, but for those that somebody still has and will give back. */
  forget(address: number, bytes: number): void {
    for (const lock of this.locks.values()) {
      const { address: at, owners } = lock;
      if (at < address || at >= address + bytes) continue;
      if (owners.length === 0) this.locks.delete(at);
      else if (owners.some(({ task }) => task === this.core.task)) {
        const held = [...this.core.context.held];
        const stack = this.core.stack();
        this.core.emit({ kind: "held-lock-freed", lock: nameOf(lock), address, bytes, held, stack });
      }
    }
  }

  *spinLock(address: number, variant: SpinVariant, wanted: Wanted<SpinFlavour> = { flavour: "spinlock" }): Steps<Raw> {
    const { context } = this.core;
    const flags = irqFlagsOf(context);
    if (variant === "_irq" || variant === "_irqsave") context.irqsDisabled = true;
    this.core.preemptDisable(offsetFor(variant));
    const lock = this.lockAt(address, wanted.flavour);
    if (this.enter(lock, wanted)) {
      const turn = this.turn(wanted);
      const on = { words: `${wanted.flavour} ${lock.name}`, spins: true } as const;
      if (this.mayEnter(lock, turn)) lock.owners.push(turn);
      else lock.waiters.push(turn);
      while (!lock.owners.includes(turn)) yield { kind: "block", on };
      this.acquired(lock, wanted);
    }
    return variant === "_irqsave" ? flags : undefined;
  }

  /** spin_trylock() and its kin: 1 when taken. */
  spinTrylock(
    address: number,
    variant: SpinVariant = "",
    wanted: Wanted<SpinFlavour> = { flavour: "spinlock" },
  ): number {
    const { context } = this.core;
    const lock = this.lockAt(address, wanted.flavour);
    const turn = this.turn(wanted);
    if (!this.mayEnter(lock, turn)) return 0;
    if (variant === "_irq" || variant === "_irqsave") context.irqsDisabled = true;
    this.core.preemptDisable(offsetFor(variant));
    this.tryIt(lock, turn, wanted);
    return 1;
  }

  /** A lock that the task does not hold stays as it is, and preempt_count too, so that the run can go on. */
  *spinUnlock(
    address: number,
    variant: SpinVariant,
    flags = 0,
    wanted: Wanted<SpinFlavour> = { flavour: "spinlock" },
  ): Steps<void> {
    const { context } = this.core;
    const lock = this.lockAt(address, wanted.flavour);
    const isLeft = this.leave(lock, wanted);
    if (variant === "_irq") context.irqsDisabled = false;
    if (variant === "_irqsave") context.irqsDisabled = irqsAreOff(flags);
    if (!isLeft) return;
    if (variant === "_bh") yield* this.core.bhEnable();
    else {
      this.core.preemptEnable();
      yield* this.core.letIn();
    }
  }

  /** 0, or -EINTR after a signal. */
  *sleepLock(address: number, wanted: Sleeping): Steps<number> {
    this.core.mightSleep(wanted.callee, wanted.where);
    const lock = this.lockAt(address, wanted.flavour);
    if (!this.enter(lock, wanted)) return 0;
    const turn = this.turn(wanted);
    if (this.mayEnter(lock, turn)) lock.owners.push(turn);
    else lock.waiters.push(turn);
    const context = this.core.contextOf(turn.task);
    const state = wanted.state ?? TASK_UNINTERRUPTIBLE;
    while (!lock.owners.includes(turn)) {
      if (this.core.signalPendingState(state, context)) {
        lock.waiters.splice(lock.waiters.indexOf(turn), 1);
        this.letIn(lock);
        return -errno.EINTR;
      }
      yield* this.core.schedule({ words: `${wanted.flavour} ${lock.name}` }, state);
    }
    this.acquired(lock, wanted);
    return 0;
  }

  /** mutex_trylock() and its kin: 1 when taken. */
  sleepTrylock(address: number, wanted: Wanted<SleepFlavour>): number {
    const lock = this.lockAt(address, wanted.flavour);
    const turn = this.turn(wanted);
    if (!this.mayEnter(lock, turn)) return 0;
    this.tryIt(lock, turn, wanted);
    return 1;
  }

  release(address: number, wanted: Wanted<SleepFlavour>): void {
    this.leave(this.lockAt(address, wanted.flavour), wanted);
  }

  /** downgrade_write(): the writer goes on as a reader, and other readers come in. */
  downgrade(address: number): void {
    const lock = this.lockAt(address, "rwsem");
    const turn = lock.owners.find(({ task, isRead }) => task === this.core.task && !isRead);
    if (turn === undefined) {
      this.unbalanced(lock, this.core.stack());
      return;
    }
    turn.isRead = true;
    const { held } = this.core.context;
    const index = held.findLastIndex((one) => one.address === address);
    if (index >= 0) held[index] = { ...held[index]!, isRead: true };
    this.letIn(lock);
    this.show(lock);
  }

  mutexLock(address: number, callee: string, interruptible: boolean): Steps<number> {
    const state = interruptible ? TASK_INTERRUPTIBLE : TASK_UNINTERRUPTIBLE;
    return this.sleepLock(address, { flavour: "mutex", callee, where: "kernel/locking/mutex.c:586", state });
  }

  mutexUnlock(address: number): void {
    this.release(address, { flavour: "mutex" });
  }

  isLocked(address: number, flavour: Flavour): boolean {
    return this.lockAt(address, flavour).owners.length > 0;
  }

  /** Whether somebody waits for it: spin_is_contended(), rwsem_is_contended(). */
  isContended(address: number, flavour: Flavour): boolean {
    return this.lockAt(address, flavour).waiters.length > 0;
  }

  /** Whether the running task holds it: lockdep_assert_held(); in the mode given, or in any. */
  isHeld(address: number, isRead?: boolean): boolean {
    const owners = this.locks.get(address)?.owners ?? [];
    return owners.some((turn) => turn.task === this.core.task && (isRead === undefined || turn.isRead === isRead));
  }

  nameAt(address: number): string | undefined {
    return this.locks.get(address)?.name;
  }

  /** Tells that a task goes on without giving back what it holds. */
  leaving(task: Task, where: "user" | "exit"): void {
    const { held } = this.core.contextOf(task);
    if (held.length === 0) return;
    const { id, name } = task;
    const stack = this.core.stackOf(task);
    this.core.emit({ kind: "locks-held", where, id, comm: name, held: [...held], stack });
  }

  /** Begins to take a lock; false when the task has it already: it goes on as if it had got it, to show what follows. */
  private enter(lock: Lock, wanted: Wanted<Flavour>): boolean {
    const held = [...this.core.context.held];
    const stack = this.core.stack();
    const name = nameOf(lock, wanted);
    this.core.emit({ kind: "lock-acquire", lock: name, held, stack, ...this.taking(wanted) });
    const own = lock.owners.find(({ task }) => task === this.core.task);
    // A reader in an interrupt does not wait for writers that wait, so that it may be there already.
    if (own === undefined || (own.isRead && this.isRecursive(wanted))) return true;
    this.core.emit({ kind: "lock-recursion", lock: name, held, stack });
    own.depth++;
    return false;
  }

  private tryIt(lock: Lock, turn: Turn, wanted: Wanted<Flavour>): void {
    const held = [...this.core.context.held];
    const taking = { ...this.taking(wanted), isTry: true } as const;
    this.core.emit({ kind: "lock-acquire", lock: nameOf(lock, wanted), held, stack: this.core.stack(), ...taking });
    lock.owners.push(turn);
    this.acquired(lock, wanted, true);
  }

  private acquired(lock: Lock, wanted: Wanted<Flavour>, isTry = false): void {
    const { context } = this.core;
    const name = nameOf(lock, wanted);
    const stack = this.core.stack();
    lock.takenAt = stack;
    context.held.push({ ...name, stack });
    this.show(lock);
    const taking = this.taking(wanted);
    this.core.emit({ kind: "lock-acquired", lock: name, stack, ...taking, ...(isTry ? { isTry } : {}) });
  }

  private taking(wanted: Wanted<Flavour>): Taking {
    return {
      irqsDisabled: this.core.context.irqsDisabled,
      bhDisabled: this.core.inSoftirq,
      ...(this.isRecursive(wanted) ? { isRecursive: true } : {}),
    };
  }

  private isRecursive({ flavour, isRead }: Wanted<Flavour>): boolean {
    return flavour === "rwlock" && isRead === true && this.core.inInterrupt;
  }

  /** Gives a lock back, to the first who waits; false when the task does not hold it. */
  private leave(lock: Lock, { isRead = false }: Wanted<Flavour>): boolean {
    const { context } = this.core;
    const stack = this.core.stack();
    const turn = lock.owners.findLast((one) => one.task === this.core.task);
    if (turn === undefined || turn.isRead !== isRead) {
      this.unbalanced(lock, stack);
      return false;
    }
    if (--turn.depth > 0) return true;
    const index = context.held.findLastIndex((held: HeldLock) => held.address === lock.address);
    const name = index >= 0 ? nameOf(lock, context.held[index]) : nameOf(lock);
    if (index >= 0) context.held.splice(index, 1);
    this.core.emit({ kind: "lock-release", lock: name, stack });
    lock.owners.splice(lock.owners.indexOf(turn), 1);
    lock.takenAt = [];
    this.letIn(lock);
    this.show(lock);
    return true;
  }

  private unbalanced(lock: Lock, stack: readonly StackEntry[]): void {
    this.core.emit({ kind: "lock-unbalance", lock: nameOf(lock), held: [...this.core.context.held], stack });
  }

  /** Who waited gets the lock: a writer alone, or the readers up to the next writer. Who faulted will not come. */
  private letIn(lock: Lock): void {
    for (let next = lock.waiters[0]; next !== undefined; next = lock.waiters[0]) {
      if (next.task.state !== "done") {
        if (lock.owners.length > 0 && !(next.isRead && lock.owners[0]!.isRead)) return;
        lock.owners.push(next);
        this.core.engine.wake(next.task);
      }
      lock.waiters.shift();
    }
  }

  /** Readers queue up behind a writer that waits, but for those in interrupts: they could be on top of a reader. */
  private mayEnter(lock: Lock, turn: Turn): boolean {
    if (lock.owners.length === 0) return true;
    if (!turn.isRead || !lock.owners[0]!.isRead) return false;
    return lock.waiters.length === 0 || this.isRecursive({ flavour: lock.flavour, isRead: true });
  }

  private turn({ isRead = false }: Wanted<Flavour>): Turn {
    return { task: this.core.task, cpu: this.core.engine.cpu, isRead, depth: 1 };
  }

  /** The lock at an address, whose memory is touched as the kernel's code would touch it. */
  private lockAt(address: number, flavour: Flavour): Lock {
    const { memory } = this.core;
    memory.touch(address, 4, true);
    let lock = this.locks.get(address);
    if (lock === undefined || lock.flavour !== flavour) {
      lock = create(address, flavour, `lock@${address.toString(16)}`);
      this.locks.set(address, lock);
    }
    const magic = memory.peek(address + offsetOf(LAYOUTS[flavour], "magic"), 4);
    if (lock.isTold || (lock.key !== undefined && magic === magicOf(address, flavour))) return lock;
    lock.isTold = true;
    const isStatic = this.isStatic(address);
    this.core.emit({ kind: "lock-uninitialised", lock: nameOf(lock), isStatic, magic, stack: this.core.stack() });
    return lock;
  }

  /** The lock's own memory says who has it, as in a kernel with CONFIG_DEBUG_SPINLOCK. */
  private show({ address, flavour, owners }: Lock): void {
    const layout = LAYOUTS[flavour];
    if (!this.core.memory.isMapped(address, layout.size)) return;
    const [owner] = owners;
    const id = owner?.task.id ?? 0;
    if (flavour === "mutex") {
      this.poke(address, layout, "owner", id);
    } else if (flavour === "rwsem") {
      this.poke(address, layout, "count", owner?.isRead ? owners.length * RWSEM_READER_BIAS : owners.length);
      this.poke(address, layout, "owner", id);
    } else {
      this.poke(address, layout, "slock", flavour === "rwlock" && owner?.isRead === false ? 0xff : owners.length);
      if (owner?.isRead) return;
      this.poke(address, layout, "owner_cpu", owner?.cpu ?? -1);
      this.poke(address, layout, "owner", id);
    }
  }

  private poke(address: number, layout: Layout, member: string, value: number): void {
    this.core.memory.poke(address + offsetOf(layout, member), 4, value);
  }
}

export function irqFlagsOf(context: { readonly irqsDisabled: boolean }): number {
  return context.irqsDisabled ? IRQS_OFF : IRQS_ON;
}

export function irqsAreOff(flags: number): boolean {
  return (flags & PSR_I_BIT) !== 0;
}

function create(address: number, flavour: Flavour, name: string): Lock {
  return { address, name, flavour, owners: [], waiters: [], takenAt: [], isTold: false, plain: undefined };
}

function magicOf(address: number, flavour: Flavour): number {
  if (flavour === "mutex" || flavour === "rwsem") return address;
  return flavour === "rwlock" ? RWLOCK_MAGIC : SPINLOCK_MAGIC;
}

function nameOf(lock: Lock, wanted: { subclass?: number; isRead?: boolean } = {}): LockName {
  if (wanted.subclass || wanted.isRead) return named(lock, wanted);
  lock.plain ??= named(lock, wanted);
  return lock.plain;
}

function named({ address, name, flavour, key }: LockName, wanted: { subclass?: number; isRead?: boolean }): LockName {
  return {
    address,
    name,
    flavour,
    ...(key === undefined ? {} : { key }),
    ...(wanted.subclass ? { subclass: wanted.subclass } : {}),
    ...(wanted.isRead ? { isRead: true } : {}),
  };
}

function offsetFor(variant: SpinVariant): number {
  return variant === "_bh" ? SOFTIRQ_DISABLE_OFFSET : PREEMPT_OFFSET;
}
