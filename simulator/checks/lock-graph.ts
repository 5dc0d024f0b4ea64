// What lockdep remembers of lock classes: which were taken while which were held, and in which contexts each was taken.
// Source: kernel/locking/lockdep.c
import type { Moment } from "../engine/trace.ts";
import type { HeldLock, KernelEvent, LockName, StackEntry } from "../kernel/events.ts";
import { classOf } from "./ledger.ts";

type Acquire = Extract<KernelEvent, { kind: "lock-acquire" }>;

/** `to` was taken, at `stack`, while `from` was held. */
export interface Dependency {
  readonly from: HeldLock;
  readonly to: LockName;
  readonly stack: readonly StackEntry[];
}

/** A way in which a class was used; that of readers has its own. */
export interface Usage {
  readonly irq: "HARDIRQ" | "SOFTIRQ";
  /** Taken in it, or with it on. */
  readonly isIn: boolean;
  readonly isRead: boolean;
}

export interface Used extends Usage {
  readonly lock: LockName;
  readonly stack: readonly StackEntry[];
}

/** Two uses of one class that cannot both be. */
export interface Conflict {
  readonly before: Used;
  readonly now: Used;
}

export class LockGraph {
  /** By class: what was taken while it was held. */
  private readonly after = new Map<string, Map<string, Dependency>>();
  private readonly uses = new Map<string, Used[]>();
  private readonly inOrder: Dependency[] = [];

  /** The dependencies that an acquisition makes; none of a lock that is not waited for. */
  static made({ lock, held, stack, isTry }: Acquire): Dependency[] {
    if (isTry || lock.key === undefined) return [];
    return held
      .filter((from) => from.key !== undefined && from.flavour !== "rcu" && classOf(from) !== classOf(lock))
      .map((from) => ({ from, to: lock, stack }));
  }

  has({ from, to }: Dependency): boolean {
    return this.after.get(classOf(from))?.has(classOf(to)) ?? false;
  }

  add(dependency: Dependency): void {
    const from = classOf(dependency.from);
    const known = this.after.get(from) ?? new Map<string, Dependency>();
    this.after.set(from, known);
    if (this.has(dependency)) return;
    known.set(classOf(dependency.to), dependency);
    this.inOrder.push(dependency);
  }

  /** All dependencies, in the order in which they were made. */
  get dependencies(): readonly Dependency[] {
    return this.inOrder;
  }

  /** All ways in which a class was used. */
  usesOf(lock: LockName): readonly Used[] {
    return this.uses.get(classOf(lock)) ?? [];
  }

  /** The shortest chain of dependencies from one class to another, or to the first that fits; the first one first. */
  path(from: LockName, isGoal: (lock: LockName) => boolean): readonly Dependency[] | undefined {
    const seen = new Set([classOf(from)]);
    let level: (readonly Dependency[])[] = [[]];
    if (isGoal(from)) return [];
    while (level.length > 0) {
      const next: (readonly Dependency[])[] = [];
      for (const chain of level) {
        const last = chain.at(-1)?.to ?? from;
        for (const [name, dependency] of this.after.get(classOf(last)) ?? []) {
          if (seen.has(name)) continue;
          seen.add(name);
          const longer = [...chain, dependency];
          if (isGoal(dependency.to)) return longer;
          next.push(longer);
        }
      }
      level = next;
    }
    return undefined;
  }

  /** Notes the contexts of an acquisition, mark_usage(): those that are new, and the first that contradicts an earlier one. */
  use(event: Acquire, moment: Moment): { readonly conflict: Conflict | undefined; readonly fresh: readonly Used[] } {
    let conflict: Conflict | undefined;
    const fresh: Used[] = [];
    const usages = usagesOf(event, moment);
    if (usages.length === 0) return NOTHING_NEW;
    const name = classOf(event.lock);
    let known = this.uses.get(name);
    if (known === undefined) {
      known = [];
      this.uses.set(name, known);
    }
    for (const usage of usages) {
      if (known.some((one) => isSame(one, usage))) continue;
      const now = { ...usage, lock: event.lock, stack: event.stack };
      const before = known.find((one) => one.irq === now.irq && one.isIn !== now.isIn && !(one.isRead && now.isRead));
      known.push(now);
      fresh.push(now);
      if (before !== undefined) conflict ??= { before, now };
    }
    return fresh.length === 0 ? NOTHING_NEW : { conflict, fresh };
  }

  /** How any class was used in interrupts of a kind, or with them on. */
  usages(irq: Usage["irq"], isIn: boolean): readonly Used[] {
    return [...this.uses.values()].flat().filter((one) => one.irq === irq && one.isIn === isIn);
  }

  /** How a class was used in interrupts of a kind, or with them on. */
  usage(lock: LockName, irq: Usage["irq"], isIn: boolean): Used | undefined {
    return this.uses.get(classOf(lock))?.find((one) => one.irq === irq && one.isIn === isIn);
  }
}

const NOTHING_NEW = { conflict: undefined, fresh: [] } as const;

/** The four usages of a lock that is read, or written. */
function kinds(isRead: boolean): Readonly<Record<"inHardirq" | "inSoftirq" | "hardirqsOn" | "softirqsOn", Usage>> {
  return {
    inHardirq: { irq: "HARDIRQ", isIn: true, isRead },
    inSoftirq: { irq: "SOFTIRQ", isIn: true, isRead },
    hardirqsOn: { irq: "HARDIRQ", isIn: false, isRead },
    softirqsOn: { irq: "SOFTIRQ", isIn: false, isRead },
  };
}

const READ = kinds(true);
const WRITTEN = kinds(false);

function usagesOf({ lock, isTry, irqsDisabled, bhDisabled }: Acquire, { context }: Moment): readonly Usage[] {
  if (lock.key === undefined || lock.flavour === "rcu") return [];
  // A lock that sleeps has no place in an interrupt: that it was taken there is told as such.
  if (lock.flavour === "mutex" || lock.flavour === "rwsem") return [];
  const { inHardirq, inSoftirq, hardirqsOn, softirqsOn } = lock.isRead === true ? READ : WRITTEN;
  const usages: Usage[] = [];
  if (context === "hardirq" && !isTry) usages.push(inHardirq);
  if (context === "softirq" && !isTry) usages.push(inSoftirq);
  if (context !== "hardirq" && irqsDisabled === false) usages.push(hardirqsOn);
  if (context === "task" && irqsDisabled === false && bhDisabled === false) usages.push(softirqsOn);
  return usages;
}

function isSame(one: Usage, other: Usage): boolean {
  return one.irq === other.irq && one.isIn === other.isIn && one.isRead === other.isRead;
}

/** `IN-HARDIRQ-W`, `SOFTIRQ-ON-R`. */
export function usageName({ irq, isIn, isRead }: Usage): string {
  return `${isIn ? `IN-${irq}` : `${irq}-ON`}-${isRead ? "R" : "W"}`;
}
